"""Places drawn in degrees (WGS-84), in the metres of the local plane; many at once cost little more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from fencing.plane import LocalPlane
from fencing.zones import CirclePlace, GeometryPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROUND = 16
"""Segments of a quarter of a circle, of what a buffer rounds."""


def circle(name: str, latitude: float, longitude: float, radius_m: float, plane: LocalPlane) -> CirclePlace:
    """A circle around a point."""
    return circles([name], [latitude], [longitude], [radius_m], plane)[0]


def circles(
    names: Sequence[str], latitude: Sequence[float], longitude: Sequence[float], radius_m: Sequence[float],
    plane: LocalPlane,
) -> list[CirclePlace]:  # fmt: skip
    """Circles around points: sequences of one length."""
    x, y = plane.forward(np.array(latitude, np.float64), np.array(longitude, np.float64))
    return [CirclePlace(*each) for each in zip(names, x.tolist(), y.tolist(), radius_m, strict=True)]


def area(name: str, geometry: shapely.Geometry, buffer_m: float, plane: LocalPlane) -> GeometryPlace:
    """A (multi)polygon, longitude first, grown by a buffer."""
    return areas([name], [geometry], [buffer_m], plane)[0]


def corridors(lines: Sequence[shapely.Geometry], width_m: Sequence[float]) -> list[shapely.Geometry]:
    """(Multi)lines in degrees, longitude first, as polygons of that width from side to side; their ends are round."""
    return [_corridor(line, width) for line, width in zip(lines, width_m, strict=True)]


def _corridor(line: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """In the metres of a plane of its own, so that the width is true wherever it lies."""
    middle = shapely.get_coordinates(line).mean(axis=0)
    plane = LocalPlane(float(middle[1]), float(middle[0]))

    def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        latitude, longitude = plane.inverse(metres[:, 0], metres[:, 1])
        return np.column_stack((longitude, latitude))

    drawn = shapely.transform(line, lambda degrees: np.column_stack(plane.forward(degrees[:, 1], degrees[:, 0])))
    return shapely.transform(shapely.buffer(drawn, 0.5 * width_m, quad_segs=ROUND), to_degrees)


def areas(
    names: Sequence[str], geometries: Sequence[shapely.Geometry], buffer_m: Sequence[float], plane: LocalPlane
) -> list[GeometryPlace]:
    """(Multi)polygons, longitude first, each grown by its buffer: sequences of one length."""

    def to_plane(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = plane.forward(degrees[:, 1], degrees[:, 0])
        metres = degrees.copy()
        metres[:, 0], metres[:, 1] = x, y
        return metres

    drawn = shapely.transform(np.array(geometries, np.object_), to_plane)
    grown = np.flatnonzero(np.array(buffer_m))
    drawn[grown] = shapely.buffer(drawn[grown], np.array(buffer_m, np.float64)[grown], quad_segs=ROUND)
    return [GeometryPlace(name, geometry) for name, geometry in zip(names, drawn.tolist(), strict=True)]
