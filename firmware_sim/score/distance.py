"""Metres between near places, on the plane that touches the WGS-84 ellipsoid between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Degrees = NDArray[np.float64]
    Place = tuple[Degrees | float, Degrees | float]


def metres(one: Place, other: Place) -> Degrees:
    """Distances between places (latitude, longitude in WGS-84 degrees; numbers or arrays of one shape).

    Lengths of a degree by their series in the latitude (NGA, "Length of a degree"): to 1 in 100,000 within 20 km.
    """
    middle = np.radians((np.asarray(one[0]) + np.asarray(other[0])) / 2.0)
    north = 111132.92 - 559.82 * np.cos(2.0 * middle) + 1.175 * np.cos(4.0 * middle)
    east = 111412.84 * np.cos(middle) - 93.5 * np.cos(3.0 * middle)
    apart = np.hypot(north * np.subtract(one[0], other[0]), east * np.subtract(one[1], other[1]))
    return np.asarray(apart, dtype=np.float64)
