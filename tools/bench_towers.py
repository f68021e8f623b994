"""What it costs to look up the cells of a scan: eight cells, of all that are known, and of the few that a county hears.

Medians of several runs; a scan is counted as found once all its cells have their rows.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from gateway.fusion.towers import Places, Towers, area_of, empty, table_of

SCAN = 8
HOT = 2_000
AIMS = {"random": 50_000, "hot": 500_000}


def made(cells: int, seed: int) -> list[np.ndarray]:
    """Names of cells of one country: areas as many as networks have, ids that crowd as theirs do."""
    rng = np.random.default_rng(seed)
    areas = rng.choice(np.arange(1, 60_000), max(1, min(20_000, cells // 100)), replace=False)
    lac = rng.choice(areas, cells)
    mnc = (lac % 4).astype(np.int64)
    stations, sectors = rng.integers(1, 1 << 20, cells), rng.integers(0, 3, cells)
    names = np.unique(np.stack([mnc, lac, (stations << 8) | sectors], axis=1), axis=0)
    return [np.full(len(names), 460), *names.T.copy()]


def towers_of(names: list[np.ndarray], changed: int) -> Towers:
    """A version of them; so many have changed since its base."""
    count = len(names[0])
    places = Places(
        np.full(count, 24.0), np.full(count, 109.0), np.full(count, 500.0, np.float32), np.ones(count, np.int32)
    )
    area = area_of(*names[:3])
    few = Places(*(getattr(places, name)[:changed] for name in Places.__slots__))
    overlay = table_of(area[:changed], names[3][:changed], few) if changed else empty()
    return Towers(table_of(area, names[3], places), overlay)


def measure(towers: Towers, names: list[np.ndarray], hot: int, scans: int, rounds: int) -> float:
    """Scans a second; ``hot``: out of so many cells, 0: out of all."""
    rng, spent = np.random.default_rng(7), []
    pool = rng.integers(0, len(names[0]), hot) if hot else None
    for _ in range(rounds):
        chosen = rng.integers(0, hot or len(names[0]), scans * SCAN)
        heard = [column[chosen if pool is None else pool[chosen]] for column in names]
        began = time.perf_counter()
        found = towers.look_up(*heard)
        spent.append(time.perf_counter() - began)
        assert (found >= 0).all()
    return scans / statistics.median(spent)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, default=5_000_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--changed", type=int, default=100_000, help="cells of the overlay, in its second column")
    chosen = options.parse_args()
    names = made(chosen.cells, 1)
    versions = [towers_of(names, changed) for changed in (0, min(chosen.changed, len(names[0])))]
    print(f"look-up of scans of {SCAN} cells among {len(names[0]):,}; scans/s: base alone, with an overlay, aim")
    for case, hot in (("random", 0), ("hot", HOT)):
        for scans in (1, 64, 4_096, 65_536):
            rates = [measure(each, names, hot, scans, chosen.rounds) for each in versions]
            print(f"{case:>8}, {scans:>6,} scans at once{rates[0]:>14,.0f}{rates[1]:>14,.0f}{AIMS[case]:>12,}")


if __name__ == "__main__":
    main()
