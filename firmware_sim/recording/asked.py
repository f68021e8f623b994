"""What a scenario's county asks of its people beside the usual rules, and what of it is true: a function a kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.agreed import NIGHTS, OFFICE_M, STILL_HOURS, Agreed
from firmware_sim.clock import DAY
from firmware_sim.recording.wearing import STRIP
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import shapely
    from numpy.typing import NDArray

    from firmware_sim.people.life import Life
    from firmware_sim.recording.run import Told
    from firmware_sim.recording.wearing import Worn

    Truth = Callable[[Told, Worn], Iterator[tuple[str, Span]]]

GRACE = 900.0
"""Seconds of lateness at an appointment that the county lets pass, if it says nothing of it."""
AHEAD = 14 * DAY
"""Seconds before an authority's end at which it is told."""
LONGEST = 120.0
"""Seconds between two reports after which anybody may have gone round."""
LOOKED = 10.0
"""Seconds between the moments at which a track is looked at."""


def agreed(told: Told) -> Agreed:
    """What is asked."""
    asks, stage = told.scenario.people, told.stage
    lives = [each.life for each in told.worn if not each.life.protected]
    people = [life.person for life in lives]
    return Agreed(
        office=stage.office if asks.appointments else None,
        appointments=[(life.person, span) for life in lives for span in stage.meetings] if asks.appointments else (),
        near_m=asks.near_m, authority_days=asks.authority_days,
        ended=[life.person for life in lives if is_ended(life)] if asks.authority_days else (),
        strip=[] if stage.strip is None else [_ring(stage.strip.exterior), _ring(stage.strip.interiors[0])],
        kept_out=() if stage.strip is None else people,
        nights_out=people if asks.nights_out else (), no_motion=people if asks.no_motion else (),
    )  # fmt: skip


def is_ended(life: Life) -> bool:
    """Of every second wearer the authority is not extended."""
    return life.number % 2 == 0


def truths(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """Kind and time of what is true of a wearer."""
    for truth in TRUTHS:
        yield from truth(told, worn)


def _missed(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """Appointments at whose place somebody never was in their hours."""
    office = told.stage.office
    for span in told.stage.meetings if told.scenario.people.appointments else ():
        moments = np.arange(span.start, span.until + GRACE, LOOKED)
        x, y = worn.person.at(moments)
        if np.hypot(x - office.x, y - office.y).min() > OFFICE_M:
            yield "appointment_missed", Span(span.start, span.until + GRACE)


def _near(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """When somebody is within so many metres of the border, inside it."""
    if told.scenario.people.near_m:
        moments = np.arange(worn.moments[0], worn.moments[-1], LOOKED)
        beyond = told.bounds.county(*worn.person.at(moments))
        for span in _spans(moments, (beyond <= 0.0) & (beyond > -told.scenario.people.near_m)):
            yield "boundary_near", span


def _authorities(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """An authority that ends soon, and one that has ended while the bracelet is worn on."""
    days, calendar = told.scenario.people.authority_days, told.stage.calendar
    if days and is_ended(worn.life):
        until = calendar.midnight + days * DAY
        yield "authority_expiring", Span(max(until - AHEAD, calendar.epoch), until)
        yield "authority_ended", Span(until, math.inf)


def _turned(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """Nights out with days at home, from the one on with which there are enough of them."""
    if told.scenario.people.nights_out and len(worn.life.turned) >= NIGHTS:
        first, last = min(worn.life.turned), max(worn.life.turned)
        yield "nights_out", Span(told.stage.calendar.at(first, 22.0), told.stage.calendar.at(last + 2, 12.0))


def _still(told: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """A bracelet that lies somewhere for more waking hours than the rule lets pass."""
    for _, span in worn.life.left if told.scenario.people.no_motion else ():
        if span.until - span.start >= STILL_HOURS * 3600.0 + 10 * 3600.0:
            yield "no_motion", span


def _crossed(_: Told, worn: Worn) -> Iterator[tuple[str, Span]]:
    """A strip that somebody went through between two reports, not far apart in time."""
    for breach in [one for _who, one in worn.breaches]:
        if breach.zone == STRIP:
            first, last = np.searchsorted(worn.moments, [breach.span.start, breach.span.until]).tolist()
            if first == last and 0 < first < len(worn.moments):
                before, behind = worn.moments[first - 1 : first + 1].tolist()
                if behind - before <= LONGEST:
                    yield "exclusion_crossed", breach.span


TRUTHS: tuple[Truth, ...] = (_missed, _near, _authorities, _turned, _still, _crossed)


def _ring(ring: shapely.LinearRing) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in ring.coords]


def _spans(moments: NDArray[np.float64], holds: NDArray[np.bool_]) -> Iterator[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds, [0]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        yield Span(float(moments[first]), float(moments[last - 1]))
