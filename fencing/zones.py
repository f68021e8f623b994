"""Zones in plane metres: named places, and the signed distance of many points to many zones at once.

A zone is a union of places. The distance to a zone is that to the place the point is deepest in, or least outside of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from fencing.boxes import Boxes
from fencing.errors import GeometryFault
from fencing.measure import PLACE, ZONE, find_inside, measure
from fencing.outlines import Outlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]

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
        area: object (p,), geometry, None for a circle.
        zone_of: int64 (p,), the zone each place belongs to.
        boxes: trees over the places of zones of more than FEW.
        outlines: the edges of the drawn places.
        zones: ``measure.ZONE`` (z,); ``places``: ``measure.PLACE`` (p,): the same as compiled loops read it.
    """

    shapes: tuple[ZoneShape, ...]
    first: Ints
    count: Ints
    bounds: Floats
    radius: Floats
    x: Floats
    y: Floats
    area: NDArray[np.object_]
    zone_of: Ints
    boxes: Boxes
    outlines: Outlines
    zones: NDArray[np.void]
    places: NDArray[np.void]

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
        radius, x, y = (np.ascontiguousarray(column) for column in circles.T)
        bounds = _bounds(area, radius, x, y)
        zone_of = np.repeat(np.arange(len(count)), count)
        first, boxes = np.cumsum(count) - count, Boxes.build(bounds, zone_of, count > FEW)
        return cls(
            tuple(shapes), first, count, bounds, radius, x, y, area, zone_of, boxes, Outlines.build(area),
            _records(ZONE, (first, count, boxes.root)), _records(PLACE, (*bounds, radius, x, y)),
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
        # As compiled loops take them: of one row, too, and of a column of records.
        zone, (x, y, reach_m) = np.ascontiguousarray(zone), map(np.ascontiguousarray, (x, y, reach_m))
        distance, chosen, tree = np.empty(len(zone)), np.empty(len(zone), np.int64), self.boxes
        measure(
            zone, x, y, reach_m, self.zones, self.places, tree.sides, tree.begin, tree.end, self.outlines.trees,
            distance, chosen,
        )  # fmt: skip
        return distance, chosen

    def prepare(self) -> None:
        """Compile what measures, or load what was compiled."""
        none, nowhere = np.empty(0, np.int64), np.empty(0)
        self.signed_distance(none, nowhere, nowhere, nowhere)
        self.contains(none, nowhere, nowhere)

    def contains(self, zone: Ints, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Whether each point lies inside a zone, and not on its boundary: as the sign of :meth:`signed_distance` says.

        Args:
            zone: int64 (n,).
            x: float64 (n,), metres east.
            y: float64 (n,), metres north.
        """
        zone, (x, y), tree = np.ascontiguousarray(zone), map(np.ascontiguousarray, (x, y)), self.boxes
        inside = np.zeros(len(zone), np.bool_)
        find_inside(zone, x, y, self.zones, self.places, tree.sides, tree.begin, tree.end, self.outlines.trees, inside)
        return inside

    def bearing(self, zone: int, place: int, x: float, y: float) -> float:
        """Which way a point lies from a place of a zone, as :meth:`signed_distance` numbers them.

        Degrees clockwise from north (of the plane), 0 <= bearing < 360: of the line across the nearest part of the
        boundary, outwards. 0 where the point lies on it, or in the middle of a circle.
        """
        index = int(self.first[zone]) + place
        if not math.isnan(self.radius[index]):
            east, north = x - float(self.x[index]), y - float(self.y[index])
        else:
            edge = shapely.boundary(self.area[index])
            near = shapely.get_coordinates(shapely.shortest_line(edge, shapely.points(x, y)))[0]
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


def _records(dtype: np.dtype[np.void], columns: Sequence[NDArray[np.generic]]) -> NDArray[np.void]:
    records = np.empty(len(columns[0]), dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        records[name] = column
    return records


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
