"""Local dates and times of the county as UTC epoch seconds, and the statutory three months."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

AUTHORITY_MONTHS = 3


def epoch(moment: datetime, zone: ZoneInfo) -> float:
    """UTC epoch seconds of a naive local time; of two the clocks show twice, the first."""
    return moment.replace(tzinfo=zone).timestamp()


@lru_cache(4096)
def midnight(day: date, zone: ZoneInfo) -> float:
    """UTC epoch seconds at which a local day begins."""
    return epoch(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - given its zone in epoch()


def after(day: date) -> date:
    """The following day."""
    return day + timedelta(days=1)


def day_before(moment: float, zone: ZoneInfo) -> date:
    """The local day that ends at a midnight, UTC epoch seconds."""
    return (datetime.fromtimestamp(moment, zone) - timedelta(hours=12)).date()


def last_day(start: date, months: int = AUTHORITY_MONTHS) -> date:
    """Last day, inclusive, of a term of whole calendar months that begins on ``start``.

    The day before the corresponding day; where the last month has none, its last day (1 November: 31 January;
    30 November: 28 February).
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = calendar.monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - timedelta(days=1)
