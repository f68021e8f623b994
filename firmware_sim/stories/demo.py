"""The demo: sixty people, four days; one breach of every first kind, and four wearers who are to raise nothing.

Days count from 0. P0010 (home at the border), P0011 (on leave), P0012 (lives beside a barred cafe) and P0013 (street
canyon) are the quiet ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from firmware_sim.clock import DAY
from firmware_sim.movement import Itinerary
from firmware_sim.schedule import Battery, Diary, Expected, Leave, Schedule, Span, Story, Wearing, stretch
from firmware_sim.sensors import HOME_RADIUS
from firmware_sim.stories.cafe import CAFE_MANS_DAYS, NIGHT_CAFE, cafe_nights, repeated
from firmware_sim.stories.daily import (
    HOUR,
    USUAL,
    Habits,
    Stage,
    curfew_night,
    expect,
    identity,
    ordinary_battery,
    ordinary_days,
)
from firmware_sim.world import CAFE_BUFFER, Place, Scene, World, build_world, with_home

if TYPE_CHECKING:
    from collections.abc import Callable

CAST = 13
"""People with a part; the fleet has at least these."""
UNDER_CURFEW = 40
CAFE_MAN, BARRED, TRAVELLER, STRAP, BATTERY, SOS, SILENT, LATE, EARLY, BORDER, ON_LEAVE, BESIDE, CANYON = range(CAST)
HABITS = {
    CAFE_MAN: CAFE_MANS_DAYS,
    LATE: Habits(errands=False),
    EARLY: Habits(errands=False),
    ON_LEAVE: Habits(off=frozenset({1, 2})),
}


@dataclass(slots=True)
class _Part:
    """One wearer's part in the making."""

    stage: Stage
    schedule: Schedule
    diary: Diary

    def at(self, day: int, hour: float) -> float:
        """Moment of a local hour of a day."""
        return self.stage.at(day, hour)

    def walk(self) -> Itinerary:
        """Take the diary as it stands now into the schedule."""
        self.schedule = replace(self.schedule, itinerary=Itinerary.through(self.diary.visits, self.stage.midnight))
        return self.schedule.itinerary

    def away(self, within: Span) -> Span:
        """When the wearer is truly away from home, by the diary as it stands now."""
        home = self.schedule.home
        return stretch(self.walk(), lambda x, y: math.hypot(x - home.x, y - home.y) > HOME_RADIUS, within)

    def alarm(self, kind: str, zone: str, span: Span) -> Expected:
        """An expected alarm of this wearer."""
        return expect(self.schedule.device, self.schedule.wearings[0].person, kind, zone, span)


def demo(epoch: float, days: int, devices: int, seed: int) -> Story:
    """The demo's story.

    Raises:
        ValueError: fewer devices than parts.
    """
    if devices < CAST:
        raise ValueError(f"the demo has {CAST} parts: it needs at least {CAST} devices, not {devices}")
    world = _staged(build_world(seed, devices))
    stage, until = Stage(world, seed, epoch, days), epoch + days * DAY
    schedules: list[Schedule] = []
    expected: list[Expected] = []
    for index in range(devices):
        part = _ordinary(stage, index)
        alarms = _PARTS[index](part) if index < CAST else []
        schedules.append(part.schedule)
        expected += [alarm for alarm in alarms if alarm.onset >= epoch and alarm.decided <= until]
    leave = Leave("P0011", Span(stage.at(1, 8.0), stage.at(2, 20.0)))
    homes = tuple((schedule.wearings[0].person, schedule.home) for schedule in schedules)
    return Story("demo", seed, epoch, until, world, tuple(schedules), tuple(expected), (leave,), homes)


def _staged(world: World) -> World:
    """The county with the homes that the quiet ones' parts ask for."""
    x, y = world.near_border(24, 25.0)
    world = with_home(world, BORDER, Place("home-border", x, y, Scene.INDOOR))
    cafe = world.cafes[1]
    beside = Place("home-beside-cafe", cafe.place.x - cafe.half_x - CAFE_BUFFER - 60.0, cafe.place.y, Scene.INDOOR)
    world = with_home(world, BESIDE, beside)
    return with_home(world, CANYON, replace(world.homes[CANYON], scene=Scene.CANYON))


def _ordinary(stage: Stage, index: int) -> _Part:
    diary = Diary(ordinary_days(stage, index, HABITS.get(index, USUAL)))
    schedule = Schedule(
        device=f"B{index + 1:04d}",
        identity=identity(index),
        wearings=(Wearing(f"P{index + 1:04d}", Span(stage.midnight, math.inf)),),
        itinerary=Itinerary.through(diary.visits, stage.midnight),
        home=stage.world.homes[index],
        battery=ordinary_battery(stage),
        curfew=index < UNDER_CURFEW,
        keep_out=index in {BARRED, BESIDE},
    )
    return _Part(stage, schedule, diary)


def _cafe_man(part: _Part) -> list[Expected]:
    """Every whole night at a cafe of the eastern district."""
    cafe_nights(part.diary, part.stage.world.cafes[NIGHT_CAFE].place, part.stage)
    part.walk()
    nights = [curfew_night(part.stage, night) for night in range(part.stage.nights)]
    absent = [part.alarm("curfew_absent", "home", night) for night in nights]
    return absent + [part.alarm("repeated_place", "", span) for span in repeated(nights)]


def _barred(part: _Part) -> list[Expected]:
    """Barred from cafes; two visits on two days."""
    cafe = part.stage.world.cafes[0]
    counter = replace(cafe.place, scene=Scene.WINDOW)
    visits = [(part.at(0, 14.8), part.at(0, 15.9)), (part.at(2, 10.8), part.at(2, 11.8))]
    for departs, leaves in visits:
        part.diary.detour(counter, departs, leaves)
    track = part.walk()
    spans = [stretch(track, cafe.covers, Span(departs, leaves + HOUR)) for departs, leaves in visits]
    return [part.alarm("exclusion_enter", "cafes", span) for span in spans]


def _traveller(part: _Part) -> list[Expected]:
    """Out of the county for about two hours by day."""
    x, y = part.stage.world.near_border(6, -3000.0)
    departs = part.at(1, 10.0)
    part.diary.detour(Place("beyond", x, y, Scene.OPEN), departs, part.at(1, 12.25))
    span = stretch(part.walk(), part.stage.world.outside, Span(departs, departs + 6 * HOUR))
    return [part.alarm("inclusion_exit", "county", span)]


def _strap(part: _Part) -> list[Expected]:
    """The strap is opened at work; the bracelet says healed 40 minutes later, which ends nothing."""
    span = Span(part.at(1, 10.5), part.at(1, 11.2))
    part.schedule = replace(part.schedule, removed=(span,))
    return [part.alarm("strap_cut", "", span)]


def _battery(part: _Part) -> list[Expected]:
    """Not charged on the first evening; low the next afternoon, charged from 18:00."""
    usual = part.schedule.battery.points
    skipped = tuple(point for point in usual if not part.at(0, 21.0) < point[0] < part.at(1, 22.0))
    tired = ((part.at(1, 18.0), 9.0), (part.at(1, 20.0), 100.0))
    part.schedule = replace(part.schedule, battery=Battery(tuple(sorted((*skipped, *tired)))))
    return [part.alarm("battery_low", "", span) for span in part.schedule.battery.low()]


def _sos(part: _Part) -> list[Expected]:
    """One press of the button."""
    span = Span(part.at(0, 14.35), part.at(0, 14.35) + 120.0)
    part.schedule = replace(part.schedule, sos=(span,))
    return [part.alarm("sos", "", span)]


def _silent(part: _Part) -> list[Expected]:
    """No link for seven hours by day; what was recorded comes afterwards."""
    span = Span(part.at(2, 10.0), part.at(2, 17.0))
    part.schedule = replace(part.schedule, silent=(span,))
    return [part.alarm("comms_lost", "", span)]


def _late(part: _Part) -> list[Expected]:
    """Home at 23:30 instead of 22:00."""
    back = part.at(1, 23.5)
    part.diary.detour_home_by(part.stage.world.works[0], part.at(1, 20.5), back)
    return [part.alarm("curfew_late", "home", part.away(Span(part.at(1, 22.0), back)))]


def _early(part: _Part) -> list[Expected]:
    """Out from 03:00 to 05:00."""
    out = Span(part.at(2, 3.0), part.at(2, 5.0))
    part.diary.detour_home_by(part.stage.world.works[1], out.start, out.until)
    return [part.alarm("curfew_early_leave", "home", part.away(out))]


def _on_leave(part: _Part) -> list[Expected]:
    """A day and a night out of the county, with leave."""
    x, y = part.stage.world.near_border(40, -4000.0)
    part.diary.detour(Place("family", x, y, Scene.INDOOR), part.at(1, 9.5), part.at(2, 16.0))
    part.walk()
    return []


def _quiet(part: _Part) -> list[Expected]:
    """Ordinary days; the place makes the part."""
    del part
    return []


_PARTS: dict[int, Callable[[_Part], list[Expected]]] = {
    CAFE_MAN: _cafe_man, BARRED: _barred, TRAVELLER: _traveller, STRAP: _strap, BATTERY: _battery, SOS: _sos,
    SILENT: _silent, LATE: _late, EARLY: _early, BORDER: _quiet, ON_LEAVE: _on_leave, BESIDE: _quiet, CANYON: _quiet,
}  # fmt: skip
