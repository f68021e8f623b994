"""The configuration as intake looks things up in it."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from protocols.session import Acquainted

if TYPE_CHECKING:
    from gateway.settings.model import Configuration, Device


class Directory:
    """Devices by what they call themselves, what they have to prove, and whether the law covers them."""

    def __init__(self, configuration: Configuration, secret: bytes) -> None:
        self.families = configuration.families
        """The wire formats, with the county's own model profiles."""
        self._secret = secret
        self._by_key = configuration.devices
        self._devices = {(device.protocol, device.identity): device for device in configuration.devices.values()}
        self._guarded = {
            (name, profile)
            for name, family in self.families.items()
            if isinstance(family, Acquainted)
            for profile in family.profiles
            if family.must_authenticate(profile)
        }
        self._lawful: dict[str, list[tuple[float, float]]] = {}
        for assignment in configuration.assignments:
            device = configuration.devices.get(assignment.device)
            for authority in configuration.authorities:
                if device is not None and (authority.person, authority.kind) == (assignment.person, device.basis):
                    span = (max(assignment.start, authority.start), min(assignment.until, authority.until))
                    if span[0] < span[1]:
                        self._lawful.setdefault(assignment.device, []).append(span)

    def is_guarded(self, protocol: str, profile: str) -> bool:
        """Whether devices of a profile are heard only once they have authenticated."""
        return (protocol, profile) in self._guarded

    def find(self, protocol: str, identity: str) -> Device | None:
        """The device of a wire identity."""
        return self._devices.get((protocol, identity))

    def named(self, protocol: str, name: str) -> Device | None:
        """The device that a carrier names: by its key or its wire identity."""
        device = self._by_key.get(name)
        return device if device is not None and device.protocol == protocol else self.find(protocol, name.lstrip("0"))

    def credential(self, device: Device) -> str:
        """What a device has to present: fixed in the configuration, or derived from the gateway's secret."""
        if device.auth_code:
            return device.auth_code
        return hmac.new(self._secret, device.device.encode(), hashlib.sha256).hexdigest()[:16]

    def lawful(self, device: str, at: float) -> bool:
        """Whether somebody has the device then under an authority of its kind: for a bracelet, or for a phone."""
        return any(start <= at < until for start, until in self._lawful.get(device, ()))
