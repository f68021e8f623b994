"""What one scan says: a few places where it may have been made, and how likely.

The chance of hearing cell c at level L at place x is taken as

    P(c, L | x) = (hits_c(x) N(L; mean_c(x), variance_c(x)) + PSEUDO prior_c(L | x)) / (visits(x) + PSEUDO)

``hits`` and ``visits`` count own reports around x, ``prior`` is a heavy-tailed kernel around where the cell stands
(:mod:`standing`). Where nobody has been only the database speaks, where many have been only they do; PSEUDO reports say
when. An access point is a cell like any other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from gateway.fusion.scan.constants import (
    ADVANCE_SPREAD,
    CANDIDATES,
    CERTAIN,
    CHANCE,
    FAMILIAR,
    GRID,
    GRID_X,
    GRID_Y,
    MENTIONED,
    PLACE,
    PSEUDO,
    STEP,
    TOGETHER,
    TRODDEN,
    UNKNOWN_BELOW,
    UNTOLD,
)
from gateway.fusion.scan.shapes import Candidates, Scans, Sites
from gateway.fusion.scan.standing import likelihood, middle, off, stand

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Floats, Integers, Learnt


def candidates(scans: Scans, sites: Sites, learnt: Learnt) -> Candidates:
    """Where each scan alone may have been made, and how likely; no place at all where all of its cells are unknown."""
    rows, width = len(scans.cell), GRID + CANDIDATES
    found = Candidates(
        np.zeros((rows, width)), np.zeros((rows, width)), np.full((rows, width), -np.inf), np.full(rows, np.nan),
        np.full(rows, np.nan),
    )  # fmt: skip
    cell, level, advance = np.ascontiguousarray(scans.cell), *map(np.ascontiguousarray, scans[1:])
    consider(Scans(cell, level, advance), Sites(*map(np.ascontiguousarray, sites)), learnt, found)
    return found


@Loop
def consider(scans: Scans, sites: Sites, learnt: Learnt, found: Candidates) -> None:
    """Fill ``found``, row by row."""
    slots = scans.cell.shape[1]
    at, towers, best = np.empty(slots, np.int64), np.empty((3, slots)), np.empty((3, CANDIDATES))
    for row in range(len(scans.cell)):
        site = sites.x[row], sites.y[row]
        used, told = stand(scans.cell[row], scans.level[row], site, learnt, at, towers)
        worth = TOGETHER / max(float(used), TOGETHER)
        x, y, spread = middle(towers, told)
        if told:
            found.other_x[row], found.other_y[row] = x, y
        if not math.isnan(spread):
            area = STEP * spread / PLACE
            unvisited = worth * likelihood(x, y, scans.cell[row], towers) + math.log(TRODDEN * area * area)
            for point in range(GRID):
                found.x[row, point], found.y[row, point] = x + spread * GRID_X[point], y + spread * GRID_Y[point]
                square = GRID_X[point] * GRID_X[point] + GRID_Y[point] * GRID_Y[point]
                found.score[row, point] = unvisited - 0.5 * square
        for rank in range(explain(scans.level[row], scans.advance[row], learnt, (at, towers, float(used)), best)):
            place = int(best[0, rank])
            px, py, visited = (
                np.float64(learnt.x[place]),
                np.float64(learnt.y[place]),
                math.log(np.float64(learnt.visits[place]) / PSEUDO + 1.0),
            )
            heard = likelihood(px, py, scans.cell[row], towers) + best[1, rank] - used * visited
            found.x[row, GRID + rank], found.y[row, GRID + rank] = px, py
            found.score[row, GRID + rank] = worth * heard + FAMILIAR * visited


@formula
def explain(
    level: Floats, advance: Floats, learnt: Learnt, stood: tuple[Integers, Floats, float], best: Floats
) -> int:  # fmt: skip
    """The learnt places that explain a scan best: fills ``best`` with place, gain and rank's measure; returns how many.

    The entries of each cell are in the order of their places, and are gone through side by side.
    """
    at, towers, used = stood
    entry = np.empty(len(at), np.int64)
    for slot in range(len(at)):
        entry[slot] = learnt.first[at[slot]] if at[slot] >= 0 else 0
    count = 0
    while True:
        place = len(learnt.x)
        for slot in range(len(at)):
            if at[slot] >= 0 and entry[slot] < learnt.first[at[slot] + 1]:
                place = min(place, learnt.place[entry[slot]])
        if place == len(learnt.x):
            return count
        total, x, y = 1.0, np.float64(learnt.x[place]), np.float64(learnt.y[place])
        for slot in range(len(at)):
            if at[slot] >= 0 and entry[slot] < learnt.first[at[slot] + 1] and learnt.place[entry[slot]] == place:
                total *= ratio(entry[slot], level[slot], advance[slot], learnt, off(x, y, towers, slot))
                entry[slot] += 1
        gain = math.log(total)
        count = keep(best, count, float(place), gain, gain - used * math.log(np.float64(learnt.visits[place]) + PSEUDO))


@formula
def keep(best: Floats, count: int, place: float, total: float, measure: float) -> int:
    """Put a place where it belongs among the best; of equals the first stands first. Returns how many there are."""
    rank = count
    while rank > 0 and measure > best[2, rank - 1]:
        rank -= 1
    if rank == best.shape[1]:
        return count
    count = min(count + 1, best.shape[1])
    for later in range(count - 1, rank, -1):
        best[0, later], best[1, later], best[2, later] = best[0, later - 1], best[1, later - 1], best[2, later - 1]
    best[0, rank], best[1, rank], best[2, rank] = place, total, measure
    return count


@formula
def ratio(entry: int, level: float, advance: float, learnt: Learnt, wide: float) -> float:
    """1 + hits * likelihood / (PSEUDO * prior): by how much own reports of a cell outweigh the database.

    ``wide`` is that cell's :func:`off`; the prior is CHANCE times its power of -3/2.
    """
    misfit, density = -2.0 * UNTOLD, 1.0 / UNKNOWN_BELOW
    if math.isfinite(advance) and np.float64(learnt.advances[entry]) >= MENTIONED:
        away = advance - np.float64(learnt.advance[entry])
        misfit = away * away / np.float64(learnt.advance_variance[entry])
        density *= ADVANCE_SPREAD / math.sqrt(np.float64(learnt.advance_variance[entry]))
    if math.isfinite(level):
        louder, variance = level - np.float64(learnt.level[entry]), np.float64(learnt.level_variance[entry])
        misfit += louder * louder / variance
        density *= UNKNOWN_BELOW / math.sqrt(2.0 * math.pi * variance)
    favour = np.float64(learnt.hits[entry]) * density * wide * math.sqrt(wide) / (PSEUDO * CHANCE)
    return 1.0 + min(float(favour * math.exp(-0.5 * misfit)), CERTAIN)
