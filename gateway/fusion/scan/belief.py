"""Scan after scan: a belief of a few weighted places, a Bayes filter without grid, particles or chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from gateway.fusion.scan.candidates import candidates
from gateway.fusion.scan.constants import FIELD, GRID, HYPOTHESES, LOST, SPEED, START
from gateway.fusion.scan.shapes import Belief

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Candidates, Floats, Learnt, Scans, Sites


def nothing(devices: int) -> Belief:
    """Beliefs before the first scan."""
    x, y, weight = np.zeros((3, devices, HYPOTHESES))
    return Belief(x, y, weight, np.full(devices, np.nan), np.full(devices, np.nan), np.zeros(devices))


def heard(belief: Belief, scans: Scans, sites: Sites, seconds: Floats, learnt: Learnt) -> Belief:
    """Beliefs after each device's next scan; what comes out for one does not depend on the others.

    Args:
        belief: of n devices.
        scans: one of each.
        sites: where a tower database has their cells.
        seconds: (n,) since each device's last scan; NaN or below 0 counts as 0.
        learnt: what own reports have taught.
    """
    return follow(belief, candidates(scans, sites, learnt), seconds)


def follow(belief: Belief, says: Candidates, seconds: Floats) -> Belief:
    """Beliefs after a scan so many seconds after the last; where it says nothing they stay, and grow older."""
    after = Belief(*(np.array(column, order="C") for column in belief))
    after.age[:] += np.fmax(seconds, 0.0)
    believe(after, type(says)(*map(np.ascontiguousarray, says)))
    return after


@Loop
def believe(belief: Belief, says: Candidates) -> None:
    """Change beliefs, whose ages are those at the scan, row by row."""
    score = np.empty(says.score.shape[1])
    for row in range(len(says.score)):
        carry(belief, says, row, score)
        best = score[np.argmax(score)]
        if best == -math.inf:
            continue
        for rank in range(HYPOTHESES):
            top = np.argmax(score)
            belief.x[row, rank], belief.y[row, rank] = says.x[row, top], says.y[row, top]
            belief.weight[row, rank], score[top] = math.exp(score[top] - best), -math.inf
        total = 0.0
        for rank in range(HYPOTHESES):
            total += belief.weight[row, rank]
        for rank in range(HYPOTHESES):
            belief.weight[row, rank] /= total
        belief.other_x[row], belief.other_y[row], belief.age[row] = says.other_x[row], says.other_y[row], 0.0


@formula
def carry(belief: Belief, says: Candidates, row: int, score: Floats) -> None:
    """Fill ``score`` with that of each candidate times the density of the device there before its scan is weighed.

    Learnt places are fingerprints, which scan after scan confirms. The database's error stays the same for half a
    minute and more: repeated it would seem sure of itself. So the grid as a whole is carried on, not its shape.
    """
    scale = START + SPEED * belief.age[row]
    grid = 0.0
    for one in range(len(score)):
        score[one] = says.score[row, one]
        if score[one] != -math.inf:
            density = LOST / FIELD + (1.0 - LOST) * arrived(belief, row, says.x[row, one], says.y[row, one], scale)
            if one < GRID:
                grid += density / GRID
            else:
                score[one] += math.log(density)
    for one in range(GRID):
        if score[one] != -math.inf:
            score[one] += math.log(grid)


@formula
def arrived(belief: Belief, row: int, x: float, y: float, scale: float) -> float:
    """Density at a place, a square metre, of a device that has gone on from where it was believed to be."""
    total = 0.0
    for one in range(HYPOTHESES):
        if belief.weight[row, one] > 0.0:
            east, north = x - belief.x[row, one], y - belief.y[row, one]
            total += belief.weight[row, one] * math.exp(-math.sqrt(east * east + north * north) / scale)
    return total / (2.0 * math.pi * scale * scale)
