"""Whether what was measured is flat: the last third of the days against the middle third, the first is for filling."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Bound:
    """By how much the median of the last third may lie above that of the middle third: a share of it, and as much."""

    share: float
    more: float

    def most(self, middle: float) -> float:
        """What the last third may be."""
        return middle * (1.0 + self.share) + self.more


BOUNDS = {
    "memory": Bound(0.03, 2.0), "blocks": Bound(0.02, 3.0), "descriptors": Bound(0.0, 3.0),
    "state.db": Bound(0.05, 0.3), "journal": Bound(0.05, 0.3), "configurations": Bound(0.05, 0.05),
    "history": Bound(0.05, 0.3), "snapshots": Bound(0.10, 0.5), "other files": Bound(0.05, 0.1),
    "start": Bound(0.10, 0.3),
}  # fmt: skip
"""By what is measured. MiB; thousands of blocks; seconds of a processor."""
ROWS = Bound(0.10, 30.0)
"""Of any table: what happens is not the same each day."""
NOT_JUDGED = ("start, wall",)
"""What else the machine does is in it."""


@dataclass(frozen=True)
class Verdict:
    """Of one series: medians of its middle and last third, and what the last may be."""

    name: str
    middle: float
    last: float
    most: float

    @property
    def is_flat(self) -> bool:
        """Whether it is."""
        return self.last <= self.most


def judged(daily: Mapping[str, Sequence[float]]) -> list[Verdict]:
    """A verdict a series that is judged. NaN: not measured on that day.

    Raises:
        ValueError: a series has no value in one of the two thirds.
    """
    return [_verdict(name, values) for name, values in daily.items() if name not in NOT_JUDGED]


def _verdict(name: str, values: Sequence[float]) -> Verdict:
    third = len(values) // 3
    middle, last = (_median(name, part) for part in (values[third : 2 * third], values[2 * third :]))
    return Verdict(name, middle, last, BOUNDS.get(name, ROWS).most(middle))


def _median(name: str, values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    if not known:
        raise ValueError(f"{name}: nothing was measured in a third of the days")
    return statistics.median(known)


def table(verdicts: Sequence[Verdict]) -> str:
    """As a table of a page."""
    head = ["| what | days 1/3 to 2/3 | the last third | at most | |", "| --- | ---: | ---: | ---: | --- |"]
    rows = [
        f"| {one.name} | {one.middle:.4g} | {one.last:.4g} | {one.most:.4g} | {'flat' if one.is_flat else 'GROWS'} |"
        for one in verdicts
    ]
    return "\n".join(head + rows)
