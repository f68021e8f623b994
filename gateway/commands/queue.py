"""The queue of orders to devices: one at a time a device, the others behind it in the order they were given.

A device may have no code for an order and never answer it. One that it has ignored for two waits lets the next go out
and is not said again behind it, where it would undo the newer one; its late answer still ends it. Of an order of
several messages the next is said once the last is answered. Plain memory with time as an argument. It says how each
order ended, exactly once; nothing of one leaves after its end or at its expiry.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gateway.commands.outstanding import Outstanding, Phase, unanswered
from gateway.commands.saying import Meaning, Saying
from gateway.commands.timers import Timers
from gateway.commands.turns import Turns
from gateway.engine import End, Ended
from gateway.journal.controls import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.commands.patience import Patience
    from gateway.commands.reach import Delegate, Line
    from gateway.engine import Command
    from protocols.order import Reply

HOLDS = 2
"""How often an order is said before, unanswered, it no longer holds back the next: the waits T and 2T."""
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
    _devices: dict[str, deque[Outstanding]] = field(default_factory=dict)
    _commands: dict[str, Outstanding] = field(default_factory=dict)
    _timers: Timers[Outstanding] = field(init=False)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self._timers = Timers(self._commands.values())
        self._turns = Turns(self.reach, self.clock, self._said, partial(self._over, end=End.REFUSED))

    def __len__(self) -> int:
        return len(self._commands)

    def __contains__(self, identity: str) -> bool:
        return identity in self._commands

    def waiting_for(self, device: str) -> int:
        """How many orders a device has that have not ended."""
        return len(self._devices.get(device, ()))

    def outstanding(self) -> int:
        """Orders that are with their device, or with a delegate."""
        return sum(outstanding.phase is not Phase.WAITING for outstanding in self._commands.values())

    def phases(self) -> Mapping[str, str]:
        """Where each order stands, by its id."""
        return {identity: outstanding.phase.value for identity, outstanding in self._commands.items()}

    def add(self, command: Command, now: float, expires: float) -> None:
        """Queue an order; one that is queued already stays as it is. Sent at once where that is possible.

        ``expires`` is the order's expiry by the clock of ``now``.
        """
        if command.id in self._commands:
            return
        outstanding = Outstanding(command, expires, expires)
        self._commands[command.id] = outstanding
        self._devices.setdefault(command.device, deque()).append(outstanding)
        self._set_timer(outstanding, expires)
        self.arrived(command.device, now)

    def arrived(self, device: str, now: float) -> None:
        """A device may have become reachable: the order whose turn it is goes out, or out again on a new session."""
        while (outstanding := self._turn(device)) is not None and self._advance(outstanding, now):
            pass

    def replied(self, device: str, replies: Sequence[Reply], now: float) -> int:
        """What a device said; returns how many of the replies belong to no outstanding order."""
        strange = sum(not self._reply(device, reply, now) for reply in replies)
        self.arrived(device, now)
        return strange

    def conclude(self, identity: str, end: End, text: str, now: float, by: str = "") -> bool:
        """End an order from outside: cancelled, or a delegate's word. False where there is no such one."""
        outstanding = self._commands.get(identity)
        if outstanding is None:
            return False
        if end is End.CANCELLED:
            self._drop(outstanding)
        self._end(outstanding, end, text, by)
        self.arrived(outstanding.command.device, now)
        return True

    def tick(self, now: float) -> None:
        """Everything that time alone brings: repeats, orders nobody answered, expiry."""
        while (outstanding := self._timers.pop(now)) is not None:
            self._run_out(outstanding, now)
            self.arrived(outstanding.command.device, now)

    def next_due(self) -> float:
        """When ``tick`` next has something to do; may be too early, never too late; inf for never."""
        return self._timers.next_due()

    def _set_timer(self, outstanding: Outstanding, due: float) -> None:
        self._timers.set(outstanding, min(due, outstanding.expires))

    def _turn(self, device: str) -> Outstanding | None:
        """The order of a device whose turn it is: the first that lets no other pass."""
        return next((one for one in self._devices.get(device, ()) if not self._lets_pass(one)), None)

    def _lets_pass(self, outstanding: Outstanding) -> bool:
        """Whether later ones may go out before an order is answered. On a new session all are said in their order."""
        if outstanding.phase is not Phase.SENT or outstanding.saying is None:
            return False
        line = self.reach(outstanding.command.device)
        is_old = line is not None and line.session is not outstanding.saying.session
        return outstanding.is_overtaken or (outstanding.is_ignored and not is_old)

    def _advance(self, outstanding: Outstanding, now: float) -> bool:
        """Bring the order whose turn it is on; True where it has ended and the next may follow."""
        if now >= outstanding.expires:
            self._run_out(outstanding, now)
            return True
        if outstanding.phase in (Phase.TAKEN, Phase.DELEGATED):
            return False
        delegate = self.delegate(outstanding.command.device)
        if delegate is not None:
            outstanding.phase = Phase.DELEGATED
            delegate.undertake(outstanding.command)
        else:
            self._bring_on(outstanding)
        return outstanding.command.id not in self._commands

    def _bring_on(self, outstanding: Outstanding) -> None:
        """Give an order to a session that has not heard it, from its first message on; or what was held back."""
        line, saying = self.reach(outstanding.command.device), outstanding.saying
        if line is None:
            return
        if saying is not None and line.session is saying.session:
            if saying.is_held:
                self._say(outstanding, saying)
        elif outstanding.sessions >= self.patience.sessions:
            self._end(outstanding, End.NO_ANSWER, f"sent on {outstanding.sessions} connections")
        else:
            outstanding.sessions += 1
            outstanding.is_ignored = False
            self._say(outstanding, Saying(line.session, lambda line: line.order(outstanding.command.order)))

    def _say(self, outstanding: Outstanding, saying: Saying) -> None:
        """Have a message written, for the first time or again; its wait runs from its last segment on."""
        outstanding.phase, outstanding.saying = Phase.SENT, saying
        self._set_timer(outstanding, outstanding.expires)
        self._turns.ask(outstanding, saying)

    def _said(self, outstanding: Outstanding, saying: Saying, *, is_answered: bool) -> None:
        """A message has been written to its end; its answer is waited for, where there will be one."""
        if is_answered:
            wait = self.patience.waits[min(saying.said, self.patience.repeats + 1) - 1]
            self._set_timer(outstanding, self.clock() + wait)
        else:
            self._over(outstanding, End.SENT, "")

    def _over(self, outstanding: Outstanding, end: End, text: str) -> None:
        """An order has ended by itself: the next may follow."""
        self._end(outstanding, end, text)
        self.arrived(outstanding.command.device, self.clock())

    def _run_out(self, outstanding: Outstanding, now: float) -> None:
        """A timer has run out: the expiry's, a wait's, or the patience with an order that was taken."""
        is_over = now >= outstanding.expires or outstanding.phase is Phase.TAKEN
        if is_over or self._has_said_enough(outstanding):
            self._drop(outstanding)
            self._end(outstanding, *unanswered(outstanding))
        elif outstanding.saying is not None:
            self._insist(outstanding, outstanding.saying, now)

    def _insist(self, outstanding: Outstanding, saying: Saying, now: float) -> None:
        """Say a message again; where a later order went out or waits, only go on waiting for its answer."""
        outstanding.is_ignored = saying.said >= HOLDS and self._turns.line_of(outstanding, saying) is not None
        is_last = self._devices[outstanding.command.device][-1] is outstanding
        if not outstanding.is_overtaken and (is_last or not outstanding.is_ignored):
            self._say(outstanding, saying)
            return
        rest = sum(self.patience.waits[saying.said :])
        saying.said = self.patience.repeats + 1
        self._set_timer(outstanding, now + rest)

    def _has_said_enough(self, outstanding: Outstanding) -> bool:
        saying = outstanding.saying
        if saying is None or saying.said <= self.patience.repeats:
            return False
        return outstanding.is_overtaken or self._turns.line_of(outstanding, saying) is not None

    def _reply(self, device: str, reply: Reply, now: float) -> bool:
        """Whether the reply belongs to an outstanding order of the device; if so, what it means is done."""
        before: list[Outstanding] = []
        for outstanding in self._devices.get(device, ()):
            saying = outstanding.saying
            meaning = Meaning.STRANGE if saying is None else saying.meaning(reply)
            if saying is not None and meaning is not Meaning.STRANGE:
                for one in before:
                    one.is_overtaken = True
                self._heard(outstanding, saying, meaning, reply, now)
                return True
            before.append(outstanding)
        return False

    def _heard(self, outstanding: Outstanding, saying: Saying, meaning: Meaning, reply: Reply, now: float) -> None:
        outstanding.is_ignored = outstanding.is_overtaken = False
        if meaning is Meaning.DECLINED:
            self._end(outstanding, End(reply.result.value), saying.text_of(reply))
        elif meaning is Meaning.ANSWERED:
            self._answered(outstanding, saying, reply)
        elif meaning is Meaning.TAKEN and outstanding.phase is Phase.SENT:
            outstanding.phase = Phase.TAKEN
            saying.turn += 1
            self._set_timer(outstanding, now + self.patience.completion)

    def _answered(self, outstanding: Outstanding, saying: Saying, reply: Reply) -> None:
        follower = saying.follower()
        if follower is None:
            self._end(outstanding, End.DONE, reply.text)
        else:
            self._say(outstanding, follower)

    def _end(self, outstanding: Outstanding, end: End, text: str, by: str = "") -> None:
        """Over: out of the queue, and told."""
        command, outstanding.saying, outstanding.due = outstanding.command, None, float("inf")
        del self._commands[command.id]
        queue = self._devices[command.device]
        queue.remove(outstanding)
        if not queue:
            del self._devices[command.device]
        self.ended(Ended(command.id, end, printable(text)[:MOST_TEXT], by))

    def _drop(self, outstanding: Outstanding) -> None:
        """Whoever does this order need do it no more."""
        delegate = self.delegate(outstanding.command.device) if outstanding.phase is Phase.DELEGATED else None
        if delegate is not None:
            delegate.drop(outstanding.command)
