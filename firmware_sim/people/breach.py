"""What of a life is a breach: spans in which the true place is on the wrong side of one boundary, each second of them.

No pause is left out. Who is back on the right side is in no breach, however shortly: a breach that counted its pauses
could consist of them. A way past two barred buildings is two breaches, for each is forbidden by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from firmware_sim.agreed import STRIP_M
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.stage import Stage
    from firmware_sim.people.track import Track

    Depth = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
    """Signed metres into the breach of points: above 0 is a breach."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A true breach of a rule: ``inclusion_exit``, ``exclusion_enter`` or ``curfew``; greatest depth in metres.

    ``zone``: as the rule names it. ``place``: the one thing whose boundary it is, a barred building of many.
    """

    kind: str
    zone: str
    place: str
    span: Span
    depth: float


@dataclass(frozen=True, slots=True)
class Barred:
    """The barred buildings with their buffers, by name, and a tree of them."""

    names: tuple[str, ...]
    tree: shapely.STRtree

    @classmethod
    def of(cls, stage: Stage) -> Barred:
        """Prepared once for all lives."""
        cafes = stage.stock.cafes
        grown = [cafe.outline().buffer(stage.cafe_buffer) for cafe in cafes]
        return cls(tuple(cafe.place.name for cafe in cafes), shapely.STRtree(grown))

    def met(self, track: Track) -> Iterator[tuple[str, Depth]]:
        """Those that the way leads through, each with the depth in it alone."""
        way = shapely.LineString(np.column_stack([track.x, track.y]))
        for number in np.sort(self.tree.query(way, "intersects")).tolist():
            yield self.names[number], _inside(self.tree.geometries[number])


def outside_county(stage: Stage) -> Depth:
    """Depth beyond the county's border."""
    border = stage.plan.border
    shapely.prepare(border)
    return lambda x, y: _signed(border, x, y) * -1.0


def border_strip(border: shapely.Polygon) -> shapely.Polygon:
    """Along the border, STRIP_M inside it."""
    outer, inner = (border.buffer(-metres).simplify(1.0) for metres in STRIP_M)
    return shapely.Polygon(outer.exterior, [inner.exterior])


def inside_strip(strip: shapely.Polygon) -> Depth:
    """Depth in the strip."""
    return _inside(strip)


def inside_cafes(stage: Stage) -> Depth:
    """Depth in the barred buildings as one zone, their buffers included, as a naive system takes them."""
    return _inside(shapely.union_all([cafe.outline().buffer(stage.cafe_buffer) for cafe in stage.stock.cafes]))


def away_from(x0: float, y0: float, radius: float) -> Depth:
    """Depth beyond a circle."""
    return lambda x, y: np.sqrt((x - x0) ** 2 + (y - y0) ** 2) - radius


def _inside(zone: shapely.Geometry) -> Depth:
    shapely.prepare(zone)
    return lambda x, y: _signed(zone, x, y)


def _signed(zone: shapely.Geometry, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres to the boundary, above 0 inside."""
    distance = shapely.distance(zone.boundary, shapely.points(x, y))
    signed: NDArray[np.float64] = np.where(shapely.contains_xy(zone, x, y), distance, -distance)
    return signed


def breaches(  # noqa: PLR0913  the rule, and when it binds
    track: Track, depth: Depth, kind: str, zone: str, windows: Sequence[Span], grace: float = 0.0, *,
    place: str = "", cuts: Sequence[float] = (),
) -> list[Breach]:  # fmt: skip
    """Breaches within windows, to the second, in time order. One that ends within ``grace`` of a window is none.

    Args:
        track: where the person truly is.
        depth: signed metres into the breach.
        kind: of the rule.
        zone: as the rule names it.
        windows: when the rule binds; one that is over before it begins has no breach.
        grace: seconds.
        place: whose boundary it is; the zone's, where that is one thing.
        cuts: moments at which one breach ends and another begins: the edges of a leave.
    """
    moments, into = _looked_at(track, depth)
    found = []
    for window in (one for one in windows if one.start < one.until):
        inside = (moments > window.start) & (moments < window.until)
        edges = np.array([window.start, *(cut for cut in cuts if cut in window), window.until])
        at, chosen = np.unique(np.concatenate([edges, moments[inside]]), return_index=True)
        deep = np.concatenate([depth(*track.at(edges)), into[inside]])[chosen]
        for start, until, deepest in _stretches(at, deep, cuts):
            if until > max(window.start + grace, start):
                found.append(Breach(kind, zone, place or zone, Span(start, until), deepest))
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


def _stretches(
    at: NDArray[np.float64], deep: NDArray[np.float64], cuts: Sequence[float]
) -> Iterator[tuple[float, float, float]]:
    """(onset, end, greatest depth) of the stretches with depth above 0. The last moment ends what goes on."""
    breach = deep > 0.0
    edges = np.flatnonzero((breach[1:] != breach[:-1]) | np.isin(at[1:], cuts)) + 1
    for first, end in pairwise([0, *edges.tolist(), len(at)]):
        if breach[first]:
            yield float(at[first]), float(at[min(end, len(at) - 1)]), float(deep[first:end].max())


def whole(stage: Stage) -> list[Span]:
    """The scenario as one window."""
    return [Span(stage.calendar.epoch, stage.calendar.until)]


def nights_of(stage: Stage, span: Span) -> list[Span]:
    """Curfew windows that lie within a wearer's span and the scenario, cut to both."""
    first, last = max(span.start, stage.calendar.epoch), min(span.until, stage.calendar.until)
    cut = [Span(max(night.start, first), min(night.until, last)) for night in stage.nights()]
    return [night for night in cut if night.until - night.start > 1.0 and math.isfinite(night.start)]
