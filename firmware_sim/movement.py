"""Where somebody truly is: stays joined by straight ways, a function of time."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.world import Place, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

PACE = 8.0
"""Metres per second on the way (a bus or a scooter in town)."""
SHORTEST_WAY = 60.0


@dataclass(frozen=True, slots=True)
class Visit:
    """Being at a place until a moment (UTC epoch seconds); then the way to the next place begins.

    ``pace``: metres per second on that way; 0: as people usually go.
    """

    place: Place
    until: float
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Where:
    """True state: metres of the plane, m/s, degrees clockwise from north, and what is around."""

    x: float
    y: float
    speed: float
    course: float
    scene: Scene


@dataclass(frozen=True, slots=True)
class Vertex:
    """A corner of the true track; between two of them the way is straight and even."""

    time: float
    x: float
    y: float
    scene: Scene
    """Of the stretch that begins here."""


def way_seconds(start: Place, end: Place) -> float:
    """How long the way between two places takes."""
    return max(math.hypot(end.x - start.x, end.y - start.y) / PACE, SHORTEST_WAY)


class Itinerary:
    """The true track of a wearer by its corners, which stand in time order.

    Before the first corner and after the last the wearer stays there.
    """

    def __init__(self, vertices: Sequence[Vertex]) -> None:
        self.vertices = tuple(vertices)
        self._times = [vertex.time for vertex in vertices]

    @classmethod
    def through(cls, visits: Sequence[Visit], start: float) -> Itinerary:
        """From visits in time order, joined by straight ways; the wearer is at the first from ``start`` on.

        Raises:
            ValueError: a visit ends before its place could be reached.
        """
        return cls(_corners(visits, start))

    def at(self, moment: float) -> Where:
        """True state at a moment."""
        after = bisect_right(self._times, moment)
        first = self.vertices[max(after - 1, 0)]
        if after in (0, len(self.vertices)):
            return Where(first.x, first.y, 0.0, 0.0, first.scene)
        last = self.vertices[after]
        span = last.time - first.time
        east, north = last.x - first.x, last.y - first.y
        share = (moment - first.time) / span
        course = math.degrees(math.atan2(east, north)) % 360.0
        return Where(
            first.x + share * east, first.y + share * north, math.hypot(east, north) / span, course, first.scene
        )


def _corners(visits: Sequence[Visit], start: float) -> list[Vertex]:
    arrival = start
    corners = []
    for visit, following in zip(visits, [*visits[1:], None], strict=True):
        if visit.until <= arrival:
            raise ValueError(f"{visit.place.name}: left at {visit.until:.0f}, but only reached at {arrival:.0f}")
        place = visit.place
        corners.append(Vertex(arrival, place.x, place.y, place.scene))
        if following is not None:
            corners.append(Vertex(visit.until, place.x, place.y, Scene.STREET))
            arrival = visit.until + way_seconds(place, following.place)
    return corners
