"""The queue of orders to devices: one outstanding a device, the others behind it in the order they were given.

Plain memory with time as an argument. It writes to lines and says how each order ended, exactly once; it never sends
one at or after its expiry.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from gateway.engine.controls import printable
from gateway.engine.orders import Command, End, Ended
from protocols.errors import OrderFault
from protocols.order import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.commands.lines import Delegate, Line
    from gateway.commands.patience import Patience
    from protocols.order import Reply, Sending

MOST_TIMERS = 256
"""Timers of ended orders that may lie about, besides four an order."""
MOST_TEXT = 2000
"""Characters kept of what a device answered."""


class Phase(Enum):
    """Where an order stands before its end."""

    WAITING = "waiting"
    """Behind another one, or for the device to be reached."""
    SENT = "sent"
    """Written; repeated until the device says something."""
    TAKEN = "taken"
    """The device has it; its answer is to come. Not sent again."""
    DELEGATED = "delegated"
    """With whoever does this protocol's orders."""


@dataclass(eq=False, slots=True)
class Standing:
    """One order in the queue. ``due`` is when time alone changes something: the next repeat, or the expiry."""

    command: Command
    due: float
    phase: Phase = Phase.WAITING
    session: object = None
    sending: Sending | None = None
    said: int = 0
    """Sendings on this session."""
    sessions: int = 0


@dataclass(slots=True)
class CommandQueue:
    """All orders that have not ended.

    Attributes:
        patience: the waits, in seconds of the same clock as every ``now``.
        reach: the line to a device now, or None.
        delegate: who does a device's orders itself, or None.
        ended: called with each end, once an order, while the call that caused it runs.
    """

    patience: Patience
    reach: Callable[[str], Line | None]
    delegate: Callable[[str], Delegate | None]
    ended: Callable[[Ended], None]
    _devices: dict[str, deque[Standing]] = field(default_factory=dict)
    _orders: dict[str, Standing] = field(default_factory=dict)
    _timers: list[tuple[float, int, Standing]] = field(default_factory=list)
    _numbered: int = 0

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, identity: str) -> bool:
        return identity in self._orders

    def waiting_for(self, device: str) -> int:
        """How many orders a device has that have not ended."""
        return len(self._devices.get(device, ()))

    def outstanding(self) -> int:
        """Orders that are with their device, or with a delegate."""
        return sum(queue[0].phase is not Phase.WAITING for queue in self._devices.values())

    def phases(self) -> Mapping[str, str]:
        """Where each order stands, by its id."""
        return {identity: standing.phase.value for identity, standing in self._orders.items()}

    def add(self, command: Command, now: float) -> None:
        """Queue an order; one that is queued already stays as it is. Sent at once where that is possible."""
        if command.id in self._orders:
            return
        standing = Standing(command, command.expires)
        self._orders[command.id] = standing
        self._devices.setdefault(command.device, deque()).append(standing)
        self._set_timer(standing, command.expires)
        self.arrived(command.device, now)

    def arrived(self, device: str, now: float) -> None:
        """A device may have become reachable: what is first in its queue goes out, or out again on a new session."""
        while (queue := self._devices.get(device)) and self._advance(queue[0], now):
            pass

    def replied(self, device: str, replies: Sequence[Reply], now: float) -> int:
        """What a device said; returns how many of the replies belong to no outstanding order."""
        strange = sum(not self._reply(device, reply, now) for reply in replies)
        self.arrived(device, now)
        return strange

    def conclude(self, identity: str, end: End, text: str, now: float, by: str = "") -> bool:
        """End an order from outside: cancelled, or a delegate's word. False where there is no such one."""
        standing = self._orders.get(identity)
        if standing is None:
            return False
        if end is End.CANCELLED:
            self._drop(standing)
        self._end(standing, end, text, by)
        self.arrived(standing.command.device, now)
        return True

    def tick(self, now: float) -> None:
        """Everything that time alone brings: repeats, orders nobody answered, expiry."""
        while self._timers and self._timers[0][0] <= now:
            due, _, standing = heapq.heappop(self._timers)
            if self._orders.get(standing.command.id) is standing and standing.due == due:
                self._run_out(standing, now)
                self.arrived(standing.command.device, now)

    def next_due(self) -> float:
        """When ``tick`` next has something to do; may be too early, never too late; inf for never."""
        return self._timers[0][0] if self._timers else float("inf")

    def _set_timer(self, standing: Standing, due: float) -> None:
        standing.due = min(due, standing.command.expires)
        self._numbered += 1
        heapq.heappush(self._timers, (standing.due, self._numbered, standing))
        if len(self._timers) > MOST_TIMERS + 4 * len(self._orders):
            self._timers = [(one.due, number, one) for number, one in enumerate(self._orders.values())]
            self._numbered = len(self._timers)
            heapq.heapify(self._timers)

    def _advance(self, standing: Standing, now: float) -> bool:
        """Bring the first order of a device on; True where it has ended and the next may follow."""
        if now >= standing.command.expires:
            self._run_out(standing, now)
            return True
        if standing.phase in (Phase.TAKEN, Phase.DELEGATED):
            return False
        delegate = self.delegate(standing.command.device)
        if delegate is not None:
            standing.phase = Phase.DELEGATED
            delegate.take(standing.command)
        else:
            line = self.reach(standing.command.device)
            if line is not None and line.session is not standing.session:
                self._send(standing, line, now)
        return standing.command.id not in self._orders

    def _send(self, standing: Standing, line: Line, now: float) -> None:
        """Encode the order for a session that has not heard it, and write it."""
        if standing.sessions >= self.patience.sessions:
            self._end(standing, End.NO_ANSWER, f"sent on {standing.sessions} connections")
            return
        try:
            sending = line.order(standing.command.order)
        except OrderFault as fault:
            self._end(standing, End.REFUSED, str(fault))
            return
        line.send(sending.segments)
        standing.phase, standing.session, standing.sending = Phase.SENT, line.session, sending
        standing.said, standing.sessions = 1, standing.sessions + 1
        if sending.answered_by:
            self._set_timer(standing, now + self.patience.waits[0])
        else:
            self._end(standing, End.SENT, "")

    def _run_out(self, standing: Standing, now: float) -> None:
        """A timer has run out: the expiry's, a wait's, or the patience with an order that was taken."""
        if now >= standing.command.expires or standing.phase is Phase.TAKEN:
            self._drop(standing)
            self._end(standing, *_unanswered(standing))
        elif standing.phase is Phase.SENT:
            self._say_again(standing, now)

    def _say_again(self, standing: Standing, now: float) -> None:
        """The same bytes on the same session; a session that has gone leaves the order to the next one."""
        line = self.reach(standing.command.device)
        if line is None or line.session is not standing.session or standing.sending is None:
            self._set_timer(standing, standing.command.expires)
        elif standing.said > self.patience.repeats:
            self._end(standing, *_unanswered(standing))
        else:
            line.send(standing.sending.segments)
            standing.said += 1
            self._set_timer(standing, now + self.patience.waits[standing.said - 1])

    def _reply(self, device: str, reply: Reply, now: float) -> bool:
        """Whether the reply belongs to the device's outstanding order; if so, what it means is done."""
        queue = self._devices.get(device)
        standing = queue[0] if queue else None
        if standing is None or standing.sending is None:
            return False
        sending, done = standing.sending, reply.result is Result.DONE
        if reply.key not in (sending.accepted_by, sending.answered_by) or not reply.key:
            return False
        if reply.key == sending.answered_by or not done:
            self._end(standing, End(reply.result.value), reply.text)
        elif standing.phase is Phase.SENT:
            standing.phase = Phase.TAKEN
            self._set_timer(standing, now + self.patience.completion)
        return True

    def _end(self, standing: Standing, end: End, text: str, by: str = "") -> None:
        """Over: out of the queue, and told."""
        command = standing.command
        del self._orders[command.id]
        queue = self._devices[command.device]
        queue.remove(standing)
        if not queue:
            del self._devices[command.device]
        self.ended(Ended(command.id, end, printable(text)[:MOST_TEXT], by))

    def _drop(self, standing: Standing) -> None:
        """Whoever does this order need do it no more."""
        delegate = self.delegate(standing.command.device) if standing.phase is Phase.DELEGATED else None
        if delegate is not None:
            delegate.drop(standing.command)


def _unanswered(standing: Standing) -> tuple[End, str]:
    """How an order ends that time has run out for."""
    if standing.phase is Phase.WAITING:
        return End.EXPIRED, "the device could not be reached in time"
    if standing.phase is Phase.TAKEN:
        return End.NO_ANSWER, "the device took the order and did not answer it"
    return End.NO_ANSWER, "no answer came"
