"""Hours of the day at which somebody has to be somewhere, and habits over days: a part of the model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DaySet(StrEnum):
    """Days that a calendar, and not the week, decides."""

    WORKDAYS = "workdays"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class HourRule:
    """From ``start_minute`` to ``until_minute`` of the local day; not later than ``start_minute``: of the next day.

    ``days``: on which it starts: weekdays (0 Monday), a set of the calendar's, or the text of a recurrence
    (:class:`fencing.recurrence.Recurrence`), which begins at ``start_minute``.
    """

    start_minute: int
    until_minute: int
    days: tuple[int, ...] | DaySet | str


HOME: Final = "home"
"""Stands in a curfew for each person's own home."""


@dataclass(frozen=True, slots=True)
class CurfewRule:
    """Be in ``zone`` (``home`` or a zone id) in these hours; ``grace_seconds``: lateness that is let pass."""

    zone: str
    hours: tuple[HourRule, ...]
    grace_seconds: float

    @property
    def by_calendar(self) -> bool:
        """Whether it goes by a calendar of holidays."""
        return any(isinstance(each.days, DaySet) for each in self.hours)


@dataclass(frozen=True, slots=True)
class RepeatedPlaceRule:
    """The same place other than home in ``nights`` of the last ``of`` nights."""

    nights: int
    of: int


@dataclass(frozen=True, slots=True)
class NightsOutRule:
    """Out by night and in by day on ``nights`` of the last ``of`` days, where that is not usual."""

    nights: int
    of: int


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """To be charged to ``least`` percent once in the 24 hours before ``by_minute`` of each local day."""

    by_minute: int
    least: int
