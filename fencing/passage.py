"""Whether a way between two places led through an area for certain: whichever way it was, nobody could have gone round.

Who has gone from one place to another within a time, at no more than a greatest way, was all the while within an
ellipse with these places as its foci. If what is left of it beside the inner part of the area falls apart, and the two
places lie in different pieces, every such way led through the inner part. Errors of the places lengthen the way.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

FASTEST: Final = 100.0
"""Metres per second: of a fast train, and more than any road vehicle."""
GAINING, BRAKING = 8.0, 10.0
"""Metres per second squared: more than any vehicle with a wearer in it gains, or loses."""
UNSURE: Final = 2.0
"""Metres per second by which a stated speed may be too small."""
TICKS: Final = 1.0
"""Seconds by which the time between two reports may be longer than stated: each is told in whole ones."""
CORNERS: Final = 64
"""Of the polygon around an ellipse."""


class Spot(NamedTuple):
    """Where somebody was: UTC epoch seconds, metres of the plane, metres by which that may be wrong at most, and m/s.

    ``speed``: NaN: not stated.
    """

    time: float
    x: float
    y: float
    error_m: float
    speed: float


def longest_way(elapsed_s: float, before: float, after: float) -> float:
    """Metres that somebody may have gone at most in a time, given the speeds (m/s) at both ends; NaN: any.

    Gaining speed as quickly as can be, then losing it: of v(t) <= min(v0 + a t, v1 + b (T - t)) the integral.
    """
    time = elapsed_s + TICKS
    most = FASTEST * time
    if math.isnan(before + after):
        return most
    first, last = before + UNSURE, after + UNSURE
    turn = min(max((last - first + BRAKING * time) / (GAINING + BRAKING), 0.0), time)
    rest = time - turn
    return min(first * turn + 0.5 * GAINING * turn**2 + last * rest + 0.5 * BRAKING * rest**2, most)


def led_through(area: shapely.Geometry, one: Spot, other: Spot, depth_m: float) -> bool:
    """Whether every way between two places led deeper than ``depth_m`` into an area (a valid (multi)polygon, metres).

    False where it cannot be said: either place may lie in that inner part, or one may have gone round it.
    """
    reach = longest_way(other.time - one.time, one.speed, other.speed) + one.error_m + other.error_m
    apart = math.hypot(other.x - one.x, other.y - one.y)
    if not apart < reach:
        return False  # the speeds do not bear the places out, so that they say nothing
    room = _ellipse(one, other, reach)
    core = inner(area, room, depth_m)
    if not shapely.intersects(core, shapely.LineString([(one.x, one.y), (other.x, other.y)])):
        return False
    if any(shapely.distance(core, shapely.Point(spot.x, spot.y)) <= spot.error_m for spot in (one, other)):
        return False
    pieces = shapely.get_parts(shapely.difference(room, core))
    within = [np.flatnonzero(shapely.intersects_xy(pieces, spot.x, spot.y)) for spot in (one, other)]
    return bool(len(within[0]) and len(within[1]) and not np.isin(within[0], within[1]).any())


def inner(area: shapely.Geometry, room: shapely.Geometry, depth_m: float) -> shapely.Geometry:
    """The part of an area that lies deeper than ``depth_m``, as far as a room reaches."""
    # What is cut off lies too far from the room to make a difference there.
    west, south, east, north = shapely.bounds(room)
    edge = 2.0 * depth_m + 1.0
    near = shapely.intersection(area, shapely.box(west - edge, south - edge, east + edge, north + edge))
    return shapely.buffer(near, -depth_m)


def _ellipse(one: Spot, other: Spot, reach: float) -> shapely.Polygon:
    """A polygon around the ellipse of all places from which the ways to both together are at most ``reach``."""
    focus = 0.5 * math.hypot(other.x - one.x, other.y - one.y)
    long = 0.5 * reach
    wide = math.sqrt(max(long * long - focus * focus, 0.0))
    turns = np.linspace(0.0, 2.0 * math.pi, CORNERS, endpoint=False)
    beyond = 1.0 / math.cos(math.pi / CORNERS)
    along, across = long * beyond * np.cos(turns), wide * beyond * np.sin(turns)
    way = math.atan2(other.y - one.y, other.x - one.x)
    middle = 0.5 * np.array([one.x + other.x, one.y + other.y])
    return shapely.Polygon(middle + _turned(along, across, way))


def _turned(along: NDArray[np.float64], across: NDArray[np.float64], way: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(way), math.sin(way)
    return np.column_stack([along * cosine - across * sine, along * sine + across * cosine])


def bears_out(area: shapely.Geometry, one: Spot, other: Spot, third: Spot, depth_m: float) -> bool:
    """Whether a third place lies on the side of the other one: one that was led astray has no such neighbour."""
    corners = [(spot.x, spot.y) for spot in (one, other, third)]
    core = inner(area, shapely.LineString(corners), depth_m)
    lies_there = not shapely.intersects(core, shapely.LineString(corners[1:]))
    across = shapely.intersects(core, shapely.LineString(corners[::2]))
    return bool(lies_there and across and shapely.distance(core, shapely.Point(corners[2])) > third.error_m)
