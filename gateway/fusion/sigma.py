"""How far a fix may be off: per axis, by its source and what the device states. The table that fusion begins with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

GNSS = int(Source.GNSS)
SIGMA = np.array([100.0, 12.0, 40.0, 400.0, 30.0, 400.0])
"""Metres per axis by :class:`Source` where the device states no accuracy (domain section 7, medians and worse)."""
FLOOR = np.array([100.0, 1.0, 10.0, 50.0, 10.0, 150.0])
"""Metres per axis by source below which a stated accuracy is not believed: stated sigmas are too small."""
NOMINAL, NOMINAL_RISE, NOMINAL_MOST = 1.6, 0.15, 2.8
"""A stated GNSS accuracy times ``min(NOMINAL + NOMINAL_RISE * stated, NOMINAL_MOST)`` is the nominal sigma: what a
receiver states grows less than its error does."""
BY_SATELLITES = np.array([35.0, 35.0, 35.0, 35.0, 30.0, 18.0, 13.5, 11.0, 9.5, 7.8, 6.2, 5.0, 4.0, 3.4, 3.0])
"""Metres per axis of GNSS by satellites used, where no accuracy is stated: HDOP of so many satellites above 25 degrees
(median of random skies), over sqrt 2, times a range error of 10 m up to 8 satellites (walls: multipath), 5 m
from 12 on (open sky: ionosphere and orbits of a single-frequency receiver; Kaplan, Hegarty 2017, chapter 10)."""


def variance(
    source: NDArray[np.uint8], accuracy_m: NDArray[np.float64], satellites: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Measurement variance per axis, m^2, of fixes taken by themselves.

    Args:
        source: :class:`Source` of each.
        accuracy_m: what the device states; NaN: nothing.
        satellites: used; negative: not stated.
    """
    found = np.empty(np.shape(source))
    # Columns of one stride each: for others the loop would be compiled anew.
    _variances(np.ravel(source), np.ravel(accuracy_m), np.ravel(satellites), np.ravel(found))
    return found


@Loop
def _variances(
    source: NDArray[np.uint8], accuracy_m: NDArray[np.float64], satellites: NDArray[np.int16],
    found: NDArray[np.float64],
) -> None:  # fmt: skip
    for row in range(len(source)):
        found[row] = variance_by(source[row], accuracy_m[row], satellites[row])


@formula
def variance_by(source: int, accuracy_m: float, satellites: int) -> float:
    """The same of one fix."""
    is_gnss = source == GNSS
    if math.isnan(accuracy_m):
        counted = is_gnss and satellites >= 0
        sigma = BY_SATELLITES[min(satellites, len(BY_SATELLITES) - 1)] if counted else SIGMA[source]
    else:
        factor = min(NOMINAL + NOMINAL_RISE * accuracy_m, NOMINAL_MOST) if is_gnss else 1.0
        sigma = max(accuracy_m * factor, FLOOR[source])
    return float(sigma * sigma)
