"""What it costs to make a place of what a device heard: scans of eight cells in a town that many have reported from.

Medians of several runs of learnt version, tower sites and beliefs together, as each device's next scan would be taken.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from gateway.fusion.scan.belief import heard, nothing
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.position import position
from gateway.fusion.scan.shapes import Learnt, Scans, Sites

CELLS, SLOTS, SIDE = 200, 8, 5_000.0
"""Cells of the town, those of a scan, and metres of its side."""
BATCHES = (1, 64, 4_096)


def town(reports: int, seed: int = 1) -> tuple[Learnt, Scans, Sites]:
    """A version, and as many scans with the sites of their cells."""
    rng = np.random.default_rng(seed)
    cx, cy = rng.uniform(0.0, SIDE, (2, CELLS))
    x, y = rng.uniform(0.0, SIDE, (2, reports))
    away = np.hypot(x[:, None] - cx, y[:, None] - cy)
    level = -60.0 - 35.0 * np.log10(np.maximum(away, 10.0) / 100.0) + rng.normal(0.0, 4.0, away.shape)
    cell = np.argsort(-level, axis=1)[:, :SLOTS]
    scans = Scans(cell, np.take_along_axis(level, cell, 1), np.full(cell.shape, np.nan))
    return learn(x, y, scans), scans, Sites(cx[cell], cy[cell])


def measure(learnt: Learnt, scans: Scans, sites: Sites, batch: int, rounds: int) -> float:
    """Scans a second, in batches of so many."""
    rows, seconds = slice(0, batch), np.full(batch, 60.0)
    belief = heard(nothing(batch), scans.rows(rows), sites.rows(rows), seconds, learnt)
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        place = position(heard(belief, scans.rows(rows), sites.rows(rows), seconds, learnt), seconds)
        took.append(time.perf_counter() - begun)
        assert np.isfinite(place.x).all()
    return batch / statistics.median(took)


def main() -> None:
    """Print a line a size of batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args()
    learnt, scans, sites = town(wanted.reports)
    for batch in BATCHES:
        print(f"{batch:6d} at once: {measure(learnt, scans, sites, batch, wanted.rounds):10,.0f} scans/s")


if __name__ == "__main__":
    main()
