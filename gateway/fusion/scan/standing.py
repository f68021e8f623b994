"""What a scan says where nobody has been: a robust middle of where its cells stand, and how far that may be off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import formula
from gateway.fusion.scan.constants import ALONE, CHANCE, DECADE, FALL, FARTHEST, REACH, ROUNDS, SITE, UNKNOWN_BELOW

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Floats, Integers, Learnt

LOG_CHANCE = math.log(CHANCE)


@formula
def find(keys: Integers, wanted: int) -> int:
    """Where a key stands in sorted keys; -1: it does not."""
    first, last = 0, len(keys)
    while first < last:
        middle = (first + last) // 2
        if keys[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first if first < len(keys) and keys[first] == wanted else -1


@formula
def stand(
    cell: Integers, level: Floats, site: tuple[Floats, Floats], learnt: Learnt, at: Integers, towers: Floats
) -> tuple[int, int]:  # fmt: skip
    """Where the cells of a scan stand; the weaker one is beside the strongest, the farther it may be.

    Args:
        cell: of the scan, by slot, as in ``Scans``; so is ``level``.
        level: dBm.
        site: x and y, where a database has the cells, as in ``Sites``.
        learnt: what own reports have taught.
        at: filled with the cells' rows of ``learnt``, -1 where they are unknown.
        towers: (3, slots), filled with x, y (NaN where unknown) and how far from there each may be heard, metres.

    Returns:
        How many cells there are, and how many of them the database has.
    """
    strongest = -math.inf
    for slot in range(len(cell)):
        if cell[slot] >= 0 and math.isfinite(level[slot]):
            strongest = max(strongest, level[slot])
    used, told = 0, 0
    for slot in range(len(cell)):
        at[slot], towers[0, slot], towers[1, slot], towers[2, slot] = -1, math.nan, math.nan, REACH
        if cell[slot] < 0:
            continue
        used += 1
        at[slot] = find(learnt.cell, cell[slot])
        below = strongest - level[slot] if math.isfinite(level[slot]) else UNKNOWN_BELOW
        towers[2, slot] = min(REACH * 10.0 ** (below / DECADE), FARTHEST)
        if math.isfinite(site[0][slot]) and math.isfinite(site[1][slot]):
            towers[0, slot], towers[1, slot], told = site[0][slot], site[1][slot], told + 1
        elif at[slot] >= 0:
            towers[0, slot], towers[1, slot] = np.float64(learnt.cell_x[at[slot]]), np.float64(learnt.cell_y[at[slot]])
    return used, told


@formula
def off(x: float, y: float, towers: Floats, slot: int) -> float:
    """1 + d^2 / s^2 of a place and a slot's cell; 1 where it stands nowhere."""
    if math.isnan(towers[0, slot]):
        return 1.0
    east, north = x - towers[0, slot], y - towers[1, slot]
    return 1.0 + float((east * east + north * north) / (towers[2, slot] * towers[2, slot]))


@formula
def likelihood(x: float, y: float, cell: Integers, towers: Floats) -> float:
    """Logarithm of the database's chance to hear a scan's cells at a place."""
    total, used = 1.0, 0
    for slot in range(len(cell)):
        if cell[slot] >= 0:
            total *= off(x, y, towers, slot)
            used += 1
    return used * LOG_CHANCE - 0.5 * FALL * math.log(total)


@formula
def middle(towers: Floats, told: int) -> tuple[float, float, float]:
    """Robust centre (x, y) of where a scan's cells stand, and its standard deviation; NaN where none is known.

    ``told``: how many of them the database has.
    """
    x, y = median(towers[0], towers[2]), median(towers[1], towers[2])
    total = 0.0
    for _ in range(ROUNDS):
        total, east, north = 0.0, 0.0, 0.0
        for slot in range(towers.shape[1]):
            if not math.isnan(towers[0, slot]):
                tower_x, tower_y, square = towers[0, slot], towers[1, slot], towers[2, slot] * towers[2, slot]
                away = (tower_x - x) * (tower_x - x) + (tower_y - y) * (tower_y - y)
                pull = FALL / (square + away)
                total, east, north = total + pull, east + pull * tower_x, north + pull * tower_y
        if total > 0.0:
            x, y = east / total, north / total
    if total == 0.0:
        return x, y, math.nan
    return x, y, math.sqrt(FALL / total + SITE * SITE + (ALONE * ALONE / told if told else 0.0))


@formula
def median(value: Floats, scale: Floats) -> float:
    """Median weighted by 1 / scale; NaN is left out, and is the answer where there is nothing else."""
    half = 0.0
    for slot in range(len(value)):
        if not math.isnan(value[slot]):
            half += 0.5 / scale[slot]
    found = math.nan
    for slot in range(len(value)):
        below = 0.0
        for other in range(len(value)):
            if value[other] <= value[slot]:
                below += 1.0 / scale[other]
        if below >= half and not value[slot] >= found:
            found = value[slot]
    return found
