"""Receive time: the wall clock's, never decreasing but at a step of that clock, which the log tells with an entry.

Pure: what the clocks say is an argument. Wall and monotonic clock are compared at every look. Where they have moved
more than ``STEP`` apart since the last one (somebody set the clock, the machine was suspended), receive time goes on
with the wall clock, also where that is earlier, and the next batch begins with a CLOCK entry that says so. Below it
(time is slewed) receive time holds still until the wall clock has passed it. A change between summer and winter time
is no step: all is UTC.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gateway.journal.controls import ClockStep

if TYPE_CHECKING:
    from gateway.clock import Clock

STEP = 2.0
"""Seconds that wall and monotonic clock may move apart between two looks, and that receive time may hold still."""


class Look(NamedTuple):
    """What the clocks say: UTC epoch seconds, monotonic seconds, and how far apart the two may have been read."""

    wall: float
    monotonic: float
    blur: float = 0.0


NOTHING_SEEN = Look(math.nan, math.nan)


def look_at(clock: Clock) -> Look:
    """Read a clock; however long the machine takes in between is no step."""
    before = clock.monotonic()
    wall, after = clock.now(), clock.monotonic()
    return Look(wall, after, after - before)


@dataclass(slots=True)
class ReceiveTime:
    """Keeps receive time.

    Attributes:
        steps: how many CLOCK entries it has asked for.
        last_step: the last of them.
        stepped: seconds of all steps seen.
    """

    steps: int = 0
    last_step: ClockStep | None = None
    stepped: float = 0.0
    _now: float = -math.inf
    _logged: float = -math.inf
    """The log's last receive time."""
    _logged_at: float = math.nan
    """When that was, monotonic."""
    _seen: Look = NOTHING_SEEN
    _untold: float = 0.0
    """Seconds of steps that the log does not know of yet."""

    def resume(self, last: float) -> None:
        """Continue after a log whose last entry was received at ``last``."""
        self._now = max(self._now, last)
        self._logged = max(self._logged, last)

    def now(self, look: Look) -> float:
        """Receive time of what comes in now."""
        seen, self._seen = self._seen, look
        apart = (look.wall - seen.wall) - (look.monotonic - seen.monotonic)
        if abs(apart) > STEP + look.blur + seen.blur:
            self._step(apart)
        if self._now - look.wall > STEP:
            self._step(look.wall - self._now)
        self._now = max(self._now, look.wall)
        return self._now

    def steady(self, look: Look) -> float:
        """The same without any step: for waits, which no setting of a clock makes longer or shorter."""
        return self.now(look) - self.stepped

    def stamp(self, look: Look) -> tuple[float, ClockStep | None]:
        """Receive time of a batch that is made now, and the step that its first entry has to tell of."""
        now, shift, step = self.now(look), self._untold, None
        if abs(shift) > STEP:
            since = look.monotonic - self._logged_at
            step = ClockStep(now - shift, now, None if math.isnan(since) else since)
            self.steps, self.last_step = self.steps + 1, step
        else:
            # Steps that took each other back.
            now = self._now = max(now, self._logged)
        self._untold, self._logged, self._logged_at = 0.0, now, look.monotonic
        return now, step

    def was_deaf(self, seconds: float) -> None:
        """Nobody was read for so long: the log is told as of a machine that slept, so that nobody is missed for it."""
        self._untold += seconds

    def _step(self, seconds: float) -> None:
        self._now += seconds
        self._untold += seconds
        self.stepped += seconds
