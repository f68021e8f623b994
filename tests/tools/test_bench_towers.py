"""The benchmark of towers looks up cells that are there."""

from __future__ import annotations

from tools.bench_towers import made, measure, towers_of


def test_a_measurement_finds_every_cell_it_asks_for():
    names = made(5_000, 1)
    for changed in (0, 100):
        towers = towers_of(names, changed)
        assert len(towers.overlay) == changed
        assert measure(towers, names, 0, 10, 2) > 0.0
        assert measure(towers, names, 50, 10, 2) > 0.0
