"""Whatever call of a part the disk refuses: it is said, done again it is done, and nothing is lost, doubled or torn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from failing import Failing
from failing_library import library

HERE = Path(__file__).parent
LEAST = {
    "JournalRow": 4, "JournalDay": 14, "JournalStart": 7, "Outcomes": 10, "StateStart": 7, "Saved": 8, "Accounts": 7,
    "OneFile": 6, "AlarmFile": 4, "Overlay": 3, "Told": 3, "Taken": 5,
}  # fmt: skip
"""Points at least, of both kinds of fault together: else the calls are not met any more."""


def swept(directory: Path, *words: str) -> list[dict]:
    failing = Failing(directory / "page")
    rooms = [str(HERE), *(str(HERE.parent / room) for room in ("gateway", "gateway/history"))]
    environment = failing.environment(library(directory)) | {"PYTHONPATH": os.pathsep.join(rooms)}
    line = [sys.executable, HERE / "failing_parts.py", directory, *words]
    done = subprocess.run(line, env=environment, stdout=subprocess.PIPE, check=True, cwd=HERE.parents[1])
    return [json.loads(each) for each in done.stdout.splitlines()]


@pytest.mark.parametrize("words", [(), pytest.param(("all",), marks=pytest.mark.torture)])
def test_each_call_of_each_part_may_fail(tmp_path, words):
    found = swept(tmp_path, *words)
    assert {f"{each['part']}, {each['fault']}": each["wrong"] for each in found if each["wrong"]} == {}
    met = {name: sum(each["points"] for each in found if each["part"] == name) for name in LEAST}
    assert {name: points for name, points in met.items() if points < LEAST[name]} == {}
