"""A table of a county's cells as volunteers make it: the columns of OpenCelliD and MLS, and their errors.

    radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal

WGS-84 degrees, metres, UTC epoch seconds. A place is the middle of where somebody happened to hear the cell, most often
on one drive, so it lies where people are and not where the tower is; ``range`` is 0 without samples and else 1,000 m at
least, and no radius. Some cells are missing, a few stand elsewhere by now. Shares as in an extract of a city
(tests/firmware_sim/reception).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.levels import PIXEL, SECTORS
from firmware_sim.county.towers import MCC, MNC
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap

COLUMNS = (
    "radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created", "updated",
    "averageSignal",
)  # fmt: skip
MISSING, MOVED = 0.1, 0.02
"""Shares of the cells that nobody has entered, and whose towers have gone to another place since."""
SAMPLES, SPREAD = 1.4, 2.6
"""Of the logarithm of how many samples there are of a cell: middle and deviation."""
STRONGEST = 3
"""Cells of a place that who passes by enters."""
A_DRIVE, DRIVES = 12, 12
"""Samples that one drive past a cell leaves, and drives that count at most."""
LEAST_RANGE = 1000
OLDEST = 5 * 365 * 86400
"""Seconds within which before the scenario an entry was made."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is entered. Arrays (n,): number of the cell, metres of its place, metres of ``range``, samples."""

    cell: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    range: NDArray[np.int64]
    samples: NDArray[np.int64]


def survey(seed: int, towers: TowerMap) -> Survey:
    """Of the cells that are among the strongest anywhere on the map."""
    draw = np.random.default_rng([seed, 103])
    strong = towers.cell[:, :STRONGEST].ravel()
    count = np.bincount(strong, minlength=SECTORS * len(towers.x))
    pixels = np.argsort(strong, kind="stable") // STRONGEST
    cell = np.flatnonzero((count > 0) & (draw.uniform(size=len(count)) >= MISSING))
    samples = np.round(np.exp(SAMPLES + SPREAD * draw.standard_normal(len(cell))), 6).astype(np.int64)
    chosen = (np.cumsum(count) - count)[cell, None] + (draw.uniform(size=(len(cell), DRIVES)) * count[cell, None])
    pixel, within = pixels[chosen.astype(np.int64)], draw.uniform(0.0, PIXEL, (2, len(cell), DRIVES))
    east = towers.west + pixel % towers.columns * PIXEL + within[0]
    north = towers.south + pixel // towers.columns * PIXEL + within[1]
    counted = np.arange(DRIVES) <= samples[:, None] // A_DRIVE
    x, y = ((axis * counted).sum(axis=1) / counted.sum(axis=1) for axis in (east, north))
    away = np.sqrt((east - x[:, None]) ** 2 + (north - y[:, None]) ** 2) * counted
    reach = np.where(samples, np.maximum(np.round(away.max(axis=1)), LEAST_RANGE), 0).astype(np.int64)
    at = np.where(draw.uniform(size=len(cell)) < MOVED, draw.permutation(len(cell)), np.arange(len(cell)))
    return Survey(cell, x[at], y[at], reach, samples)


def rows(seed: int, towers: TowerMap, epoch: float) -> Iterator[tuple[object, ...]]:
    """The table's rows, the names of its columns first; what is entered is older than ``epoch``."""
    yield COLUMNS
    entered, draw = survey(seed, towers), np.random.default_rng([seed, 104])
    area, identity = towers.identity(entered.cell.astype(np.int32))
    latitude = np.round(ORIGIN[0] + entered.y / METRES_PER_DEGREE_NORTH, 6)
    longitude = np.round(ORIGIN[1] + entered.x / METRES_PER_DEGREE_EAST, 6)
    times = int(epoch) - np.sort(draw.integers(0, OLDEST, (2, len(area))), axis=0)
    for place in zip(
        area.tolist(), identity.tolist(), longitude.tolist(), latitude.tolist(), entered.range.tolist(),
        entered.samples.tolist(), times[1].tolist(), times[0].tolist(), strict=True,
    ):  # fmt: skip
        yield ("LTE", MCC, MNC, *place[:2], 0, *place[2:6], 1, *place[6:], 0)
