"""The open loop, sans-I/O: when each report is to be sent, whatever the answers do, and which are due by now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.load.terminal import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from firmware_sim.load.frames import Stamp
    from firmware_sim.load.tally import Tally
    from firmware_sim.load.terminal import Terminal

SLICE = 256
"""Reports sent at most before answers are read again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Report n is planned for ``start + n / rate``. Moments in seconds of one clock; ``count``: reports in all."""

    start: float
    rate: float
    count: int

    @property
    def until(self) -> float:
        """The end of the planned time: the moment of the report that is not planned any more."""
        return self.moment(self.count)

    def moment(self, number: int) -> float:
        """When report ``number``, from 0, is to be sent."""
        return self.start + number / self.rate

    def due(self, now: float) -> int:
        """How many reports are planned for ``now`` or before."""
        return min(max(math.floor((now - self.start) * self.rate) + 1, 0), self.count)


class OpenLoop:
    """A plan's reports, dealt to the terminals in turn. One planned for a terminal that is gone is not sent.

    Attributes:
        plan: as given.
        done: reports of the plan that were sent or could not be.
    """

    def __init__(self, plan: Plan, terminals: Sequence[Terminal], tally: Tally) -> None:
        self.plan = plan
        self.done = 0
        self._terminals = terminals
        self._tally = tally

    @property
    def next_moment(self) -> float | None:
        """When the next report is planned, None after the last."""
        return self.plan.moment(self.done) if self.done < self.plan.count else None

    def send_due(self, now: float, stamp: Stamp) -> Iterator[tuple[int, bytes]]:
        """The frames due by ``now``, at most ``SLICE``: number of the terminal, frame. ``stamp``: their device time."""
        for number in range(self.done, min(self.plan.due(now), self.done + SLICE)):
            self.done = number + 1
            which = number % len(self._terminals)
            terminal = self._terminals[which]
            if terminal.phase is Phase.ONLINE:
                planned = self.plan.moment(number)
                self._tally.note_send(planned, now)
                yield which, terminal.report(planned, stamp)
