"""A county's plan from a seed: border, towns with their street grids, a river, a railway, districts.

All in metres of the plane of :mod:`firmware_sim.world` (x east, y north of its origin). Nothing here is a real place,
unless a border is given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

CITY_RADIUS = 2600.0
CENTRE_RADIUS = 650.0
"""Metres around the city's middle in which houses are so high that streets are canyons."""
BLOCK = (120.0, 90.0)
"""Metres between parallel streets, along and across."""
DISTRICTS = ("A", "B", "C")
_VERTICES = 72


@dataclass(frozen=True, slots=True)
class Town:
    """A built-up circle with a street grid turned by ``(cosine, sine)``; the first of a county is the city."""

    name: str
    x: float
    y: float
    radius: float
    cosine: float
    sine: float

    def to_grid(self, x: float, y: float) -> tuple[float, float]:
        """A point in the town's own axes: along and across its streets, metres from its middle."""
        east, north = x - self.x, y - self.y
        return east * self.cosine + north * self.sine, north * self.cosine - east * self.sine

    def from_grid(self, along: float, across: float) -> tuple[float, float]:
        """Inverse of ``to_grid``."""
        return (
            self.x + along * self.cosine - across * self.sine,
            self.y + along * self.sine + across * self.cosine,
        )

    def distance(self, x: float, y: float) -> float:
        """Metres from the town's middle."""
        return math.sqrt((x - self.x) ** 2 + (y - self.y) ** 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything in the county lies.

    Attributes:
        border: the county's outline.
        towns: the city first.
        river, railway: lines; the railway begins in the city and leaves the county.
        districts: parts of the county by name, without gaps.
    """

    border: shapely.Polygon
    towns: tuple[Town, ...]
    river: NDArray[np.float64]
    railway: NDArray[np.float64]
    districts: tuple[tuple[str, shapely.Polygon], ...]

    def town_at(self, x: float, y: float) -> Town | None:
        """The town a point lies in, or None in the open country."""
        return next((town for town in self.towns if town.distance(x, y) <= town.radius), None)


def build_plan(seed: int, towns: int, border: shapely.Polygon | None = None) -> Plan:
    """The plan of a seed: the city and ``towns`` small towns inside a border, drawn or given (metres)."""
    draw = np.random.default_rng([seed, 100])
    outline = _drawn_border(draw) if border is None else border
    middle = outline.representative_point() if border is not None else shapely.Point(0.0, 0.0)
    city = _town(draw, "city", (middle.x, middle.y), CITY_RADIUS)
    others = tuple(_small_town(draw, number, city, outline) for number in range(towns))
    return Plan(
        outline, (city, *others), _river(draw, outline), _railway(city, others, outline), _districts(city, outline)
    )


def _drawn_border(draw: np.random.Generator) -> shapely.Polygon:
    phases, radii = draw.uniform(0.0, math.tau, 2), draw.uniform(-250.0, 250.0, _VERTICES)
    corners = []
    for vertex in range(_VERTICES):
        angle = vertex / _VERTICES * math.tau
        radius = 12000.0 * (1.0 + 0.09 * math.sin(2 * angle + phases[0]) + 0.05 * math.sin(5 * angle + phases[1]))
        corners.append(_rounded((radius + radii[vertex]) * math.cos(angle), (radius + radii[vertex]) * math.sin(angle)))
    return shapely.Polygon(corners)


def _rounded(x: float, y: float) -> tuple[float, float]:
    """To the decimetre: sines differ in their last bit between machines, the county must not."""
    return round(x, 1), round(y, 1)


def _town(draw: np.random.Generator, name: str, middle: tuple[float, float], radius: float) -> Town:
    angle = float(draw.uniform(0.0, math.pi / 2))
    return Town(name, *_rounded(*middle), radius, round(math.cos(angle), 9), round(math.sin(angle), 9))


def _small_town(draw: np.random.Generator, number: int, city: Town, outline: shapely.Polygon) -> Town:
    """Somewhere well inside the border, clear of the city; nearer where the county is small."""
    for reach in np.geomspace(9000.0, 10.0, 400):
        angle, away = draw.uniform(0.0, math.tau), city.radius + 1500.0 + draw.uniform(0.0, float(reach))
        x, y = _rounded(city.x + away * math.cos(angle), city.y + away * math.sin(angle))
        radius = float(draw.integers(500, 900))
        if outline.contains(shapely.Point(x, y)) and outline.exterior.distance(shapely.Point(x, y)) > radius:
            return _town(draw, f"town-{number + 1}", (x, y), radius)
    raise ValueError("the border leaves no room for a town beside the city: fewer towns, or a larger border")


def _river(draw: np.random.Generator, outline: shapely.Polygon) -> NDArray[np.float64]:
    """From the western to the eastern edge, winding."""
    west, south, east, north = outline.bounds
    x = np.round(np.linspace(west - 500.0, east + 500.0, 40), 1)
    steps = draw.uniform(-350.0, 350.0, 40)
    return np.column_stack([x, np.round((south + north) / 2 + 900.0 + np.cumsum(steps), 1)])


def _railway(city: Town, others: tuple[Town, ...], outline: shapely.Polygon) -> NDArray[np.float64]:
    """City, the farthest town, and on beyond the border."""
    end = max(others, key=lambda town: city.distance(town.x, town.y), default=None)
    east, north = (end.x - city.x, end.y - city.y) if end else (1000.0, 0.0)
    length = math.sqrt(east * east + north * north)
    west_edge, south_edge, east_edge, north_edge = outline.bounds
    beyond = max(east_edge - west_edge, north_edge - south_edge) * 0.75
    last = (round(city.x + east / length * beyond, 1), round(city.y + north / length * beyond, 1))
    stops = [(city.x, city.y), *([(end.x, end.y)] if end else []), last]
    return np.array(stops)


def _districts(city: Town, outline: shapely.Polygon) -> tuple[tuple[str, shapely.Polygon], ...]:
    """Three sectors around the city's middle."""
    far, parts = 1e5, []
    for number, name in enumerate(DISTRICTS):
        first, last = (number / len(DISTRICTS) * math.tau, (number + 1) / len(DISTRICTS) * math.tau)
        angles = np.linspace(first, last, 9)
        wedge = [(city.x, city.y), *((city.x + far * math.cos(a), city.y + far * math.sin(a)) for a in angles)]
        part = shapely.set_precision(shapely.Polygon(wedge).intersection(outline), 0.1)
        parts.append((name, part if part.geom_type == "Polygon" else max(part.geoms, key=lambda one: one.area)))
    return tuple(parts)
