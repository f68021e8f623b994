"""What scans, versions, beliefs and positions are made of: columns. Metres are those of the county's plane.

They are tuples, because compiled loops take these whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Singles = NDArray[np.float32]


class Scans(NamedTuple):
    """What was heard, a row a scan, a cell (or access point) at most once a row.

    Attributes:
        cell: (n, slots) int64, the cell's key (:mod:`names`); -1 in an empty slot.
        level: (n, slots) dBm, or any scale of 1 dB steps; NaN where unknown.
        advance: (n, slots) metres: the timing advance times the device's own step; NaN where unknown.
    """

    cell: Integers
    level: Floats
    advance: Floats

    def rows(self, which: Flags | Integers | slice) -> Scans:
        """Some of the scans."""
        return Scans(self.cell[which], self.level[which], self.advance[which])


class Sites(NamedTuple):
    """Where a tower database has the cells of each slot: (n, slots) metres; NaN where it has none."""

    x: Floats
    y: Floats

    def rows(self, which: Flags | slice) -> Sites:
        """Those of some of the scans."""
        return Sites(self.x[which], self.y[which])


class Learnt(NamedTuple):
    """Where cells were heard: a version that never changes. Counts are smoothed.

    Attributes:
        x, y, visits: (places,) mean of the reports at a place, and how many.
        cell: (cells,) int64 sorted keys; those of cell i have the entries ``first[i]`` to ``first[i + 1] - 1``.
        cell_x, cell_y: (cells,) the middle of where each was heard; stands in for the database where that has none.
        first: (cells + 1,).
        place, hits: (entries,) a place, and how many reports heard the cell there.
        level, level_variance: of those reports.
        advance, advance_variance, advances: of those that stated one, and how many did.
    """

    x: Singles
    y: Singles
    visits: Singles
    cell: Integers
    cell_x: Singles
    cell_y: Singles
    first: NDArray[np.int32]
    place: NDArray[np.int32]
    hits: Singles
    level: Singles
    level_variance: Singles
    advance: Singles
    advance_variance: Singles
    advances: Singles


class Candidates(NamedTuple):
    """Places where scans may have been made, (n, GRID + CANDIDATES): first around the database's answer, then learnt.

    Attributes:
        x, y: metres.
        score: logarithm of likelihood times prior, not normalised; -inf for no place. A row of them: nobody knows.
        other_x, other_y: (n,) the database's answer; NaN where it has none.
    """

    x: Floats
    y: Floats
    score: Floats
    other_x: Floats
    other_y: Floats


class Belief(NamedTuple):
    """What is believed of n devices.

    Attributes:
        x, y, weight: (n, HYPOTHESES); the weights of a row sum to one, or to zero where nothing is known.
        other_x, other_y: (n,) the database's own answer to the last scan; NaN where it had none.
        age: (n,) seconds from the last scan that said something to the last one at all.
    """

    x: Floats
    y: Floats
    weight: Floats
    other_x: Floats
    other_y: Floats
    age: Floats

    def rows(self, which: Flags | slice) -> Belief:
        """Those of some of the devices."""
        return Belief(*(column[which] for column in self))


class Position(NamedTuple):
    """Where each device is: geometric median of its belief, and radii that hold 67 and 95 in 100; NaN where unknown."""

    x: Floats
    y: Floats
    r67: Floats
    r95: Floats
