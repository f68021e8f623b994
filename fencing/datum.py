"""WGS-84, and the two shifted datums of Chinese maps: GCJ-02 (AMap, Tencent, carriers) and BD-09 (Baidu).

GCJ-02 is the published reverse-engineered formula (as in the projects eviltransform and PRCoords) on the Krasovsky 1940
ellipsoid; BD-09 is a polar wobble on top of it. Outside the mainland (:mod:`fencing.mainland`) all three are the same.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from fencing.mainland import in_mainland

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Degrees: TypeAlias = NDArray[np.float64]
    Pair: TypeAlias = tuple[Degrees, Degrees]

KRASOVSKY_AXIS_M = 6_378_245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
BD09_TURNS = math.pi * 3000.0 / 180.0
"""The factor some libraries leave out of the sine: 27 m off in the median, unseen by their own round trips."""
BD09_NORTH, BD09_EAST = 0.006, 0.0065
"""Degrees by which BD-09 moves after its wobble."""
GCJ02_ROUNDS = 3
"""Counted rounds, not an epsilon: two leave up to 9 mm, three less than 0.1 mm."""
BD09_ROUNDS = 1
"""After the closed inverse, which alone is up to 225 mm off; with one round 1.7 mm."""


class Datum(StrEnum):
    """What a pair of degrees refers to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(latitude: ArrayLike, longitude: ArrayLike, datum: Datum) -> Pair:
    """Convert positions to WGS-84.

    A shifted position belongs to mainland China if the place it would come from does; otherwise it stays as it is.
    Where both readings are possible, within 700 m (BD-09: 1.5 km) outside the outline, the mainland is assumed.

    Args:
        latitude: degrees in ``datum``, any shape.
        longitude: degrees in ``datum``, same shape.
        datum: what the degrees refer to.

    Returns:
        Latitude and longitude in WGS-84 degrees, float64 of the same shape (of shape () for scalars).
    """
    given = _contiguous(latitude, longitude)
    if datum is Datum.WGS84:
        return given
    gcj02 = _gcj02_of_bd09(*given) if datum is Datum.BD09 else given
    wgs84 = _wgs84_of_gcj02(*gcj02)
    return _choose(in_mainland(*wgs84), wgs84, given)


def from_wgs84(latitude: ArrayLike, longitude: ArrayLike, datum: Datum) -> Pair:
    """Convert WGS-84 positions to ``datum``; shapes, units and treatment abroad as :func:`to_wgs84`."""
    given = _contiguous(latitude, longitude)
    if datum is Datum.WGS84:
        return given
    gcj02 = _gcj02_of_wgs84(*given)
    shifted = _bd09_of_gcj02(*gcj02) if datum is Datum.BD09 else gcj02
    return _choose(in_mainland(*given), shifted, given)


def _contiguous(latitude: ArrayLike, longitude: ArrayLike) -> Pair:
    # numpy may take another code path, with other last bits, for strided arrays.
    return np.array(latitude, np.float64, order="C"), np.array(longitude, np.float64, order="C")


def _choose(mainland: NDArray[np.bool_], shifted: Pair, given: Pair) -> Pair:
    return np.where(mainland, shifted[0], given[0]), np.where(mainland, shifted[1], given[1])


def _waves(value: Degrees, *terms: tuple[float, float]) -> Degrees:
    """Two thirds of the sum of ``amplitude * sin(frequency * pi * value)``."""
    total = np.zeros_like(value)
    for amplitude, frequency in terms:
        total = total + amplitude * np.sin(frequency * math.pi * value)
    return total * (2.0 / 3.0)


def _offset_m(east: Degrees, north: Degrees) -> Pair:
    """Shift northwards and eastwards in (nominal) metres at a place given in degrees from 35 N, 105 E."""
    root = np.sqrt(np.abs(east))
    shared = _waves(east, (20.0, 6.0), (20.0, 2.0))
    northward = (
        -100.0 + 2.0 * east + 3.0 * north + 0.2 * north * north + 0.1 * east * north + 0.2 * root
        + shared + _waves(north, (20.0, 1.0), (40.0, 1.0 / 3.0), (160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0))
    )  # fmt: skip
    eastward = (
        300.0 + east + 2.0 * north + 0.1 * east * east + 0.1 * east * north + 0.1 * root
        + shared + _waves(east, (20.0, 1.0), (40.0, 1.0 / 3.0), (150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0))
    )  # fmt: skip
    return northward, eastward


def _gcj02_of_wgs84(latitude: Degrees, longitude: Degrees) -> Pair:
    northward, eastward = _offset_m(longitude - 105.0, latitude - 35.0)
    radians = latitude * (math.pi / 180.0)
    sine = np.sin(radians)
    flattening = 1.0 - KRASOVSKY_ECCENTRICITY_SQUARED * sine * sine
    root = np.sqrt(flattening)
    meridian_m = KRASOVSKY_AXIS_M * (1.0 - KRASOVSKY_ECCENTRICITY_SQUARED) / (flattening * root)
    parallel_m = KRASOVSKY_AXIS_M / root * np.cos(radians)
    return (
        latitude + northward * 180.0 / (meridian_m * math.pi),
        longitude + eastward * 180.0 / (parallel_m * math.pi),
    )


def _wgs84_of_gcj02(latitude: Degrees, longitude: Degrees) -> Pair:
    return _undo(_gcj02_of_wgs84, (latitude, longitude), (latitude, longitude), GCJ02_ROUNDS)


def _bd09_of_gcj02(latitude: Degrees, longitude: Degrees) -> Pair:
    radius, angle = _wobble(latitude, longitude, 1.0)
    return radius * np.sin(angle) + BD09_NORTH, radius * np.cos(angle) + BD09_EAST


def _gcj02_of_bd09(latitude: Degrees, longitude: Degrees) -> Pair:
    radius, angle = _wobble(latitude - BD09_NORTH, longitude - BD09_EAST, -1.0)
    closed = radius * np.sin(angle), radius * np.cos(angle)
    return _undo(_bd09_of_gcj02, (latitude, longitude), closed, BD09_ROUNDS)


def _wobble(north: Degrees, east: Degrees, sign: float) -> Pair:
    radius = np.sqrt(east * east + north * north) + sign * 0.000_02 * np.sin(north * BD09_TURNS)
    angle = np.arctan2(north, east) + sign * 0.000_003 * np.cos(east * BD09_TURNS)
    return radius, angle


def _undo(shift: Callable[[Degrees, Degrees], Pair], target: Pair, guess: Pair, rounds: int) -> Pair:
    """Fixed-point inverse: move the guess by what its image misses; each round leaves below 1 % of the last error."""
    for _ in range(rounds):
        image = shift(*guess)
        guess = guess[0] + (target[0] - image[0]), guess[1] + (target[1] - image[1])
    return guess
