"""A bracelet through a scenario: where it truly is, when it reports, its battery, when it has no link."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.people import breach
from firmware_sim.people.track import NUMBER, Track
from firmware_sim.people.ways import corners
from firmware_sim.recording.moments import report_moments
from firmware_sim.schedule import Battery, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.breach import Breach
    from firmware_sim.people.life import Life
    from firmware_sim.people.stage import Stage
    from firmware_sim.scenario.model import Firmware
    from firmware_sim.world import Place

KEEPS_WATCHING = 600.0
"""Seconds of pause between two breaches of a rule through which a bracelet keeps its close interval."""
FULL, EVENING, TIRED = 100.0, 45.0, 4.0
"""Percent: after charging, when it is put on the charger, and after two days without."""
EMPTY = ((15.0, 2.0), (17.8, 2.0), (20.0, FULL))
"""Hours of a day on which the battery runs flat, and percent; off from the first until after the second."""
STRIP = "strip"
"""A zone that no bracelet has in it, so that none reports closely there."""
TOLD_AT_ONCE = ("removed", "sos", "case_open", "other_card")


@dataclass(frozen=True, slots=True)
class Worn:
    """A bracelet's part of a scenario.

    Attributes:
        life: what was written for it.
        person: the true track of the person; ``track``: of the bracelet.
        breaches: the true ones, with the person they are of.
        moments: of the reports, UTC seconds.
        dark: spans without GNSS. ``unlinked``: spans without a link.
    """

    life: Life
    person: Track
    track: Track
    breaches: tuple[tuple[str, Breach], ...]
    moments: NDArray[np.float64]
    battery: Battery
    dark: tuple[Span, ...]
    unlinked: tuple[Span, ...]

    def battery_at(self, moments: NDArray[np.float64]) -> NDArray[np.int64]:
        """Charge in percent, rounded up."""
        time, percent = np.array(self.battery.points).T
        charge: NDArray[np.int64] = np.ceil(np.interp(moments, time, percent)).astype(np.int64)
        return charge


@dataclass(frozen=True, slots=True)
class Bounds:
    """Boundaries that are the same for everybody; ``cafes``: all as one zone, ``barred``: each by itself."""

    county: breach.Depth
    cafes: breach.Depth
    barred: breach.Barred
    strip: breach.Depth | None = None

    @classmethod
    def of(cls, stage: Stage) -> Bounds:
        """Prepared once for all lives."""
        strip = None if stage.strip is None else breach.inside_strip(stage.strip)
        return cls(breach.outside_county(stage), breach.inside_cafes(stage), breach.Barred.of(stage), strip)


def wear(stage: Stage, bounds: Bounds, life: Life, firmware: Firmware, outages: Sequence[Span]) -> Worn:
    """Work a life out."""
    person = Track.of(corners(stage.plan, life.visits, stage.calendar.midnight - 43_200.0))
    track = person
    for place, span in life.left:
        track = track.replaced(_still(place, span), span.start, span.until)
    breaches = tuple(_breaches(stage, bounds, life, person))
    seen = breaches if track is person else _breaches(stage, bounds, life, track)
    known = list(_watched(one for who, one in seen if one.zone != STRIP and not life.excuses(who, one.span)))
    battery = _battery(stage, life)
    within = Span(stage.calendar.epoch, stage.calendar.until)
    stretches = life.stretches
    bits = [span for name in TOLD_AT_ONCE for span in stretches.get(name, ())] + [*battery.low()]
    changes = [moment for span in bits for moment in (span.start, span.until)]
    changes += [span.start for span in switched_off(life)]
    moments = report_moments(track, known, changes, within, firmware)
    for span in (*stretches.get("off", ()), *stretches.get("flat", ())):
        last = span.start if span in switched_off(life) else math.nan
        moments = moments[(moments < span.start) | (moments >= span.until) | (moments == last)]
    shielded = [*stretches.get("shielded", ()), *stretches.get("buried", ())]
    return Worn(
        life, person, track, breaches, moments, battery, (*shielded, *stretches.get("jammed", ())),
        (*shielded, *stretches.get("silent", ()), *outages),
    )  # fmt: skip


def switched_off(life: Life) -> Sequence[Span]:
    """When the bracelet is off and has said before that it goes, as those of the GT06 do."""
    return life.stretches.get("off", ()) if life.family == "gt06" else ()


def _still(place: Place, span: Span) -> Track:
    moments = np.array([span.start, span.until])
    return Track(moments, np.full(2, place.x), np.full(2, place.y), np.full(2, NUMBER[place.scene], np.uint8))


def _watched(seen: Iterable[Breach]) -> Iterator[Span]:
    """When the bracelet knows that it is where it must not be: short pauses between breaches of a rule are in it."""
    spans: dict[str, Span] = {}
    for one in sorted(seen, key=lambda one: one.span.start):
        last = spans.get(one.kind, one.span)
        if one.span.start - last.until > KEEPS_WATCHING:
            yield last
            last = one.span
        spans[one.kind] = Span(last.start, max(last.until, one.span.until))
    yield from spans.values()


def _breaches(stage: Stage, bounds: Bounds, life: Life, track: Track) -> list[tuple[str, Breach]]:
    """Breaches of the rules that bind each wearer, in the time it is theirs; the edges of a leave cut them."""
    found = []
    for person, span, home in life.wearers():
        first, last = max(span.start, stage.calendar.epoch), min(span.until, stage.calendar.until)
        cuts = [moment for leave in life.leave_of(person) for moment in (leave.start, leave.until)]
        of = partial(breach.breaches, track, cuts=cuts)
        mine = [Span(first, last)]
        rules = [of(bounds.county, "inclusion_exit", "county", mine)]
        if bounds.strip is not None:
            rules.append(of(bounds.strip, "exclusion_enter", STRIP, mine))
        if life.barred:
            met = bounds.barred.met(track)
            rules += [of(depth, "exclusion_enter", "cafes", mine, place=place) for place, depth in met]
        if life.curfew:
            depth = breach.away_from(home.x, home.y, stage.home_radius)
            rules.append(of(depth, "curfew", f"home:{person}", breach.nights_of(stage, mine[0]), stage.grace))
        found += [(person, one) for breaches in rules for one in breaches]
    return found


def _battery(stage: Stage, life: Life) -> Battery:
    """Down by day, charged every evening but the skipped ones; flat in the afternoon after a skipped one."""
    points = [(stage.calendar.at(-1, 23.5), FULL)]
    for day in range(stage.calendar.days + 1):
        if day in life.flat:
            points += [(stage.calendar.at(day, hour), percent) for hour, percent in EMPTY]
        elif day - 1 in life.skipped:
            points += [(stage.calendar.at(day, 17.0), TIRED), (stage.calendar.at(day, 19.0), FULL)]
        elif day not in life.skipped:
            points += [(stage.calendar.at(day, 21.5), EVENING), (stage.calendar.at(day, 23.5), FULL)]
    return Battery((*points, (stage.calendar.at(stage.calendar.days + 3, 0.0), EVENING)))
