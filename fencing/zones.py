"""Zones in plane metres: named places, and the signed distance of many points to many zones at once.

A zone is a union of places. The distance to a zone is that to the place the point is deepest in, or least outside of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from fencing.errors import GeometryFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]

DIRECT_CORNERS = 250
"""Corners up to which the exact distance is cheaper than asking first whether it is within reach (measured)."""
FEW = 4
"""Places up to which a zone is measured whole; beyond, the tree names those within reach."""
INSCRIBED_TOLERANCE = 0.01
"""Of the side of a square of the same area: how closely the largest inscribed circle is searched."""


@dataclass(frozen=True, slots=True)
class CirclePlace:
    """A circle; centre and radius in plane metres."""

    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class GeometryPlace:
    """A polygon or multipolygon in plane metres."""

    name: str
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """A named zone of one or more places."""

    id: str
    name: str
    places: tuple[CirclePlace | GeometryPlace, ...]


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """All zones packed by column: z zones, p places; the places of a zone are neighbours.

    Attributes:
        shapes: the zones, in the order their indices follow.
        first: int64 (z,), index of each zone's first place.
        count: int64 (z,), how many places it has.
        bounds: float64 (4, p), min x, min y, max x, max y of each place.
        radius: float64 (p,), NaN where the place is no circle.
        x: float64 (p,), centre of a circle.
        y: float64 (p,), centre of a circle.
        area: object (p,), prepared geometry, None for a circle.
        boundary: object (p,), prepared boundary of it.
        zone_of: int64 (p,), the zone each place belongs to.
        tree: boxes of the places of zones of more than FEW.
    """

    shapes: tuple[ZoneShape, ...]
    first: Ints
    count: Ints
    bounds: Floats
    radius: Floats
    x: Floats
    y: Floats
    area: NDArray[np.object_]
    boundary: NDArray[np.object_]
    zone_of: Ints
    tree: shapely.STRtree

    @classmethod
    def build(cls, shapes: Sequence[ZoneShape]) -> ZoneTable:
        """Pack and prepare zones.

        Raises:
            GeometryFault: a zone without places, a circle without extent, a geometry that is no valid, finite, filled
                (multi)polygon (a crossing is named with its coordinates).
        """
        places = [place for shape in shapes for place in shape.places]
        if not (all(shape.places for shape in shapes) and _are_sound(places)):
            for shape in shapes:
                _demand_places(shape)
        count = np.array([len(shape.places) for shape in shapes], np.int64)
        circles = np.array(
            [(p.radius, p.x, p.y) if isinstance(p, CirclePlace) else (math.nan,) * 3 for p in places], np.float64
        ).reshape(-1, 3)
        area = np.array([None] * len(places), np.object_)
        area[:] = [None if isinstance(place, CirclePlace) else place.geometry for place in places]
        boundary = shapely.boundary(area)
        shapely.prepare(area)
        shapely.prepare(boundary)
        radius, x, y = (np.ascontiguousarray(column) for column in circles.T)
        bounds = _bounds(area, radius, x, y)
        zone_of = np.repeat(np.arange(len(count)), count)
        boxes = np.where(count[zone_of] > FEW, shapely.box(*bounds), None)
        return cls(
            tuple(shapes), np.cumsum(count) - count, count, bounds, radius, x, y, area, boundary, zone_of,
            shapely.STRtree(boxes),
        )  # fmt: skip

    def zone_name(self, zone: int) -> str:
        """Name of a zone."""
        return self.shapes[zone].name

    def place_name(self, zone: int, place: int) -> str:
        """Name of a place of a zone, as :meth:`signed_distance` numbers them."""
        return self.shapes[zone].places[place].name

    def signed_distance(self, zone: Ints, x: Floats, y: Floats, reach_m: Floats) -> tuple[Floats, Ints]:
        """Distance of each point to the boundary of a zone.

        Exact for a zone of one place, and outside of any zone; inside overlapping places it is the depth in the
        deepest, which is never more than that in their union. Each row's result depends on that row alone, to the bit.

        Args:
            zone: int64 (n,), the zone to measure against.
            x: float64 (n,), metres east.
            y: float64 (n,), metres north.
            reach_m: float64 (n,), >= 0; distances are clamped to +-reach.

        Returns:
            ``distance_m`` float64 (n,): positive inside, negative outside, NaN where x, y or reach is NaN; ``place``
            int64 (n,): index within the zone of the place that decided, the first one where several are clamped alike.
        """
        row, place = self._pairs(zone, x, y, reach_m)
        distance, chosen = np.where(np.isnan(x + y), np.nan, -reach_m), np.zeros(len(zone), np.int64)
        if not len(row):
            return distance, chosen
        each = self._to_places(place, x[row], y[row], reach_m[row])
        begins = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
        distance[row[begins]] = np.maximum.reduceat(each, begins)
        deciding = np.flatnonzero((each == distance[row]) | np.isnan(each))
        # Written backwards, so that the first of several equals stays.
        chosen[row[deciding[::-1]]] = place[deciding[::-1]] - self.first[zone][row[deciding[::-1]]]
        return distance, chosen

    def contains(self, zone: Ints, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Whether each point lies inside a zone, and not on its boundary: as the sign of :meth:`signed_distance` says.

        Args:
            zone: int64 (n,).
            x: float64 (n,), metres east.
            y: float64 (n,), metres north.
        """
        row, place = self._pairs(zone, x, y, np.zeros(len(zone)))
        near = np.flatnonzero(_within_bounds(self.bounds[:, place], x[row], y[row], np.zeros(len(row))))
        row, place = row[near], place[near]
        dx, dy = x[row] - self.x[place], y[row] - self.y[place]
        within = np.sqrt(dx * dx + dy * dy) < self.radius[place]
        drawn = np.flatnonzero(np.isnan(self.radius[place]))
        within[drawn] = shapely.contains_xy(self.area[place[drawn]], x[row[drawn]], y[row[drawn]])
        inside = np.zeros(len(zone), np.bool_)
        inside[row[within]] = True
        return inside

    def place_distance(self, place: Ints, x: Floats, y: Floats, reach_m: Floats) -> Floats:
        """Distance of each point to the boundary of one place of the table, signed and clamped as that to a zone.

        ``place`` int64 (n,), numbered over the whole table; float64 (n,).
        """
        return self._to_places(place, x, y, reach_m)

    def bearing(self, zone: int, place: int, x: float, y: float) -> float:
        """Which way a point lies from a place of a zone, as :meth:`signed_distance` numbers them.

        Degrees clockwise from north (of the plane), 0 <= bearing < 360: of the line across the nearest part of the
        boundary, outwards. 0 where the point lies on it, or in the middle of a circle.
        """
        index = int(self.first[zone]) + place
        if not math.isnan(self.radius[index]):
            east, north = x - float(self.x[index]), y - float(self.y[index])
        else:
            near = shapely.get_coordinates(shapely.shortest_line(self.boundary[index], shapely.points(x, y)))[0]
            outwards = -1.0 if shapely.contains_xy(self.area[index], x, y) else 1.0
            east, north = outwards * (x - near[0]), outwards * (y - near[1])
        return math.degrees(math.atan2(east, north)) % 360.0

    def inner_radius_m(self) -> Floats:
        """Radius of the largest circle inside one place of each zone, to 1 %: float64 (z,), metres."""
        radius = self.radius.copy()
        drawn = np.flatnonzero(np.isnan(radius))
        tolerance = INSCRIBED_TOLERANCE * np.sqrt(shapely.area(self.area[drawn]))
        radius[drawn] = shapely.length(shapely.maximum_inscribed_circle(self.area[drawn], tolerance))
        return np.maximum.reduceat(radius, self.first) if len(self.first) else np.zeros(0)

    def _pairs(self, zone: Ints, x: Floats, y: Floats, reach_m: Floats) -> tuple[Ints, Ints]:
        """(row, place) pairs worth measuring, ordered: all places of a small zone, the near ones of a large one."""
        large = self.count[zone] > FEW
        row, place = spread(self.first[zone], np.where(large, 0, self.count[zone]))
        many = np.flatnonzero(large)
        if not len(many):
            return row, place
        reach = reach_m[many]
        around = shapely.box(x[many] - reach, y[many] - reach, x[many] + reach, y[many] + reach)
        at, near = self.tree.query(around)
        own = self.zone_of[near] == zone[many[at]]
        row, place = np.concatenate([row, many[at[own]]]), np.concatenate([place, near[own]])
        order = np.lexsort((place, row))
        return row[order], place[order]

    def _to_places(self, place: Ints, x: Floats, y: Floats, reach_m: Floats) -> Floats:
        """Signed, clamped distance of each row to one place; float64 of the rows' shape."""
        distance = np.where(np.isnan(x + y), np.nan, -reach_m)
        near = np.flatnonzero(_within_bounds(self.bounds[:, place], x, y, reach_m))
        round_ = near[~np.isnan(self.radius[place[near]])]
        drawn = near[np.isnan(self.radius[place[near]])]
        dx, dy = x[round_] - self.x[place[round_]], y[round_] - self.y[place[round_]]
        exact = self.radius[place[round_]] - np.sqrt(dx * dx + dy * dy)
        distance[round_] = np.minimum(np.maximum(exact, -reach_m[round_]), reach_m[round_])
        distance[drawn] = self._to_areas(place[drawn], x[drawn], y[drawn], reach_m[drawn])
        return distance

    def _to_areas(self, place: Ints, x: Floats, y: Floats, reach_m: Floats) -> Floats:
        boundary, point = self.boundary[place], shapely.points(x, y)
        size = reach_m.copy()
        close = shapely.get_num_coordinates(boundary) <= DIRECT_CORNERS
        # Of long outlines the prepared question is far cheaper than the distance; of short ones it is dearer.
        close[~close] = shapely.dwithin(boundary[~close], point[~close], reach_m[~close])
        size[close] = np.minimum(shapely.distance(boundary[close], point[close]), reach_m[close])
        return np.where(shapely.contains_xy(self.area[place], x, y), size, -size)


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All ``(row, first[row] + k)`` with k < count[row], ordered: two int64 arrays of length ``count.sum()``."""
    row = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    return row, np.arange(len(row)) - start[row] + first[row]


def _within_bounds(bounds: Floats, x: Floats, y: Floats, reach_m: Floats) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    across: NDArray[np.bool_] = (x >= west - reach_m) & (x <= east + reach_m)
    along: NDArray[np.bool_] = (y >= south - reach_m) & (y <= north + reach_m)
    return across & along


def _bounds(area: NDArray[np.object_], radius: Floats, x: Floats, y: Floats) -> Floats:
    drawn = shapely.bounds(area).T
    circles = np.stack([x - radius, y - radius, x + radius, y + radius])
    return np.ascontiguousarray(np.where(np.isnan(radius), drawn, circles))


def _are_sound(places: Sequence[CirclePlace | GeometryPlace]) -> bool:
    """Whether :func:`_fault_of` finds nothing in any of them, asked of all at once."""
    circles = np.array([(p.x, p.y, p.radius) for p in places if isinstance(p, CirclePlace)], np.float64).reshape(-1, 3)
    drawn = np.array([p.geometry for p in places if isinstance(p, GeometryPlace)], np.object_)
    kinds = shapely.get_type_id(drawn)
    are_filled = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
    return bool(
        np.isfinite(circles).all()
        and (circles[:, 2] > 0.0).all()
        and (are_filled & ~shapely.is_empty(drawn)).all()
        and np.isfinite(shapely.get_coordinates(drawn)).all()
        and shapely.is_valid(drawn).all()
    )


def _demand_places(shape: ZoneShape) -> None:
    if not shape.places:
        raise GeometryFault(shape.id, "has no place")
    for place in shape.places:
        cause = _fault_of(place)
        if cause:
            raise GeometryFault(f"{shape.id}/{place.name}", cause)


def _fault_of(place: CirclePlace | GeometryPlace) -> str:
    """What keeps a place from being used; empty if nothing does."""
    if isinstance(place, CirclePlace):
        finite = all(math.isfinite(value) for value in (place.x, place.y, place.radius))
        return (
            ""
            if finite and place.radius > 0.0
            else f"no circle: centre ({place.x}, {place.y}), radius {place.radius} m"
        )
    geometry = place.geometry
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        return f"needs a filled polygon, not {geometry.geom_type}{' (empty)' if geometry.is_empty else ''}"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "has a corner that is not a finite place"
    return "" if geometry.is_valid else f"not a valid outline: {shapely.is_valid_reason(geometry)}"
