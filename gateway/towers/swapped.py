"""Rows whose latitude and longitude are swapped though both are possible: most of a file shows where its countries lie.

Of China bounds alone tell it (:mod:`gateway.towers.rows`); of a country in whose degrees both orders are places on the
earth they do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST: Final = 20
"""Rows of a country below which nothing is said of where it lies."""
LEAST_MARGIN: Final = 5.0
"""Degrees around the middle half of a country's cells that are its own as well; or twice the width of that half."""
SAMPLE: Final = 50_000
"""Rows that are looked at, evenly over the file."""
_PLACE: Final = np.dtype([("mcc", np.int64), ("latitude", np.float64), ("longitude", np.float64)])


def bounds(rows: Iterable[tuple[int, float, float]]) -> Iterator[tuple[int, float, float, float, float]]:
    """Where countries lie: MCC, least and greatest latitude and longitude in degrees.

    Args:
        rows: MCC, latitude and longitude of cells; fewer than a quarter of a country's may be swapped.
    """
    found = np.fromiter(rows, _PLACE)
    for mcc in np.unique(found["mcc"]).tolist():
        mine = found[found["mcc"] == mcc]
        places = np.stack((mine["latitude"], mine["longitude"]), axis=1)
        if len(places) >= LEAST:
            low, high = np.quantile(places, (0.25, 0.75), axis=0)
            margin = np.maximum(LEAST_MARGIN, 2.0 * (high - low))
            (south, west), (north, east) = (low - margin).tolist(), (high + margin).tolist()
            yield mcc, south, north, west, east
