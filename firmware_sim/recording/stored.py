"""What a bracelet keeps while it has no link, and when it sends it: its memory and its upload policy.

A queue that is emptied at an even pace. What is made before the bracelet is back is stored, too; where the next stretch
without a link begins before all is sent, the rest waits for the end of that one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.recording.moments import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from firmware_sim.firmware.uploads import Policy
    from firmware_sim.schedule import Span

    Rows = NDArray[np.int64]

BACKLOG_PACE = 0.25
"""Seconds between stored reports that are sent after a reconnection."""


@dataclass(slots=True)
class Uploads:
    """One bracelet's reports on their way. Arrays (n,), by time of making; times in UTC seconds.

    Attributes:
        made: when each was measured. ``arrives``: when it comes where nothing holds it up.
        memory: so many are stored; the oldest are lost.
        wait: seconds from the end of a stretch without a link until the bracelet is back.
        earliest: when each is sent at the earliest (-inf: as it comes). ``lost``: which are.
    """

    made: NDArray[np.float64]
    arrives: NDArray[np.float64]
    memory: int
    wait: float
    policy: Policy
    draw: np.random.Generator
    earliest: NDArray[np.float64] = field(init=False)
    lost: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is held up yet."""
        self.earliest = np.full(len(self.made), -np.inf)
        self.lost = np.zeros(len(self.made), np.bool_)

    def go_through(self, unlinked: Iterable[Span]) -> None:
        """Hold up what is made in these stretches, and what has to wait behind it."""
        waiting: Rows = np.empty(0, np.int64)
        dark = joined(unlinked)
        for number, span in enumerate(dark, 1):
            following = dark[number].start if number < len(dark) else np.inf
            back = span.until + self.wait
            stored = self._kept(np.concatenate([waiting, self._between(span.start, min(back, following))]))
            waiting = stored if back >= following else self._sent(stored, back, following)

    def _between(self, start: float, until: float) -> Rows:
        return np.arange(*np.searchsorted(self.made, [start, until]))

    def _kept(self, stored: Rows) -> Rows:
        """The newest of them, as many as there is room for."""
        self.lost[stored[: -self.memory]] = True
        return stored[-self.memory :]

    def _sent(self, stored: Rows, back: float, following: float) -> Rows:
        """Send what is stored, and live reports as the policy has it, until the link is gone; returns what is left."""
        live = self._between(back, following)
        queue = self.policy.order(stored, self.draw)
        if not self.policy.is_live_first:
            queue = np.concatenate([queue, live])
        elif len(self._between(back, np.inf)):
            back = float(self.arrives[live[0]]) + BACKLOG_PACE if len(live) else following
        at = back + BACKLOG_PACE * np.arange(len(queue))
        is_through = at < following
        self.earliest[queue[is_through]] = at[is_through]
        return np.sort(queue[~is_through])
