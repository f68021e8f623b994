"""The drill: an ordinary morning in which one thing after the other happens that a duty desk has to answer.

Minutes count from the epoch; whoever has no part does nothing wrong.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from firmware_sim.clock import DAY
from firmware_sim.movement import Itinerary
from firmware_sim.schedule import Diary, Expected, Schedule, Span, Story, Wearing, stretch
from firmware_sim.stories.daily import USUAL, Stage, expect, identity, ordinary_battery, ordinary_days
from firmware_sim.world import Scene, build_world

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MINUTE: Final = 60.0
PRESSED: Final = 120.0
"""Seconds for which a button tells that it was pressed."""


def drill(epoch: float, days: int, devices: int, seed: int) -> Story:
    """Straps, calls for help and a barred place, for the first hours of the story.

    Raises:
        ValueError: fewer devices than parts.
    """
    if devices < len(_PARTS):
        raise ValueError(f"the drill has {len(_PARTS)} parts: it needs at least as many devices, not {devices}")
    stage = Stage(build_world(seed, devices), seed, epoch, days)
    told = [_PARTS.get(index, ordinary)(stage, index, epoch) for index in range(devices)]
    homes = tuple((schedule.wearings[0].person, schedule.home) for schedule, _ in told)
    expected = tuple(alarm for _, alarms in told for alarm in alarms)
    until = epoch + days * DAY
    return Story("drill", seed, epoch, until, stage.world, tuple(one for one, _ in told), expected, homes=homes)


def ordinary(stage: Stage, index: int, epoch: float) -> tuple[Schedule, tuple[Expected, ...]]:
    """An ordinary day."""
    del epoch
    return _schedule(stage, index, Diary(ordinary_days(stage, index, USUAL))), ()


def _schedule(stage: Stage, index: int, diary: Diary) -> Schedule:
    return Schedule(
        device=f"B{index + 1:04d}", identity=identity(index),
        wearings=(Wearing(f"P{index + 1:04d}", Span(stage.midnight, math.inf)),),
        itinerary=Itinerary.through(diary.visits, stage.midnight), home=stage.world.homes[index],
        battery=ordinary_battery(stage), curfew=True, keep_out=index == BARRED,
    )  # fmt: skip


def sos(minute: float) -> Callable[[Stage, int, float], tuple[Schedule, tuple[Expected, ...]]]:
    """The button is pressed."""

    def part(stage: Stage, index: int, epoch: float) -> tuple[Schedule, tuple[Expected, ...]]:
        schedule, _ = ordinary(stage, index, epoch)
        span = Span(epoch + minute * MINUTE, epoch + minute * MINUTE + PRESSED)
        return replace(schedule, sos=(span,)), (_expected(schedule, "sos", "", span),)

    return part


def strap(minute: float) -> Callable[[Stage, int, float], tuple[Schedule, tuple[Expected, ...]]]:
    """The strap is opened, and stays so."""

    def part(stage: Stage, index: int, epoch: float) -> tuple[Schedule, tuple[Expected, ...]]:
        schedule, _ = ordinary(stage, index, epoch)
        span = Span(epoch + minute * MINUTE, epoch + DAY)
        return replace(schedule, removed=(span,)), (_expected(schedule, "strap_cut", "", span),)

    return part


def _barred(stage: Stage, index: int, epoch: float) -> tuple[Schedule, tuple[Expected, ...]]:
    """Goes to a cafe that is barred, and stays an hour."""
    diary, cafe = Diary(ordinary_days(stage, index, USUAL)), stage.world.cafes[0]
    departs, leaves = epoch + 15 * MINUTE, epoch + 90 * MINUTE
    diary.detour(replace(cafe.place, scene=Scene.WINDOW), departs, leaves)
    schedule = _schedule(stage, index, diary)
    span = stretch(schedule.itinerary, cafe.covers, Span(departs, leaves + 60 * MINUTE))
    return schedule, (_expected(schedule, "exclusion_enter", "cafes", span),)


def _expected(schedule: Schedule, kind: str, zone: str, span: Span) -> Expected:
    return expect(schedule.device, schedule.wearings[0].person, kind, zone, span)


BARRED: Final = 1
_PARTS: Final[Mapping[int, Callable[[Stage, int, float], tuple[Schedule, tuple[Expected, ...]]]]] = {
    0: sos(4.0), BARRED: _barred, 2: strap(12.0), 3: sos(40.0), 4: strap(55.0),
}  # fmt: skip
"""By the place of a device in the fleet."""
