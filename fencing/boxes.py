"""Which places of a zone a box meets: packed trees of eights, one a zone, asked from within compiled loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FAN: Final = 8
"""Nodes below a node."""
DEEPEST: Final = 24
"""Levels; eight to the power of that are more places than there can be."""
STACK: Final = FAN * DEEPEST
_STEPS: Final = 1 << 16
_SPREAD: Final = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))


@dataclass(frozen=True, slots=True)
class Boxes:
    """Nodes of all trees; the first ones are places.

    Attributes:
        sides: float64 (m, 4), min x, min y, max x, max y of each node.
        begin, end: int64 (m,), the nodes below; of a place ``begin`` is its number and ``end`` -1.
        root: int64 (z,), by zone; -1: it has no tree.
    """

    sides: Floats
    begin: Ints
    end: Ints
    root: Ints

    @classmethod
    def build(cls, bounds: Floats, zone_of: Ints, has_tree: NDArray[np.bool_]) -> Boxes:
        """Trees over places (bounds float64 (4, p), zone int64 (p,)) of the zones (bool (z,)) that are to have one."""
        place = np.flatnonzero(has_tree[zone_of])
        place = place[np.lexsort((_along_a_curve(bounds[:, place]), zone_of[place]))]
        sides, zone = [bounds[:, place].T], zone_of[place]
        begin, end = [place], [np.full(len(place), -1)]
        below = 0
        while (zone[1:] == zone[:-1]).any() or (below == 0 and len(zone)):
            starts = _starts(zone)
            begin.append(below + starts)
            end.append(below + np.append(starts[1:], len(zone)))
            last, below = sides[-1], below + len(zone)
            lower, upper = np.minimum.reduceat(last[:, :2], starts), np.maximum.reduceat(last[:, 2:], starts)
            sides.append(np.hstack([lower, upper]))
            zone = zone[starts]
        root = np.full(len(has_tree), -1)
        root[zone] = below + np.arange(len(zone))
        return cls(np.ascontiguousarray(np.vstack(sides)), np.concatenate(begin), np.concatenate(end), root)


def _starts(zone: Ints) -> Ints:
    """Where eights of one zone begin, of nodes that are sorted by zone."""
    first = np.flatnonzero(np.append(True, zone[1:] != zone[:-1]))
    rank = np.arange(len(zone)) - np.repeat(first, np.diff(np.append(first, len(zone))))
    return np.flatnonzero(rank % FAN == 0)


def _along_a_curve(bounds: Floats) -> Ints:
    """A number for each box: near ones have near numbers (Morton 1966: bits of both axes of its middle by turns)."""
    numbers = np.zeros(bounds.shape[1], np.int64)
    for axis in range(2):
        middle = 0.5 * (bounds[axis] + bounds[axis + 2])
        width = np.ptp(middle) if len(middle) else 0.0
        bits = ((middle - middle.min(initial=np.inf)) * ((_STEPS - 1) / (width or 1.0))).astype(np.int64)
        for shift, mask in _SPREAD:
            bits = (bits | bits << shift) & mask
        numbers |= bits << axis
    return numbers


@formula
def meeting(  # noqa: PLR0913, PLR0917  a tree and a box
    sides: Floats, begin: Ints, end: Ints, root: int, west: float, south: float, east: float, north: float,
    stack: Ints, found: Ints,
) -> int:  # fmt: skip
    """Places whose boxes meet a box, ascending, into ``found``; how many, or -1 where it is too short.

    ``stack``: int64 (STACK,), to work with.
    """
    count, top = 0, 1
    stack[0] = root
    while top > 0:
        top -= 1
        node = stack[top]
        # Written so that a box without numbers meets none.
        if not (
            sides[node, 0] <= east and sides[node, 2] >= west and sides[node, 1] <= north and sides[node, 3] >= south
        ):
            continue
        if end[node] >= 0:
            for below in range(begin[node], end[node]):
                stack[top] = below
                top += 1
        else:
            if count == len(found):
                return -1
            at = count
            while at > 0 and found[at - 1] > begin[node]:
                found[at] = found[at - 1]
                at -= 1
            found[at] = begin[node]
            count += 1
    return count
