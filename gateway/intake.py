"""Intake: who is it, may it, and what waits for the writer. Plain memory, no I/O: it decides at once.

A frame whose payload the law does not let us keep is answered and counted, and goes no further. Frames of unknown
devices go to the quarantine and get no answer that would let a device forget them.
"""

from __future__ import annotations

import hmac
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from gateway.engine.step import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.entries import EntryKind, Gathering, Origin
from protocols.registry import FAMILIES
from protocols.session import Acquaintance, Acquainted, Decision, Frame, Identifying, Login, Refused, Send, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.clock import Clock
    from gateway.directory import Directory
    from gateway.journal import FileJournal
    from gateway.refusals import Refusals
    from gateway.visit import Channel, Visit
    from protocols.order import Reply
    from protocols.session import Event, Family

MOST_REPORTS = 4096
MOST_BYTES = 1 << 20
HIGH_MARK = 4 * MOST_REPORTS
"""Entries, or answers without one, waiting beyond which TCP stops reading."""
LOOK_BACK = 1 << 18
"""Entries looked at for what devices' last sessions knew: a tenth of a second, and some fifty reports of 5,000 each."""
MOST_IDENTITIES = 64
"""Identities one connection may carry; a bracelet carries one."""


class Correspondent(Protocol):
    """Whoever has orders for devices: told who can be reached, and what devices answer."""

    def arrived(self, device: str, visit: Visit) -> None:
        """The session that speaks for a device from now on; again with each step of a login that makes it sure."""
        ...

    def replied(self, device: str, replies: Sequence[Reply]) -> None:
        """A device answered."""
        ...


@dataclass(slots=True)
class Waiting:
    """What the writer takes at once: entries, and what to release when they are durable.

    Answers that hang on no entry are among them, so that those of a session leave in the order of what they answer.
    """

    entries: Gathering = field(default_factory=Gathering)
    answers: list[tuple[Channel, bytes]] = field(default_factory=list)
    releases: list[Callable[[], None]] = field(default_factory=list)

    def __len__(self) -> int:
        return max(len(self.entries), len(self.answers))


class Intake:
    """Takes sessions' events into the gathering that the writer picks up."""

    def __init__(self, directory: Directory, clock: Clock, refusals: Refusals) -> None:
        self.directory = directory
        self.families = {name: self._remembering(family) for name, family in directory.families.items()}
        """The directory's: the listeners' sessions come from here."""
        self.refusals = refusals
        self.counts = refusals.counts
        self.newest: dict[str, Visit] = {}
        self._clock = clock
        self._now = 0.0
        self._visits = 0
        self._waiting: deque[Waiting] = deque()
        self._facts: dict[str, str] = {}
        """By device, what its sessions have found out last."""
        self.correspondent: Correspondent | None = None

    def now(self) -> float:
        """Receive time: the clock's, never decreasing."""
        self._now = max(self._now, self._clock.now())
        return self._now

    def resume(self, now: float) -> None:
        """Continue after a log whose last entry was received at ``now``."""
        self._now = max(self._now, now)

    def remember(self, journal: FileJournal) -> None:
        """Learn from the end of the journal what sessions had found out of their devices."""
        for _, batch in journal.read(max(journal.begins, journal.next_offset - LOOK_BACK)):
            for index in batch.origin[batch.kind == EntryKind.FRAME].tolist():
                origin = batch.origins[index]
                self._facts[origin.device] = origin.facts

    def recall(self, protocol: str, identity: str) -> str:
        """What the last session of a device had found out of it; empty: nothing."""
        device = self.directory.find(protocol, identity)
        return "" if device is None else self._facts.get(device.device, "")

    def know(self, protocol: str, identity: str) -> Acquaintance | None:
        """What is known of a device before it speaks; None where there is none."""
        device = self.directory.find(protocol, identity)
        return None if device is None else Acquaintance(device.profile, self._facts.get(device.device, ""))

    def _remembering(self, family: Family) -> Family:
        if isinstance(family, Acquainted):
            return family.with_acquaintances(partial(self.know, family.name))
        return family.with_memory(partial(self.recall, family.name)) if isinstance(family, Identifying) else family

    def __len__(self) -> int:
        return sum(map(len, self._waiting))

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
        if last is None or len(last) >= MOST_REPORTS or last.entries.size >= MOST_BYTES:
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
                visit.channel.send(map(visit.number, event.segments) if event.is_new else event.segments)
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
            self._batch().answers.append((visit.channel, refused.answer))

    def _frame(self, visit: Visit, frame: Frame) -> None:
        origin = self._admitted(visit, frame)
        if origin is None:
            return
        self._take(visit, origin, frame, frame.answer)
        if frame.replies and self.correspondent is not None:
            self.correspondent.replied(origin.device, frame.replies)

    def _admitted(self, visit: Visit, frame: Frame) -> Origin | None:
        """Where a frame comes from, if its device may speak on this session; otherwise it is refused."""
        origin = visit.origins.get(frame.identity)
        if origin is None and self.directory.find(visit.protocol, frame.identity) is None:
            refused = Refused("unknown_device", frame.raw)
        elif not self._may_speak(visit, frame.identity):
            refused = Refused("not_authenticated", frame.raw)
        elif (origin := origin or self._meet(visit, frame.identity)) is None:
            refused = Refused("too_many_identities", frame.raw)
        else:
            return origin
        self._refuse(visit, refused)
        return None

    def _may_speak(self, visit: Visit, identity: str) -> bool:
        if identity in visit.rejected:
            return False
        return identity in visit.authenticated or not self._must_authenticate(visit, identity)

    def _must_authenticate(self, visit: Visit, identity: str) -> bool:
        """Whether the listener asks for it, or the device's profile does."""
        device = self.directory.find(visit.protocol, identity)
        return visit.listener.authentication == "required" or (
            device is not None and self.directory.is_guarded(visit.protocol, device.profile or visit.profile)
        )

    def _take(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes, *, is_proof: bool = False) -> None:
        """Keep a frame that its device may send; from now on the session speaks for the device."""
        self._facts[origin.device] = frame.facts
        has_arrived = self._come_forward(visit, origin, frame.identity) or is_proof
        self._keep(visit, origin, frame, answer)
        if has_arrived and self.correspondent is not None:
            self.correspondent.arrived(origin.device, visit)

    def _come_forward(self, visit: Visit, origin: Origin, identity: str) -> bool:
        """Whether the session has not spoken for its device before; of two, the one that came later does."""
        current = self.newest.get(origin.device)
        if current is visit and identity not in visit.registering:
            return False
        visit.registering.discard(identity)
        if current is visit:
            return True
        is_later = current is None or visit.came > current.came
        if is_later:
            self.newest[origin.device] = visit
            self._batch().entries.add(EntryKind.OPENED, self.now(), origin, b"")
        older = current if is_later else visit
        if older is not None:
            self.counts["session_superseded"] += 1
            older.channel.supersede()
        return is_later

    def _keep(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes) -> None:
        """Queue what the law lets us keep; what it does not is answered and counted."""
        now, batch = self.now(), self._batch()
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
            batch.entries.add(EntryKind.FRAGMENT if frame.is_fragment else EntryKind.FRAME, now, origin, raw)
        if answer:
            batch.answers.append((visit.channel, answer))

    def _meet(self, visit: Visit, identity: str) -> Origin | None:
        """The origin of an identity that is new on this session; None where it is unknown or one too many."""
        device = self.directory.find(visit.protocol, identity)
        if device is None or len(visit.origins) >= MOST_IDENTITIES:
            return None
        if not visit.origins:
            self._visits += 1
            visit.came = self._visits
        profile = device.profile or visit.profile
        origin = Origin(device.device, visit.listener.name, visit.peer, visit.protocol, profile)
        visit.origins[identity] = origin
        return origin

    def _login(self, visit: Visit, login: Login) -> None:
        """Register or authenticate: decided at once, answered when the frame is durable."""
        identity = login.frame.identity
        device = self.directory.find(visit.protocol, identity)
        if device is None:
            self._turn_away(visit, login, Decision.UNKNOWN_DEVICE, Refused("unknown_device", login.frame.raw))
            return
        credential = self.directory.credential(device)
        if login.step is Step.AUTHENTICATE and not hmac.compare_digest(login.credential.encode(), credential.encode()):
            visit.rejected.add(identity)
            self._turn_away(visit, login, Decision.WRONG_CREDENTIAL, Refused("wrong_credential", login.frame.raw))
            return
        origin = visit.origins.get(identity) or self._meet(visit, identity)
        if origin is None:
            self._refuse(visit, Refused("too_many_identities", login.frame.raw))
            return
        answer = visit.session.decide(login, Decision.ACCEPTED, credential)
        if login.step is Step.REGISTER:
            visit.registering.add(identity)
            self._keep(visit, origin, login.frame, answer)
            return
        visit.authenticated.add(identity)
        visit.rejected.discard(identity)
        self._take(visit, origin, login.frame, answer, is_proof=True)

    def _turn_away(self, visit: Visit, login: Login, decision: Decision, refused: Refused) -> None:
        self._refuse(visit, refused)
        answer = visit.session.decide(login, decision, "")
        if answer:
            self._batch().answers.append((visit.channel, answer))


_CONTROL = Origin()


def _effective(time: float, now: float) -> float:
    """The time by which the law judges: device time, or ours where the device's cannot be."""
    return time if now - CLOCK_BEHIND <= time <= now + CLOCK_AHEAD else now
