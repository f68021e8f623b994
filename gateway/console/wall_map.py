"""The county and its districts as a drawing (SVG): outlines and one number a district. No map, no point, no person.

A district is a zone whose id is an office's code; of what else is drawn in a county nothing is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.console.map_layers import Outline

WIDTH: Final = 1000.0
"""Of the drawing, in its own units."""
DEGREE_M: Final = 111_320.0
"""Metres of a degree of latitude."""
CORNER: Final = 1.5
"""Units by which a drawn border may differ from the true one."""


@dataclass(frozen=True, slots=True)
class District:
    """An office's district: its code, its border as an SVG path, and where its number stands."""

    office: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing ``WIDTH`` wide; ``county``: paths of its border."""

    height: float
    county: tuple[str, ...]
    districts: tuple[District, ...]


def sketch(county: Sequence[Outline], districts: Mapping[str, Sequence[Outline]]) -> Sketch | None:
    """The drawing of outlines in degrees of one datum; by office the places of its district. None: there are none."""
    borders = [_shape(one.geometry, one.r) for one in county]
    areas = {office: shapely.union_all([_shape(one.geometry, one.r) for one in of]) for office, of in districts.items()}
    if not borders and not areas:
        return None
    west, south, east, north = shapely.total_bounds([*borders, *areas.values()])
    narrow = math.cos(math.radians((south + north) / 2.0))
    scale = WIDTH / max((east - west) * narrow, 1e-9)

    def units(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(degrees[:, 0] - west) * narrow * scale, (north - degrees[:, 1]) * scale])

    drawn = {office: shapely.transform(area, units) for office, area in areas.items()}
    lines = tuple(_path(shapely.transform(border, units)) for border in borders)
    return Sketch(round((north - south) * scale, 1), lines, tuple(_district(*each) for each in drawn.items()))


def _shape(geometry: Mapping[str, Any], radius: float) -> shapely.Geometry:
    """An outline's geometry in degrees; a circle is a point with its radius in metres."""
    shape = shapely.geometry.shape(geometry)
    if not radius:
        return shape
    longitude, latitude = shape.x, shape.y
    wide = radius / DEGREE_M / math.cos(math.radians(latitude))
    circle = shapely.Point(0.0, 0.0).buffer(1.0)
    return shapely.transform(circle, lambda one: one * [wide, radius / DEGREE_M] + [longitude, latitude])


def _district(office: str, area: shapely.Geometry) -> District:
    inside = shapely.point_on_surface(area)
    return District(office, _path(area), round(inside.x, 1), round(inside.y, 1))


def _path(area: shapely.Geometry) -> str:
    """Every ring of an area, as the ``d`` of a path."""
    rings = [ring for part in shapely.get_parts(shapely.simplify(area, CORNER)) for ring in _rings(part)]
    return " ".join(
        "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z" for ring in rings
    )


def _rings(part: shapely.Geometry) -> list[shapely.Geometry]:
    return [part.exterior, *part.interiors] if part.geom_type == "Polygon" else []
