"""A made-up county from a seed: its border, homes, work places and internet cafes, in metres of a local plane.

x is east and y north of ``ORIGIN``. Nothing here is a real place; only the neighbourhood of the coordinates is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import shapely

ORIGIN = (24.33, 109.42)
"""Latitude, longitude (WGS-84 degrees) of the plane's origin."""
METRES_PER_DEGREE_NORTH = 110763.0
"""Meridian arc of one degree at ``ORIGIN`` (WGS-84 ellipsoid)."""
METRES_PER_DEGREE_EAST = 101491.0
"""Arc of one degree of longitude at ``ORIGIN`` (WGS-84 ellipsoid)."""
CAFE_BUFFER = 30.0
"""Metres by which the county's rules grow an internet cafe's building."""
_VERTICES = 48
WESTERNERS = 20
"""How many of the first people live in the western district."""


class Scene(Enum):
    """What surrounds the receiver; decides how good its fixes are."""

    OPEN = "open"
    STREET = "street"
    CANYON = "canyon"
    WINDOW = "window"
    INDOOR = "indoor"
    BASEMENT = "basement"
    TRAIN = "train"


@dataclass(frozen=True, slots=True)
class Place:
    """A point where people stay; ``x``, ``y`` in metres."""

    name: str
    x: float
    y: float
    scene: Scene


@dataclass(frozen=True, slots=True)
class Cafe:
    """An internet cafe: a building of 2 ``half_x`` by 2 ``half_y`` metres around its place."""

    place: Place
    half_x: float
    half_y: float

    def covers(self, x: float, y: float, buffer: float = CAFE_BUFFER) -> bool:
        """Whether a point is in the building grown by ``buffer`` metres."""
        beyond_x = max(abs(x - self.place.x) - self.half_x, 0.0)
        beyond_y = max(abs(y - self.place.y) - self.half_y, 0.0)
        return math.hypot(beyond_x, beyond_y) <= buffer

    def outline(self) -> shapely.Polygon:
        """The building's outline, metres."""
        x, y = self.place.x, self.place.y
        return shapely.box(x - self.half_x, y - self.half_y, x + self.half_x, y + self.half_y)


@dataclass(frozen=True, slots=True)
class World:
    """The county. ``border`` is a polygon, star-shaped around the origin, counter-clockwise, not closed."""

    border: tuple[tuple[float, float], ...]
    homes: tuple[Place, ...]
    works: tuple[Place, ...]
    cafes: tuple[Cafe, ...]

    def inside(self, x: float, y: float) -> bool:
        """Whether a point lies in the county: left of the border's edge in its direction."""
        sector = int(math.atan2(y, x) % math.tau / math.tau * len(self.border)) % len(self.border)
        (ax, ay), (bx, by) = self.border[sector], self.border[(sector + 1) % len(self.border)]
        return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0.0

    def outside(self, x: float, y: float) -> bool:
        """Whether a point lies beyond the border."""
        return not self.inside(x, y)

    def near_border(self, sector: int, depth: float) -> tuple[float, float]:
        """The point ``depth`` metres inside the middle of a border edge (negative: outside)."""
        (ax, ay), (bx, by) = self.border[sector], self.border[(sector + 1) % len(self.border)]
        length = math.hypot(bx - ax, by - ay)
        return (ax + bx) / 2 - (by - ay) / length * depth, (ay + by) / 2 + (bx - ax) / length * depth


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Latitude, longitude (WGS-84 degrees) of a point of the plane.

    The plane is equidistant: within 20 km of its origin, lengths to the east are true to 0.2 %.
    """
    return ORIGIN[0] + y / METRES_PER_DEGREE_NORTH, ORIGIN[1] + x / METRES_PER_DEGREE_EAST


def build_world(seed: int, people: int) -> World:
    """A county with a home for each of ``people``, twelve work places and six cafes.

    The cafes stand in the eastern district; the first people live in the western one. The same seed gives the same
    county.
    """
    draw = np.random.default_rng([seed, 0])
    border = _border(draw)
    works = tuple(
        Place(f"work-{n + 1}", *_on_ring(draw, 800.0, 5000.0), Scene.INDOOR if n % 3 else Scene.STREET)
        for n in range(12)
    )
    cafes = tuple(_cafe(draw, n) for n in range(6))
    homes = tuple(_clear_home(draw, n, cafes) for n in range(people))
    return World(border, homes, works, cafes)


def with_home(world: World, index: int, home: Place) -> World:
    """The same county with one home moved."""
    return replace(world, homes=(*world.homes[:index], home, *world.homes[index + 1 :]))


def _border(draw: np.random.Generator) -> tuple[tuple[float, float], ...]:
    phases = draw.uniform(0.0, math.tau, 2)
    corners = []
    for vertex in range(_VERTICES):
        angle = vertex / _VERTICES * math.tau
        bulge = 0.08 * math.sin(2 * angle + phases[0]) + 0.04 * math.sin(3 * angle + phases[1])
        radius = 11000.0 * (1.0 + bulge) + draw.uniform(-80.0, 80.0)
        corners.append((radius * math.cos(angle), radius * math.sin(angle)))
    return tuple(corners)


def _on_ring(draw: np.random.Generator, inner: float, outer: float) -> tuple[float, float]:
    angle, radius = draw.uniform(0.0, math.tau), draw.uniform(inner, outer)
    return radius * math.cos(angle), radius * math.sin(angle)


def _cafe(draw: np.random.Generator, number: int) -> Cafe:
    x = 5200.0 + 600.0 * number / 5 + draw.uniform(-150.0, 150.0)
    y = -3000.0 + 1200.0 * number + draw.uniform(-150.0, 150.0)
    return Cafe(Place(f"网吧{number + 1}号", x, y, Scene.BASEMENT), draw.uniform(12.0, 18.0), draw.uniform(9.0, 14.0))


def _clear_home(draw: np.random.Generator, number: int, cafes: tuple[Cafe, ...]) -> Place:
    """A home well inside the county, not beside a cafe; the first ones in the west, the rest anywhere."""
    while True:
        x, y = _on_ring(draw, 1500.0, 7500.0)
        x = -abs(x) if number < WESTERNERS else x
        if not any(cafe.covers(x, y, 400.0) for cafe in cafes):
            return Place(f"home-{number + 1}", x, y, Scene.INDOOR)
