"""Where a belief puts a device: one place and two honest radii."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.constants import AGE, PLACE, R67, R95, ROUNDS, SPEED
from gateway.fusion.scan.shapes import Position
from gateway.fusion.scan.sums import added

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Belief, Floats


def position(belief: Belief, seconds: Floats) -> Position:
    """Where devices are, so many seconds (n,) after their last scans; NaN or below 0 counts as 0.

    Own reports and the database may disagree; the radius then spans both.
    """
    weight = belief.weight
    x, y = added(weight * belief.x), added(weight * belief.y)
    for _ in range(ROUNDS):
        pull = weight / np.maximum(np.sqrt(_squares(belief, x, y)), 0.5 * PLACE)
        nearness = np.maximum(added(pull), 1e-30)
        x, y = added(pull * belief.x) / nearness, added(pull * belief.y) / nearness
    apart = np.nan_to_num((belief.other_x - x) ** 2 + (belief.other_y - y) ** 2)
    since = (SPEED * (belief.age + np.fmax(seconds, 0.0))) ** 2
    spread = np.sqrt(added(weight * _squares(belief, x, y)) + apart + AGE**2 + since)
    known = np.where(added(weight) > 0.0, 1.0, np.nan)
    return Position(x * known, y * known, R67 * spread * known, R95 * spread * known)


def _squares(belief: Belief, x: Floats, y: Floats) -> Floats:
    """Squared distance of each hypothesis from a point."""
    squares: Floats = (belief.x - x[:, None]) ** 2 + (belief.y - y[:, None]) ** 2
    return squares
