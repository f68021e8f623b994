"""The barred strip: one rides through it where no satellite is seen, another rides along it."""

from __future__ import annotations

import math
from dataclasses import replace

from firmware_sim.clock import DAY
from firmware_sim.movement import Itinerary, Visit, way_seconds
from firmware_sim.schedule import Intervals, Schedule, Span, Story, Wearing
from firmware_sim.stories.daily import Stage, expect, identity, ordinary_battery
from firmware_sim.world import Cafe, Place, Scene, build_world

STRIP = Cafe(Place("边境带", 3000.0, 0.0, Scene.STREET), 20.0, 8500.0)
"""From south to north, too long to be gone round within a few minutes."""
MORNING, DEPARTS = 9.0, 14.0
"""Local hours of the first day."""
OFTEN = Intervals(usual=50.0, close=50.0)
COVERED = 24.0
"""Seconds before and after the middle of the strip without a fix, as under a bridge."""
BESIDE = 300.0
"""Metres from the strip's middle to the road along it."""


def strip(epoch: float, days: int, seed: int) -> Story:
    """P0001 rides from an office to beyond the strip, no fix of whose lies in it; P0002 rides along it."""
    world = replace(build_world(seed, 2), cafes=(STRIP,))
    stage = Stage(world, seed, epoch, days)
    home = world.homes[0]
    office, beyond = Place("office", 500.0, 0.0, Scene.WINDOW), Place("market", 5500.0, 0.0, Scene.WINDOW)
    south, north = (Place(name, STRIP.place.x - BESIDE, y, Scene.STREET) for name, y in (("a", -6e3), ("b", 6e3)))
    departs, evening = stage.at(0, DEPARTS), stage.at(days + 1, 0.0)
    middle = departs + way_seconds(office, STRIP.place)
    morning = Visit(home, stage.at(0, MORNING))
    through = Itinerary.through([morning, Visit(office, departs), Visit(beyond, evening)], stage.midnight)
    along = Itinerary.through([Visit(south, departs), Visit(north, evening)], stage.midnight)
    schedules = tuple(
        Schedule(
            device=f"B000{number}", identity=identity(number - 1),
            wearings=(Wearing(f"P000{number}", Span(stage.midnight, math.inf)),), itinerary=itinerary,
            home=world.homes[number - 1], battery=ordinary_battery(stage), curfew=False, keep_out=True, dark=dark,
            intervals=OFTEN,
        )
        for number, itinerary, dark in (
            (1, through, (Span(middle - COVERED, middle + COVERED),)), (2, along, ()),
        )
    )  # fmt: skip
    crossed = Span(middle - 2.0 * OFTEN.usual, middle + 2.0 * OFTEN.usual)
    expected = (expect("B0001", "P0001", "exclusion_crossed", "cafes", crossed),)
    homes = (("P0001", home), ("P0002", world.homes[1]))
    return Story("strip", seed, epoch, epoch + days * DAY, world, schedules, expected, homes=homes)
