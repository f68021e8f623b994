"""Intake: who is it, may it, and what waits for the writer. Plain memory, no I/O: it decides at once.

A frame whose payload the law does not let us keep is answered and counted, and goes no further. Frames of unknown
devices go to the quarantine and get no answer that would let a device forget them.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from gateway.clock import iso
from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.intake.device_clock import DeviceClock
from gateway.intake.hosts import host_of, is_within
from gateway.intake.lanes import Item, Lanes, Strand
from gateway.intake.pending import Knock, Pending
from gateway.intake.receive_time import ReceiveTime, look_at
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.journal.facts import joined, parted
from gateway.ports import untold
from protocols.registry import FAMILIES
from protocols.session import (
    Acquaintance,
    Acquainted,
    Decision,
    Frame,
    Identifying,
    Login,
    Refused,
    Send,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.clock import Clock
    from gateway.intake.directory import Directory
    from gateway.intake.refusals import Refusals
    from gateway.intake.visit import Channel, Correspondent, Visit
    from gateway.journal.contract import Journal
    from gateway.journal.controls import ClockStep
    from gateway.ports import Tell
    from protocols.session import Event, Family, Words

MOST_REPORTS = 4096
MOST_BYTES = 1 << 20
HIGH_MARK = 4 * MOST_REPORTS
"""Entries, or answers without one, waiting beyond which TCP stops reading."""
LOOK_BACK = 1 << 18
"""Entries looked at for what devices' last sessions knew: a tenth of a second, and some fifty reports of 5,000 each."""
MOST_UNPROVEN = 50
"""Devices that the status names."""
TAKEN_OVER_AGAIN = 3600.0
"""Seconds after which a device that goes from host to host is shown again: a mobile network moves it often."""
MOST_IDENTITIES = 64
"""Identities one connection may carry; a bracelet carries one."""


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
        self._time = ReceiveTime()
        self._visits = 0
        self._lanes = Lanes()
        self._facts: dict[str, str] = {}
        """By device, what its sessions have found out last."""
        self._clocks: dict[str, float] = {}
        """By device, by how many seconds its clock was ahead last."""
        self._looked_at: dict[str, float] = {}
        """By device, when it was last shown that another host had taken it over."""
        self.correspondent: Correspondent | None = None
        self.on_clock: Callable[[str, float, str], None] = lambda _device, _ahead, _line: None
        """Told by how many seconds a device's clock is ahead of what its wire and its configuration say, and what to
        write in its line (empty: it is no zone)."""
        self.on_step: Callable[[ClockStep], None] = lambda _: None
        """Told of each step of the wall clock."""
        self.tell: Tell = untold
        """Told of what operators want to see in the log."""
        self.pending = Pending()
        """Terminals that knocked and that nobody knows."""

    def now(self) -> float:
        """Receive time of what comes in now: the wall clock's, never decreasing but where that clock is set.

        The law is judged by it. The entry itself gets the time at which its batch is made (``next_batch``).
        """
        return self._time.now(look_at(self._clock))

    def steady(self) -> float:
        """The same without the steps of the wall clock, for waits."""
        return self._time.steady(look_at(self._clock))

    @property
    def stepped(self) -> float:
        """Seconds by which ``now`` is ahead of ``steady``."""
        return self._time.stepped

    def resume(self, now: float) -> None:
        """Continue after a log whose last entry was received at ``now``."""
        self._time.resume(now)

    def was_deaf(self, seconds: float) -> None:
        """The store failed for so long, and nobody was read: that is no silence of theirs."""
        self._time.was_deaf(seconds)

    @property
    def last_step(self) -> ClockStep | None:
        """The last step of receive time that the log was told of."""
        return self._time.last_step

    def remember(self, journal: Journal) -> None:
        """Learn from the end of the journal what sessions had found out of their devices."""
        for _, batch in journal.read(max(journal.begins, journal.next_offset - LOOK_BACK)):
            for index in batch.origin[batch.kind == EntryKind.FRAME].tolist():
                origin = batch.origins[index]
                self._facts[origin.device], ahead = parted(origin.facts)
                if not math.isnan(ahead):
                    self._clocks[origin.device] = ahead

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
        return len(self._lanes)

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to take: entries, or something to release after those already taken."""
        return bool(len(self._lanes))

    def figures(self) -> dict[str, Any]:
        """For the status: what waits, and for how long; how often the wall clock was set; who is unproven."""
        oldest, step = self._lanes.oldest(), self._time.last_step
        waited = 0.0 if oldest is None else self._clock.monotonic() - oldest
        return {
            "waiting": self._lanes.figures(), "oldest_waiting_seconds": round(waited, 1),
            "clock_steps": self._time.steps,
            "last_clock_step": "" if step is None else f"{iso(step.old)} -> {iso(step.new)}",
            "unproven_devices": self._unproven(),
        }  # fmt: skip

    def _unproven(self) -> dict[str, str]:
        """Peers of the devices on line that have registered and never authenticated, by device; some of them."""
        found = (
            (device, visit.peer) for device, visit in self.newest.items()
            for identity, origin in visit.origins.items() if origin.device == device and visit.is_unproven(identity)
        )  # fmt: skip
        return dict(sorted(islice(found, MOST_UNPROVEN)))

    def next_batch(self) -> Waiting:
        """Make a batch of what waits, what is urgent first, up to the cap of a batch.

        Its entries were received now, all of them, so that receive time never decreases in log order. After a step of
        the wall clock the first entry says so.
        """
        now, step = self._time.stamp(look_at(self._clock))
        made = Waiting()
        if step is not None:
            made.entries.add(EntryKind.CLOCK, now, NO_ORIGIN, msgspec.json.encode(step))
            self.on_step(step)
        while len(self._lanes) and len(made) < MOST_REPORTS and made.entries.size < MOST_BYTES:
            item = self._lanes.pop()
            if item.kind is not None:
                made.entries.add(item.kind, now, item.origin, item.payload)
            if item.channel is not None:
                made.answers.append((item.channel, item.answer))
            made.releases += item.releases
        return made

    def control(self, kind: EntryKind, payload: bytes) -> None:
        """Queue a control entry: each at its place among what waits (``_PLACES``)."""
        _PLACES.get(kind, Lanes.put)(self._lanes, Item(Strand(), self._clock.monotonic(), kind, NO_ORIGIN, payload))

    def _enter(self, visit: Visit, kind: EntryKind, origin: Origin, payload: bytes = b"") -> None:
        self._lanes.put(Item(visit.strand, self._clock.monotonic(), kind, origin, payload))

    def _owe(self, visit: Visit, answer: bytes) -> None:
        """An answer that hangs on no entry: it leaves in its connection's order all the same."""
        self._lanes.put(Item(visit.strand, self._clock.monotonic(), channel=visit.channel, answer=answer))

    def hear(self, visit: Visit, events: Iterable[Event]) -> None:
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

    def when_durable(self, release: Callable[[], None], visit: Visit | None = None) -> None:
        """Call ``release`` once everything taken of a session so far is durable (a broker's acknowledgement).

        Without a session: once everything is.
        """
        last = None if visit is None else visit.strand.last
        if last is None:
            self._lanes.put(Item(Strand(), self._clock.monotonic(), releases=(release,)))
        else:
            last.releases += (release,)

    def leave(self, visit: Visit) -> None:
        """A session ended."""
        for origin in visit.origins.values():
            if self.newest.get(origin.device) is visit:
                del self.newest[origin.device]
                self.tell("device off line", origin.device, device=origin.device, listener=origin.listener)
                self._enter(visit, EntryKind.CLOSED, origin)

    def _refuse(self, visit: Visit, refused: Refused, identity: str = "") -> None:
        self.refusals.add(refused.reason, self.now(), visit.listener.name, visit.peer, refused.raw, identity)
        if refused.answer and visit.origins:
            self._owe(visit, refused.answer)

    def _frame(self, visit: Visit, frame: Frame) -> None:
        origin = self._admitted(visit, frame)
        if origin is None:
            return
        self._accept(visit, origin, frame, frame.answer)
        if frame.replies and self.correspondent is not None:
            self.correspondent.replied(origin.device, frame.replies)

    def _admitted(self, visit: Visit, frame: Frame) -> Origin | None:
        """Where a frame comes from, if its device may speak on this session; otherwise it is refused."""
        origin = visit.origins.get(frame.identity)
        if origin is None and self.directory.find(visit.protocol, frame.identity) is None:
            refused = Refused("unknown_device", frame.raw)
        elif origin is None and self._is_elsewhere(visit, frame.identity):
            refused = Refused("wrong_network", frame.raw)
        elif not self._may_speak(visit, frame.identity):
            refused = Refused("not_authenticated", frame.raw)
        elif (origin := origin or self._meet(visit, frame.identity)) is None:
            refused = Refused("too_many_identities", frame.raw)
        else:
            return origin
        self._refuse(visit, refused, frame.identity)
        if refused.reason == "unknown_device":
            self._knocked(visit, frame)
        return None

    def _is_elsewhere(self, visit: Visit, identity: str) -> bool:
        """Whether a device is bound to networks, and the session comes from none of them."""
        device = self.directory.find(visit.protocol, identity)
        return device is not None and not is_within(visit.peer, device.networks)

    def _may_speak(self, visit: Visit, identity: str) -> bool:
        if identity in visit.rejected:
            return False
        return identity in visit.authenticated or not self._must_authenticate(visit, identity)

    def hears(self, visit: Visit) -> bool:
        """Whether a session has brought a device, and what it says is taken."""
        return bool(visit.origins) and all(self._may_speak(visit, identity) for identity in visit.origins)

    def _must_authenticate(self, visit: Visit, identity: str) -> bool:
        """Whether the listener asks for it, or the device's line or profile does."""
        device = self.directory.find(visit.protocol, identity)
        if visit.listener.authentication == "required" or device is None:
            return visit.listener.authentication == "required"
        return device.is_bound or self.directory.is_guarded(visit.protocol, device.profile or visit.profile)

    def _accept(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes, *, is_proof: bool = False) -> None:
        """Keep a frame that its device may send; from now on the session speaks for the device."""
        self._facts[origin.device] = frame.facts
        self._read_clock(visit, origin, frame)
        has_arrived = self._come_forward(visit, origin, frame.identity) or is_proof
        self._keep(visit, origin, frame, answer)
        if has_arrived and self.correspondent is not None:
            self.correspondent.arrived(origin.device, visit)

    def _read_clock(self, visit: Visit, origin: Origin, frame: Frame) -> None:
        """What a live report shows of its device's clock; told once an offset."""
        clock, known = visit.clocks.get(frame.identity), self._clocks.get(origin.device)
        if clock is None:
            base = self.directory.clock_ahead(origin.device, origin.profile)
            clock = visit.clocks[frame.identity] = DeviceClock(base, known)
        if not frame.live or not frame.device_times:
            return
        before = clock.ahead
        clock.heard(max(frame.device_times), self.now())
        if math.isnan(clock.ahead):
            self.counts["device_clock_stands"] += not math.isnan(before)
            return
        self._clocks[origin.device] = clock.ahead
        if clock.ahead not in (before, known if known is not None else clock.base):
            self.counts["device_clock_corrected"] += 1
            self.on_clock(origin.device, clock.ahead - clock.base, self.directory.zone_line(origin.device, clock.ahead))

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
            if current is not None:
                visit.strand.follow(current.strand)
            self._enter(visit, EntryKind.OPENED, origin)
            self.tell("device on line", origin.device, device=origin.device, listener=origin.listener, peer=visit.peer)
        if current is not None:
            older, newer = (current, visit) if is_later else (visit, current)
            self._superseded(origin.device, older, newer)
            older.channel.supersede()
        return is_later

    def _superseded(self, device: str, older: Visit, newer: Visit) -> None:
        """Two sessions of one device: counted; from two hosts it may be two terminals, so both are kept for a look."""
        now = self.now()
        hosts = {host_of(visit.peer) for visit in (older, newer)}
        if len(hosts) == 1 or now < self._looked_at.get(device, -math.inf) + TAKEN_OVER_AGAIN:
            self.counts["session_superseded"] += 1
            return
        self._looked_at[device] = now
        peers = f"{device}: {older.peer} -> {newer.peer}"
        self.refusals.add("session_superseded", now, newer.listener.name, peers)

    def _keep(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes) -> None:
        """Queue what the law lets us keep; what it does not is answered and counted."""
        now = self.now()
        times = frame.device_times or (now,)
        clock = visit.clocks.get(frame.identity)
        own = times if clock is None else map(clock.time, times)
        lawful = [self.directory.lawful(origin.device, _effective(time, now)) for time in own]
        if all(lawful):
            raw = frame.raw
        elif any(lawful):
            raw = FAMILIES[origin.protocol].keep(frame.raw, lawful)
        else:
            raw = b""
        if not all(lawful):
            self.counts["report_outside_authority"] += len(lawful) - sum(lawful)
        if not frame.length_ok:
            self.refusals.add("wrong_length", now, visit.listener.name, visit.peer, frame.raw, frame.identity)
        if raw:
            self._queue(visit, origin, frame, raw, answer)
        elif answer:
            self._owe(visit, answer)

    def _queue(self, visit: Visit, origin: Origin, frame: Frame, raw: bytes, answer: bytes) -> None:
        clock = visit.clocks.get(frame.identity)
        facts = frame.facts if clock is None else joined(frame.facts, clock.ahead)
        if facts != origin.facts:
            origin = visit.origins[frame.identity] = replace(origin, facts=facts)
        if not frame.checksum_ok:
            origin = replace(origin, checksum_ok=False)
        kind = EntryKind.FRAGMENT if frame.is_fragment else EntryKind.FRAME
        channel = visit.channel if answer else None
        put = self._lanes.put_urgent if frame.urgent else self._lanes.put
        put(Item(visit.strand, self._clock.monotonic(), kind, origin, raw, channel, answer))

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
            self._knocked(visit, login.frame, login.introduction)
            return
        if self._is_elsewhere(visit, identity):
            self._turn_away(visit, login, Decision.WRONG_CREDENTIAL, Refused("wrong_network", login.frame.raw))
            return
        if device.is_bound and login.step is Step.REGISTER:
            self._turn_away(visit, login, Decision.WRONG_CREDENTIAL, Refused("registration_closed", login.frame.raw))
            return
        credential = self.directory.credential(device)
        if login.step is Step.AUTHENTICATE and not hmac.compare_digest(login.credential.encode(), credential.encode()):
            visit.rejected.add(identity)
            self._turn_away(visit, login, Decision.WRONG_CREDENTIAL, Refused("wrong_credential", login.frame.raw))
            return
        origin = visit.origins.get(identity) or self._meet(visit, identity)
        if origin is None:
            self._refuse(visit, Refused("too_many_identities", login.frame.raw), identity)
            return
        answer = visit.session.decide(login, Decision.ACCEPTED, credential)
        if login.step is Step.REGISTER:
            visit.registering.add(identity)
            visit.registered.add(identity)
            self._keep(visit, origin, login.frame, answer)
            return
        visit.authenticated.add(identity)
        visit.rejected.discard(identity)
        self._accept(visit, origin, login.frame, answer, is_proof=True)

    def _knocked(self, visit: Visit, frame: Frame, introduction: Words = ()) -> None:
        knock = Knock(visit.protocol, frame.identity, visit.listener.name, visit.peer, visit.profile)
        self.pending.add(knock, self.now(), introduction)

    def _turn_away(self, visit: Visit, login: Login, decision: Decision, refused: Refused) -> None:
        self._refuse(visit, refused, login.frame.identity)
        answer = visit.session.decide(login, decision, "")
        if answer:
            self._owe(visit, answer)


_PLACES = {
    EntryKind.START: Lanes.put_fence,
    EntryKind.CONFIGURATION: Lanes.put_fence,
    EntryKind.STOP: Lanes.put_fence,
    EntryKind.ACT: Lanes.put_urgent,
    EntryKind.COMMAND: Lanes.put_urgent,
}
"""Nothing overtakes a start, a stop or a configuration; an officer does not wait behind positions. The others come
after all that was taken before them: a RESULT after the frame that tells it, a TICK after what it might call silent."""


def _effective(time: float, now: float) -> float:
    """The time by which the law judges: device time, or ours where the device's cannot be."""
    return time if now - CLOCK_BEHIND <= time <= now + CLOCK_AHEAD else now
