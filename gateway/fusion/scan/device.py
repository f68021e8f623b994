"""What differs from device to device: how loud it hears cells, and what it calls a step of timing advance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.constants import COMPARED, PLACE, STEPS, TELLING, WRONG
from gateway.fusion.scan.sightings import sightings

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Floats, Integers, Learnt, Scans


def loudness(x: Floats, y: Floats, scans: Scans, learnt: Learnt) -> float:
    """By how many dB a device hears cells louder than those a version was learnt from; 0 where too little tells.

    Args:
        x: (n,) metres, where each of its scans was made.
        y: as ``x``.
        scans: what it heard.
        learnt: what others heard.
    """
    seen = sightings(scans, learnt)
    place = learnt.place[seen.entry]
    near = (learnt.x[place] - x[seen.scan]) ** 2 + (learnt.y[place] - y[seen.scan]) ** 2 <= PLACE**2
    excess = scans.level[seen.scan, seen.slot][near] - learnt.level[seen.entry][near]
    excess = excess[np.isfinite(excess)]
    return float(np.median(excess)) if len(excess) >= TELLING else 0.0


def advance_step(x: Floats, y: Floats, sigma: Floats, cell: Integers, steps: Floats) -> float:
    """Metres of one device's step of timing advance: the smallest of STEPS under which its places can be.

    Two places of a cell lie no farther apart than both their distances from it together. Of the newest COMPARED.

    Args:
        x: (n,) metres, oldest first.
        y: as ``x``.
        sigma: standard deviation of those, metres.
        cell: the serving cell.
        steps: its timing advance as the device states it; NaN where it states none.
    """
    return _smallest(*_pairs(x, y, sigma, cell, steps))


def told_step(x: Floats, y: Floats, sigma: Floats, cell: Integers, steps: Floats) -> float:
    """As :func:`advance_step`; NaN where too few places tell it from half of it: who stays near shows nothing."""
    apart, rounds = _pairs(x, y, sigma, cell, steps)
    step = _smallest(apart, rounds)
    return step if np.count_nonzero(apart > 0.5 * step * rounds) >= TELLING else float("nan")


def _pairs(x: Floats, y: Floats, sigma: Floats, cell: Integers, steps: Floats) -> tuple[Floats, Floats]:
    """Metres by which places of one cell are apart at least, and the most steps that lie between them."""
    told = np.flatnonzero(np.isfinite(steps + x + y + sigma))[-COMPARED:]
    one, other = (told[side] for side in np.triu_indices(len(told), 1))
    same = cell[one] == cell[other]
    one, other = one[same], other[same]
    apart = np.sqrt((x[one] - x[other]) ** 2 + (y[one] - y[other]) ** 2) - 2.0 * (sigma[one] + sigma[other])
    return apart, steps[one] + steps[other] + 2.0


def _smallest(apart: Floats, rounds: Floats) -> float:
    impossible = [np.count_nonzero(apart > step * rounds) for step in STEPS]
    return next((step for step, count in zip(STEPS, impossible, strict=True) if count <= WRONG * len(apart)), STEPS[-1])
