"""How far a fix may be off: per axis, by its source and what the device states. The table that fusion begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGMA = np.array([100.0, 12.0, 40.0, 400.0, 30.0, 400.0])
"""Metres per axis by :class:`Source` where the device states no accuracy (domain section 7, medians and worse)."""
FLOOR = np.array([100.0, 6.0, 25.0, 150.0, 10.0, 150.0])
"""Metres per axis by source below which a stated accuracy is not believed: stated sigmas are too small."""
STATED_FACTOR = 2.0
BIAS = np.where(np.arange(len(SIGMA)) == Source.GNSS, 5.0, 0.5 * SIGMA)
"""Metres by source: the part of an error that no averaging removes."""
FEW_SATELLITES = 5
"""With fewer, the geometry is poor: the sigma is doubled."""


def variance(
    source: NDArray[np.uint8], accuracy_m: NDArray[np.float64], satellites: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Measurement variance per axis, m^2, of fixes taken by themselves.

    Args:
        source: :class:`Source` of each.
        accuracy_m: what the device states; NaN: nothing.
        satellites: used; negative: not stated.
    """
    stated = accuracy_m * np.where(source == Source.GNSS, STATED_FACTOR, 1.0)
    sigma = np.where(np.isnan(stated), SIGMA[source], np.maximum(stated, FLOOR[source]))
    few = (satellites >= 0) & (satellites < FEW_SATELLITES)
    return np.where(few, 2.0 * sigma, sigma) ** 2


def bias(source: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Metres of each fix's error that its neighbours share."""
    found: NDArray[np.float64] = BIAS[source]
    return found
