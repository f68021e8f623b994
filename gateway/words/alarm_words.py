"""The small parts of an alarm's text in one language: times, durations, distances, directions, probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.words.texts import FRAGMENTS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SHIFT = 43_200.0
"""Seconds around the moment of telling within which a time needs no date."""
KILOMETRE = 1000.0
TOP = 0.99
"""Probability from which on it is only said that it is above."""
SECTOR = 45.0

COMPASS = {
    "zh": ("北", "东北", "东", "东南", "南", "西南", "西", "西北"),
    "en": ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"),
}
"""Eight ways, clockwise from north."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says parts in ``language``, times in ``zone`` as somebody reads them at ``now``; None: at any time."""

    language: str
    zone: ZoneInfo
    now: float | None = None

    def part(self, key: str, **values: object) -> str:
        """An entry of the table of fragments, filled."""
        return FRAGMENTS[key].of(self.language).format_map(values)

    def clock(self, at: float, *, seconds: bool = False) -> str:
        """A time of the county; with its date unless it is of this shift."""
        near = self.now is not None and abs(at - self.now) < SHIFT
        local = datetime.fromtimestamp(at, UTC).astimezone(self.zone)
        return f"{local:{'' if near else '%m-%d '}%H:%M{':%S' if seconds else ''}}"

    def day(self, at: float) -> str:
        """A day of the county, with its year."""
        return f"{datetime.fromtimestamp(at, UTC).astimezone(self.zone):%Y-%m-%d}"

    def lasted(self, seconds: float) -> str:
        """A duration to the minute."""
        hours, minutes = divmod(int(max(0.0, seconds) // 60), 60)
        key = "lasted_long" if hours else "lasted" if minutes else "lasted_short"
        return self.part(key, hours=hours, minutes=minutes)

    def distance(self, metres: float) -> str:
        """A distance as exact as it is worth: to the metre, to ten metres, to a tenth of a kilometre."""
        if metres < KILOMETRE:
            return self.part("metres", metres=round(metres) if metres < KILOMETRE / 10 else round(metres / 10) * 10)
        return self.part("kilometres", kilometres=f"{metres / KILOMETRE:.1f}")

    def way(self, bearing: float) -> str:
        """A bearing, degrees clockwise from north, as a direction of the compass."""
        return COMPASS[self.language][round(bearing / SECTOR) % len(COMPASS["en"])]

    def percent(self, probability: float) -> str:
        """How probable the condition is; never certain."""
        if probability >= TOP:
            return self.part("most")
        return self.part("percent", percent=f"{100.0 * probability:.0f}")
