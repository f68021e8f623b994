"""What of a life is a breach: spans in which the true place is on the wrong side of a rule's boundary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.stage import Stage
    from firmware_sim.people.track import Track

    Depth = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
    """Signed metres into the breach of points: above 0 is a breach."""

PAUSE = 600.0
"""Seconds: a breach with a longer true pause is two."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A true breach of a rule: ``inclusion_exit``, ``exclusion_enter`` or ``curfew``; greatest depth in metres."""

    kind: str
    zone: str
    span: Span
    depth: float


def outside_county(stage: Stage) -> Depth:
    """Depth beyond the county's border."""
    border = stage.plan.border
    shapely.prepare(border)
    return lambda x, y: _signed(border, x, y) * -1.0


def inside_cafes(stage: Stage) -> Depth:
    """Depth in the nearest barred building, its buffer included."""
    zones = shapely.union_all([cafe.outline().buffer(stage.cafe_buffer) for cafe in stage.stock.cafes])
    shapely.prepare(zones)
    return lambda x, y: _signed(zones, x, y)


def away_from(x0: float, y0: float, radius: float) -> Depth:
    """Depth beyond a circle."""
    return lambda x, y: np.sqrt((x - x0) ** 2 + (y - y0) ** 2) - radius


def _signed(zone: shapely.Geometry, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres to the boundary, above 0 inside."""
    distance = shapely.distance(zone.boundary, shapely.points(x, y))
    signed: NDArray[np.float64] = np.where(shapely.contains_xy(zone, x, y), distance, -distance)
    return signed


def breaches(
    track: Track, depth: Depth, kind: str, zone: str, windows: Sequence[Span], grace: float = 0.0
) -> list[Breach]:
    """Breaches within windows, to the second, in time order. One that ends within ``grace`` of a window is none."""
    moments, into = _looked_at(track, depth)
    found = []
    for window in windows:
        inside = (moments > window.start) & (moments < window.until)
        edges = np.array([window.start, window.until])
        at = np.concatenate([edges[:1], moments[inside], edges[1:]])
        ends = depth(*track.at(edges))
        deep = np.concatenate([ends[:1], into[inside], ends[1:]])
        for start, until, deepest in _stretches(at, deep):
            if until > window.start + grace:
                found.append(Breach(kind, zone, Span(start, until), deepest))
    return found


def _looked_at(track: Track, depth: Depth) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every corner, and every second of the legs that come near the boundary; with the depth there."""
    at_corners = depth(track.x, track.y)
    nearest = np.minimum(np.abs(at_corners[:-1]), np.abs(at_corners[1:]))
    length = np.sqrt(np.diff(track.x) ** 2 + np.diff(track.y) ** 2)
    legs = np.flatnonzero((length > 0.0) & (nearest <= length))
    pieces = [np.arange(track.time[leg] + 1.0, track.time[leg + 1]) for leg in legs.tolist()]
    moments = np.unique(np.concatenate([track.time, *pieces]))
    return moments, depth(*track.at(moments))


def _stretches(at: NDArray[np.float64], deep: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """(onset, end, greatest depth) of the stretches with depth above 0, short pauses left out."""
    breach = np.concatenate([[False], deep > 0.0, [False]])
    starts, ends = np.flatnonzero(breach[1:] & ~breach[:-1]), np.flatnonzero(breach[:-1] & ~breach[1:])
    found: list[tuple[float, float, float]] = []
    for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
        onset, until = float(at[first]), float(at[min(end, len(at) - 1)])
        deepest = float(deep[first:end].max())
        if found and onset - found[-1][1] <= PAUSE:
            onset, deepest = found[-1][0], max(found[-1][2], deepest)
            found.pop()
        found.append((onset, until, deepest))
    return found


def whole(stage: Stage) -> list[Span]:
    """The scenario as one window."""
    return [Span(stage.calendar.epoch, stage.calendar.until)]


def nights_of(stage: Stage, span: Span) -> list[Span]:
    """Curfew windows that lie within a wearer's span and the scenario, cut to both."""
    first, last = max(span.start, stage.calendar.epoch), min(span.until, stage.calendar.until)
    cut = [Span(max(night.start, first), min(night.until, last)) for night in stage.nights()]
    return [night for night in cut if night.until - night.start > 1.0 and math.isfinite(night.start)]
