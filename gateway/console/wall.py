"""The figures of the wallboard: unresolved alarms by kind, age and office. Counts alone, of no person or place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.console.queue_rows import taken
from gateway.kinds import SEVERITIES, TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.engine import Episode

AGES: Final = (900.0, 3600.0, 14_400.0)
"""Seconds since an alarm was raised at which the next band of ages begins."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many are unresolved of one kind or office.

    Attributes:
        name: the kind, or the office's code; empty: of no office.
        ages: how many in each band of ages, the youngest first.
        untaken: how many of all nobody has acknowledged.
        severity: the gravest among them.
    """

    name: str
    ages: tuple[int, ...]
    untaken: int
    severity: str

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class Board:
    """What the wallboard shows; kinds the gravest first, then the most; offices by code, those without alarms too."""

    kinds: tuple[Line, ...]
    offices: tuple[Line, ...]
    count: int
    untaken: int


def board(episodes: Sequence[Episode], offices: Iterable[str], now: float) -> Board:
    """Unresolved alarms, counted; a drill is none.

    Args:
        episodes: all that are unresolved and for the visitor.
        offices: codes of those that are shown, whether they have alarms or not.
        now: receive time, UTC epoch seconds.
    """
    episodes = [one for one in episodes if one.kind not in TRIALS]
    kinds = [_line(kind, [one for one in episodes if one.kind == kind], now) for kind in {one.kind for one in episodes}]
    codes = {*offices, *(one.office for one in episodes)}
    mine = [_line(code, [one for one in episodes if one.office == code], now) for code in sorted(codes)]
    kinds.sort(key=lambda line: (-SEVERITIES.index(line.severity), -line.count, line.name))
    return Board(tuple(kinds), tuple(mine), len(episodes), sum(line.untaken for line in kinds))


def _line(name: str, episodes: Sequence[Episode], now: float) -> Line:
    bands = Counter(_band(now - one.decided) for one in episodes)
    gravest = max((SEVERITIES.index(one.severity) for one in episodes), default=0)
    ages = tuple(bands[band] for band in range(len(AGES) + 1))
    return Line(name, ages, sum(not taken(one) for one in episodes), SEVERITIES[gravest])


def _band(age: float) -> int:
    return sum(age > bound for bound in AGES)
