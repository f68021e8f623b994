"""The queue of orders to devices: one outstanding a device, the others behind it in the order they were given.

Of an order of several messages the next is said once the last is answered. Plain memory with time as an argument. It
says how each order ended, exactly once; nothing of one leaves after its end or at its expiry.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gateway.commands.saying import Meaning, Saying
from gateway.commands.standing import Phase, Standing, unanswered
from gateway.commands.timers import Timers
from gateway.commands.turns import Turns
from gateway.engine.controls import printable
from gateway.engine.orders import End, Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.commands.lines import Delegate, Line
    from gateway.commands.patience import Patience
    from gateway.engine.orders import Command
    from protocols.order import Reply

MOST_TEXT = 2000
"""Characters kept of what a device answered."""


@dataclass(slots=True)
class CommandQueue:
    """All orders that have not ended.

    Attributes:
        patience: the waits, in seconds of the same clock as every ``now``.
        reach: the line to a device now, or None.
        delegate: who does a device's orders itself, or None.
        ended: called with each end, once an order, while the call that caused it runs.
        clock: that clock, for what a line asks for when it may be written.
    """

    patience: Patience
    reach: Callable[[str], Line | None]
    delegate: Callable[[str], Delegate | None]
    ended: Callable[[Ended], None]
    clock: Callable[[], float]
    _devices: dict[str, deque[Standing]] = field(default_factory=dict)
    _orders: dict[str, Standing] = field(default_factory=dict)
    _timers: Timers[Standing] = field(init=False)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self._timers = Timers(self._orders.values())
        self._turns = Turns(self.reach, self.clock, self._said, partial(self._over, end=End.REFUSED))

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

    def add(self, command: Command, now: float, expires: float) -> None:
        """Queue an order; one that is queued already stays as it is. Sent at once where that is possible.

        ``expires`` is the order's expiry by the clock of ``now``.
        """
        if command.id in self._orders:
            return
        standing = Standing(command, expires, expires)
        self._orders[command.id] = standing
        self._devices.setdefault(command.device, deque()).append(standing)
        self._set_timer(standing, expires)
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
        while (standing := self._timers.pop(now)) is not None:
            self._run_out(standing, now)
            self.arrived(standing.command.device, now)

    def next_due(self) -> float:
        """When ``tick`` next has something to do; may be too early, never too late; inf for never."""
        return self._timers.next_due()

    def _set_timer(self, standing: Standing, due: float) -> None:
        self._timers.set(standing, min(due, standing.expires))

    def _advance(self, standing: Standing, now: float) -> bool:
        """Bring the first order of a device on; True where it has ended and the next may follow."""
        if now >= standing.expires:
            self._run_out(standing, now)
            return True
        if standing.phase in (Phase.TAKEN, Phase.DELEGATED):
            return False
        delegate = self.delegate(standing.command.device)
        if delegate is not None:
            standing.phase = Phase.DELEGATED
            delegate.take(standing.command)
        else:
            self._bring_on(standing)
        return standing.command.id not in self._orders

    def _bring_on(self, standing: Standing) -> None:
        """Give an order to a session that has not heard it, from its first message on; or what was held back."""
        line, saying = self.reach(standing.command.device), standing.saying
        if line is None:
            return
        if saying is not None and line.session is saying.session:
            if saying.is_held:
                self._say(standing, saying)
        elif standing.sessions >= self.patience.sessions:
            self._end(standing, End.NO_ANSWER, f"sent on {standing.sessions} connections")
        else:
            standing.sessions += 1
            self._say(standing, Saying(line.session, lambda line: line.order(standing.command.order)))

    def _say(self, standing: Standing, saying: Saying) -> None:
        """Have a message written, for the first time or again; its wait runs from its last segment on."""
        standing.phase, standing.saying = Phase.SENT, saying
        self._set_timer(standing, standing.expires)
        self._turns.ask(standing, saying)

    def _said(self, standing: Standing, saying: Saying, *, is_answered: bool) -> None:
        """A message has been written to its end; its answer is waited for, where there will be one."""
        if is_answered:
            wait = self.patience.waits[min(saying.said, self.patience.repeats + 1) - 1]
            self._set_timer(standing, self.clock() + wait)
        else:
            self._over(standing, End.SENT, "")

    def _over(self, standing: Standing, end: End, text: str) -> None:
        """An order has ended by itself: the next may follow."""
        self._end(standing, end, text)
        self.arrived(standing.command.device, self.clock())

    def _run_out(self, standing: Standing, now: float) -> None:
        """A timer has run out: the expiry's, a wait's, or the patience with an order that was taken."""
        is_over = now >= standing.expires or standing.phase is Phase.TAKEN
        if is_over or self._has_said_enough(standing):
            self._drop(standing)
            self._end(standing, *unanswered(standing))
        elif standing.saying is not None:
            self._say(standing, standing.saying)

    def _has_said_enough(self, standing: Standing) -> bool:
        saying = standing.saying
        if saying is None or saying.said <= self.patience.repeats:
            return False
        return self._turns.line_of(standing, saying) is not None

    def _reply(self, device: str, reply: Reply, now: float) -> bool:
        """Whether the reply belongs to the device's outstanding order; if so, what it means is done."""
        queue = self._devices.get(device)
        standing = queue[0] if queue else None
        if standing is None or standing.saying is None:
            return False
        saying = standing.saying
        meaning = saying.meaning(reply)
        if meaning is Meaning.DECLINED:
            self._end(standing, End(reply.result.value), saying.text_of(reply))
        elif meaning is Meaning.ANSWERED:
            self._answered(standing, saying, reply)
        elif meaning is Meaning.TAKEN and standing.phase is Phase.SENT:
            standing.phase = Phase.TAKEN
            saying.turn += 1
            self._set_timer(standing, now + self.patience.completion)
        return meaning is not Meaning.STRANGE

    def _answered(self, standing: Standing, saying: Saying, reply: Reply) -> None:
        follower = saying.follower()
        if follower is None:
            self._end(standing, End.DONE, reply.text)
        else:
            self._say(standing, follower)

    def _end(self, standing: Standing, end: End, text: str, by: str = "") -> None:
        """Over: out of the queue, and told."""
        command, standing.saying, standing.due = standing.command, None, float("inf")
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
