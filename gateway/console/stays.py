"""Where somebody stayed: stretches of a track at rest, and what is told of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.plane import LocalPlane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.engine import Fix

LEAST: Final = 600.0
"""Seconds from which on to be somewhere is to stay there."""
STILL: Final = 3600.0
"""Seconds without a fix after which nobody knows that he stayed."""
REACH: Final = 60.0
"""Metres beyond a fix's own radius within which it is still the same place."""


@dataclass(frozen=True, slots=True)
class Stayed:
    """At a place (WGS-84 degrees, metres of 95 %) from ``since`` until ``until``, UTC epoch seconds of its fixes."""

    since: float
    until: float
    latitude: float
    longitude: float
    radius_m: float


def stays(fixes: Sequence[Fix]) -> list[Stayed]:
    """The stays of a track of one person, its fixes in order of time; the oldest first."""
    if not fixes:
        return []
    plane = LocalPlane(fixes[0].latitude, fixes[0].longitude)
    x, y = plane.forward([fix.latitude for fix in fixes], [fix.longitude for fix in fixes])
    points = np.column_stack([x, y])
    cuts = [*_cuts(fixes, points), len(fixes)]
    runs = [(first, last - 1) for first, last in pairwise(cuts)]
    return [
        _stayed(fixes[a : b + 1], points[a : b + 1], plane) for a, b in runs if fixes[b].time - fixes[a].time >= LEAST
    ]


def _cuts(fixes: Sequence[Fix], points: np.ndarray) -> Iterator[int]:
    """Where a run of fixes begins that may all be at one place."""
    first, middle = 0, points[0]
    yield 0
    for at in range(1, len(fixes)):
        away = float(np.hypot(*(points[at] - middle)))
        if away > fixes[at].radius_m + REACH or fixes[at].time - fixes[at - 1].time > STILL:
            first, middle = at, points[at]
            yield at
        else:
            middle = middle + (points[at] - middle) / (at - first + 1)


def _stayed(fixes: Sequence[Fix], points: np.ndarray, plane: LocalPlane) -> Stayed:
    """Where all of them together put it; no surer than most of them are."""
    radius = np.array([fix.radius_m for fix in fixes])
    x, y = np.average(points, axis=0, weights=1.0 / np.maximum(radius, 1.0) ** 2)
    latitude, longitude = plane.inverse(x, y)
    return Stayed(fixes[0].time, fixes[-1].time, float(latitude), float(longitude), float(np.median(radius)))
