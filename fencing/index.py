"""Which zones are near which points: a packed tree for the standing zones, an R-tree for those that come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from rtree.index import Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fencing.zones import ZoneTable

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Pairs = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class ZoneIndex:
    """Boxes around the places of a zone table in a packed tree (sort-tile-recursive; Leutenegger et al., ICDE 1997)."""

    tree: shapely.STRtree
    zone: Ints
    """int64 (p,): zone of each place."""
    zones: int

    @classmethod
    def build(cls, table: ZoneTable) -> ZoneIndex:
        """Index all places of a table."""
        zone = np.repeat(np.arange(len(table.count)), table.count)
        return cls(shapely.STRtree(shapely.box(*table.bounds)), zone, len(table.count))

    def candidates(self, x: Floats, y: Floats, reach_m: Floats) -> Pairs:
        """Pairs of point and zone whose boxes come within reach of each other, on either axis.

        Args:
            x: float64 (n,), metres east; NaN is near nothing.
            y: float64 (n,), metres north.
            reach_m: float64 (n,), >= 0.

        Returns:
            ``point_index`` and ``zone_index``, int64 (m,): each pair once, ascending.
        """
        known = np.flatnonzero(~np.isnan(x + y + reach_m))
        x, y, reach_m = x[known], y[known], reach_m[known]
        point, place = self.tree.query(shapely.box(x - reach_m, y - reach_m, x + reach_m, y + reach_m))
        pair = np.unique(known[point] * self.zones + self.zone[place])
        return pair // max(self.zones, 1), pair % max(self.zones, 1)


class MovingIndex:
    """Boxes that come and go: a zone that moves with a protected person, or is edited while running."""

    def __init__(self) -> None:
        self._tree: Any = Index()  # typed in part only
        self._bounds: dict[int, tuple[float, float, float, float]] = {}

    def __len__(self) -> int:
        return len(self._bounds)

    def insert(self, key: int, bounds: tuple[float, float, float, float]) -> None:
        """Place a box (min x, min y, max x, max y; metres) under a key; a box it had before is replaced.

        Raises:
            ValueError: the box is inside out or not finite.
        """
        west, south, east, north = bounds
        if not (np.isfinite(bounds).all() and west <= east and south <= north):
            raise ValueError(f"no box for zone {key}: {bounds}")
        if key in self._bounds:
            self.delete(key)
        self._tree.insert(key, bounds)
        self._bounds[key] = bounds

    def delete(self, key: int) -> None:
        """Take a box away.

        Raises:
            KeyError: there is none under this key.
        """
        self._tree.delete(key, self._bounds.pop(key))

    def query_v(self, x: Floats, y: Floats, reach_m: Floats) -> Pairs:
        """Pairs of point index and key, int64 (m,), ascending; arguments as :meth:`ZoneIndex.candidates`."""
        known = np.flatnonzero(~np.isnan(x + y + reach_m))
        if not len(known) or not self._bounds:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        centre, reach = np.stack([x[known], y[known]], axis=1), reach_m[known, None]
        key, count = self._tree.intersection_v(centre - reach, centre + reach)
        point, key = np.repeat(known, count.astype(np.int64)), key.astype(np.int64)
        order = np.lexsort((key, point))
        return point[order], key[order]
