"""When a bracelet has a network at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from firmware_sim.schedule import Span


class Reach:
    """A network but for some stretches. Moments are UTC epoch seconds."""

    def __init__(self, without: Iterable[Span]) -> None:
        self.without = tuple(without)
        self._changes = sorted({moment for span in self.without for moment in (span.start, span.until)})

    def is_covered(self, now: float) -> bool:
        """Whether there is a network."""
        return not any(now in span for span in self.without)

    def next_change(self, now: float) -> float:
        """The next moment after ``now`` at which a stretch begins or ends; ``inf`` when none."""
        return next((moment for moment in self._changes if moment > now), math.inf)
