"""What people do that they should not, what they may do though it looks bad, and what befalls their bracelets.

A table: a name of the scenario file to a function that writes it into a life. Each is given a day on which nothing
else was planned for that person.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely

from firmware_sim.clock import DAY
from firmware_sim.county.buildings import Use
from firmware_sim.people.life import detour
from firmware_sim.people.ways import CAR
from firmware_sim.schedule import Span
from firmware_sim.world import Place, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from firmware_sim.people.life import Life
    from firmware_sim.people.stage import Stage

    Trick = Callable[[Stage, Life, int, np.random.Generator], None]

MINUTE, HOUR = 60.0, 3600.0
FLAT = (15.0, 180.0)
"""At which hour of the day a battery is empty that was not charged, and for how many minutes."""
BESIDE, NEIGHBOURHOOD = (1060.0, 1400.0), (1060.0, 2500.0)
"""Metres from the home of whoever is protected: beyond the 1,000 that the county's rule bars with its buffer."""


def _span(stage: Stage, day: int, hour: float, minutes: float) -> Span:
    start = stage.calendar.at(day, hour)
    return Span(start, start + round(minutes) * MINUTE)


def _building(stage: Stage, draw: np.random.Generator, use: Use) -> Place:
    buildings = stage.stock.by_use[use]
    return buildings[int(draw.integers(len(buildings)))].place


def _beyond(stage: Stage, life: Life, draw: np.random.Generator, depth: float, *, within: bool = False) -> Place:
    """A place so many metres outside the border, or inside it, off the border's point nearest to a point near home."""
    line = stage.plan.border.exterior
    along = line.project(shapely.Point(life.home.x, life.home.y)) + draw.uniform(-3000.0, 3000.0)
    edge, ahead = line.interpolate(along % line.length), line.interpolate((along + 1.0) % line.length)
    east, north = ahead.y - edge.y, edge.x - ahead.x
    for sign in (1.0, -1.0):
        x, y = round(edge.x + sign * east * depth, 1), round(edge.y + sign * north * depth, 1)
        if stage.plan.border.contains(shapely.Point(x, y)) == within:
            return Place("at the border", x, y, Scene.OPEN)
    raise ValueError("a border that lies on both sides of itself")


def late_return(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Home half an hour to two and a half hours after the curfew began."""
    detour(
        stage.plan, life, _building(stage, draw, Use.SHOP),
        Span(stage.calendar.at(day, 20.2), stage.calendar.at(day, stage.curfew[0] + draw.uniform(0.5, 2.5))),
    )  # fmt: skip


def night_walk(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Out for an hour or two in the middle of the night."""
    detour(stage.plan, life, _building(stage, draw, Use.SHOP), _span(stage, day, draw.uniform(24.3, 27), 100))


def cafe_night(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """A night at the person's usual internet cafe."""
    cafes = stage.stock.by_use[Use.CAFE]
    usual = cafes[life.number % len(cafes)].place
    until = stage.calendar.at(day + 1, stage.curfew[1] + draw.uniform(-0.6, -0.1))
    detour(stage.plan, life, usual, Span(stage.calendar.at(day, 21.0 + draw.uniform(0.0, 0.5)), until))


def cafe_visit(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """An hour or two at an internet cafe by day."""
    detour(
        stage.plan, life, _building(stage, draw, Use.CAFE),
        _span(stage, day, draw.uniform(9, 15), draw.uniform(70, 180)),
    )  # fmt: skip


def border_creep(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """A little over the border: 30 to 600 metres, for half an hour to two hours."""
    place = _beyond(stage, life, draw, draw.uniform(30.0, 600.0))
    detour(stage.plan, life, place, _span(stage, day, draw.uniform(9, 13), draw.uniform(90, 240)))


def journey(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Well out of the county for some hours."""
    place = _beyond(stage, life, draw, draw.uniform(2000.0, 9000.0))
    detour(stage.plan, life, place, _span(stage, day, draw.uniform(9, 11), draw.uniform(240, 480)))


def leave(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Two days out of the county with leave: nothing may come of it."""
    place = _beyond(stage, life, draw, draw.uniform(2000.0, 9000.0))
    stay = Span(stage.calendar.at(day, 9.5), stage.calendar.at(day + 1, 19.0))
    life.leave.append(Span(stay.start - 1.5 * HOUR, stay.until + 1.5 * HOUR))
    detour(stage.plan, life, place, stay)


def foil(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Wrapped in foil, no GNSS and no link, while at a barred or forbidden place."""
    span = _span(stage, day, draw.uniform(9, 14), draw.uniform(100, 200))
    stay = detour(stage.plan, life, _building(stage, draw, Use.CAFE), span)
    life.suffer("shielded", Span(span.start - 5 * MINUTE, stay.until))
    life.happen("shielding", Span(span.start - 5 * MINUTE, stay.until))


def jammer(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """A GNSS jammer for one to three hours; the link goes on, cells are heard."""
    span = _span(stage, day, draw.uniform(8, 18), draw.uniform(60, 180))
    life.suffer("jammed", span)
    life.happen("jam_gnss", span)


def garage(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Two hours in an underground garage: allowed, and nearly without fixes."""
    span = _span(stage, day, draw.uniform(9, 15), draw.uniform(120, 200))
    detour(stage.plan, life, _building(stage, draw, Use.GARAGE), span)


def strap_cut(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The strap is cut and taped together again after ten minutes to an hour."""
    span = _span(stage, day, draw.uniform(7, 21), draw.uniform(10, 60))
    life.suffer("removed", span)
    life.happen("strap_cut", span)


def left_at_home(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Out at night; the bracelet, slipped off without opening the strap, stays at home."""
    span = _span(stage, day, draw.uniform(22.3, 23.5), draw.uniform(150, 300))
    detour(stage.plan, life, _building(stage, draw, Use.CAFE), span)
    life.left.append((life.home, Span(span.start - 60.0, span.until)))
    life.happen("off_body", span)


def swapped(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """For a day the bracelet lies in somebody else's office while its wearer leaves the county."""
    span = _span(stage, day, 9.5, 420)
    detour(stage.plan, life, _beyond(stage, life, draw, 4000.0), span)
    life.left.append((_building(stage, draw, Use.OFFICE), span))
    life.happen("off_body", span)


def apart(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The phone stays at home for some hours, wherever its owner goes with the bracelet: a carrier can tell."""
    del stage
    life.suffer("phone_left", _span_of(life, day, draw))


def _span_of(life: Life, day: int, draw: np.random.Generator) -> Span:
    start = life.visits[0].until // DAY * DAY + day * DAY + round(draw.uniform(0.0, 8.0)) * HOUR
    return Span(start, start + 4 * HOUR)


def spoof(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """At an internet cafe at night; the receiver is made to believe it is at home."""
    span = _span(stage, day, draw.uniform(22.5, 23.5), draw.uniform(120, 300))
    detour(stage.plan, life, _building(stage, draw, Use.CAFE), span)
    life.suffer("spoofed", span)
    life.happen("position_implausible", span)


def spoof_near(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """For an hour or two the receiver shows a place a kilometre and more from the true one."""
    span = _span(stage, day, draw.uniform(8, 18), draw.uniform(60, 120))
    life.suffer("shifted", span)
    life.happen("position_implausible", span)


def deep_garage(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Two hours so deep below that neither satellites nor cells are heard: allowed, and no suspicion."""
    span = _span(stage, day, draw.uniform(9, 15), draw.uniform(120, 200))
    stay = detour(stage.plan, life, _building(stage, draw, Use.GARAGE), span)
    life.suffer("buried", stay)
    life.happen("comms_lost", stay)


def sos(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The button is pressed."""
    span = _span(stage, day, draw.uniform(7, 22), 2)
    life.suffer("sos", span)
    life.happen("sos", span)


def power_off(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Switched off for three to eight hours."""
    span = _span(stage, day, draw.uniform(9, 14), draw.uniform(180, 480))
    life.suffer("off", span)
    life.happen("comms_lost", span)


def run_flat(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Worn on without a charge until the battery is empty, in the afternoon; charged and back three hours later."""
    del draw
    life.flat.add(day)
    span = _span(stage, day, *FLAT)
    life.suffer("flat", span)
    life.happen("battery_dead", span)


def other_card(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Another SIM card is put into the bracelet, which says so for a minute."""
    span = _span(stage, day, draw.uniform(8, 21), 1)
    life.suffer("other_card", span)
    life.happen("identity_changed", span)


def unkept(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The appointment of that day, or of the next, is not kept."""
    del stage, draw
    life.unkept |= {day, day + 1}


def border_walk(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """An hour or two near the border, and not over it."""
    there = _beyond(stage, life, draw, draw.uniform(60.0, 150.0), within=True)
    detour(stage.plan, life, there, _span(stage, day, draw.uniform(9, 13), draw.uniform(120, 240)))


def turned_day(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The night out from the evening on, and the day after at home."""
    life.turned.add(day)
    at = stage.calendar.at
    detour(stage.plan, life, _building(stage, draw, Use.SHOP), Span(at(day, 20.8), at(day + 1, 6.8)))
    detour(stage.plan, life, life.home, Span(at(day + 1, 7.0), at(day + 1, 20.5)))


def laid_down(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """For two days the bracelet lies outside the window, as still as a table."""
    del draw
    sill = Place("sill", life.home.x, life.home.y, Scene.OPEN)
    life.left.append((sill, Span(stage.calendar.at(day, 9.0), stage.calendar.at(day + 2, 9.0))))


def meet_up(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """Two hours of the evening at the place where all meet who do."""
    del draw
    place = stage.stock.by_use[Use.SHOP][0].place
    life.happen(COMPANY, detour(stage.plan, life, place, _span(stage, day, 18.5, 180)))


def approach(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """For a while at the home of whoever is protected, on foot or by bus, as far as it is."""
    _go_near(stage, life, stage.refuge, _span(stage, day, draw.uniform(9, 17), draw.uniform(60, 150)))


def drive_up(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """As that, by car."""
    _go_near(stage, life, stage.refuge, _span(stage, day, draw.uniform(9, 17), draw.uniform(40, 120)), CAR)


def near_miss(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """In a house just outside of what is barred around that home, and its buffer: allowed."""
    place = _around_refuge(stage, draw, BESIDE)
    _go_near(stage, life, place, _span(stage, day, draw.uniform(9, 17), draw.uniform(60, 150)))


def drive_past(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """By car to somewhere in that neighbourhood."""
    place = _around_refuge(stage, draw, NEIGHBOURHOOD)
    _go_near(stage, life, place, _span(stage, day, draw.uniform(9, 17), draw.uniform(40, 120)), CAR)


def _go_near(stage: Stage, life: Life, place: Place | None, span: Span, pace: float = 0.0) -> None:
    if place is not None:
        detour(stage.plan, life, place, span, pace)


def _around_refuge(stage: Stage, draw: np.random.Generator, away: tuple[float, float]) -> Place | None:
    """A building so many metres, least and most, from the home of whoever is protected; else the next beyond."""
    refuge = stage.refuge
    if refuge is None:
        return None
    far = {math.dist((refuge.x, refuge.y), (each.place.x, each.place.y)): each.place
           for of_use in stage.stock.by_use.values() for each in of_use}  # fmt: skip
    beyond = sorted(metres for metres in far if metres >= away[0])
    within = [metres for metres in beyond if metres < away[1]] or beyond[:1]
    return far[within[int(draw.integers(len(within)))]]


def dead_cell(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """No link for half an hour to two hours; what was recorded comes afterwards."""
    span = _span(stage, day, draw.uniform(1, 21), 25.0 / (1.0 - draw.uniform(0.0, 0.8)))
    life.suffer("silent", span)
    life.happen("comms_lost", span)


def missed_charge(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The bracelet is not charged in the evening and calls its battery low the next day."""
    del stage, draw
    life.skipped.add(day)


def strap_glitch(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The strap's sensor opens for a moment though nobody touched it."""
    life.suffer("removed", _span(stage, day, draw.uniform(0, 24), int(draw.integers(1, 4))))


def case_glitch(stage: Stage, life: Life, day: int, draw: np.random.Generator) -> None:
    """The case's sensor opens for a moment though nobody touched it."""
    life.suffer("case_open", _span(stage, day, draw.uniform(0, 24), 2))


TRICKS: dict[str, Trick] = {
    trick.__name__: trick
    for trick in (
        late_return, night_walk, cafe_night, cafe_visit, border_creep, journey, leave, foil, jammer, garage,
        deep_garage, strap_cut, left_at_home, swapped, apart, spoof, spoof_near, sos, power_off, run_flat,
        other_card, unkept, border_walk, turned_day, laid_down, meet_up, approach, drive_up, near_miss, drive_past,
    )
}  # fmt: skip
"""What people do: at most one on a day, the night after it included."""
NUISANCES: dict[str, Trick] = {
    nuisance.__name__: nuisance for nuisance in (dead_cell, missed_charge, strap_glitch, case_glitch)
}
"""What befalls bracelets, on any day."""
NIGHTLY = frozenset({"late_return", "night_walk", "cafe_night", "left_at_home", "spoof"})
"""Breaches of a curfew: only for who has one."""
BARRED = frozenset({"cafe_visit", "foil"})
"""Breaches of a barred place: only for who is barred."""
OF_GT06 = frozenset({"other_card"})
"""What a GT06 alone can say."""
COMPANY = "wearers_together"
"""What is true of people who meet; those who do are not to."""
NEVER = math.inf
