"""Which learnt places hold the cells of a scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.sums import found, ranges

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Integers, Learnt, Scans


@dataclass(frozen=True, slots=True)
class Sightings:
    """A row for each learnt place of each cell heard: the scan, the slot, and the entry of ``Learnt``."""

    scan: Integers
    slot: Integers
    entry: Integers


def sightings(scans: Scans, learnt: Learnt) -> Sightings:
    """Every learnt place of every cell heard, by scan and slot."""
    at, there = found(learnt.cell, scans.cell)
    scan, slot = np.nonzero(there)
    first, until = learnt.first[at[there]].astype(np.int64), learnt.first[at[there] + 1].astype(np.int64)
    return Sightings(np.repeat(scan, until - first), np.repeat(slot, until - first), ranges(first, until))
