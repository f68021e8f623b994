"""Reports of some entries leave the history file by file: those of other devices and entries stay, as they were."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.engine import PAST
from gateway.history.days import DayHistory
from gateway.history.files import NEWEST
from gateway.history.reader import HistoryReader

DAY = 86_400.0


def rows(offsets, times, devices) -> np.ndarray:
    made = np.zeros(len(offsets), PAST)
    made["offset"], made["order"], made["received"], made["device"] = offsets, times, times, devices
    return made


@pytest.fixture
def history(tmp_path):
    one = DayHistory(tmp_path)
    for day in range(3):
        first = 10 * day
        one.add(["B0001", "B0002"], rows([first, first + 1, first + 2], [day * DAY + 60.0] * 3, [0, 1, 0]), first)
        one.flush(first + 10)
    one.add(["B0001", "B0002"], rows([30, 31], [3 * DAY] * 2, [0, 1]), 30)
    yield one
    one.close()


def left(history, directory, device) -> tuple[list[int], list[int]]:
    """Offsets as whoever reads the files finds them, and as the engine does."""
    read = HistoryReader(directory).rows([device], -math.inf, math.inf)
    return sorted(read["offset"].tolist()), history.between([device], -math.inf, math.inf, 99)["offset"].tolist()


def test_file_by_file_and_what_is_not_yet_put_down_as_well(history, tmp_path):
    names = history.files_of(["B0001"])
    assert names[0] == NEWEST
    assert len(names) == 3
    gone = np.array([0, 12, 22, 30], np.int64)
    for name in names:
        history.erase_in(name, ["B0001"], gone)
    assert left(history, tmp_path, "B0001") == ([2, 10, 20], [2, 10, 20])
    assert left(history, tmp_path, "B0002") == ([1, 11, 21], [1, 11, 21, 31])
    history.flush(40)
    assert left(history, tmp_path, "B0001")[0] == [2, 10, 20]
    assert left(history, tmp_path, "B0002")[0] == [1, 11, 21, 31]


def test_again_and_of_a_file_that_is_gone_is_no_error(history, tmp_path):
    gone = np.array([0], np.int64)
    for _ in range(2):
        history.erase_in("1970-01-01.history", ["B0001"], gone)
    history.erase_in("1999-01-01.history", ["B0001"], gone)
    assert not (tmp_path / "1999-01-01.history").exists()
    assert left(history, tmp_path, "B0001")[0] == [2, 10, 12, 20, 22]


def test_files_without_the_device_are_not_named(history):
    assert history.files_of(["B0009"]) == [NEWEST]
