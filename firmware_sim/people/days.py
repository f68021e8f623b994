"""Ordinary days: sleep, work, errands, weekends, holidays; at home before the curfew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import DAY, local_midnight
from firmware_sim.county.buildings import Use
from firmware_sim.movement import Visit
from firmware_sim.people.ways import seconds

if TYPE_CHECKING:
    from firmware_sim.county.buildings import Stock
    from firmware_sim.county.plan import Plan
    from firmware_sim.world import Place

HOUR = 3600.0
BACK_BY = 21.4
"""Hour of the day before which ordinary people under curfew are home."""
OUT_FROM = 8.1
ERRANDS = (Use.SHOP, Use.SHOP, Use.OFFICE, Use.SCHOOL)
LEAST_STAY = 600.0


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody spends days: hours of going to work and coming back, and the share of evenings and free days out."""

    name: str
    work: tuple[float, float] | None
    evenings: float
    free_days: float


HABITS = (
    Habit("day work", (8.4, 17.5), 0.35, 0.7),
    Habit("day work", (9.0, 18.2), 0.25, 0.6),
    Habit("short work", (8.3, 12.5), 0.3, 0.7),
    Habit("no work", None, 0.2, 0.8),
)
FREE = frozenset({5, 6})
"""Weekdays without work, Monday 0."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """First midnight (UTC epoch seconds of the local one), number of days, and which of them are holidays."""

    epoch: float
    days: int
    holidays: frozenset[int] = frozenset()

    @property
    def midnight(self) -> float:
        """Local midnight of day 0."""
        return local_midnight(self.epoch)

    @property
    def until(self) -> float:
        """End of the scenario."""
        return self.epoch + self.days * DAY

    def at(self, day: int, hour: float) -> float:
        """Moment of a local hour of a day, whole seconds."""
        return self.midnight + day * DAY + round(hour * HOUR)

    def is_free(self, day: int) -> bool:
        """Whether nobody works. 1970-01-01 was a Thursday."""
        return day in self.holidays or (int((self.midnight + 8 * HOUR) // DAY) + 3 + day) % 7 in FREE


def ordinary(seed: int, number: int, home: Place, plan: Plan, stock: Stock, calendar: Calendar) -> list[Visit]:
    """Visits of all days, and one more day, of a person."""
    draw = np.random.default_rng([seed, 110, number])
    habit = HABITS[int(draw.integers(len(HABITS)))]
    work = _one(draw, stock, Use.OFFICE)
    visits: list[Visit] = []
    for day in range(calendar.days + 1):
        if habit.work and not calendar.is_free(day):
            _go(visits, plan, home, work, _hours(draw, calendar, day, habit.work))
            share, hours = habit.evenings, (18.9, 20.2)
        else:
            share, hours = habit.free_days, (10.0, 14.0)
        if draw.uniform() < share:
            errand = _one(draw, stock, ERRANDS[int(draw.integers(len(ERRANDS)))])
            _go(visits, plan, home, errand, _hours(draw, calendar, day, hours))
    return [*visits, Visit(home, calendar.at(calendar.days + 2, 12.0))]


def _one(draw: np.random.Generator, stock: Stock, use: Use) -> Place:
    buildings = stock.by_use[use]
    return buildings[int(draw.integers(len(buildings)))].place


def _hours(draw: np.random.Generator, calendar: Calendar, day: int, hours: tuple[float, float]) -> tuple[float, float]:
    first, last = draw.uniform(-0.3, 0.3), draw.uniform(-0.4, 0.4)
    start = max(hours[0] + first, OUT_FROM)
    return calendar.at(day, start), calendar.at(day, min(hours[1] + last, BACK_BY - 0.5))


def _go(visits: list[Visit], plan: Plan, home: Place, place: Place, hours: tuple[float, float]) -> None:
    """To a place and back home, if there is time for it between the last return and the next."""
    there, back = seconds(plan, home, place), seconds(plan, place, home)
    leaves = hours[1] - back
    ready = visits[-1].until + seconds(plan, visits[-1].place, home) + LEAST_STAY if visits else -np.inf
    if hours[0] > ready and leaves - LEAST_STAY > hours[0] + there:
        visits += [Visit(home, hours[0]), Visit(place, leaves)]
