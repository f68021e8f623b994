"""What all stories share: ordinary days, an ordinary battery, the bracelets' identities, when an alarm is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import DAY, local_midnight
from firmware_sim.firmware.bracelet import Identity
from firmware_sim.firmware.wire import Edition
from firmware_sim.movement import Visit
from firmware_sim.schedule import Battery, Expected, Span

if TYPE_CHECKING:
    from firmware_sim.world import World

HOUR = 3600.0
MINUTE = 60.0
DECISION_DELAY = {
    "curfew_absent": 30 * MINUTE,
    "curfew_late": 45 * MINUTE,
    "curfew_early_leave": 45 * MINUTE,
    "comms_lost": 4.5 * HOUR,
    "repeated_place": 30 * MINUTE,
}
"""By which an alarm can be expected: after its onset, or after its span's end if its kind is in ``ONLY_WHOLE``."""
ONLY_WHOLE = frozenset({"curfew_absent", "repeated_place"})
"""Kinds that are known only when their span is over."""
USUAL_DELAY = 20 * MINUTE
WRITTEN_DAYS = 4


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody spends ordinary days. ``off``: days at home; without ``errands`` evenings are spent at home."""

    leaves_at: float | None = None
    """Hour of leaving home in the morning; None: drawn, after the curfew's end."""
    errands: bool = True
    off: frozenset[int] = frozenset()


USUAL = Habits()
ERRAND_SHARE = 0.4
"""Of the evenings."""


def identity(index: int) -> Identity:
    """The wire identity of the bracelet at an index; half of the fleet speaks the 2019 edition."""
    edition = Edition.Y2019 if index % 2 else Edition.Y2013
    return Identity(f"{14000000001 + index}", f"B{index + 1:04d}", edition)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and when a story is told: the county, the seed, its first moment (UTC epoch seconds), how many days.

    Lives are written for ``written`` days at least, so that a short telling just stops early.
    """

    world: World
    seed: int
    epoch: float
    days: int

    @property
    def midnight(self) -> float:
        """The local midnight that begins day 0."""
        return local_midnight(self.epoch)

    @property
    def nights(self) -> int:
        """Whole curfew nights that end before the story does."""
        return math.floor((self.epoch + self.days * DAY - self.at(0, 32.0)) / DAY) + 1

    @property
    def written(self) -> int:
        """Days for which lives are written down."""
        return max(self.days, WRITTEN_DAYS)

    def at(self, day: int, hour: float) -> float:
        """Moment (whole seconds) of a local hour of a day, counted from 0."""
        return self.midnight + day * DAY + round(hour * HOUR)


def ordinary_days(stage: Stage, index: int, habits: Habits = USUAL) -> list[Visit]:
    """Home by night, work by day, now and then an errand in the evening; home before 21:15, away only after 08:00."""
    draw = np.random.default_rng([stage.seed, 2, index])
    works, home = stage.world.works, stage.world.homes[index]
    work, errand = (works[int(n)] for n in draw.choice(len(works), 2, replace=False))
    visits: list[Visit] = []
    for day in range(stage.written + 1):
        morning, evening = draw.uniform(8.15, 8.8), draw.uniform(17.0, 18.0)
        goes_out = draw.uniform() < ERRAND_SHARE
        if day in habits.off:
            continue
        visits += [Visit(home, stage.at(day, habits.leaves_at or morning)), Visit(work, stage.at(day, evening))]
        if goes_out and habits.errands:
            visits.append(Visit(errand, stage.at(day, evening + 2.0)))
    return [*visits, Visit(home, stage.at(stage.written + 2, 0.0))]


def ordinary_battery(stage: Stage) -> Battery:
    """Down to about a half in the day, charged every evening."""
    points = [(stage.midnight, 100.0)]
    for day in range(stage.written + 1):
        points += [(stage.at(day, 7.0), 97.0), (stage.at(day, 21.5), 48.0), (stage.at(day, 23.5), 100.0)]
    return Battery(tuple(points))


def expect(device: str, person: str, kind: str, zone: str, span: Span) -> Expected:
    """An expected alarm with the moment by which it can be expected."""
    base = span.until if kind in ONLY_WHOLE else span.start
    return Expected(device, person, kind, zone, span.start, span.until, base + DECISION_DELAY.get(kind, USUAL_DELAY))


def curfew_night(stage: Stage, day: int) -> Span:
    """The period 22:00-08:00 that begins on a day (0 is the first)."""
    return Span(stage.at(day, 22.0), stage.at(day, 32.0))
