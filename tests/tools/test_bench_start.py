"""The benchmarks of a start, a reload and growth: a small county is sound, is started, and its figures are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


def printed(tool: str, *words: str) -> list[str]:
    line = [sys.executable, str(TOOLS / tool), *words]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.torture
def test_a_start_is_measured_as_the_files_are_read_and_recalled():
    head, read, recalled, check, status = printed("bench_start.py", "--people", "20", "--zones", "120", "--rounds", "1")
    assert head.startswith("20 people, 120 zones; kept: 0.")
    for name, said in (("read", read), ("recalled", recalled), ("check", check), ("status", status)):
        assert re.match(rf"{name} +\d+\.\d\d s CPU", said), said


@pytest.mark.torture
def test_growth_is_told_by_exponents_and_drawn(tmp_path):
    picture = tmp_path / "growth.png"
    *rows, last = printed(
        "bench_growth.py", "--sizes", "20", "40", "--entries", "250000", "500000", "--picture", str(picture)
    )
    assert last == str(picture)
    assert picture.stat().st_size > 10_000
    assert len(rows) == 11
    for row in rows:
        assert re.search(r": [\d.e-]+ s   exponents -?\d+\.\d\d$", row), row


@pytest.mark.torture
def test_a_reload_is_measured_from_the_proposal_to_the_barrier():
    head, quiet, row = printed(
        "bench_reload.py", "--people", "20", "--zones", "120", "--rounds", "1", "--bracelets", "5", "--seconds", "1",
        "--changes", "one zone",
    )  # fmt: skip
    assert head.startswith("20 people, 120 zones; ")
    assert re.match(r"quiet: answer p50 \d+\.\d ms, p99 ", quiet)
    assert re.match(r"one zone +proposed +\d+\.\d\d s, confirmed +\d+\.\d\d s, .* sentences; barrier \d+\.\d ms; ", row)
