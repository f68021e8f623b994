"""The hand-over: a bracelet with two hours of stored fixes of a barred place passes to another wearer."""

from __future__ import annotations

import math

from firmware_sim.clock import DAY
from firmware_sim.movement import Itinerary, Visit
from firmware_sim.schedule import Schedule, Span, Story, Wearing, stretch
from firmware_sim.stories.daily import Stage, expect, identity, ordinary_battery
from firmware_sim.world import Place, Scene, build_world

OUT_OF_COVER, HANDED_OVER, COVERED_AGAIN = 14.0 + 5 / 60, 16.0, 16.0 + 10 / 60
"""Local hours of the first day."""


def handover(epoch: float, days: int, seed: int) -> Story:
    """P0001 loses coverage at 14:05 on the way to a barred cafe; P0002 wears the bracelet from 16:00.

    Coverage is back at 16:10, with what was stored meanwhile.
    """
    world = build_world(seed, 2)
    stage = Stage(world, seed, epoch, days)
    barred = world.cafes[0]
    inside = Place(barred.place.name, barred.place.x, barred.place.y, Scene.WINDOW)
    office = Place("office", -600.0, 400.0, Scene.WINDOW)
    first, second = world.homes
    hours = [(first, 9.0), (office, 14.0), (inside, 15.5), (office, 17.0), (second, 24.0 * (days + 1))]
    itinerary = Itinerary.through([Visit(place, stage.at(0, hour)) for place, hour in hours], stage.midnight)
    passes = stage.at(0, HANDED_OVER)
    silent = Span(stage.at(0, OUT_OF_COVER), stage.at(0, COVERED_AGAIN))
    schedule = Schedule(
        device="B0001",
        identity=identity(0),
        wearings=(Wearing("P0001", Span(stage.midnight, passes)), Wearing("P0002", Span(passes, math.inf))),
        itinerary=itinerary,
        home=first,
        battery=ordinary_battery(stage),
        curfew=False,
        keep_out=True,
        silent=(silent,),
    )
    breach = stretch(itinerary, barred.covers, Span(silent.start, passes))
    expected = (
        expect("B0001", "P0001", "exclusion_enter", "cafes", breach),
        expect("B0001", "P0001", "comms_lost", "", silent),
    )
    homes = (("P0001", first), ("P0002", second))
    return Story("handover", seed, epoch, epoch + days * DAY, world, (schedule,), expected, homes=homes)
