"""How far from its outline one is at least, by squares of a drawn place: most fixes of a wide area need no geometry.

A square is looked at when somebody is first found in it. What is remembered is a bound that holds for all of the
square, so that nothing that is worked out depends on what was remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ACROSS: Final = 32
"""Squares a side."""
LEAST: Final = 1000.0
"""Metres along its shorter side from which on a place has squares."""
SURE: Final = 1e-3
"""Metres taken off each bound: far more than arithmetic loses."""
NEAR: Final = 1e-300
"""Stands for a square that was looked at and gives no bound."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """Squares of drawn places.

    Attributes:
        first: int64 (p,), where the squares of each place begin; -1: it has none.
        bound: float64, by square: metres that its points lie inside the place (negative: outside) at least; 0: nobody
            has looked.
    """

    first: Ints
    bound: Floats

    @classmethod
    def build(cls, bounds: Floats, drawn: NDArray[np.bool_]) -> Clearance:
        """Of places (bounds float64 (4, p)), the drawn ones (bool (p,)) that are wide enough."""
        wide = drawn & (np.minimum(bounds[2] - bounds[0], bounds[3] - bounds[1]) >= LEAST)
        first = np.where(wide, (np.cumsum(wide) - 1) * ACROSS * ACROSS, -1)
        # Zeros take no memory before somebody writes into them.
        return cls(first, np.zeros(int(wide.sum()) * ACROSS * ACROSS))

    def look(
        self, place: Ints, square: Ints, bounds: Floats, area: NDArray[np.object_], edge: NDArray[np.object_]
    ) -> None:
        """Work out the bounds of squares (int64 (n,) both, the square as :func:`square_of` numbers it)."""
        square, index = np.unique(square, return_index=True)
        place = place[index]
        west, south, east, north = bounds[:, place]
        row, column = np.divmod(square - self.first[place], ACROSS)
        wide, high = (east - west) / ACROSS, (north - south) / ACROSS
        x, y = west + (column + 0.5) * wide, south + (row + 0.5) * high
        bound = shapely.distance(edge[place], shapely.points(x, y)) - 0.5 * np.hypot(wide, high) - SURE
        inside = shapely.contains_xy(area[place], x, y)
        self.bound[square] = np.where(bound > 0.0, np.where(inside, bound, -bound), NEAR)


@formula
def square_of(first: int, west: float, south: float, east: float, north: float, x: float, y: float) -> int:  # noqa: PLR0913, PLR0917  a box and a point
    """The square of a place in which a point lies; -1 outside of all, or where the place has none."""
    if first < 0 or not (west <= x <= east and south <= y <= north):
        return -1
    column = min(int((x - west) / (east - west) * ACROSS), ACROSS - 1)
    row = min(int((y - south) / (north - south) * ACROSS), ACROSS - 1)
    return first + row * ACROSS + column
