"""Scan after scan: a belief of a few weighted places, a Bayes filter without grid, particles or chance."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.candidates import candidates
from gateway.fusion.scan.constants import FIELD, GRID, HYPOTHESES, LOST, SLICE, SPEED, START
from gateway.fusion.scan.shapes import Belief
from gateway.fusion.scan.sums import added

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
    parts = []
    for first in range(0, len(scans.cell), SLICE):
        rows = slice(first, first + SLICE)
        says = candidates(scans.rows(rows), sites.rows(rows), learnt)
        parts.append(follow(belief.rows(rows), says, seconds[rows]))
    if not parts:
        return belief
    return Belief(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(belief)))


def follow(belief: Belief, says: Candidates, seconds: Floats) -> Belief:
    """Beliefs after a scan so many seconds after the last; where it says nothing they stay, and grow older."""
    elapsed = belief.age + np.fmax(seconds, 0.0)
    score = says.score + np.log(_arrived(belief, says, elapsed))
    best = score.max(axis=1, keepdims=True)
    speaks = np.isfinite(best)
    weight = np.exp(score - np.where(speaks, best, np.inf))
    top = np.argsort(-weight, axis=1, kind="stable")[:, :HYPOTHESES]
    x, y, weight = (np.take_along_axis(values, top, 1) for values in (says.x, says.y, weight))
    weight = weight / np.maximum(added(weight)[:, None], 1e-30)
    now = x, y, weight, says.other_x[:, None], says.other_y[:, None]
    before = belief.x, belief.y, belief.weight, belief.other_x[:, None], belief.other_y[:, None]
    x, y, weight, other_x, other_y = (np.where(speaks, new, old) for new, old in zip(now, before, strict=True))
    return Belief(x, y, weight, other_x[:, 0], other_y[:, 0], np.where(speaks[:, 0], 0.0, elapsed))


def _arrived(belief: Belief, says: Candidates, elapsed: Floats) -> Floats:
    """Density of the device at each candidate before its scan is weighed.

    Learnt places are fingerprints, which scan after scan confirms. The database's error stays the same for half a
    minute and more: repeated it would seem sure of itself. So the grid as a whole is carried on, not its shape.
    """
    scale = (START + SPEED * elapsed)[:, None]
    density = np.zeros(says.x.shape)
    for one in range(HYPOTHESES):
        x, y, weight = (values[:, one, None] for values in (belief.x, belief.y, belief.weight))
        away = np.sqrt((says.x - x) ** 2 + (says.y - y) ** 2)
        density += weight * np.exp(-away / scale)
    density = (1.0 - LOST) * density / (2.0 * np.pi * scale**2) + LOST / FIELD
    density[:, :GRID] = (added(density[:, :GRID]) / GRID)[:, None]
    return density
