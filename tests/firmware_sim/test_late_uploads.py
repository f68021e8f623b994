"""No breach is lost because its reports came late: whole scenarios, by the order in which bracelets upload."""

import json
from functools import cache

import pytest
from whole_way import scored, told

from firmware_sim.firmware.uploads import Upload
from firmware_sim.scenario.reading import find
from firmware_sim.score.rules import LEAST_BREACH, LEAST_USABLE

SIZES = {"dead_cells": ("--devices", "8", "--days", "4"), "small_memory": ("--devices", "15", "--days", "5")}
SEED = ("--seed", "2")
CLEAR = 150.0
"""Metres of true depth from which a breach must be found if its reports came."""


UPLOADS = [
    pytest.param(upload, marks=() if upload is Upload.NEWEST_FIRST else pytest.mark.torture) for upload in Upload
]
"""In the order that is farthest from time always; in the others at length."""


@pytest.fixture(scope="module")
def told_with(tmp_path_factory):
    """Counted breaches of a scenario under an upload, as the truth tells them, each with whether it was found."""

    @cache
    def tell(name, upload):
        folder = tmp_path_factory.mktemp(upload)
        told(folder, name, *SIZES[name], *SEED, "--upload", upload)
        return list(breaches(folder))

    return tell


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """What is found where everything comes in time. What ends shortly before the scenario does may be told after it."""
    folder = tmp_path_factory.mktemp("timely")
    scenario = folder / "timely.yaml"
    text, _ = find("dead_cells").read_text("utf-8").split("nuisances:")
    scenario.write_text(text, encoding="utf-8")
    told(folder, str(scenario), *SIZES["dead_cells"], *SEED)
    end = json.loads((folder / "truth.jsonl").read_text("utf-8").splitlines()[0])["until"] - 12 * 3600.0
    return {key(row) for row, is_found in breaches(folder) if is_found and row["until"] < end}


def breaches(folder):
    missed = set(scored(folder)["columns"][0]["breaches"]["missed_lines"])
    lines = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    for number, row in enumerate(lines, 1):
        if row["record"] == "breach" and not row["excused"] and row["until"] - row["onset"] > LEAST_BREACH:
            yield row, number not in missed


def key(row):
    return row["person"], row["kind"], row["place"], row["onset"]


@pytest.mark.parametrize("upload", UPLOADS)
@pytest.mark.parametrize("name", sorted(SIZES))
def test_every_clear_breach_whose_reports_came_in_the_end_is_found(told_with, name, upload):
    clear = [(row, is_found) for row, is_found in told_with(name, upload) if row["depth_m"] >= CLEAR]
    came = [(row, is_found) for row, is_found in clear if row["arrived_s"] >= LEAST_USABLE]
    assert [row for row, _ in came if row["usable_s"] < LEAST_USABLE], "some came late alone"
    assert [row for row, is_found in came if not is_found] == []


@pytest.mark.parametrize("upload", UPLOADS)
def test_whatever_is_found_of_reports_in_time_is_found_of_the_same_reports_late(told_with, known, upload):
    """The shallow ones, too."""
    assert len(known) > 5
    assert known <= {key(row) for row, is_found in told_with("dead_cells", upload) if is_found}
