"""Shares of a count with how sure they are, and quantiles of durations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST: Final = 10
"""Cases below which nobody is compared by a share."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    true: int
    count: int

    @property
    def percent(self) -> float:
        """0 to 100; of nothing 0."""
        return 100.0 * self.true / self.count if self.count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Two-sided 95 % interval by E. B. Wilson (1927), percent; of nothing all there is."""
        low, high = wilson(self.true, self.count) if self.count else (0.0, 1.0)
        return 100.0 * low, 100.0 * high

    @property
    def is_small(self) -> bool:
        """Whether it is too few to compare."""
        return self.count < LEAST

    def __str__(self) -> str:
        """As it is printed everywhere: ``4/45 8.9% [3.5, 20.7]``; of nothing a dash."""
        if not self.count:
            return "—"
        low, high = self.interval
        return f"{self.true}/{self.count} {tenths(self.percent)}% [{tenths(low)}, {tenths(high)}]"


def tenths(percent: float) -> str:
    """A percentage to the tenth; all of it without one."""
    said = f"{percent:.1f}"
    return "100" if said == "100.0" else said


def quantile(values: Sequence[float], part: float) -> float | None:
    """The value below which a part of some lies; None: there are none.

    Between the nearest two in proportion: definition 7 of R. J. Hyndman and Y. Fan (1996).
    """
    return float(np.quantile(np.array(values), part)) if values else None
