"""Whether alarms that say 98 % are right 98 times of 100."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score.figures import Bin, Calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from firmware_sim.score.matching import Judgement

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
"""Bins of the stated probability: narrow near 1, where alarms are raised."""


def calibration(judgements: Sequence[Judgement]) -> Calibration:
    """Stated probability of zone alarms against whether their condition held."""
    pairs = [(one.alarm.probability, float(one.held)) for one in judgements]
    table = np.array(pairs, dtype=np.float64).reshape(len(pairs), 2)
    table = table[~np.isnan(table[:, 0])]
    brier = float(np.mean((table[:, 0] - table[:, 1]) ** 2)) if len(table) else None
    bins = tuple(_bin(table, least, below) for least, below in pairwise(EDGES))
    return Calibration(len(table), len(judgements) - len(table), brier, bins)


def _bin(table: NDArray[np.float64], least: float, below: float) -> Bin:
    top = np.inf if below == EDGES[-1] else below
    members = table[(table[:, 0] >= least) & (table[:, 0] < top)]
    if not len(members):
        return Bin(least, below, 0, None, None)
    stated, true = members.mean(axis=0)
    return Bin(least, below, len(members), float(stated), float(true))
