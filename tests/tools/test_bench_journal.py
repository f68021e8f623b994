"""The journal's benchmark writes and reads both formats of rows."""

from __future__ import annotations

import pytest

from tools.bench_journal import FRAME, measure


@pytest.mark.parametrize(("size", "connections"), [(1, 1), (4096, 7)])
def test_a_line_has_every_figure(size, connections):
    figures = measure(size, connections, rounds=1).split()
    assert figures[:2] == [str(size), str(connections)]
    assert len(figures) == 12
    assert all(float(figure) >= 0.0 for figure in figures[2:4] + figures[6:8])
    assert min(map(float, figures[10:])) > FRAME
