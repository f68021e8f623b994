"""Intake: who is it, may it, and what waits for the writer. Plain memory, no I/O: it decides at once.

A frame whose payload the law does not let us keep is answered and counted, and goes no further. Frames of unknown
devices go to the quarantine and get no answer that would let a device forget them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from gateway.intake.admission import Reason, judge_login, keepable, may_speak, refusal_of
from gateway.intake.batching import Batching
from gateway.intake.memory import Memory
from gateway.intake.pending import Knock, Pending
from gateway.intake.presence import Presence
from gateway.intake.turns import Turns
from gateway.intake.visit import with_name, without_name
from gateway.journal.entries import EntryKind, Origin
from gateway.journal.facts import joined
from gateway.ports import untold
from protocols.on_demand import OnDemand
from protocols.session import Decision, Frame, Login, Refused, Send, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.clock import Clock
    from gateway.intake.directory import Directory, Indexed
    from gateway.intake.refusals import Refusals
    from gateway.intake.visit import Correspondent, Visit
    from gateway.ports import Tell, Trace
    from gateway.settings.model import Configuration
    from protocols.session import Event, Words


class Intake(Batching):
    """Takes sessions' events into the batches that the writer picks up.

    Attributes:
        families: the wire formats, their sessions with the memory; the listeners' sessions come from here.
        memory: what devices' sessions have found out.
        presence: which session speaks for a device.
        turns: what is plain of a whole turn of the loop.
        pending: terminals that knocked and that nobody knows.
        correspondent: whoever has orders for devices.
        tell: told of what operators want to see in the log.
        trace: told of each frame as it is heard and queued; None: nobody follows frames.
    """

    def __init__(self, directory: Directory, clock: Clock, refusals: Refusals) -> None:
        super().__init__(clock)
        self.directory = directory
        self.refusals = refusals
        self.counts = refusals.counts
        self.memory = Memory(directory, refusals.counts)
        self.families = OnDemand(directory.families, lambda name: self.memory.remembering(directory.families[name]))
        self.presence = Presence(refusals)
        self.pending = Pending()
        self.correspondent: Correspondent | None = None
        self.tell: Tell = untold
        self.trace: Trace | None = None
        self.turns = Turns(self)
        self._connections = self._visits = 0
        self._singly = 0

    def figures(self) -> dict[str, Any]:
        """For the status: what waits, how often the wall clock was set, how frames were read, and who is unproven."""
        read = {"in_turns": self.turns.plain, "singly": self._singly}
        return super().figures() | {"frames": read, "unproven_devices": self.presence.unproven()}

    def follow(self, configuration: Configuration, indexed: Indexed | None = None) -> None:
        """Go by another configuration from here on; ``indexed``: if that is at hand.

        Sessions stay, but for those of devices that it does not know, or that lie in the cupboard by it.
        """
        self.directory.follow(configuration, indexed)
        for key, visit in list(self.presence.newest.items()):
            self.turns.seats.unsettle(visit.row)
            gone = [identity for identity, origin in visit.origins.items() if self._is_gone(visit, identity, origin)]
            for identity in gone:
                self._leave(visit, visit.origins.pop(identity))
            if gone or self.directory.is_put_away(key):
                visit.channel.supersede()

    def _is_gone(self, visit: Visit, identity: str, origin: Origin) -> bool:
        """Whether a session's device is another one by now, or of another model."""
        device = self.directory.find(visit.protocol, identity)
        return device is None or (device.device, device.profile or visit.profile) != (origin.device, origin.profile)

    def hear(self, visit: Visit, events: Sequence[Event]) -> None:
        """Take what a session yielded, in order."""
        self.turns.seats.unsettle(visit.row)
        if self.trace is not None:
            self._follow(self.trace, visit, events)
        for event in events:
            if isinstance(event, Frame):
                self._singly += 1
                visit.heard += 1
                self._frame(visit, event)
            elif isinstance(event, Login):
                visit.heard += 1
                self._login(visit, event)
            elif isinstance(event, Send):
                visit.channel.send(map(visit.number, event.segments) if event.is_new else event.segments)
            else:
                visit.heard += 1
                self._refuse(visit, event)

    def next_connection(self) -> int:
        """The number of a connection that begins."""
        self._connections += 1
        return self._connections

    def frame_of(self, visit: Visit) -> str:
        """What the frame that a session has read last is called in the log: its connection's number, and its own."""
        return f"{visit.connection}.{visit.heard + self.turns.seats.frames[visit.row]}"

    @staticmethod
    def _follow(trace: Trace, visit: Visit, events: Sequence[Event]) -> None:
        frames = sum(not isinstance(event, Send) for event in events)
        for number in range(visit.heard + 1, visit.heard + 1 + frames):
            trace("frame heard", frame=f"{visit.connection}.{number}", listener=visit.listener.name)

    def hears(self, visit: Visit) -> bool:
        """Whether a session has brought a device, and what it says is taken."""
        return bool(visit.origins) and all(may_speak(self.directory, visit, identity) for identity in visit.origins)

    def leave(self, visit: Visit) -> None:
        """A session ended."""
        for origin in visit.origins.values():
            self._leave(visit, origin)

    def _leave(self, visit: Visit, origin: Origin) -> None:
        if self.presence.leave(visit, origin.device):
            self.tell("device off line", origin.device, device=origin.device, listener=origin.listener)
            self._enter(visit, EntryKind.CLOSED, origin)

    def _refuse(self, visit: Visit, refused: Refused, identity: str = "") -> None:
        self.refusals.add(
            refused.reason, self.now(), visit.listener.name, visit.peer, refused.raw, identity, self.frame_of(visit)
        )
        if refused.answer and visit.origins:
            self._owe(visit, refused.answer)

    def _frame(self, visit: Visit, frame: Frame) -> None:
        reason = refusal_of(self.directory, visit, frame.identity)
        if reason is not None:
            self._refuse(visit, Refused(reason.value, frame.raw), frame.identity)
            if reason is Reason.UNKNOWN_DEVICE:
                self._knocked(visit, frame)
            return
        origin = self._origin(visit, frame.identity)
        self._accept(visit, origin, frame, frame.answer)
        if frame.replies and self.correspondent is not None:
            self.correspondent.replied(origin.device, frame.replies)

    def _login(self, visit: Visit, login: Login) -> None:
        """Register or authenticate: decided at once, answered when the frame is durable."""
        identity = login.frame.identity
        decision, reason = judge_login(self.directory, visit, login)
        if reason is Reason.WRONG_CREDENTIAL:
            visit.rejected = with_name(visit.rejected, identity)
        if reason is not None:
            self._turn_away(visit, login, decision, reason)
            return
        origin = self._origin(visit, identity)
        credential = self.directory.credential(self.directory.known(visit.protocol, identity))
        answer = visit.session.decide(login, Decision.ACCEPTED, credential)
        if login.step is Step.REGISTER:
            visit.registering = with_name(visit.registering, identity)
            visit.registered = with_name(visit.registered, identity)
            self._keep(visit, origin, login.frame, answer)
            return
        visit.authenticated = with_name(visit.authenticated, identity)
        visit.rejected = without_name(visit.rejected, identity)
        self._accept(visit, origin, login.frame, answer, is_proof=True)

    def _turn_away(self, visit: Visit, login: Login, decision: Decision, reason: Reason) -> None:
        """Refuse a login; what is no matter of the login (one identity too many) is not answered."""
        self._refuse(visit, Refused(reason.value, login.frame.raw), login.frame.identity)
        answer = b"" if decision is Decision.ACCEPTED else visit.session.decide(login, decision, "")
        if answer:
            self._owe(visit, answer)
        if reason is Reason.UNKNOWN_DEVICE:
            self._knocked(visit, login.frame, login.introduction)

    def _knocked(self, visit: Visit, frame: Frame, introduction: Words = ()) -> None:
        knock = Knock(visit.protocol, frame.identity, visit.listener.name, visit.peer, visit.profile)
        self.pending.add(knock, self.now(), introduction)

    def _accept(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes, *, is_proof: bool = False) -> None:
        """Keep a frame that its device may send; from now on the session speaks for the device."""
        self.memory.facts[origin.device] = frame.facts
        self.memory.read_clock(visit, origin, frame, self.now())
        has_arrived = self._come_forward(visit, origin, frame.identity) or is_proof
        self._keep(visit, origin, frame, answer)
        if has_arrived and self.correspondent is not None:
            self.correspondent.arrived(origin.device, visit)

    def _come_forward(self, visit: Visit, origin: Origin, identity: str) -> bool:
        """Whether the session has not spoken for its device before."""
        coming = self.presence.come_forward(visit, origin.device, identity, self.now())
        if coming.is_opened:
            self._enter(visit, EntryKind.OPENED, origin)
            self.tell(
                "device on line", origin.device, device=origin.device, listener=origin.listener,
                peer=visit.peer, connection=visit.connection,
            )  # fmt: skip
        if coming.older is not None:
            for one in (coming.older, self.presence.newest[origin.device]):
                self.turns.seats.unsettle(one.row)
            coming.older.channel.supersede()
        return coming.is_new

    def _keep(self, visit: Visit, origin: Origin, frame: Frame, answer: bytes) -> None:
        """Queue what the law lets us keep; what it does not is answered and counted."""
        raw, unlawful = keepable(self.directory, visit, origin, frame, self.now())
        if unlawful:
            self.counts["report_outside_authority"] += unlawful
        if not frame.length_ok:
            self.refusals.add(
                "wrong_length", self.now(), visit.listener.name, visit.peer, frame.raw, frame.identity,
                self.frame_of(visit),
            )  # fmt: skip
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
        item = self._put_frame(visit, kind, origin, raw, answer, urgent=frame.urgent)
        if self.trace is not None:
            item.frame = self.frame_of(visit)
            self.trace("frame queued", frame=item.frame, device=origin.device)

    def _origin(self, visit: Visit, identity: str) -> Origin:
        """Where the frames of an identity come from; the first one of a session gives it its place among all."""
        if identity in visit.origins:
            return visit.origins[identity]
        if not visit.origins:
            self._visits += 1
            visit.came = self._visits
        device = self.directory.known(visit.protocol, identity)
        profile = device.profile or visit.profile
        origin = Origin(device.device, visit.listener.name, visit.peer, visit.protocol, profile)
        visit.origins[identity] = origin
        return origin
