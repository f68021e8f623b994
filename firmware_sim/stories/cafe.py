"""The cafe man: under a curfew at home, his nights at one internet cafe of another district, his days as usual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firmware_sim.clock import DAY
from firmware_sim.movement import Itinerary
from firmware_sim.schedule import Diary, Expected, Schedule, Span, Story, Wearing, stretch
from firmware_sim.stories.daily import (
    HOUR,
    Habits,
    Stage,
    curfew_night,
    expect,
    identity,
    ordinary_battery,
    ordinary_days,
)
from firmware_sim.world import build_world

if TYPE_CHECKING:
    from firmware_sim.world import Place

CAFE_MANS_DAYS = Habits(leaves_at=9.0, errands=False)
NIGHT_CAFE = 3
"""Index of the cafe."""
REPEATED_ON = 3
"""The night, counted from 1, that makes a place a repeated one (3 of 5)."""


def cafe_nights(diary: Diary, cafe: Place, stage: Stage) -> Diary:
    """From home to the cafe at 21:20, back home after 08:00, each night that ends within the story."""
    for night in range(stage.nights):
        diary.detour(cafe, stage.at(night, 21.0 + 20.0 / 60.0), stage.at(night, 32.0))
    return diary


def cafe(epoch: float, days: int, seed: int, *, cafe_zone: bool) -> Story:
    """``days`` days and the whole nights in them; ``cafe_zone``: he is also barred from the cafes."""
    world = build_world(seed, 1)
    stage = Stage(world, seed, epoch, days)
    there = world.cafes[NIGHT_CAFE]
    diary = cafe_nights(Diary(ordinary_days(stage, 0, CAFE_MANS_DAYS)), there.place, stage)
    itinerary = Itinerary.through(diary.visits, stage.midnight)
    schedule = Schedule(
        device="B0001",
        identity=identity(0),
        wearings=(Wearing("P0001", Span(stage.midnight, math.inf)),),
        itinerary=itinerary,
        home=world.homes[0],
        battery=ordinary_battery(stage),
        keep_out=cafe_zone,
    )
    nights = [curfew_night(stage, night) for night in range(stage.nights)]
    alarms = _expected(nights)
    if cafe_zone:
        around = [Span(night.start - HOUR, night.until + HOUR) for night in nights]
        alarms += [_alarm("exclusion_enter", "cafes", stretch(itinerary, there.covers, span)) for span in around]
    homes = (("P0001", world.homes[0]),)
    return Story("cafe", seed, epoch, epoch + days * DAY, world, (schedule,), tuple(alarms), homes=homes)


def _expected(nights: list[Span]) -> list[Expected]:
    absent = [_alarm("curfew_absent", "home", night) for night in nights]
    return absent + [_alarm("repeated_place", "", span) for span in repeated(nights)]


def repeated(nights: list[Span]) -> list[Span]:
    """From the first night's begin to the end of the one that makes the place a repeated one; empty when too few."""
    return [Span(nights[0].start, night.until) for night in nights[REPEATED_ON - 1 : REPEATED_ON]]


def _alarm(kind: str, zone: str, span: Span) -> Expected:
    return expect("B0001", "P0001", kind, zone, span)
