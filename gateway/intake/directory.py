"""The configuration as intake looks things up in it."""

from __future__ import annotations

import hashlib
import hmac
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from protocols.session import Acquainted, Zoned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.model import Authority, AuthorityKind, Configuration, Device

NOTHING_ERASED: Final[Mapping[str, float]] = MappingProxyType({})
WESTMOST, EASTMOST = -12, 14
"""Hours ahead of UTC of any zone."""


class Indexed(NamedTuple):
    """A configuration by what is looked up in it: devices by what they call themselves, lawful spans by device key."""

    devices: Mapping[tuple[str, str], Device]
    lawful: Mapping[str, list[tuple[float, float]]]


def index(configuration: Configuration, erased: Mapping[str, float] = NOTHING_ERASED) -> Indexed:
    """Work it out; of a large county it takes longer than a loop should stand still.

    ``erased``: by person, the time before which nothing is kept any more, UTC epoch seconds.
    """
    devices = {(device.protocol, device.identity): device for device in configuration.devices.values()}
    return Indexed(devices, _lawful(configuration, erased))


class Directory:
    """Devices by what they call themselves, what they have to prove, and whether the law covers them.

    Attributes:
        erased: by person whose places were erased by order, the time before which nothing is kept any more.
    """

    def __init__(
        self, configuration: Configuration, secret: bytes, erased: Mapping[str, float] = NOTHING_ERASED
    ) -> None:  # fmt: skip
        self.erased = erased
        self.families = configuration.families
        """The wire formats, with the county's own model profiles."""
        self._secret = secret
        self._guarded: dict[tuple[str, str], bool] = {}
        self._zones: dict[str, Zoned | None] = {}
        self.follow(configuration)

    def follow(self, configuration: Configuration, indexed: Indexed | None = None) -> None:
        """Go by another configuration of the same wire formats from here on; ``indexed``: if that is at hand."""
        self._by_key = configuration.devices
        self._devices, self._lawful = indexed or index(configuration, self.erased)

    def is_guarded(self, protocol: str, profile: str) -> bool:
        """Whether devices of a profile are heard only once they have authenticated."""
        # Asked with each frame, and what a family can do is dear to ask.
        known = self._guarded.get((protocol, profile))
        if known is None:
            family = self.families[protocol]
            known = isinstance(family, Acquainted) and family.must_authenticate(profile)
            self._guarded[protocol, profile] = known
        return known

    def find(self, protocol: str, identity: str) -> Device | None:
        """The device of a wire identity."""
        return self._devices.get((protocol, identity))

    def known(self, protocol: str, identity: str) -> Device:
        """The device of a wire identity that has been found before.

        Raises:
            KeyError: there is none.
        """
        return self._devices[protocol, identity]

    def named(self, protocol: str, name: str) -> Device | None:
        """The device that a carrier names: by its key or its wire identity."""
        device = self._by_key.get(name)
        return device if device is not None and device.protocol == protocol else self.find(protocol, name.lstrip("0"))

    def is_put_away(self, key: str) -> bool:
        """Whether a device lies in the cupboard."""
        device = self._by_key.get(key)
        return device is not None and device.put_away

    def credential(self, device: Device) -> str:
        """What a device has to present: fixed in the configuration, or derived from the gateway's secret."""
        if device.auth_code:
            return device.auth_code
        return hmac.new(self._secret, device.device.encode(), hashlib.sha256).hexdigest()[:16]

    def clock_ahead(self, key: str, profile: str) -> float:
        """Seconds by which a device's clock is ahead of what its wire prescribes, by its line or its model; else 0."""
        device = self._by_key.get(key)
        family = self._zoned(device.protocol) if device is not None else None
        if device is None or family is None:
            return 0.0
        zone = device.zone_seconds if device.zone_seconds is not None else family.clock_zone(profile)
        return 0.0 if zone is None else zone - family.zone_seconds

    def _zoned(self, protocol: str) -> Zoned | None:
        """A family whose wire prescribes a zone; asked of each session, and dear to find out."""
        if protocol not in self._zones:
            family = self.families[protocol]
            self._zones[protocol] = family if isinstance(family, Zoned) else None
        return self._zones[protocol]

    def zone_line(self, key: str, ahead: float) -> str:
        """What to write in a device's line where its clock is ahead of its wire's by a zone; empty where it is not."""
        device = self._by_key.get(key)
        family = self._zoned(device.protocol) if device is not None else None
        hours = (family.zone_seconds + ahead) / 3600.0 if family is not None else math.nan
        is_zone = WESTMOST <= hours <= EASTMOST and (hours * 4).is_integer()
        return f"time: fixed, zone_hours: {hours:g}" if is_zone else ""

    def lawful(self, device: str, at: float) -> bool:
        """Whether somebody has the device then under an authority of its kind: for a bracelet, or for a phone."""
        return self.span(device, at) is not None

    def span(self, device: str, at: float) -> tuple[float, float] | None:
        """Since when, and until when, that is so; None: it is not."""
        for span in self._lawful.get(device, ()):
            if span[0] <= at < span[1]:
                return span
        return None


def _lawful(configuration: Configuration, erased: Mapping[str, float]) -> dict[str, list[tuple[float, float]]]:
    """By device, when somebody wears it under an authority of its kind."""
    authorities: dict[tuple[str, AuthorityKind], list[Authority]] = {}
    for authority in configuration.authorities:
        authorities.setdefault((authority.person, authority.kind), []).append(authority)
    found: dict[str, list[tuple[float, float]]] = {}
    for assignment in configuration.assignments:
        device = configuration.devices.get(assignment.device)
        person = configuration.people.get(assignment.person)
        term = math.inf if person is None else person.term_until
        start = max(assignment.start, erased.get(assignment.person, -math.inf))
        for authority in () if device is None else authorities.get((assignment.person, device.basis), ()):
            span = (max(start, authority.start), min(assignment.until, authority.until, term))
            if span[0] < span[1]:
                found.setdefault(assignment.device, []).append(span)
    return found
