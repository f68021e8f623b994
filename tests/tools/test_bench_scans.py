"""The benchmark of scans gives each of them a place."""

from __future__ import annotations

import pytest

from tools.bench_scans import CELLS, measure, town


@pytest.mark.torture
def test_a_measurement_places_every_scan():
    learnt, scans, sites = town(300)
    assert len(learnt.cell) <= CELLS
    for batch in (1, 300):
        assert measure(learnt, scans, sites, batch, 2) > 0.0
