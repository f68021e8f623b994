"""How often a bracelet measures: the usual interval, a closer one, and the platform's tracking for a while."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Intervals in seconds, each at least one; moments in UTC epoch seconds.

    Attributes:
        usual: when all is as it should be.
        close: when something is out of the ordinary.
        tracking, tracked_until: instead of ``usual`` until a moment.
        is_unusual: the bracelet's own rules say so.
        is_urgent: the platform's fences say so.
    """

    usual: float
    close: float
    tracking: float = 0.0
    tracked_until: float = -math.inf
    is_unusual: bool = False
    is_urgent: bool = False

    def after(self, last: float, now: float) -> float:
        """The moment that follows the last one."""
        pause = self.close if self.is_unusual or self.is_urgent else self.usual
        if self.tracking and now < self.tracked_until:
            pause = self.tracking
        return last + max(pause, 1.0)
