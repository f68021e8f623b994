"""Who may speak, who may log in, and what the law lets us keep. Decides, and changes nothing."""

from __future__ import annotations

import hmac
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

WELCOME = ""
"""No reason to refuse."""
MOST_IDENTITIES = 64
"""Identities one connection may carry; a bracelet carries one."""


def refusal_of(directory: Directory, visit: Visit, identity: str) -> str:
    """Why a frame of a device is not taken on a session: the reason it is counted under, or ``WELCOME``."""
    known = identity in visit.origins
    device = directory.find(visit.protocol, identity)
    if not known and device is None:
        return "unknown_device"
    if not known and device is not None and not is_within(visit.peer, device.networks):
        return "wrong_network"
    if not may_speak(directory, visit, identity):
        return "not_authenticated"
    return WELCOME if known or len(visit.origins) < MOST_IDENTITIES else "too_many_identities"


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


def judge_login(directory: Directory, visit: Visit, login: Login) -> tuple[Decision, str]:
    """What a login is answered, and the reason it is refused for (``WELCOME``: it is not)."""
    identity = login.frame.identity
    device = directory.find(visit.protocol, identity)
    if device is None:
        return Decision.UNKNOWN_DEVICE, "unknown_device"
    if not is_within(visit.peer, device.networks):
        return Decision.WRONG_CREDENTIAL, "wrong_network"
    if device.is_bound and login.step is Step.REGISTER:
        return Decision.WRONG_CREDENTIAL, "registration_closed"
    if login.step is Step.AUTHENTICATE and not _shows(login, directory.credential(device)):
        return Decision.WRONG_CREDENTIAL, "wrong_credential"
    if identity not in visit.origins and len(visit.origins) >= MOST_IDENTITIES:
        return Decision.ACCEPTED, "too_many_identities"
    return Decision.ACCEPTED, WELCOME


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
