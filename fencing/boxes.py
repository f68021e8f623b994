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
        return cls(*stacked(bounds[:, place].T, place, np.full(len(place), -1), zone_of[place], len(has_tree)))


def stacked(
    sides: Floats, begin: Ints, end: Ints, owner: Ints, owners: int
) -> tuple[Floats, Ints, Ints, Ints]:  # fmt: skip
    """Trees of eights, one an owner, over nodes (n,) that are sorted by owner and lie near their neighbours.

    Returns:
        ``sides``, ``begin``, ``end`` of all nodes, first those that were given, as they were, then those above,
        whose ``begin`` and ``end`` are the nodes below; ``root`` int64 (owners,), -1: without one.
    """
    levels, begins, ends, below = [sides], [begin], [end], 0
    while (owner[1:] == owner[:-1]).any():
        starts = eights(owner, FAN)
        begins.append(below + starts)
        ends.append(below + np.append(starts[1:], len(owner)))
        last, below = levels[-1], below + len(owner)
        lower, upper = np.minimum.reduceat(last[:, :2], starts), np.maximum.reduceat(last[:, 2:], starts)
        levels.append(np.hstack([lower, upper]))
        owner = owner[starts]
    root = np.full(owners, -1)
    root[owner] = below + np.arange(len(owner))
    return np.ascontiguousarray(np.vstack(levels)), np.concatenate(begins), np.concatenate(ends), root


def eights(owner: Ints, size: int) -> Ints:
    """Where groups of ``size`` of one owner begin, of rows that are sorted by owner."""
    first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))[: len(owner)]
    rank = np.arange(len(owner)) - np.repeat(first, np.diff(np.append(first, len(owner))))
    return np.flatnonzero(rank % size == 0)


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
