"""Which places lie within a circle: an R-tree of their boxes, for single questions; runs of fixes need none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rtree.index import Index

from fencing.errors import GeometryFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fencing.zones import ZoneTable

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Near(NamedTuple):
    """A place within a circle: its zone, its number within the zone, and how far off it is; 0: the middle lies in it.

    In metres; of several places the nearest comes first, of equally near ones that of the first zone.
    """

    distance_m: float
    zone: int
    place: int


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """The places of some zones of a table: loaded once, then only asked, by one thread at a time."""

    table: ZoneTable
    place: Ints
    """int64 (n,): index in the table of each place in the tree."""
    tree: Any
    """Typed in part only."""
    turn: Lock
    """The library keeps its buffers by tree."""

    @classmethod
    def build(cls, table: ZoneTable, zones: Sequence[int]) -> PlaceIndex:
        """Index all places of some zones.

        Raises:
            GeometryFault: a box is inside out or not finite.
        """
        place = np.flatnonzero(np.isin(table.zone_of, np.array(zones, np.int64)))
        return cls(table, place, load(table.bounds[:, place]), Lock())

    def within(self, x: float, y: float, radius_m: float) -> list[Near]:
        """Places that a circle (metres of the plane) touches; none where it is not known."""
        if not (math.isfinite(x + y + radius_m) and radius_m >= 0.0 and len(self.place)):
            return []
        with self.turn:
            found = sorted(self.tree.intersection((x - radius_m, y - radius_m, x + radius_m, y + radius_m)))
        place = self.place[np.array(found, np.int64)]
        rows = np.full((2, len(place)), [[x], [y]])
        # A little further than is asked for, so that what lies beyond the circle is told from what lies on it.
        away = -self.table.place_distance(place, rows[0], rows[1], np.full(len(place), 2.0 * radius_m + 1.0))
        zone = self.table.zone_of[place]
        columns = (np.maximum(away, 0.0).tolist(), zone.tolist(), (place - self.table.first[zone]).tolist())
        return sorted(Near(*each) for each in zip(*columns, strict=True) if each[0] <= radius_m)


def load(bounds: Floats) -> Any:  # noqa: ANN401  as the tree above
    """A tree of boxes (4, n): min x, min y, max x, max y, numbered from 0.

    Raises:
        GeometryFault: a box is inside out or not finite; the library's bulk load would take it and find nothing there.
    """
    west, south, east, north = bounds
    sound = np.isfinite(bounds).all(axis=0) & (west <= east) & (south <= north)
    if not sound.all():
        wrong = int(np.argmin(sound))
        raise GeometryFault(f"place {wrong}", f"no box: {tuple(bounds[:, wrong].tolist())}")
    # Nothing at all is refused by the library.
    if not bounds.shape[1]:
        return Index()
    corners = np.ascontiguousarray(bounds.T)
    return Index((np.arange(len(corners)), np.ascontiguousarray(corners[:, :2]), np.ascontiguousarray(corners[:, 2:])))
