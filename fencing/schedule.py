"""Calendars of the county: periods in local time that recur, nightly or otherwise.

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
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from fencing.dates import Dates

    Floats = NDArray[np.float64]
    Period = tuple[float, float]

DAY_S = 86_400.0
DAY_MINUTES = 1440
_AROUND = range(-3, 4)
"""Local dates, counted from the UTC date of a moment, whose periods bear upon it or the day after: local time is at
most 14 hours from UTC, a period at most a day long, and it may be cut by one that starts while it lasts."""
_EPOCH = date(1970, 1, 1)
MOST_DATES = 4096
"""Dates of which the periods are remembered."""
_FIRST_DAY, _LAST_DAY = (date(1900, 1, 1) - _EPOCH).days, (date(9990, 1, 1) - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Window:
    """A period of the local day, on some days.

    Clock times that daylight saving skips are taken as if it had not begun; of those it repeats, the first counts. A
    period of which that leaves nothing is none.

    Args:
        start_minute: minute of the local day at which it starts, 0 to 1439.
        until_minute: minute at which it ends, 0 to 1440; at or before ``start_minute`` it is the next day's.
        dates: on which it starts.

    Raises:
        ValueError: the minutes do not exist.
    """

    start_minute: int
    until_minute: int
    dates: Dates

    def __post_init__(self) -> None:
        if not (0 <= self.start_minute < DAY_MINUTES and 0 <= self.until_minute <= DAY_MINUTES):
            raise ValueError(f"no minutes of a day: from {self.start_minute} until {self.until_minute}")

    def on(self, day: int, zone: ZoneInfo) -> Period:
        """Start and end of the period that starts on a local day, if it is one of its own."""
        length = self.until_minute if self.until_minute > self.start_minute else self.until_minute + DAY_MINUTES
        return _instant(day, self.start_minute, zone), _instant(day, length, zone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The periods of some windows. One that starts while others last begins anew; together they last as all of them.

    Raises:
        ValueError: there is no window, or no time zone of this name.
    """

    windows: tuple[Window, ...]
    timezone: str
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _known: dict[int, tuple[Period, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _gaps: dict[int, Period] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.windows:
            raise ValueError("no windows")
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
        days = np.unique(day[datable]).astype(np.int64).tolist()
        periods = sorted({period for each in days for period in self._near(each)})
        if not periods:
            return start, until
        starts, ends = np.array(periods).T
        index = np.searchsorted(starts, moments, side="right") - 1
        within = datable & (index >= 0) & (moments < ends[index])
        start[within], until[within] = starts[index[within]], ends[index[within]]
        return start, until

    def throughout(self, first: float, last: float) -> Period | None:
        """What :meth:`window` says of each time between two: NaN where none contains them; None: it may differ."""
        day = math.floor(first / DAY_S) if 0.0 <= last - first <= DAY_S else _LAST_DAY
        if not _FIRST_DAY <= day < _LAST_DAY - 1:
            return None
        found = math.nan, math.nan
        for period in self._near(day):
            if first < period[0] <= last or first < period[1] <= last:
                return None
            if period[0] <= first < period[1]:
                found = period
        return found

    def span(self, time: float) -> Span:
        """The period that contains a time, or what lies between the last one and the next.

        Args:
            time: UTC epoch seconds, of the years 1900 to 9989.
        """
        day = int(time // DAY_S)
        near = self._near(day)
        for start, until in near:
            if start <= time < until:
                return Span(start, until, holds=True)
        ended = max((until for _, until in near if until <= time), default=None)
        begins = min((start for start, _ in near if start > time), default=None)
        return Span(
            self._gap(day)[0] if ended is None else ended, self._gap(day)[1] if begins is None else begins, holds=False
        )

    def _near(self, day: int) -> tuple[Period, ...]:
        """Periods that bear upon a UTC day, or the one after it; ascending, disjoint. Remembered: days come again."""
        if day not in self._known:
            if len(self._known) >= MOST_DATES:
                self._known.clear()
            begin, end = day * DAY_S, (day + 2) * DAY_S
            periods = _disjoint(self._on(day + each for each in _AROUND))
            self._known[day] = tuple(each for each in periods if each[1] > begin and each[0] < end)
        return self._known[day]

    def _on(self, days: Iterable[int]) -> list[Period]:
        """The periods of all windows that start on local days, as they are by themselves."""
        on = [window.on(day, self._zone) for day in days for window in self.windows if day in window.dates]
        return [period for period in on if period[0] < period[1]]

    def _gap(self, day: int) -> Period:
        """When the last period ended that is over as a UTC day begins, and when one starts after the day behind it.

        Infinite where there is none. Of a day within a gap; remembered.
        """
        if day not in self._gaps:
            if len(self._gaps) >= MOST_DATES:
                self._gaps.clear()
            begin, end = day * DAY_S, (day + 2) * DAY_S
            ended = max(self._ended(window, day, begin) for window in self.windows)
            self._gaps[day] = ended, min(self._begins(window, day, end) for window in self.windows)
        return self._gaps[day]

    def _ended(self, window: Window, day: int, begin: float) -> float:
        """When the last period of a window ended that is over at a time of a UTC day."""
        found = window.dates.last_before(day + 2)
        while found is not None and window.on(found, self._zone)[1] > begin:
            found = window.dates.last_before(found)
        return -math.inf if found is None else window.on(found, self._zone)[1]

    def _begins(self, window: Window, day: int, end: float) -> float:
        """When the first period of a window begins that does so at a time after a UTC day, or later."""
        found = window.dates.first_after(day)
        while found is not None and window.on(found, self._zone)[0] < end:
            found = window.dates.first_after(found)
        return math.inf if found is None else window.on(found, self._zone)[0]


def _disjoint(periods: Iterable[Period]) -> list[Period]:
    """The same time cut where a period starts, ascending: each lasts until the next starts, or all are over."""
    cut: list[Period] = []
    lasts = -math.inf
    for start, until in sorted(set(periods)):
        lasts = max(lasts, until)
        if cut and start == cut[-1][0]:
            cut[-1] = start, lasts
            continue
        if cut and start < cut[-1][1]:
            cut[-1] = cut[-1][0], start
        cut.append((start, lasts))
    return cut


def _instant(day: int, minute: int, zone: ZoneInfo) -> float:
    days, rest = divmod(minute, DAY_MINUTES)
    hour, minute = divmod(rest, 60)
    local = _EPOCH + timedelta(days=day + days)
    return datetime(local.year, local.month, local.day, hour, minute, tzinfo=zone).timestamp()
