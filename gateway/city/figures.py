"""A county's line on the city's page: what is unresolved there, how this month went, and how old its data are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from gateway.city.store import Counts
from gateway.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from gateway.city.store import Heard
    from gateway.settings.city import CityCounty
    from gateway.settings.offices import Offices

SILENT: Final = 60.0
"""Seconds without a sign of life after which a county is cut off (docs/webhook.md: one each 30 s at most)."""
ENOUGH: Final = 10
"""Closes from which on a share is no longer said to be of few."""
ALIVE: Final = "heartbeat"
NOTHING: Final = Counts({}, 0, None, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One county now.

    Attributes:
        counts: as far as it has told; None: it never has, so that nothing is known, which is not zero.
        age: seconds since its last sign of life; None: there never was one.
        is_cut: nothing can be said of what is so there now: it is silent, stopped or lost.
        is_stopped: its gateway was stopped on purpose.
        is_healthy: all worked there when it said so last.
        since: when it was heard first, UTC epoch seconds; None: never. What was so before and has not changed since,
            it has not told.
    """

    county: CityCounty
    counts: Counts | None
    age: float | None
    is_cut: bool
    is_stopped: bool
    is_healthy: bool
    since: float | None = None

    @property
    def false_percent(self) -> float | None:
        """Of a hundred alarms that were closed this month, those that were false; None: none was closed."""
        if self.counts is None or not self.counts.closed:
            return None
        return 100.0 * self.counts.false / self.counts.closed

    @property
    def false_interval(self) -> tuple[float, float]:
        """The share's Wilson interval of 95 %, percent; where none was closed, all of it."""
        if self.counts is None or not self.counts.closed:
            return 0.0, 100.0
        lower, upper = wilson(self.counts.false, self.counts.closed)
        return 100.0 * lower, 100.0 * upper

    @property
    def is_few(self) -> bool:
        """So few were closed this month that their share says hardly anything."""
        return self.counts is None or self.counts.closed < ENOUGH


def lines(
    counties: Iterable[CityCounty], heard: Mapping[str, Heard], counts: Mapping[str, Counts], now: float
) -> list[Line]:
    """The counties in their own order: no county is put before another for its figures.

    Args:
        counties: whose desk this is over.
        heard: by code, when each was heard last.
        counts: by code; who is heard and has none has no alarm.
        now: UTC epoch seconds.
    """
    return [_line(one, heard.get(one.code), counts.get(one.code), now) for one in counties]


def _line(county: CityCounty, heard: Heard | None, counts: Counts | None, now: float) -> Line:
    if heard is None:
        return Line(county, counts, None, is_cut=True, is_stopped=False, is_healthy=False)
    age = max(0.0, now - heard.heard)
    is_cut = age > SILENT or heard.sign != ALIVE
    return Line(county, counts or NOTHING, age, is_cut, heard.sign == "stopped", heard.healthy, heard.since)


def at_offices(offices: Offices, counts: Mapping[str, int], lines: Iterable[Line]) -> dict[str, tuple[int, Line]]:
    """How many alarms are unresolved at each office and below it, and the county that it stands in now.

    Args:
        offices: the tree as it is now.
        counts: by the code that an alarm was told with.
        lines: of the counties; an office under none of them is left out, for nobody tells what is so there.
    """
    by_county, sums = {one.county.code: one for one in lines}, Counter(counts)
    for code, count in counts.items():
        sums.update({above.code: count for above in offices.above(code)})
    ways = {code: [code, *(above.code for above in offices.above(code))] for code in offices.by_code}
    counties = {code: next((by_county[each] for each in way if each in by_county), None) for code, way in ways.items()}
    return {code: (sums[code], line) for code, line in counties.items() if line is not None}


def began(now: float, zone: ZoneInfo) -> tuple[float, float]:
    """When the local day and the local month of a time began, UTC epoch seconds."""
    local = datetime.fromtimestamp(now, zone)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day.timestamp(), (day - timedelta(days=day.day - 1)).timestamp()
