"""The engine's benchmark: its cases answer in a child, and a ratio above one is better whichever way a figure goes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIZES = {"wearers": 60, "fixes": 10, "frames": 20}


@pytest.fixture(scope="module")
def bench():
    """Scripts stand beside each other and are no package."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("bench_engine")
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def child(bench, tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    (folder / "few").mkdir()
    bench.write_county(folder / "few", 60, 17_900)
    child = bench.Child(ROOT, folder, 60)
    yield child
    child.end()


def test_a_child_answers_case_after_case(child):
    """The cases that need no recorded capture; the others run the commands that other tests run."""
    found = {case: child.measure(case) for case in ("one", "slice_of_few", "fused", "bytes")}
    assert min(found.values()) > 0.0
    assert 50 < found["bytes"] < 50_000


def test_a_case_that_fails_ends_the_run(child):
    with pytest.raises(SystemExit, match="the case fixes ended its process with 1"):
        child.measure("fixes")


@pytest.mark.parametrize(
    ("case", "runs", "says"),
    [
        ("one", [[10.0, 40.0], [10.0, 20.0], [20.0, 60.0]], "10            40      3.00  us"),
        ("fixes", [[300.0, 100.0], [200.0, 100.0], [100.0, 100.0]], "200           100      2.00  rows/s"),
        ("bytes", [[2000.0], [2000.0]], "2,000  bytes a device"),
    ],
)
def test_a_ratio_above_one_is_better_whichever_way_the_figure_goes(bench, case, runs, says):
    assert bench.line(case, runs, SIZES).endswith(says)
