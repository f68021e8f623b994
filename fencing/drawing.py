"""Places drawn in degrees (WGS-84), in the metres of the local plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from fencing.zones import CirclePlace, GeometryPlace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fencing.plane import LocalPlane


def circle(name: str, latitude: float, longitude: float, radius_m: float, plane: LocalPlane) -> CirclePlace:
    """A circle around a point."""
    x, y = plane.forward(latitude, longitude)
    return CirclePlace(name, float(x), float(y), radius_m)


def area(name: str, geometry: shapely.Geometry, buffer_m: float, plane: LocalPlane) -> GeometryPlace:
    """A (multi)polygon, longitude first, grown by a buffer."""

    def to_plane(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = plane.forward(degrees[:, 1], degrees[:, 0])
        metres = degrees.copy()
        metres[:, 0], metres[:, 1] = x, y
        return metres

    drawn = shapely.transform(geometry, to_plane)
    return GeometryPlace(name, drawn.buffer(buffer_m) if buffer_m else drawn)
