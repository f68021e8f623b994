"""Outlines of drawn places as compiled loops read them: runs of edges under packed trees, one tree a place.

An outline of thousands of corners costs little more than a short one: a tree of eights leads to the few runs that may
be nearest, and to those that a line eastwards from the point may cross.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from fencing.boxes import eights, stacked
from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Trees = tuple[Floats, Floats, Ints, Ints, Ints, Ints]
    """Of :class:`Outlines`: corners, sides, begin, end, chain, root."""

RUN: Final = 8
"""Edges of a leaf."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rings of all drawn places, holes as well as hulls, and the trees over them.

    Attributes:
        corners: float64 (c, 2), plane metres, ring behind ring, each closed.
        sides: float64 (m, 4), min x, min y, max x, max y of each node; the first nodes are runs of edges.
        begin, end: int64 (m,): of a run its first corner, and minus the number of its edges; else the nodes below.
        chain: int64 (m, 2): where all edges of a node hang together, its first and last corner; else -1.
        root: int64 (p,), by place; -1: it is not drawn.
    """

    corners: Floats
    sides: Floats
    begin: Ints
    end: Ints
    chain: Ints
    root: Ints

    @classmethod
    def build(cls, area: NDArray[np.object_]) -> Outlines:
        """Of places (p,): valid (multi)polygons, or None."""
        parts, place = shapely.get_parts(area, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        # The last corner of a ring repeats the first and begins no edge.
        starts = np.flatnonzero(np.append(ring[1:] == ring[:-1], False)) if len(ring) else np.empty(0, np.int64)
        first = starts[eights(ring[starts], RUN)]
        edges = np.diff(np.searchsorted(starts, np.append(first, len(corners))))
        owner = place[part[ring[first]]].astype(np.int64)
        sides, begin, end, root = stacked(_sides(corners, first, edges), first, -edges, owner, len(area))
        chain = _chains(first, first + edges, ring[first], begin, end)
        return cls(np.ascontiguousarray(corners), sides, begin, end, chain, root)

    @property
    def trees(self) -> Trees:
        """As compiled loops take them."""
        return self.corners, self.sides, self.begin, self.end, self.chain, self.root


def _sides(corners: Floats, first: Ints, edges: Ints) -> Floats:
    """Boxes of runs that have so many edges from their first corners on."""
    if not len(first):
        return np.empty((0, 4))
    # Runs lie apart where a ring ends, and share a corner else: each is cut out with its last one.
    spans = np.column_stack([first, first + edges + 1]).ravel()
    padded = np.vstack([corners, corners[-1:]])
    lower = np.minimum.reduceat(padded, spans, axis=0)[::2]
    upper = np.maximum.reduceat(padded, spans, axis=0)[::2]
    return np.hstack([lower, upper])


def _chains(first: Ints, last: Ints, ring: Ints, begin: Ints, end: Ints) -> Ints:
    """First and last corner of nodes all of whose runs (first, last corner and ring of each) are of one ring."""
    lowest, highest = (np.arange(len(begin)) for _ in range(2))
    while (above := lowest >= len(first)).any():
        lowest[above] = begin[lowest[above]]
    while (above := highest >= len(first)).any():
        highest[above] = end[highest[above]] - 1
    chain = np.column_stack([first[lowest], last[highest]])
    chain[ring[lowest] != ring[highest]] = -1
    return chain


@formula
def to_outline(trees: Trees, place: int, x: float, y: float, reach: float, stack: Ints) -> float:
    """Signed distance of a point to the outline of a drawn place, positive inside, clamped to +-reach."""
    size = math.sqrt(nearest(trees, place, x, y, reach * reach, stack))
    return min(size, reach) if is_inside(trees, place, x, y, stack) else -min(size, reach)


@formula
def nearest(trees: Trees, place: int, x: float, y: float, most: float, stack: Ints) -> float:
    """Square of the distance to the nearest edge of a place, or ``most`` where none is nearer.

    ``stack``: int64 (boxes.STACK,), to work with.
    """
    corners, sides, begin, end, _, root = trees
    best, top = most, 1
    stack[0] = root[place]
    while top > 0:
        top -= 1
        node = stack[top]
        if to_box(sides[node], x, y) >= best:
            continue
        if end[node] >= 0:
            top = push(sides, begin[node], end[node], x, y, stack, top)
        else:
            for at in range(begin[node], begin[node] - end[node]):
                one, other = corners[at], corners[at + 1]
                best = min(best, to_edge(one[0] - x, one[1] - y, other[0] - x, other[1] - y))
    return best


@formula
def push(sides: Floats, begin: int, end: int, x: float, y: float, stack: Ints, top: int) -> int:  # noqa: PLR0913, PLR0917  nodes and a point
    """Put nodes on the stack, the nearest uppermost, so that what is far is soon ruled out; how many lie there then."""
    first = top
    for below in range(begin, end):
        away, at = to_box(sides[below], x, y), top
        while at > first and to_box(sides[stack[at - 1]], x, y) < away:
            stack[at] = stack[at - 1]
            at -= 1
        stack[at] = below
        top += 1
    return top


@formula
def to_box(side: Floats, x: float, y: float) -> float:
    """Square of the distance of a point to a box; 0 within."""
    dx = max(side[0] - x, x - side[2], 0.0)
    dy = max(side[1] - y, y - side[3], 0.0)
    return float(dx * dx + dy * dy)


@formula
def to_edge(ax: float, ay: float, bx: float, by: float) -> float:
    """Square of the distance from the origin to the line between two points."""
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = -(ax * dx + ay * dy)
    if along <= 0.0 or length == 0.0:
        return ax * ax + ay * ay
    if along >= length:
        return bx * bx + by * by
    across = ax * by - ay * bx
    return across * across / length


@formula
def is_inside(trees: Trees, place: int, x: float, y: float, stack: Ints) -> bool:
    """Whether a point lies in a drawn place: a line eastwards crosses its edges an odd number of times.

    Of a valid (multi)polygon with holes (OGC simple features); Shimrat 1962, Algorithm 112, with edges half open.
    """
    corners, sides, begin, end, chain, root = trees
    odd, top = False, 1
    stack[0] = root[place]
    while top > 0:
        top -= 1
        node = stack[top]
        if y < sides[node, 1] or y > sides[node, 3] or x > sides[node, 2]:
            continue
        if x < sides[node, 0] and chain[node, 0] >= 0:
            # Wherever it goes between, a chain that lies wholly east is crossed as often as its ends say.
            odd ^= (corners[chain[node, 0], 1] > y) != (corners[chain[node, 1], 1] > y)
        elif end[node] >= 0:
            for below in range(begin[node], end[node]):
                stack[top] = below
                top += 1
        else:
            for at in range(begin[node], begin[node] - end[node]):
                one, other = corners[at], corners[at + 1]
                if crosses(one[0] - x, one[1] - y, other[0] - x, other[1] - y):
                    odd = not odd
    return odd


@formula
def crosses(ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether the line between two points crosses the axis eastwards from the origin; its lower end belongs to it."""
    if (ay > 0.0) == (by > 0.0):
        return False
    across = ax * by - ay * bx
    return across > 0.0 if by > ay else across < 0.0
