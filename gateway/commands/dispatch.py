"""The queue between intake (who is there, what came back) and the journal (how each order ended)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from gateway.commands.accept import locates
from gateway.commands.permission import refusal_of
from gateway.commands.queue import CommandQueue
from gateway.engine import End
from gateway.journal.entries import EntryKind
from protocols.errors import OrderFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.commands.patience import Patience
    from gateway.commands.reach import Delegate, Line
    from gateway.engine import CommandRecord, Ended
    from gateway.in_force import InForce
    from gateway.intake.intake import Intake
    from gateway.intake.visit import Visit
    from protocols.order import Order, Reply, Sending

NO_AUTHORITY = "nobody wears the device under an authority now: it may not be located"


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A device's newest session as a line. ``lawful``: an authority covers its wearer now."""

    session: Visit
    identity: str
    lawful: bool

    def order(self, order: Order) -> Sending:
        """The order's first message in the session's words; a locating only where the law lets us look."""
        if locates(order.kind) and not self.lawful:
            raise OrderFault(NO_AUTHORITY)
        return self.session.session.order(self.identity, order)

    def send(self, segments: Iterable[bytes]) -> None:
        """Write, one segment a write, each asked for when it may be."""
        self.session.channel.send(segments)


@dataclass(slots=True)
class Dispatcher:
    """Brings orders to devices; implements :class:`gateway.intake.visit.Correspondent`.

    Attributes:
        in_force: the configuration.
        intake: knows the newest sessions, takes the RESULT entries, gives the time.
        patience: waits, in seconds of intake's clock. They are measured without its steps (``Intake.steady``).
        wake: tells the writer that something was queued.
        delegates: who does the orders of a protocol itself, by protocol.
    """

    in_force: InForce
    intake: Intake
    patience: Patience
    wake: Callable[[], None]
    delegates: dict[str, Delegate] = field(default_factory=dict)
    queue: CommandQueue = field(init=False)
    _ready: dict[str, tuple[Visit, float]] = field(default_factory=dict)
    """By device: its newest session and from when on it hears orders; inf while its login is not yet answered."""
    _settling: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.queue = CommandQueue(self.patience, self._reach, self._delegate, self._ended, self.intake.steady)

    def give(self, records: Iterable[CommandRecord]) -> None:
        """Take commands that are committed and have not ended.

        What is left until an order expires is left however the wall clock is set from here on.
        """
        now = self.intake.steady()
        for record in records:
            command = record.command
            self.queue.add(command, now, command.expires - self.intake.stepped)
            device = self.in_force.configuration.devices.get(command.device)
            refusal = "" if device is None else refusal_of(command, device)
            if refusal:
                self.queue.conclude(command.id, End.REFUSED, refusal, now)

    def arrived(self, device: str, visit: Visit) -> None:
        """The session that speaks for a device: orders follow once what it has said is answered."""
        if self.intake.presence.newest.get(device) is not visit:
            return
        known = any(
            origin.device == device and identity in visit.authenticated for identity, origin in visit.origins.items()
        )
        wait = 0.0 if known else self.patience.settle
        self._ready[device] = (visit, float("inf"))
        self.intake.when_durable(lambda: self._answered(device, visit, wait), visit)

    def replied(self, device: str, replies: Sequence[Reply]) -> None:
        """A device answered; the frame that says so is on its way to the journal, the result follows it."""
        strange = self.queue.replied(device, replies, self.intake.steady())
        if strange:
            self.intake.counts["reply_unexpected"] += strange

    def ended(self, identity: str, end: End, text: str = "") -> bool:
        """A delegate's word on an order; False where that order has ended before."""
        return self.queue.conclude(identity, end, text, self.intake.steady())

    def cancel(self, identity: str, by: str) -> bool:
        """End an order that is not wanted any more; what has gone out cannot be called back."""
        return self.queue.conclude(identity, End.CANCELLED, "", self.intake.steady(), by)

    def tick(self) -> None:
        """Everything that time alone brings."""
        now = self.intake.steady()
        for device in [one for one in self._settling if self._ready[one][1] <= now]:
            self._settling.discard(device)
            self.queue.arrived(device, now)
        self.queue.tick(now)

    def next_due(self) -> float:
        """When ``tick`` next has something to do, by ``Intake.steady``; inf for never."""
        settled = min((self._ready[one][1] for one in self._settling), default=float("inf"))
        return min(settled, self.queue.next_due())

    def figures(self) -> dict[str, int]:
        """For the status."""
        outstanding = self.queue.outstanding()
        return {"queued": len(self.queue) - outstanding, "outstanding": outstanding}

    def _answered(self, device: str, visit: Visit, wait: float) -> None:
        """The entry of a session is durable and what it was owed has gone out."""
        now = self.intake.steady()
        self._ready[device] = (visit, now + wait)
        if wait:
            self._settling.add(device)
        else:
            self._settling.discard(device)
            self.queue.arrived(device, now)

    def _reach(self, device: str) -> Line | None:
        visit = self.intake.presence.newest.get(device)
        if visit is None:
            return None
        session, ready = self._ready.get(device, (visit, 0.0))
        if session is not visit or self.intake.steady() < ready:
            return None
        for identity, origin in visit.origins.items():
            if origin.device == device and visit.may_hear(identity):
                return VisitLine(visit, identity, self.intake.directory.lawful(device, self.intake.now()))
        return None

    def _delegate(self, device: str) -> Delegate | None:
        known = self.in_force.configuration.devices.get(device)
        return self.delegates.get(known.protocol) if known is not None else None

    def _ended(self, ended: Ended) -> None:
        self.intake.control(EntryKind.RESULT, msgspec.json.encode(ended))
        self.wake()
