"""Months of the county's calendar, and what is known of one: a figure is shown only where it means what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.text import Text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY: Final = 86_400.0
_WRITTEN: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
NO_MONTH: Final = Text("“{value}”不是月份，请写成 2026-11", "{value!r} is no month: write it as 2026-11")
SILENT: Final = frozenset({"future", "cut", "none"})
"""Words for a month of which no figure is shown."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar, start <= t < until, UTC epoch seconds; ``name`` as in ``2026-11``."""

    name: str
    start: float
    until: float

    def has(self, time: float) -> bool:
        """Whether a time lies in it."""
        return self.start <= time < self.until

    def days(self, now: float) -> float:
        """Days of it that are over."""
        return max(0.0, min(self.until, now) - self.start) / DAY


def month_of(written: str, zone: ZoneInfo) -> Period:
    """The month ``YYYY-MM`` of a county.

    Raises:
        UserFault: that is none, or none of this century.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise UserFault(NO_MONTH.filled(value=written.strip()[:20]))
    year, month = int(found[1]), int(found[2])
    ends = (_first(year, month, zone), _first(year + month // 12, month % 12 + 1, zone))
    return Period(found[0], *ends)


def month_at(now: float, zone: ZoneInfo, back: int = 0) -> Period:
    """The month of a time, or so many before it."""
    here = datetime.fromtimestamp(now, zone)
    year, month = divmod(here.year * 12 + here.month - 1 - back, 12)
    return month_of(f"{year}-{month + 1:02d}", zone)


def year_to(month: Period, zone: ZoneInfo) -> Period:
    """From the first of January of a month's year to its end."""
    return replace(month, start=_first(datetime.fromtimestamp(month.start, zone).year, 1, zone))


def standing(month: Period, now: float, since: float | None, alarm_days: int | None) -> tuple[str, ...]:
    """What has to be said of a month; empty: it is over, and all of it is known.

    Args:
        month: asked for.
        now: UTC epoch seconds.
        since: of when the oldest record is; None: there is none.
        alarm_days: for how long alarms are kept; None: for good.

    Returns:
        ``future``, ``cut`` (alarms of it are removed) or ``none`` (nothing was recorded), by themselves; else any of
        ``begun`` (records begin within it) and ``running``.
    """
    if month.start > now:
        return ("future",)
    if alarm_days is not None and month.start < now - alarm_days * DAY:
        return ("cut",)
    if since is None or month.until <= since:
        return ("none",)
    said = {"begun": month.start < since, "running": now < month.until}
    return tuple(word for word, is_so in said.items() if is_so)


def kept_of(period: Period, now: float, since: float | None, alarm_days: int | None, zone: ZoneInfo) -> Period:
    """What of a longer period all alarms are still known: from the first whole day on."""
    kept = -float("inf") if alarm_days is None else now - alarm_days * DAY
    known = max(kept, since if since is not None else now)
    return period if known <= period.start else replace(period, start=min(_next_day(known, zone), period.until))


def _next_day(time: float, zone: ZoneInfo) -> float:
    here = datetime.fromtimestamp(time + DAY, zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _first(year: int, month: int, zone: ZoneInfo) -> float:
    return datetime(year, month, 1, tzinfo=zone).timestamp()
