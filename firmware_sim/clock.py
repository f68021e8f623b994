"""The simulated time: one that runs by itself, and one that waits for the work."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL_OFFSET = 8 * 3600.0
"""Seconds by which the county's time (Asia/Shanghai, no summer time) is ahead of UTC."""
DAY = 86400.0
LAG = 60.0
"""Simulated seconds that a clock which waits may go on before what was sent is answered: the error of a receive time.

Reports of many bracelets within it are under way at the same time, so that one answer's way does not set the pace.
"""
PATIENCE = 5.0
"""Wall seconds such a clock stands before it goes on by ``LAG`` all the same: something was lost for good."""
LONGEST_STEP = 0.05
"""Wall seconds between two looks that count at most: a process that was kept from running has not waited."""
LEAST_ANSWER_WALL = 2.0
LEAST_BACKOFF_WALL = 0.02
"""Wall seconds for an answer, and before another attempt, at least, on a clock that runs by itself."""


class Clock(Protocol):
    """What the fleet lives by. Moments are UTC epoch seconds."""

    @property
    def speed(self) -> float:
        """Simulated seconds a wall second, at most."""
        ...

    @property
    def least_answer(self) -> float:
        """Simulated seconds the platform has for an answer at least: the network is not sped up with the clock."""
        ...

    @property
    def least_backoff(self) -> float:
        """Simulated seconds between two attempts to connect at least."""
        ...

    def now(self) -> float:
        """The simulated moment."""
        ...

    def pause(self, due: float, limit: float) -> float:
        """Wall seconds until there may be something to do by time alone; 0 or less: now. Arguments as for ``move``."""
        ...

    def move(self, wall: float, due: float, limit: float) -> bool:
        """Go on, on a clock that must be told to.

        Args:
            wall: monotonic wall seconds.
            due: the next moment at which something happens: not beyond it.
            limit: how far the work that others have still to do allows.

        Returns:
            Whether the clock stands and waits for that work.
        """
        ...

    def tell_over(self) -> None:
        """The story is told and delivered."""
        ...


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """Simulated time that runs ``speed`` times as fast as the wall clock, whatever else the machine does.

    Attributes:
        epoch: simulated moment at the anchor, UTC epoch seconds.
        anchor: wall moment at which both met, UTC epoch seconds; processes that share it share the clock.
        speed: simulated seconds a wall second, above 0.
    """

    epoch: float
    anchor: float
    speed: float

    @property
    def least_answer(self) -> float:
        """See :class:`Clock`."""
        return LEAST_ANSWER_WALL * self.speed

    @property
    def least_backoff(self) -> float:
        """See :class:`Clock`."""
        return LEAST_BACKOFF_WALL * self.speed

    def at(self, wall: float) -> float:
        """Simulated moment of a wall moment."""
        return self.epoch + (wall - self.anchor) * self.speed

    def now(self) -> float:
        """The simulated moment."""
        return self.at(time.time())

    def pause(self, due: float, limit: float) -> float:
        """See :class:`Clock`."""
        del limit
        return (due - self.now()) / self.speed

    def move(self, wall: float, due: float, limit: float) -> bool:
        """It runs by itself, and waits for nobody."""
        del wall, due, limit
        return False

    def tell_over(self) -> None:
        """Nobody follows it."""


class Attention:
    """Wall seconds in which this process could look: those of a machine that was busy elsewhere do not count."""

    def __init__(self) -> None:
        self._last = math.inf

    def since_last(self, wall: float) -> float:
        """Seconds since the last call, ``LONGEST_STEP`` at most; 0 at the first one. ``wall``: monotonic seconds."""
        passed = min(max(wall - self._last, 0.0), LONGEST_STEP)
        self._last = wall
        return passed


class WaitingClock:
    """Simulated time that waits for the work: it goes on only when told to, ``speed`` times the wall's at most.

    However slow the machine is, what happens at a simulated moment is done before the clock is ``LAG`` beyond it. What
    never comes stops it for ``PATIENCE`` at a time.

    Args:
        epoch: where it begins, UTC epoch seconds.
        speed: simulated seconds a wall second.
        show: told each new moment, and whether the story is over.
        hold: a moment beyond which it is not to go for now.
    """

    least_answer = 3.0 * LAG
    least_backoff = 0.0

    def __init__(
        self,
        epoch: float,
        speed: float,
        show: Callable[[float, bool], None] = lambda *_: None,
        hold: Callable[[], float] = lambda: math.inf,
    ) -> None:
        self.speed = speed
        self._now = epoch
        self._show, self._hold = show, hold
        self._attention = Attention()
        self._credit = 0.0
        """Simulated seconds that the pace allows and that are not used yet: what happens sets the steps."""
        self._stood = 0.0
        self._granted = -math.inf
        show(epoch, False)  # noqa: FBT003  over or not

    def now(self) -> float:
        """The simulated moment."""
        return self._now

    def pause(self, due: float, limit: float) -> float:
        """See :class:`Clock`."""
        if min(max(limit, self._granted), self._hold()) <= self._now:
            return LONGEST_STEP
        return (due - self._now - self._credit) / self.speed

    def move(self, wall: float, due: float, limit: float) -> bool:
        """Go on as far as all three allow: the pace, what happens next, and the work; see :class:`Clock`."""
        passed = self._attention.since_last(wall)
        self._credit = min(self._credit + passed * self.speed, LONGEST_STEP * self.speed)
        if max(limit, self._granted) <= self._now:
            self._stand(passed)
        else:
            self._stood = 0.0
        moment = min(self._now + self._credit, due, max(limit, self._granted), self._hold())
        if moment > self._now:
            self._credit -= moment - self._now
            self._now = moment
            self._show(moment, False)  # noqa: FBT003  as above
        return limit <= self._now

    def tell_over(self) -> None:
        """The story is told and delivered: whoever follows the clock may look at what has come of it."""
        self._show(self._now, True)  # noqa: FBT003  as above

    def _stand(self, passed: float) -> None:
        self._stood += passed
        if self._stood >= PATIENCE:
            self._stood, self._granted = 0.0, self._now + LAG


def local_midnight(moment: float) -> float:
    """The last local midnight at or before a moment, UTC epoch seconds."""
    return (moment + LOCAL_OFFSET) // DAY * DAY - LOCAL_OFFSET


def hour_of_day(moment: float) -> float:
    """Local time of day in hours, 0 <= h < 24."""
    return (moment + LOCAL_OFFSET) % DAY / 3600.0
