"""Calendars of the county: nightly periods in local time, and tables of intervals looked up for whole batches.

All times are UTC epoch seconds; all periods are half-open, ``start <= t < until``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY_S = 86_400.0
DAY_MINUTES = 1440
WEEK = 7
NEAR_DAYS = range(-2, 2)
"""Local dates, counted from the UTC date of a moment, on which a period that contains it can have started: local time
is at most 14 hours from UTC, and a period at most a day long."""
_EPOCH = date(1970, 1, 1)
MOST_DATES = 4096
"""Dates of which the periods are remembered."""
_FIRST_DAY, _LAST_DAY = (date(1900, 1, 1) - _EPOCH).days, (date(9990, 1, 1) - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, ``begin <= t < until``: of a calendar's interval (``holds``), or between two of them.

    Infinite where no interval precedes or follows.
    """

    begin: float
    until: float
    holds: bool


@dataclass(frozen=True, slots=True)
class Nightly:
    """A period of the local day that recurs on some weekdays.

    Clock times that daylight saving skips are taken as if it had not begun; of those it repeats, the first counts.

    Args:
        start_minute: minute of the local day at which it starts, 0 to 1439.
        until_minute: minute at which it ends, 0 to 1440; at or before ``start_minute`` it is the next day's.
        days: weekdays on which it starts, 0 Monday.
        timezone: IANA name.

    Raises:
        ValueError: minutes, weekdays or time zone do not exist.
    """

    start_minute: int
    until_minute: int
    days: tuple[int, ...]
    timezone: str
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _known: dict[int, tuple[float, float] | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not (0 <= self.start_minute < DAY_MINUTES and 0 <= self.until_minute <= DAY_MINUTES):
            raise ValueError(f"no minutes of a day: from {self.start_minute} until {self.until_minute}")
        if not self.days or not set(self.days) <= set(range(WEEK)):
            raise ValueError(f"no weekdays (0 Monday to 6 Sunday): {self.days}")
        try:
            object.__setattr__(self, "_zone", ZoneInfo(self.timezone))
        except (KeyError, OSError, ValueError) as cause:
            raise ValueError(f"no time zone of this name: {self.timezone!r}") from cause

    def window(self, times: ArrayLike) -> tuple[Floats, Floats]:
        """The period that contains each time.

        Args:
            times: (n,), UTC epoch seconds.

        Returns:
            ``start`` and ``until``, float64 (n,), UTC epoch seconds; NaN where no period contains the time, and for
            times that are NaN or outside the years 1900 to 9989.
        """
        moments = np.asarray(times, np.float64)
        start, until = np.full(moments.shape, np.nan), np.full(moments.shape, np.nan)
        day = np.floor(moments / DAY_S)
        datable = (day >= _FIRST_DAY) & (day < _LAST_DAY)
        days = np.unique(day[datable]).astype(np.int64)
        starts, ends = self._periods({int(each) + near for each in days for near in NEAR_DAYS})
        if not len(starts):
            return start, until
        index = np.searchsorted(starts, moments, side="right") - 1
        within = datable & (index >= 0) & (moments < ends[index])
        start[within], until[within] = starts[index[within]], ends[index[within]]
        return start, until

    def span(self, time: float) -> Span:
        """The period that contains a time, or what lies between the last one and the next.

        Args:
            time: UTC epoch seconds, of the years 1900 to 9989.
        """
        day = int(time // DAY_S)
        for near in reversed(NEAR_DAYS):
            period = self._period(day + near)
            if period is not None and period[0] <= time < period[1]:
                return Span(*period, holds=True)
        around = [period for near in range(-WEEK - 2, WEEK + 3) if (period := self._period(day + near)) is not None]
        ended = max(until for _, until in around if until <= time)
        return Span(ended, min(start for start, _ in around if start > time), holds=False)

    def _periods(self, days: set[int]) -> tuple[Floats, Floats]:
        """Starts and ends of the periods that start on local dates, given as days since 1970; ascending."""
        periods = [period for day in sorted(days) if (period := self._period(day)) is not None]
        return np.array([start for start, _ in periods]), np.array([until for _, until in periods])

    def _period(self, day: int) -> tuple[float, float] | None:
        """Start and end of the period that starts on a local date; None: none does. Remembered: dates come again."""
        if day not in self._known:
            date_ = _EPOCH + timedelta(days=day)
            length = self.until_minute if self.until_minute > self.start_minute else self.until_minute + DAY_MINUTES
            period = self._instant(date_, self.start_minute), self._instant(date_, length)
            if len(self._known) >= MOST_DATES:
                self._known.clear()
            self._known[day] = period if date_.weekday() in self.days else None
        return self._known[day]

    def _instant(self, day: date, minute: int) -> float:
        days, rest = divmod(minute, DAY_MINUTES)
        hour, minute = divmod(rest, 60)
        local = day + timedelta(days=days)
        return datetime(local.year, local.month, local.day, hour, minute, tzinfo=self._zone).timestamp()


@dataclass(frozen=True, slots=True)
class KeyedIntervals:
    """Intervals with a value, disjoint for each key: who wore what, what was allowed when.

    Attributes:
        keys: int64 (k,), distinct keys, ascending.
        starts: float64 (s,), distinct starts, ascending.
        order: int64 (n,), of each interval the rank of its key and start in one number, ascending.
        until: float64 (n,), end of each interval.
        value: int64 (n,).
    """

    keys: Ints
    starts: Floats
    order: Ints
    until: Floats
    value: Ints
    _known: dict[int, tuple[list[float], list[float]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
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
        key = np.array([row[0] for row in ordered], np.int64)
        start = np.array([row[1] for row in ordered], np.float64)
        keys, key_rank = np.unique(key, return_inverse=True)
        starts, start_rank = np.unique(start, return_inverse=True)
        order = key_rank.astype(np.int64) * (len(starts) + 1) + start_rank + 1
        until = np.array([row[2] for row in ordered], np.float64)
        return cls(keys, starts, order, until, np.array([row[3] for row in ordered], np.int64))

    def lookup(self, keys: ArrayLike, times: ArrayLike) -> Ints:
        """Value of the interval of each key that contains a time.

        Args:
            keys: int64 (n,).
            times: float64 (n,), UTC epoch seconds.

        Returns:
            int64 (n,); -1 where there is none, or the time is NaN.
        """
        index, found = self._find(keys, times)
        values: Ints = np.where(found, self.value[index], -1) if len(self.value) else np.full(len(found), -1, np.int64)
        return values

    def until_of(self, keys: ArrayLike, times: ArrayLike) -> Floats:
        """End of the interval of each key that contains a time, as for :meth:`lookup`: float64 (n,), inf where none."""
        index, found = self._find(keys, times)
        ends: Floats = np.where(found, self.until[index], np.inf) if len(self.until) else np.full(len(found), np.inf)
        return ends

    def span(self, key: int, time: float) -> Span:
        """The interval of one key that contains a time (UTC epoch seconds), or what lies between two of its own."""
        if key not in self._known:
            self._known[key] = self._edges(key)
        starts, ends = self._known[key]
        at = bisect_right(starts, time)
        if at and time < ends[at - 1]:
            return Span(starts[at - 1], ends[at - 1], holds=True)
        return Span(ends[at - 1] if at else -math.inf, starts[at] if at < len(starts) else math.inf, holds=False)

    def _edges(self, key: int) -> tuple[list[float], list[float]]:
        """Starts and ends of a key's intervals, ascending; remembered: whoever asks for one asks again."""
        width, rank = len(self.starts) + 1, int(np.searchsorted(self.keys, key))
        if rank == len(self.keys) or self.keys[rank] != key:
            return [], []
        first, end = np.searchsorted(self.order, [rank * width, (rank + 1) * width])
        return self.starts[self.order[first:end] % width - 1].tolist(), self.until[first:end].tolist()

    def _find(self, keys: ArrayLike, times: ArrayLike) -> tuple[Ints, NDArray[np.bool_]]:
        """Index of the interval of each key that a time may lie in, and whether it does."""
        wanted, moments = np.asarray(keys, np.int64), np.asarray(times, np.float64)
        if not len(self.value):
            return np.zeros(wanted.shape, np.int64), np.zeros(wanted.shape, np.bool_)
        rank = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        moment = np.searchsorted(self.starts, moments, side="right")
        index = np.searchsorted(self.order, rank * (len(self.starts) + 1) + moment, side="right") - 1
        own = (index >= 0) & (self.keys[rank] == wanted) & (self.order[index] // (len(self.starts) + 1) == rank)
        return index, own & (moments < self.until[index])


def _told(row: tuple[int, float, float, int]) -> str:
    key, start, until, value = row
    return f"key {key} from {start} until {until} (value {value})"
