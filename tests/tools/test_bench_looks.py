"""The benchmark of looks: a small county's figures are printed, and what it makes up is a track like any other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.mark.torture
def test_it_prints_its_figures():
    line = [sys.executable, str(TOOLS / "bench_looks.py"), "--people", "6", "--days", "4", "--rounds", "2"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    history, day, places = done.stdout.splitlines()
    assert history.startswith("history of 6 people and 4 days: ")
    for said in (day, places):
        assert re.search(r": \d+\.\d ms, \d+\.\d ms of a processor$", said), said
