"""The written schedule: who wears which bracelet, where they go, what happens to it, and which alarms that is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.firmware.equipment import USUAL, Equipment
from firmware_sim.movement import Visit, way_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.firmware.bracelet import Identity
    from firmware_sim.movement import Itinerary
    from firmware_sim.world import Place, World

LOW_PERCENT = 15.0
WELL_PERCENT = 25.0
"""The bracelet reports its battery low from the first until it has been charged to the second."""


@dataclass(frozen=True, slots=True)
class Span:
    """start <= t < until, UTC epoch seconds."""

    start: float
    until: float

    def __contains__(self, moment: float) -> bool:
        return self.start <= moment < self.until


@dataclass(frozen=True, slots=True)
class Wearing:
    """Who wears the bracelet in a span (``until`` may be ``inf``)."""

    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class Battery:
    """Charge over time: straight lines between (moment, percent) points in time order."""

    points: tuple[tuple[float, float], ...]

    def percent(self, moment: float) -> float:
        """Charge at a moment, 0 to 100."""
        before, after = self.points[0], self.points[-1]
        for point in self.points:
            if point[0] > moment:
                after = point
                break
            before = point
        if after[0] <= before[0]:
            return before[1]
        share = min(max((moment - before[0]) / (after[0] - before[0]), 0.0), 1.0)
        return before[1] + share * (after[1] - before[1])

    def low(self) -> tuple[Span, ...]:
        """When the bracelet calls its battery low."""
        return self.below(LOW_PERCENT, WELL_PERCENT)

    def below(self, spent: float, well: float) -> tuple[Span, ...]:
        """From when it falls to ``spent`` percent until it has been charged to ``well``, each time."""
        spans = []
        start = math.nan
        for (t0, p0), (t1, p1) in zip(self.points, self.points[1:], strict=False):
            if math.isnan(start) and p1 <= spent < p0:
                start = math.ceil(t0 + (p0 - spent) / (p0 - p1) * (t1 - t0))
            elif not math.isnan(start) and p0 < well <= p1:
                spans.append(Span(start, math.ceil(t0 + (well - p0) / (p1 - p0) * (t1 - t0))))
                start = math.nan
        return tuple(spans) if math.isnan(start) else (*spans, Span(start, math.inf))


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between reports: as it comes from its maker, and when its own rules find something out of the ordinary.

    The latter: away from home at night, in a barred place, out of the county.
    """

    usual: float = 300.0
    close: float = 60.0


USUAL_INTERVALS = Intervals()


@dataclass(frozen=True, slots=True)
class Schedule:
    """One bracelet's life in a story.

    Attributes:
        wearings: who wears it; they do not overlap.
        home: of the first wearer.
        curfew, keep_out: which rules bind the wearers, beside staying in the county.
        removed: the strap is open. ``sos``: the button's bit is set. ``silent``: no link, though it goes on recording.
        dark: no fix, though the link goes on.
        equipment: what the bracelet speaks, over what, with which quirks. ``intervals``: how often, until it is told.
    """

    device: str
    identity: Identity
    wearings: tuple[Wearing, ...]
    itinerary: Itinerary
    home: Place
    battery: Battery
    curfew: bool = True
    keep_out: bool = False
    removed: tuple[Span, ...] = ()
    sos: tuple[Span, ...] = ()
    silent: tuple[Span, ...] = ()
    dark: tuple[Span, ...] = ()
    equipment: Equipment = USUAL
    intervals: Intervals = USUAL_INTERVALS


@dataclass(frozen=True, slots=True)
class Expected:
    """An alarm that the truth is worth: ``zone`` as the configuration names it, or empty; true onset and end.

    ``decided`` is the moment by which a gateway that listens all the time can be expected to have raised it.
    """

    device: str
    person: str
    kind: str
    zone: str
    onset: float
    until: float
    decided: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Approved absence of a person."""

    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class Story:
    """All that happens, from ``epoch`` until ``until``."""

    name: str
    seed: int
    epoch: float
    until: float
    world: World
    schedules: tuple[Schedule, ...]
    expected: tuple[Expected, ...]
    leaves: tuple[Leave, ...] = ()
    homes: tuple[tuple[str, Place], ...] = ()
    """Home of each person."""


class Diary:
    """A wearer's visits in the making."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self.visits = list(visits)

    def detour(self, place: Place, departs: float, leaves: float) -> Diary:
        """Leave wherever one is at ``departs`` for ``place``, leave that at ``leaves`` and come back."""
        position = next(n for n, visit in enumerate(self.visits) if visit.until > departs)
        around = self.visits[position].place
        self.visits[position:position] = [Visit(around, departs), Visit(place, leaves)]
        return self

    def detour_home_by(self, place: Place, departs: float, back: float) -> Diary:
        """As ``detour``, being back at ``back``."""
        around = next(visit.place for visit in self.visits if visit.until > departs)
        return self.detour(place, departs, back - way_seconds(place, around))


def stretch(itinerary: Itinerary, holds: Callable[[float, float], bool], within: Span) -> Span:
    """First whole stretch of seconds inside ``within`` where ``holds(x, y)`` is true of the true position.

    Raises:
        ValueError: there is none.
    """
    start = math.nan
    for second in range(math.ceil(within.start), math.floor(within.until) + 1):
        where = itinerary.at(float(second))
        if holds(where.x, where.y):
            start = float(second) if math.isnan(start) else start
        elif not math.isnan(start):
            return Span(start, float(second))
    if math.isnan(start):
        raise ValueError("the schedule promises a breach that its own track does not hold")
    return Span(start, within.until)
