"""Intake: who is it, may it, and what waits for the writer. Plain memory, no I/O: it answers at once.

A frame whose payload the law does not let us keep is answered and counted, and goes no further. Frames of unknown
devices go to the quarantine and get no answer that would let a device forget them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from gateway.engine.step import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.entries import EntryKind, Gathering, Origin
from protocols.registry import FAMILIES
from protocols.session import Decision, Frame, Login, Refused, Send, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.clock import Clock
    from gateway.refusals import Refusals
    from gateway.settings.model import Configuration, Device, Listener
    from protocols.order import Reply
    from protocols.session import Event, WireSession

MOST_REPORTS = 4096
MOST_BYTES = 1 << 20
HIGH_MARK = 4 * MOST_REPORTS
"""Entries waiting beyond which TCP stops reading."""
MOST_IDENTITIES = 64
"""Identities one connection may carry; a bracelet carries one."""


class Channel(Protocol):
    """Where answers go: one connection, or one datagram peer."""

    def answer(self, data: bytes) -> None:
        """Send one answer; a channel that is gone swallows it."""
        ...

    def send(self, segments: Sequence[bytes]) -> None:
        """Send frames of our own accord: one write each, apart from each other and from answers."""
        ...

    def supersede(self) -> None:
        """A newer connection of the same device has come: close this one."""
        ...


@dataclass(slots=True)
class Visit:
    """One session seen from intake: what each identity on it is, and whether it failed to authenticate."""

    channel: Channel
    session: WireSession
    listener: Listener
    peer: str
    origins: dict[str, Origin] = field(default_factory=dict)
    authenticated: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)

    @property
    def protocol(self) -> str:
        """Family of the session: the listener's, or what a shared port has recognised."""
        return self.session.protocol

    @property
    def profile(self) -> str:
        """Profile for devices that name none: the listener's, or the family's first on a shared port."""
        return self.listener.profile or FAMILIES[self.protocol].profiles[0]


class Correspondent(Protocol):
    """Whoever has orders for devices: told who can be reached, and what devices answer."""

    def arrived(self, device: str, visit: Visit) -> None:
        """A device's newest session; again once it has authenticated on it."""
        ...

    def replied(self, device: str, replies: Sequence[Reply]) -> None:
        """A device answered."""
        ...


@dataclass(slots=True)
class Waiting:
    """What the writer takes at once: entries, and what to release when they are durable."""

    entries: Gathering = field(default_factory=Gathering)
    answers: list[tuple[Channel, bytes]] = field(default_factory=list)
    releases: list[Callable[[], None]] = field(default_factory=list)


class Directory:
    """The configuration as intake looks things up in it."""

    def __init__(self, configuration: Configuration, secret: bytes) -> None:
        self.families = configuration.families
        """The wire formats, with the county's own model profiles: the listeners' sessions come from here."""
        self._secret = secret
        self._devices = {(device.protocol, device.identity): device for device in configuration.devices.values()}
        self._lawful: dict[str, list[tuple[float, float]]] = {}
        for assignment in configuration.assignments:
            device = configuration.devices.get(assignment.device)
            for authority in configuration.authorities:
                if device is not None and (authority.person, authority.kind) == (assignment.person, device.basis):
                    span = (max(assignment.start, authority.start), min(assignment.until, authority.until))
                    if span[0] < span[1]:
                        self._lawful.setdefault(assignment.device, []).append(span)

    def find(self, protocol: str, identity: str) -> Device | None:
        """The device of a wire identity."""
        return self._devices.get((protocol, identity))

    def credential(self, device: Device) -> str:
        """What a device has to present: fixed in the configuration, or derived from the gateway's secret."""
        if device.auth_code:
            return device.auth_code
        return hmac.new(self._secret, device.device.encode(), hashlib.sha256).hexdigest()[:16]

    def lawful(self, device: str, at: float) -> bool:
        """Whether somebody has the device then under an authority of its kind: for a bracelet, or for a phone."""
        return any(start <= at < until for start, until in self._lawful.get(device, ()))


class Intake:
    """Takes sessions' events into the gathering that the writer picks up."""

    def __init__(self, directory: Directory, clock: Clock, refusals: Refusals) -> None:
        self.directory = directory
        self.refusals = refusals
        self.counts = refusals.counts
        self.newest: dict[str, Visit] = {}
        self._clock = clock
        self._now = 0.0
        self._waiting: deque[Waiting] = deque()
        self.correspondent: Correspondent | None = None

    def now(self) -> float:
        """Receive time: the clock's, never decreasing."""
        self._now = max(self._now, self._clock.now())
        return self._now

    def resume(self, now: float) -> None:
        """Continue after a log whose last entry was received at ``now``."""
        self._now = max(self._now, now)

    def __len__(self) -> int:
        return sum(len(waiting.entries) for waiting in self._waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to take: entries, or something to release after those already taken."""
        return bool(self._waiting)

    def take(self) -> Waiting:
        """Hand over what waits, up to the cap of a batch."""
        return self._waiting.popleft()

    def _batch(self) -> Waiting:
        """The batch that is being gathered; a full one is closed and the next begun."""
        last = self._waiting[-1] if self._waiting else None
        if last is None or len(last.entries) >= MOST_REPORTS or last.entries.size >= MOST_BYTES:
            last = Waiting()
            self._waiting.append(last)
        return last

    def control(self, kind: EntryKind, payload: bytes) -> float:
        """Queue a control entry; returns its receive time."""
        now = self.now()
        self._batch().entries.add(kind, now, _CONTROL, payload)
        return now

    def take_events(self, visit: Visit, events: Iterable[Event]) -> None:
        """Take what a session yielded, in order."""
        for event in events:
            if isinstance(event, Frame):
                self._frame(visit, event)
            elif isinstance(event, Login):
                self._login(visit, event)
            elif isinstance(event, Send):
                visit.channel.send(event.segments)
            else:
                self._refuse(visit, event)

    def when_durable(self, release: Callable[[], None]) -> None:
        """Call ``release`` once everything taken so far is durable (a broker's acknowledgement)."""
        self._batch().releases.append(release)

    def leave(self, visit: Visit) -> None:
        """A session ended."""
        for origin in visit.origins.values():
            if self.newest.get(origin.device) is visit:
                del self.newest[origin.device]
                self._batch().entries.add(EntryKind.CLOSED, self.now(), origin, b"")

    def _refuse(self, visit: Visit, refused: Refused) -> None:
        self.refusals.add(refused.reason, self.now(), visit.listener.name, visit.peer, refused.raw)
        if refused.answer and visit.origins:
            visit.channel.answer(refused.answer)

    def _frame(self, visit: Visit, frame: Frame) -> None:
        origin = visit.origins.get(frame.identity)
        if origin is None and self.directory.find(visit.protocol, frame.identity) is None:
            self._refuse(visit, Refused("unknown_device", frame.raw))
        elif frame.identity in visit.rejected or not self._may_speak(visit, frame.identity):
            self._refuse(visit, Refused("not_authenticated", frame.raw))
        elif (origin := origin or self._arrive(visit, frame)) is None:
            self._refuse(visit, Refused("too_many_identities", frame.raw))
        else:
            self._keep(visit, origin, frame, frame.answer)
            if frame.replies and self.correspondent is not None:
                self.correspondent.replied(origin.device, frame.replies)

    def _may_speak(self, visit: Visit, identity: str) -> bool:
        return visit.listener.authentication != "required" or identity in visit.authenticated

    def _keep(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes) -> None:
        """Queue what the law lets us keep; what it does not is answered and counted."""
        now = self.now()
        times = frame.device_times or (now,)
        lawful = [self.directory.lawful(origin.device, _effective(time, now)) for time in times]
        if all(lawful):
            raw = frame.raw
        elif any(lawful):
            raw = FAMILIES[origin.protocol].keep(frame.raw, lawful)
        else:
            raw = b""
        if not all(lawful):
            self.counts["report_outside_authority"] += len(lawful) - sum(lawful)
        if not frame.length_ok:
            self.refusals.add("wrong_length", now, visit.listener.name, visit.peer, frame.raw)
        if raw:
            if frame.facts != origin.facts:
                origin = visit.origins[frame.identity] = replace(origin, facts=frame.facts)
            if not frame.checksum_ok:
                origin = replace(origin, checksum_ok=False)
            batch = self._batch()
            batch.entries.add(EntryKind.FRAGMENT if frame.is_fragment else EntryKind.FRAME, now, origin, raw)
            if answer:
                batch.answers.append((visit.channel, answer))
        elif answer:
            visit.channel.answer(answer)

    def _arrive(self, visit: Visit, frame: Frame) -> Origin | None:
        """First frame of an identity on this session; None where it is unknown or one too many."""
        listener = visit.listener
        device = self.directory.find(visit.protocol, frame.identity)
        if device is None or len(visit.origins) >= MOST_IDENTITIES:
            return None
        profile = device.profile or visit.profile
        origin = Origin(device.device, listener.name, visit.peer, visit.protocol, profile)
        visit.origins[frame.identity] = origin
        self._batch().entries.add(EntryKind.OPENED, self.now(), origin, b"")
        older = self.newest.get(device.device)
        self.newest[device.device] = visit
        if older is not None and older is not visit:
            self.counts["session_superseded"] += 1
            older.channel.supersede()
        if self.correspondent is not None:
            self.correspondent.arrived(device.device, visit)
        return origin

    def _login(self, visit: Visit, login: Login) -> None:
        """Register or authenticate: decided at once, answered when the frame is durable."""
        frame = login.frame
        device = self.directory.find(visit.protocol, frame.identity)
        if device is None:
            self._refuse(visit, Refused("unknown_device", frame.raw))
            answer = visit.session.decide(login, Decision.UNKNOWN_DEVICE, "")
            if answer:
                visit.channel.answer(answer)
            return
        credential = self.directory.credential(device)
        if login.step is Step.AUTHENTICATE and not hmac.compare_digest(login.credential.encode(), credential.encode()):
            self._refuse(visit, Refused("wrong_credential", frame.raw))
            visit.rejected.add(frame.identity)
            visit.channel.answer(visit.session.decide(login, Decision.WRONG_CREDENTIAL, ""))
            return
        if login.step is not Step.REGISTER:
            visit.authenticated.add(frame.identity)
            visit.rejected.discard(frame.identity)
        known = visit.origins.get(frame.identity)
        origin = known or self._arrive(visit, frame)
        if origin is None:
            self._refuse(visit, Refused("too_many_identities", frame.raw))
            return
        self._keep(visit, origin, frame, visit.session.decide(login, Decision.ACCEPTED, credential))
        if known is not None and login.step is not Step.REGISTER and self.correspondent is not None:
            self.correspondent.arrived(origin.device, visit)


_CONTROL = Origin()


def _effective(time: float, now: float) -> float:
    """The time by which the law judges: device time, or ours where the device's cannot be."""
    return time if now - CLOCK_BEHIND <= time <= now + CLOCK_AHEAD else now
