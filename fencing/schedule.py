"""Calendars of the county: nightly periods in local time.

All times are UTC epoch seconds; all periods are half-open, ``start <= t < until``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from fencing.span import Span

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY_S = 86_400.0
DAY_MINUTES = 1440
WEEK = 7
NEAR_DAYS = range(-2, 2)
"""Local dates, counted from the UTC date of a moment, on which a period that contains it can have started: local time
is at most 14 hours from UTC, and a period at most a day long."""
NEARER_DAYS = range(NEAR_DAYS.start, NEAR_DAYS.stop + 1)
"""The same of moments up to a day later."""
_EPOCH = date(1970, 1, 1)
MOST_DATES = 4096
"""Dates of which the periods are remembered."""
_FIRST_DAY, _LAST_DAY = (date(1900, 1, 1) - _EPOCH).days, (date(9990, 1, 1) - _EPOCH).days


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

    def throughout(self, first: float, last: float) -> tuple[float, float] | None:
        """What :meth:`window` says of each time between two: NaN where none contains them; None: it may differ."""
        day = math.floor(first / DAY_S) if 0.0 <= last - first <= DAY_S else _LAST_DAY
        if not _FIRST_DAY <= day < _LAST_DAY - 1:
            return None
        periods = [period for near in NEARER_DAYS if (period := self._period(day + near)) is not None]
        if any(first < edge <= last for period in periods for edge in period):
            return None
        begun = [period for period in periods if period[0] <= first]
        return begun[-1] if begun and first < begun[-1][1] else (math.nan, math.nan)

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
