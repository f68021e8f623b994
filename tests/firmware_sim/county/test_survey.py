"""The table of a county's cells that volunteers would have made."""

import csv

import numpy as np
import pytest

from firmware_sim.county import survey
from firmware_sim.county.levels import SECTORS
from firmware_sim.county.plan import build_plan
from firmware_sim.county.towers import MCC, MNC, build_towers
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN
from gateway.towers.importing import Watch, import_files

SEED, EPOCH = 3, 1_790_000_000.0


@pytest.fixture(scope="module")
def towers():
    return build_towers(SEED, build_plan(SEED, 4))


@pytest.fixture(scope="module")
def table(towers):
    names, *rows = survey.rows(SEED, towers, EPOCH)
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def entered(towers):
    return survey.survey(SEED, towers)


def test_rows_have_the_columns_of_opencellid(table):
    names = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
    assert ",".join(table[0]) == names
    assert {(row["radio"], row["mcc"], row["net"]) for row in table} == {("LTE", MCC, MNC)}
    assert all(0 < row["created"] <= row["updated"] < EPOCH for row in table)


def test_rows_name_the_cells_as_bracelets_do(table, towers, entered):
    area, identity = towers.identity(entered.cell.astype(np.int32))
    assert [(row["area"], row["cell"]) for row in table] == list(zip(area.tolist(), identity.tolist(), strict=True))
    assert len({row["cell"] for row in table}) == len(table)


def test_places_are_degrees_of_the_same_plane(table, entered):
    north = [(row["lat"] - ORIGIN[0]) * METRES_PER_DEGREE_NORTH for row in table]
    east = [(row["lon"] - ORIGIN[1]) * METRES_PER_DEGREE_EAST for row in table]
    assert north == pytest.approx(entered.y, abs=0.1)
    assert east == pytest.approx(entered.x, abs=0.1)


def test_cells_are_missing(towers, entered):
    heard = np.unique(towers.cell[:, : survey.STRONGEST])
    assert set(entered.cell.tolist()) < set(heard.tolist())
    assert 1.0 - len(entered.cell) / len(heard) == pytest.approx(survey.MISSING, abs=0.03)


def test_a_place_is_off_its_tower_by_hundreds_of_metres_and_a_few_are_wholly_wrong(towers, entered):
    tower = entered.cell // SECTORS
    off = np.hypot(entered.x - towers.x[tower], entered.y - towers.y[tower])
    assert 300.0 < np.median(off) < 1500.0
    assert (off > 6000.0).sum() >= 0.25 * survey.MOVED * len(off)


def test_the_range_is_none_or_a_thousand_metres_or_more(entered):
    assert ((entered.range == 0) == (entered.samples == 0)).all()
    assert (entered.range[entered.samples > 0] >= survey.LEAST_RANGE).all()


def test_ranges_and_samples_have_the_shares_of_a_real_extract(shared, entered):
    path = shared / "data" / "cells_doha" / "cells.csv"
    if not path.is_file():
        pytest.skip(f"NOT COMPARED with real cells: {path} is absent")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    reach, samples = (np.array([int(row[name]) for row in rows]) for name in ("range", "samples"))
    for size in (0, survey.LEAST_RANGE):
        assert (entered.range == size).mean() == pytest.approx((reach == size).mean(), abs=0.12)
    for share, slack in ((50, 2.0), (75, 15.0), (90, 60.0)):
        assert np.percentile(entered.samples, share) == pytest.approx(np.percentile(samples, share), abs=slack)


def test_the_gateway_imports_every_row(tmp_path, towers, table):
    path, broken, ends = tmp_path / "towers.csv", [], []
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(survey.rows(SEED, towers, EPOCH))
    watch = Watch(lambda *_: None, lambda *_: None, lambda *said: broken.append(said), lambda *said: ends.append(said))
    import_files(tmp_path / "storage", [path], {MCC}, watch, EPOCH)
    assert broken == []
    assert [(counts.rows, counts.good, counts.new) for _, counts, _ in ends] == [(len(table),) * 3]


def test_the_same_seed_gives_the_same_table(towers, table):
    names, *rows = survey.rows(SEED, towers, EPOCH)
    assert [dict(zip(names, row, strict=True)) for row in rows] == table
    assert list(survey.rows(SEED + 1, towers, EPOCH))[1:] != rows
