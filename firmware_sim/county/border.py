"""A real border from a GeoJSON file, as an outline in the plane of the simulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_PER_DEGREE = np.array([METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH])
LEAST_AREA, GREATEST_WIDTH = 60e6, 120e3
"""Square metres and metres: the city needs room; the plane is true to half a per cent within so many."""


class BorderFault(ValueError):
    """The file holds no usable border; the text says where and what to write."""


def read_border(path: Path) -> shapely.Polygon:
    """The largest polygon of a GeoJSON file (WGS-84, longitude first), its middle moved to the plane's origin.

    Raises:
        BorderFault: no GeoJSON, no polygon in it, too small or too large.
    """
    try:
        shape = shapely.from_geojson(json.dumps(json.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, shapely.errors.GEOSException) as fault:
        asked = "give a Polygon, a Feature or a FeatureCollection"
        raise BorderFault(f"{path}:1:1: no GeoJSON: {fault}; {asked}") from fault
    polygons = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    if not polygons:
        raise BorderFault(f"{path}:1:1: no polygon in it; draw the county as a Polygon")
    largest = max(polygons, key=lambda polygon: float(polygon.area))
    outline = shapely.transform(largest, _metres)
    outline = shapely.transform(outline, lambda points: np.round(points - np.array(outline.centroid.coords[0]), 1))
    west, south, east, north = outline.bounds
    if not outline.is_valid or outline.area < LEAST_AREA or max(east - west, north - south) > GREATEST_WIDTH:
        raise BorderFault(
            f"{path}:1:1: a border of {outline.area / 1e6:.0f} square km; it must not cross itself, have at least"
            f" {LEAST_AREA / 1e6:.0f} square km and be at most {GREATEST_WIDTH / 1e3:.0f} km wide"
        )
    return shapely.Polygon(outline.exterior)


def _metres(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude, latitude to metres of the plane."""
    metres: NDArray[np.float64] = (points - np.array([ORIGIN[1], ORIGIN[0]])) * _PER_DEGREE
    return metres
