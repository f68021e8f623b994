"""Intervals by key: who wore what, what was allowed when."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fencing.span import Span
from formulas.formula import Loop, formula

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeyedIntervals:
    """Intervals with a value, disjoint for each key: who wore what, what was allowed when.

    Attributes:
        key: int64 (n,), ascending; :meth:`span` takes memory by how far apart the first and last are.
        start: float64 (n,), ascending within a key.
        until: float64 (n + 1,), end of each interval; and infinite, of none.
        value: int64 (n + 1,), of each interval; and -1, of none.
    """

    key: Ints
    start: Floats
    until: Floats
    value: Ints
    _views: list[tuple[int, memoryview, memoryview, memoryview]] = field(
        init=False, repr=False, compare=False, default_factory=list
    )

    @classmethod
    def build(cls, rows: Iterable[tuple[int, float, float, int]]) -> KeyedIntervals:
        """Pack ``(key, start, until, value)``; ``until`` may be infinite.

        Raises:
            ValueError: an interval is empty or has no start, or two of one key overlap (both are named).
        """
        ordered = sorted(rows)
        for row in ordered:
            if not (-math.inf < row[1] < row[2]):
                raise ValueError(f"no interval: {_told(row)}")
        for one, two in pairwise(ordered):
            if one[0] == two[0] and two[1] < one[2]:
                raise ValueError(f"intervals overlap: {_told(one)} and {_told(two)}")
        return cls(
            np.array([row[0] for row in ordered], np.int64),
            np.array([row[1] for row in ordered], np.float64),
            np.array([*(row[2] for row in ordered), np.inf], np.float64),
            np.array([*(row[3] for row in ordered), -1], np.int64),
        )

    def prepare(self) -> None:
        """Compile what looks into the table, or load what was compiled."""
        self.lookup((), ())
        self.ended_before((), ())

    def lookup(self, keys: ArrayLike, times: ArrayLike) -> Ints:
        """Value of the interval of each key that contains a time.

        Args:
            keys: int64 (n,).
            times: float64 (n,), UTC epoch seconds.

        Returns:
            int64 (n,); -1 where there is none, or the time is NaN.
        """
        values: Ints = self.value[self._find(keys, times)]
        return values

    def until_of(self, keys: ArrayLike, times: ArrayLike) -> Floats:
        """End of the interval of each key that contains a time, as for :meth:`lookup`: float64 (n,), inf where none."""
        ends: Floats = self.until[self._find(keys, times)]
        return ends

    def start_of(self, keys: ArrayLike, times: ArrayLike) -> Floats:
        """Start of the interval of each key that contains a time: float64 (n,), negative infinity where none does."""
        starts: Floats = np.append(self.start, -np.inf)[self._find(keys, times)]
        return starts

    def ended_before(self, keys: ArrayLike, times: ArrayLike) -> Floats:
        """When the last interval of each key ended that is over at a time.

        Args:
            keys: int64 (n,).
            times: float64 (n,), UTC epoch seconds, which none of the key's intervals contains.

        Returns:
            float64 (n,); negative infinity where there is none.
        """
        wanted, moments = np.ascontiguousarray(keys, np.int64), np.ascontiguousarray(times, np.float64)
        found = np.empty(len(wanted), np.int64)
        _search_begun(self.key, self.start, wanted, moments, found)
        ended: Floats = np.where(found >= 0, self.until[found], -np.inf)
        return ended

    def span(self, key: int, time: float) -> Span:
        """The interval of one key that contains a time (UTC epoch seconds), or what lies between two of its own."""
        least, first, starts, ends = self._views[0] if self._views else self._viewed()
        known = 0 <= key - least < len(first) - 1
        begin, end = (first[key - least], first[key - least + 1]) if known else (0, 0)
        at = bisect_right(starts, time, begin, end)
        if at > begin and time < ends[at - 1]:
            return Span(starts[at - 1], ends[at - 1], holds=True)
        return Span(ends[at - 1] if at > begin else -math.inf, starts[at] if at < end else math.inf, holds=False)

    def _viewed(self) -> tuple[int, memoryview, memoryview, memoryview]:
        """The least key, where each key's intervals begin, their starts and ends: read one by one, as memory is."""
        least, most = (int(self.key[0]), int(self.key[-1])) if len(self.key) else (0, -1)
        first = np.searchsorted(self.key, np.arange(least, most + 2))
        self._views.append((least, first.data, self.start.data, self.until.data))
        return self._views[0]

    def _find(self, keys: ArrayLike, times: ArrayLike) -> Ints:
        """Index of the interval of each key that a time lies in; -1: none."""
        wanted, moments = np.ascontiguousarray(keys, np.int64), np.ascontiguousarray(times, np.float64)
        found = np.empty(len(wanted), np.int64)
        _search(self.key, self.start, self.until, wanted, moments, found)
        return found


@Loop
def _search(key: Ints, start: Floats, until: Floats, wanted: Ints, moments: Floats, found: Ints) -> None:
    """Of each wanted key the interval that holds its moment."""
    for index in range(len(wanted)):
        found[index] = interval_of(key, start, until, wanted[index], moments[index])


@Loop
def _search_begun(key: Ints, start: Floats, wanted: Ints, moments: Floats, found: Ints) -> None:
    """Of each wanted key the last interval that has begun at its moment."""
    for index in range(len(wanted)):
        found[index] = begun_of(key, start, wanted[index], moments[index])


@formula
def interval_of(key: Ints, start: Floats, until: Floats, wanted: int, moment: float) -> int:
    """The interval of a key that holds a moment; -1: none does."""
    last = begun_of(key, start, wanted, moment)
    return last if last >= 0 and moment < until[last] else -1


@formula
def begun_of(key: Ints, start: Floats, wanted: int, moment: float) -> int:
    """The last interval of a key that has begun at a moment, by bisection; -1: none has."""
    low, high = 0, len(key)
    while low < high:
        middle = (low + high) // 2
        is_after = key[middle] == wanted and not start[middle] <= moment
        if key[middle] > wanted or is_after:
            high = middle
        else:
            low = middle + 1
    last = low - 1
    return last if last >= 0 and key[last] == wanted else -1


@formula
def value_of(key: Ints, start: Floats, until: Floats, value: Ints, wanted: int, moment: float) -> int:
    """The value of a key's interval that holds a moment; -1: none does."""
    at = interval_of(key, start, until, wanted, moment)
    return int(value[at]) if at >= 0 else -1


def union(rows: Iterable[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """Union of intervals (key, start, until), which may touch and overlap; ascending."""
    joined: list[tuple[int, float, float]] = []
    for key, start, until in sorted(rows):
        if joined and joined[-1][0] == key and start <= joined[-1][2]:
            joined[-1] = (key, joined[-1][1], max(until, joined[-1][2]))
        else:
            joined.append((key, start, until))
    return joined


def _told(row: tuple[int, float, float, int]) -> str:
    key, start, until, value = row
    return f"key {key} from {start} until {until} (value {value})"
