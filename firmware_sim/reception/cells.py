"""What bracelets report of the cells around them: the one that serves, neighbours, the timing advance.

The network steers by more than strength: a cell that is loaded today serves fewer, and a bracelet stays with its cell
until another is better by ``HYSTERESIS`` (3GPP TS 36.304, section 5.2.4.6). So the serving cell is often neither the
strongest nor the nearest. Whole dB and rounded tables only, as for GNSS: the same seed, the same bits anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.levels import HEARD, SECTORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap

    Numbers = NDArray[np.int32]
    Levels = NDArray[np.int16]

NONE = -1
REPORTED = 3
"""Cells in a report at most: the serving one and neighbours."""
FADING = 2.8
"""dB by which the level of a cell comes and goes."""
LOAD, DAY = 6.0, 86400.0
"""dB by which a cell is less or more wanted than it is strong, drawn anew each so many seconds."""
HYSTERESIS = 8
"""dB."""
FAINTEST = -128
"""Of a neighbour, dBm."""
ADVANCE_STEPS = (78.07, 156.14, 234.21)
"""Metres of a step of timing advance as devices count it: 16 Ts one way (3GPP TS 36.213, section 4.2.3), two, three."""
DETOUR = 30.0
"""Metres by which the path is longer than the distance, on average."""


def loads(draw: np.random.Generator, days: int, towers: TowerMap) -> Levels:
    """By how many dB each cell is wanted more than it is strong, (days, cells)."""
    return np.round(LOAD * draw.standard_normal((days, SECTORS * len(towers.x)))).astype(np.int16)


def hear(
    towers: TowerMap, draw: np.random.Generator, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[Numbers, Levels]:
    """Numbers and dBm of all cells that can be heard at some points, (n, HEARD), in no order."""
    pixel = towers.pixel(x, y)
    fading = np.round(FADING * draw.standard_normal((len(x), HEARD)))
    return towers.cell[pixel], towers.level[pixel] + fading.astype(np.int16)


def serving(cell: Numbers, wanted: Levels, count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of the cells heard serves, (n,): the most wanted, or the last one while none is better by far.

    Args:
        cell: (n, HEARD) of reports by bracelet and time.
        wanted: (n, HEARD) dB, level and load.
        count: how many reports are of each bracelet.
    """
    chosen: NDArray[np.int64] = np.argmax(wanted, axis=1)
    enough = wanted > wanted.max(axis=1, initial=-999)[:, None] - HYSTERESIS
    first, last = np.cumsum(count) - count, np.full(len(count), NONE, np.int32)
    for step in range(int(count.max())):
        here = np.flatnonzero(step < count)
        rows = first[here] + step
        stays = enough[rows] & (cell[rows] == last[here, None])
        chosen[rows] = np.where(stays.any(axis=1), np.argmax(stays, axis=1), chosen[rows])
        last[here] = cell[rows, chosen[rows]]
    return chosen


def listed(cell: Numbers, level: Levels, serving: NDArray[np.int64]) -> tuple[Numbers, Levels]:
    """What a report has of them, (n, REPORTED): the serving cell, then the strongest neighbours, ``NONE`` for faint."""
    rank = level.astype(np.int32)
    rank[np.arange(len(rank)), serving] = 0
    order = np.argsort(-rank, axis=1, kind="stable")[:, :REPORTED]
    strongest = np.take_along_axis(level, order, 1)
    faint = strongest < FAINTEST
    faint[:, 0] = False
    return np.where(faint, NONE, np.take_along_axis(cell, order, 1)).astype(np.int32), strongest


def timing_advance(
    towers: TowerMap, cell: Numbers, x: NDArray[np.float64], y: NDArray[np.float64], step: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Timing advance of cells as measured at points by devices whose steps are so many metres, (n,)."""
    tower = cell // SECTORS
    away = np.sqrt((x - towers.x[tower]) ** 2 + (y - towers.y[tower]) ** 2) + DETOUR
    return (away // step).astype(np.int64)
