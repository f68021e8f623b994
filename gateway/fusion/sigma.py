"""How far a fix may be off: per axis, by its source and what the device states. The table that fusion begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    factor = np.minimum(NOMINAL + NOMINAL_RISE * accuracy_m, NOMINAL_MOST)
    stated = accuracy_m * np.where(source == Source.GNSS, factor, 1.0)
    sigma = np.where(np.isnan(stated), SIGMA[source], np.maximum(stated, FLOOR[source]))
    counted = (source == Source.GNSS) & np.isnan(accuracy_m) & (satellites >= 0)
    sigma = np.where(counted, BY_SATELLITES[np.clip(satellites, 0, len(BY_SATELLITES) - 1)], sigma)
    return sigma * sigma
