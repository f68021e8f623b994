"""Where a belief puts a device: one place and two honest radii."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop
from gateway.fusion.scan.constants import AGE, HYPOTHESES, PLACE, R67, R95, ROUNDS, SPEED
from gateway.fusion.scan.shapes import Belief, Position

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Floats


def position(belief: Belief, seconds: Floats) -> Position:
    """Where devices are, so many seconds (n,) after their last scans; NaN or below 0 counts as 0.

    Own reports and the database may disagree; the radius then spans both.
    """
    found = Position(*(np.full(len(belief.age), np.nan) for _ in Position._fields))
    settle(Belief(*map(np.ascontiguousarray, belief)), belief.age + np.fmax(seconds, 0.0), found)
    return found


@Loop
def settle(belief: Belief, since: Floats, found: Position) -> None:
    """Fill ``found``, row by row: the geometric median (Weiszfeld), and radii from what lies about it."""
    for row in range(len(since)):
        if not belief.weight[row, 0] > 0.0:
            continue
        x, y, spread = belief.x[row, 0], belief.y[row, 0], 0.0
        for turn in range(ROUNDS + 2):
            total, east, north, spread = 0.0, 0.0, 0.0, 0.0
            for one in range(HYPOTHESES):
                dx, dy, weight = belief.x[row, one] - x, belief.y[row, one] - y, belief.weight[row, one]
                square = dx * dx + dy * dy
                spread += weight * square
                pull = weight / max(math.sqrt(square), 0.5 * PLACE) if turn else weight
                total, east, north = total + pull, east + pull * belief.x[row, one], north + pull * belief.y[row, one]
            if turn <= ROUNDS:
                x, y = east / total, north / total
        if not math.isnan(belief.other_x[row]):
            dx, dy = belief.other_x[row] - x, belief.other_y[row] - y
            spread += dx * dx + dy * dy
        ran = SPEED * since[row]
        spread = math.sqrt(spread + AGE * AGE + ran * ran)
        found.x[row], found.y[row], found.r67[row], found.r95[row] = x, y, R67 * spread, R95 * spread
