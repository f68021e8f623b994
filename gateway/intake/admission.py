"""Who may speak, who may log in, and what the law lets us keep. Decides, and changes nothing."""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import TYPE_CHECKING

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.intake.hosts import is_within
from protocols.registry import FAMILIES
from protocols.session import Decision, Step

if TYPE_CHECKING:
    from gateway.intake.directory import Directory
    from gateway.intake.visit import Visit
    from gateway.journal.entries import Origin
    from protocols.session import Frame, Login

MOST_IDENTITIES = 64
"""Identities one connection may carry; a bracelet carries one."""


class Reason(StrEnum):
    """Why somebody is not heard: what the refusal is counted under."""

    UNKNOWN_DEVICE = "unknown_device"
    PUT_AWAY = "put_away"
    WRONG_NETWORK = "wrong_network"
    NOT_AUTHENTICATED = "not_authenticated"
    REGISTRATION_CLOSED = "registration_closed"
    WRONG_CREDENTIAL = "wrong_credential"
    TOO_MANY_IDENTITIES = "too_many_identities"


def refusal_of(directory: Directory, visit: Visit, identity: str) -> Reason | None:
    """Why a frame of a device is not taken on a session; None: it is."""
    known = identity in visit.origins
    device = directory.find(visit.protocol, identity)
    if not known and device is None:
        return Reason.UNKNOWN_DEVICE
    if device is not None and device.put_away:
        return Reason.PUT_AWAY
    if not known and device is not None and not is_within(visit.peer, device.networks):
        return Reason.WRONG_NETWORK
    if not may_speak(directory, visit, identity):
        return Reason.NOT_AUTHENTICATED
    return None if known or len(visit.origins) < MOST_IDENTITIES else Reason.TOO_MANY_IDENTITIES


def may_speak(directory: Directory, visit: Visit, identity: str) -> bool:
    """Whether an identity has shown what it has to show on this session."""
    if identity in visit.rejected:
        return False
    return identity in visit.authenticated or not must_authenticate(directory, visit, identity)


def must_authenticate(directory: Directory, visit: Visit, identity: str) -> bool:
    """Whether the listener asks for it, or the device's line or profile does."""
    device = directory.find(visit.protocol, identity)
    if visit.listener.authentication == "required" or device is None:
        return visit.listener.authentication == "required"
    return device.is_bound or directory.is_guarded(visit.protocol, device.profile or visit.profile)


def judge_login(directory: Directory, visit: Visit, login: Login) -> tuple[Decision, Reason | None]:
    """What a login is answered, and the reason it is refused for; None: it is not."""
    identity = login.frame.identity
    device = directory.find(visit.protocol, identity)
    if device is None or device.put_away:
        return Decision.UNKNOWN_DEVICE, Reason.UNKNOWN_DEVICE if device is None else Reason.PUT_AWAY
    if not is_within(visit.peer, device.networks):
        return Decision.WRONG_CREDENTIAL, Reason.WRONG_NETWORK
    if device.is_bound and login.step is Step.REGISTER:
        return Decision.WRONG_CREDENTIAL, Reason.REGISTRATION_CLOSED
    if login.step is Step.AUTHENTICATE and not _shows(login, directory.credential(device)):
        return Decision.WRONG_CREDENTIAL, Reason.WRONG_CREDENTIAL
    if identity not in visit.origins and len(visit.origins) >= MOST_IDENTITIES:
        return Decision.ACCEPTED, Reason.TOO_MANY_IDENTITIES
    return Decision.ACCEPTED, None


def _shows(login: Login, credential: str) -> bool:
    return hmac.compare_digest(login.credential.encode(), credential.encode())


def keepable(directory: Directory, visit: Visit, origin: Origin, frame: Frame, now: float) -> tuple[bytes, int]:
    """What the law lets us keep of a frame (nothing, some reports, all), and how many reports it does not.

    It is judged at the device's time, corrected by what is known of its clock, or at ours where that cannot be.
    """
    times = frame.device_times or (now,)
    clock = visit.clocks.get(frame.identity)
    own = times if clock is None else map(clock.time, times)
    lawful = [directory.lawful(origin.device, effective(time, now)) for time in own]
    if all(lawful):
        return frame.raw, 0
    raw = FAMILIES[origin.protocol].keep(frame.raw, lawful) if any(lawful) else b""
    return raw, len(lawful) - sum(lawful)


def effective(time: float, now: float) -> float:
    """The time by which the law judges: device time, or ours where the device's cannot be."""
    return time if now - CLOCK_BEHIND <= time <= now + CLOCK_AHEAD else now
