"""Whether written coordinates can be what they claim: axes, datum, county, size. All checks in degrees as written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from fencing.datum import Datum, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from shapely import Geometry

    from gateway.settings.faults import Findings, Place

LEAST_RADIUS_M = 20.0
"""Twice the 10 m within which NIJ 1004.00 (draft) wants 90 % of fixes outdoors: a smaller zone is below the error."""
_METRES_PER_DEGREE = 111_320.0
"""Of latitude; within 0.5 % anywhere, enough to judge a size."""
_MOST_DEGREES = np.array([180.0, 90.0])
_MAINLAND = (73.0, 18.0, 136.0, 54.0)
"""A box around China (longitude, latitude), to tell swapped axes where there is no county yet to compare with."""


def converted(geometries: Sequence[Geometry], datum: str) -> list[Geometry]:
    """The geometries (longitude, latitude in degrees of ``datum``) in WGS-84."""

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        latitude, longitude = to_wgs84(points[:, 1], points[:, 0], Datum(datum))
        return np.column_stack((longitude, latitude))

    return list(shapely.transform(list(geometries), move))


def on_earth(geometry: Geometry, datum: str, corner: Callable[[int], Place], findings: Findings) -> bool:
    """Whether all coordinates are degrees in the right order; the first that are not are noted at their ``corner``."""
    points = shapely.get_coordinates(geometry)
    wrong = (np.abs(points) > _MOST_DEGREES).any(axis=1)
    # In a Chinese datum, a place that lies in China only when its axes are swapped has them swapped.
    swapped = (~_boxed(points) & _boxed(points[:, ::-1])) if datum != Datum.WGS84 else np.zeros(len(points), np.bool_)
    index = int(np.argmax(wrong | swapped))
    if not (wrong | swapped).any():
        return True
    longitude, latitude = (round(float(value), 6) for value in points[index])
    right = abs(latitude) <= _MOST_DEGREES[0] and abs(longitude) <= _MOST_DEGREES[1]
    key = "axes_swapped" if right else "coordinate_range"
    findings.add(corner(index), key, longitude=longitude, latitude=latitude)
    return False


def plainly_on_earth(geometries: NDArray[np.object_], datums: Sequence[str]) -> NDArray[np.bool_]:
    """Of each geometry (n,) of its datum whether :func:`on_earth` has nothing to note, all at once; bool (n,)."""
    points, row = shapely.get_coordinates(geometries, return_index=True)
    wrong = (np.abs(points) > _MOST_DEGREES).any(axis=1)
    shifted = np.array([datum != Datum.WGS84 for datum in datums], np.bool_)[row]
    swapped = shifted & ~_boxed(points) & _boxed(points[:, ::-1])
    well = np.ones(len(geometries), np.bool_)
    well[row[wrong | swapped]] = False
    return well


def within(geometries: NDArray[np.object_], bounds: Geometry | None) -> NDArray[np.bool_]:
    """Of each geometry (WGS-84, (n,)) whether :func:`in_county` finds no fault; bool (n,)."""
    if bounds is None:
        return np.ones(len(geometries), np.bool_)
    shapely.prepare(bounds)
    inside: NDArray[np.bool_] = shapely.intersects(bounds, geometries)
    return inside


def least_inner_m(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    """What :func:`inner_radius_m` is at least, cheaply, of each geometry (n,); float64 (n,), metres, 0 of a point.

    The circle around the middle, where that lies inside, less what the search may miss by.
    """
    middle = shapely.centroid(geometries)
    scale = _METRES_PER_DEGREE * np.cos(np.radians(shapely.get_y(middle)))
    points, row = shapely.get_coordinates(geometries, return_index=True)
    plane = shapely.set_coordinates(
        geometries.copy(), points * np.column_stack((scale[row], np.full(len(row), _METRES_PER_DEGREE)))
    )
    centre = shapely.points(shapely.get_x(middle) * scale, shapely.get_y(middle) * _METRES_PER_DEGREE)
    radius = shapely.distance(shapely.boundary(plane), centre) - _tolerance(shapely.area(plane))
    inside = shapely.contains(plane, centre) & (shapely.get_dimensions(geometries) == 2)  # noqa: PLR2004  of an area
    return np.where(inside, np.maximum(radius, 0.0), 0.0)


def _tolerance(area: NDArray[np.float64]) -> NDArray[np.float64]:
    """How closely the largest circle is searched, metres."""
    return np.maximum(np.sqrt(area) / 1000, 0.1)


def _boxed(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = _MAINLAND
    inside: NDArray[np.bool_] = (
        (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    )
    return inside


_FAULTS = {
    "Hole lies outside": "hole_outside",
    "Holes are nested": "holes_nested",
    "Nested shells": "parts_nested",
    "Interior is disconnected": "interior_cut",
    "Too few points": "line_short",
}
"""Messages by how the library's reason begins; a line has no other, and a polygon with too few points is degenerate."""


def uncrossed(geometry: Geometry, number: int, corner: Callable[[int], Place], findings: Findings) -> bool:
    """Whether outlines are valid (OGC simple features); what is not is noted at the nearest ``corner``, as written."""
    if geometry.is_valid:
        return True
    reason, _, where = shapely.is_valid_reason(geometry).partition("[")
    key = next((key for begin, key in _FAULTS.items() if reason.startswith(begin)), "self_crossing")
    if key == "line_short" and shapely.get_dimensions(geometry) != 1:
        key = "self_crossing"
    spot = np.array(where.rstrip("]").split()[:2], np.float64)
    nearest = int(np.argmin(np.hypot(*(shapely.get_coordinates(geometry) - spot).T)))
    findings.add(corner(nearest), key, number=number, where=", ".join(f"{axis:.10g}" for axis in spot))
    return False


def in_county(geometry: Geometry, bounds: Geometry | None) -> str:
    """Key of the fault of a WGS-84 geometry wholly outside the county: ``axes_swapped``, ``outside_county`` or none.

    Without bounds (they have a fault of their own) everything passes.
    """
    if bounds is None or shapely.intersects(geometry, bounds):
        return ""
    turned = shapely.transform(geometry, lambda points: points[:, ::-1])
    return "axes_swapped" if shapely.intersects(turned, bounds) else "outside_county"


def inner_radius_m(geometry: Geometry) -> float:
    """Radius in metres of the largest circle inside a polygon given in degrees, to about 1 %."""
    latitude = float(shapely.centroid(geometry).y)
    scale = np.array([_METRES_PER_DEGREE * math.cos(math.radians(latitude)), _METRES_PER_DEGREE])
    plane = shapely.transform(geometry, lambda points: points * scale)
    parts = shapely.get_parts(plane)
    tolerance = float(_tolerance(plane.area))
    return max(float(shapely.maximum_inscribed_circle(part, tolerance).length) for part in parts)
