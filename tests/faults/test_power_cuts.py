"""Ended at any write, sync or rename, with the power or without: nothing acknowledged is lost, each alarm is once.

The real daemon lives; `file_layer.c` writes down what it does to its files and what it has told bracelets and officers.
Before any of these points the disk is then what an exit, or a power cut, would have left, and the next life starts on
that. Threads take turns as they like, so that a seed is another history each time: a failing one names its ends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PATIENCE = 7200.0
SOUND, LYING = 14, 6
"""Histories that are lived on a disk that does what it says, and on one that does not."""


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    """The shared object that is preloaded."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("NOT SHOWN HERE: no C compiler for the layer that records writes and syncs (apt-get install gcc)")
    made = tmp_path_factory.mktemp("layer") / "file_layer.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, HERE / "file_layer.c", "-ldl"], check=True)
    return made


def lived(layer, directory, *arguments):
    """The histories that `histories.py` tells of."""
    ways = [HERE, HERE.parent / "e2e", HERE.parents[1]]
    surroundings = os.environ | {"LD_PRELOAD": str(layer), "PYTHONPATH": os.pathsep.join(map(str, ways))}
    told = subprocess.run(
        [sys.executable, HERE / "histories.py", directory, *map(str, arguments)], env=surroundings, check=False,
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def wrong(histories):
    return [one for one in histories if one["wrong"]]


def test_whatever_the_end_what_was_acknowledged_is_there_and_each_alarm_once(layer, tmp_path):
    """The last are lived on a disk that keeps nothing of the journal, which must be seen."""
    histories = lived(layer, tmp_path, 2, 0, SOUND + LYING, "--lying", ".journal-wal", "--lying-from", SOUND)
    assert wrong(histories[:SOUND]) == []
    assert wrong(histories[SOUND:])
    ends = Counter(end for one in histories for end, _, _ in one["ends"])
    assert ends.keys() == {"exit", "half", "lost", "torn"}
    assert sum(one["answered"] for one in histories[:SOUND]) > SOUND * 10


@pytest.mark.torture
def test_a_thousand_histories(layer, tmp_path):
    assert wrong(histories := lived(layer, tmp_path, 40, 0, 1200)) == []
    assert len(histories) == 1200


@pytest.mark.torture
def test_every_point_of_a_script(layer, tmp_path):
    """Each write, sync, rename, removal and new file of one life is where the first end comes."""
    histories = lived(layer, tmp_path, 1, 0, 1800, "--every")
    assert wrong(histories) == []
    assert len({one["ends"][0][2] for one in histories}) > 1200
