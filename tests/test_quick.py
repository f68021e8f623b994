"""What ``make quick`` leaves out exists, and a process that a quick test starts all the same fails it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest
from quick import LEFT_OUT, TESTS, is_left_out, without_processes

NAMES = [name for names in LEFT_OUT.values() for name in names]


def test_what_is_left_out_is_there_once():
    assert [name for name in NAMES if not (TESTS / name).exists()] == []
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("file", "out"),
    [
        ("e2e/test_kill.py", True),
        ("test_documents.py", True),
        ("gateway/engine/test_cuts.py", True),
        ("gateway/engine/test_conditions.py", False),
        ("protocols/test_framing.py", False),
    ],
)
def test_a_folder_stands_for_its_files(file, out):
    assert (TESTS / file).exists()
    assert is_left_out(TESTS / file) is out


def test_a_process_is_refused_while_it_lasts():
    line = [sys.executable, "-c", "pass"]
    with contextmanager(without_processes)(), pytest.raises(AssertionError, match="name this one"):
        subprocess.run(line, check=True)


def test_others_are_not_kept_from_it(pytestconfig):
    if pytestconfig.getoption("--quick"):
        with pytest.raises(AssertionError, match="name this one"):
            subprocess.run([sys.executable, "-c", "pass"], check=True)
    else:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
