"""Real drives, each placed by what the others teach: the aims, with room for the machine's last bits alone."""

from __future__ import annotations

import numpy as np
import pytest

from tools.accuracy.cells import PLANES, How, doha, left_out, ottawa, step_of, towers


def columns(answers, name):
    return np.concatenate([getattr(each, name) for each in answers])


def folder_of(shared, name):
    folder = shared / "data" / name
    if not folder.is_dir():
        pytest.skip(f"NOT COMPARED with real cells: {folder} is absent")
    return folder


def covered(answers, radius):
    return (columns(answers, "error") < columns(answers, radius)).mean()


def test_serving_cells_with_timing_advance_place_a_phone_within_a_street(shared):
    drives = ottawa(folder_of(shared, "cells_ottawa"))
    answers = left_out(drives, towers(), PLANES["cells_ottawa"], How())
    p50, p90 = np.percentile(columns(answers, "error"), [50, 90])
    assert len(columns(answers, "error")) == 1745
    assert p50 <= 60.0
    assert p90 <= 195.0
    assert 0.64 <= covered(answers, "r67") <= 0.71
    assert 0.93 <= covered(answers, "r95") <= 0.97
    assert np.median(columns(answers, "r95")) <= 4.0 * p50


def test_what_three_wearers_share_places_as_well(shared):
    drives = ottawa(folder_of(shared, "cells_ottawa"))
    answers = left_out(drives, towers(), PLANES["cells_ottawa"], How(shared=True))
    assert len(columns(answers, "error")) > 1500
    assert np.percentile(columns(answers, "error"), 50) <= 60.0


def test_a_step_of_that_phone_is_not_the_standards(shared):
    assert step_of(ottawa(folder_of(shared, "cells_ottawa"))) == 156.14


def test_all_cells_heard_and_a_database_place_a_phone_within_two_hundred_metres(shared):
    folder = folder_of(shared, "cells_doha")
    answers = left_out(doha(folder), towers(folder / "cells.csv"), PLANES["cells_doha"], How())
    p50, p90 = np.percentile(columns(answers, "error"), [50, 90])
    assert len(columns(answers, "error")) == 757
    assert p50 <= 205.0
    assert p90 <= 610.0
    assert 0.64 <= covered(answers, "r67") <= 0.70
    assert 0.93 <= covered(answers, "r95") <= 0.97
    assert np.median(columns(answers, "r95")) <= 4.0 * p50


@pytest.mark.parametrize("loudest", [8, 4, 2, 1])
def test_of_few_cells_the_place_is_worse_and_its_radius_says_so(shared, loudest):
    folder = folder_of(shared, "cells_doha")
    answers = left_out(doha(folder), towers(folder / "cells.csv"), PLANES["cells_doha"], How(loudest=loudest))
    assert 0.62 <= covered(answers, "r67") <= 0.71
    assert 0.89 <= covered(answers, "r95") <= 0.97
    assert np.median(columns(answers, "r95")) <= 4.0 * np.median(columns(answers, "error"))
