"""Local days of a county as spans of time: of each the night that ends in it, and its own hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fencing.span import Span

NIGHT_FROM, NIGHT_UNTIL, DAY_FROM, DAY_UNTIL = -2, 6, 8, 18
"""Hours from the midnight of a day: 22:00-06:00 and 08:00-18:00."""
WAKING_FROM, WAKING_UNTIL = 8, 22


class Days:
    """Local days of a county, named by their ordinal (``date.toordinal``)."""

    def __init__(self, timezone: str) -> None:
        """``timezone``: its IANA name."""
        self._zone: Final = ZoneInfo(timezone)

    def _at(self, day: int, hour: float) -> float:
        local = datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(hours=hour)
        return local.replace(tzinfo=self._zone).timestamp()

    def night(self, day: int) -> Span:
        """The night that ends on a day."""
        return Span(self._at(day, NIGHT_FROM), self._at(day, NIGHT_UNTIL), holds=True)

    def day(self, day: int) -> Span:
        """The day's own hours."""
        return Span(self._at(day, DAY_FROM), self._at(day, DAY_UNTIL), holds=True)

    def waking(self, time: float) -> Span:
        """Of the day of a time, UTC epoch seconds, the hours in which nobody sleeps as a rule."""
        day = datetime.fromtimestamp(time, UTC).astimezone(self._zone).date().toordinal()
        return Span(self._at(day, WAKING_FROM), self._at(day, WAKING_UNTIL), holds=True)

    def next_at(self, minute: int, time: float) -> float:
        """The next time after one, UTC epoch seconds, at which it is so many minutes after a midnight."""
        today = datetime.fromtimestamp(time, UTC).astimezone(self._zone).date().toordinal()
        found = self._at(today, minute / 60)
        return found if found > time else self._at(today + 1, minute / 60)

    def over_at(self, time: float) -> int:
        """The last day that is over at a time, UTC epoch seconds."""
        today = datetime.fromtimestamp(time, UTC).astimezone(self._zone).date().toordinal()
        return today if self.day(today).until <= time else today - 1
