"""Which stretch of a person's past a page shows: the last day, a day of the calendar, or a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

DAY: Final = 86_400.0
NOON: Final = time(12)


class NoSuchDay(Exception):
    """There is nothing to show of it; ``key`` is a text of the console, ``value`` what was asked for."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(key)
        self.key, self.value = key, value


@dataclass(frozen=True, slots=True)
class Stretch:
    """since <= t < until, UTC epoch seconds.

    ``day``: of the calendar, or the one whose evening begins the night; None: the last day up to now. ``query``: asks
    for the same once more.
    """

    since: float
    until: float
    day: date | None = None
    is_night: bool = False

    @property
    def query(self) -> str:
        """The part of an address that asks for it."""
        return "" if self.day is None else f"{'night' if self.is_night else 'day'}={self.day.isoformat()}"


def asked(query: Mapping[str, str], zone: ZoneInfo, now: float, keep_days: int) -> Stretch:
    """The stretch that an address asks for: ``day`` or ``night``, a date.

    Raises:
        NoSuchDay: it is no date, has not come, or lies before what is kept.
    """
    said = query.get("night") or query.get("day")
    if not said:
        return Stretch(now - DAY, now)
    found = _of(said, zone, is_night=bool(query.get("night")))
    if found.since > now:
        raise NoSuchDay("day_to_come", said)
    if found.until < now - keep_days * DAY:
        raise NoSuchDay("day_gone", said)
    return found


def _of(said: str, zone: ZoneInfo, *, is_night: bool) -> Stretch:
    try:
        day = date.fromisoformat(said)
        begin, end = (_at(one, zone, NOON if is_night else time()) for one in (day, day + timedelta(days=1)))
    except (ValueError, OverflowError) as fault:
        raise NoSuchDay("day_none", said) from fault
    return Stretch(begin, end, day, is_night)


def _at(day: date, zone: ZoneInfo, clock: time) -> float:
    return datetime.combine(day, clock, zone).timestamp()


def nights_before(zone: ZoneInfo, now: float, count: int) -> list[Stretch]:
    """The last nights, the oldest first; that of now is the last of them."""
    today = datetime.fromtimestamp(now, UTC).astimezone(zone)
    last = today.date() if today.time() >= NOON else today.date() - timedelta(days=1)
    return [_of((last - timedelta(days=back)).isoformat(), zone, is_night=True) for back in reversed(range(count))]
