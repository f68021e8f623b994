"""Stays of a track: where somebody was at rest for some time, how well that is known, and what is registered there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from fencing.plane import LocalPlane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gateway.engine import Fix, Registered

LEAST: Final = 600.0
"""Seconds from which on rest is a stay."""
ROAM: Final = 100.0
"""Metres from its middle within which somebody at rest may go about; or what the fixes' own radii allow, if more."""
KNOWN: Final = 1800.0
"""Seconds between two fixes beyond which nobody knows whether somebody stayed: as presence has it."""
MOST_PLACES: Final = 5


class Stay(msgspec.Struct, frozen=True):
    """since <= time <= until (UTC epoch seconds, of its first and last fix); WGS-84 degrees, radius of 95 % in metres.

    ``places``: names of registered places that lie in that circle, or reach into it, the nearest first.
    """

    since: float
    until: float
    latitude: float
    longitude: float
    radius_m: float
    places: list[str] = []


def stays_of(fixes: Sequence[Fix], registered: Registered) -> list[Stay]:
    """The stays of longer than LEAST of a track whose fixes are in order of time."""
    if not fixes:
        return []
    plane = LocalPlane(fixes[0].latitude, fixes[0].longitude)
    x, y = plane.forward([fix.latitude for fix in fixes], [fix.longitude for fix in fixes])
    columns = np.array([[fix.time, fix.radius_m] for fix in fixes]).T
    return [
        _stay(plane, registered, columns[0][part], np.stack([x[part], y[part]]), columns[1][part])
        for part in _rests(columns[0], x, y, columns[1])
        if columns[0][part][-1] - columns[0][part][0] >= LEAST
    ]  # fmt: skip


def _rests(
    time: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], radius: NDArray[np.float64]
) -> Iterator[slice]:
    """Runs of fixes that lie about one middle, with no time between two of which nothing is known."""
    first, sums, weights = 0, np.zeros(2), 0.0
    for at in range(len(time)):
        weight = 1.0 / max(float(radius[at]), 1.0) ** 2
        here = np.array([x[at], y[at]])
        away = float(np.hypot(*(here - sums / weights))) if weights else 0.0
        if weights and (away > max(ROAM, float(radius[at])) or time[at] - time[at - 1] > KNOWN):
            yield slice(first, at)
            first, sums, weights = at, np.zeros(2), 0.0
        sums, weights = sums + weight * here, weights + weight
    yield slice(first, len(time))


def _stay(
    plane: LocalPlane, registered: Registered, time: NDArray[np.float64], places: NDArray[np.float64],
    radius: NDArray[np.float64],
) -> Stay:  # fmt: skip
    """One of a run: its middle by how well each place is known; a circle about it that holds all but the odd fix."""
    weight = 1.0 / np.square(np.maximum(radius, 1.0))
    east, north = (places * weight).sum(axis=1) / weight.sum()
    away = np.hypot(places[0] - east, places[1] - north)
    wide = max(float(np.quantile(away, 0.95)), float(np.median(radius)))
    latitude, longitude = (round(float(each), 7) for each in plane.inverse(east, north))
    near = registered.around(latitude, longitude, wide, float(time[-1]))[:MOST_PLACES]
    names = list(dict.fromkeys(place.name for place in near))
    return Stay(float(time[0]), float(time[-1]), latitude, longitude, round(wide, 1), names)
