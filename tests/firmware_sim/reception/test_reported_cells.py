"""Which of the cells heard a bracelet reports, and what it measures of the serving one."""

import numpy as np
import pytest

from firmware_sim.county.plan import build_plan
from firmware_sim.county.towers import build_towers
from firmware_sim.people.cast import cast
from firmware_sim.reception import cells
from firmware_sim.recording.measured import measure
from firmware_sim.recording.run import tell
from firmware_sim.scenario.reading import find, read
from firmware_sim.story import EPOCH

DAYS = 3


def numbers(*rows):
    return np.array(rows, np.int32)


def levels(*rows):
    return np.array(rows, np.int16)


@pytest.fixture(scope="module")
def towers():
    return build_towers(1, build_plan(1, 0))


@pytest.fixture(scope="module")
def told():
    path = find("straps")
    return tell("straps", read(path, devices=12, days=DAYS, seed=1), path.parent, EPOCH, lambda _: None)


@pytest.fixture(scope="module")
def measured(told):
    return measure(told.scenario, told.worn, told.radio.towers, told.radio.air)


def test_a_bracelet_stays_with_its_cell_until_another_is_better_by_far():
    cell = numbers((7, 8), (7, 8), (8, 7), (9, 7), (9, 8))
    better = cells.HYSTERESIS - 1
    wanted = levels((-80, -90), (-80 - better, -80), (-80, -80 - better), (-70, -70 - better - 1), (-90, -89))
    assert cells.serving(cell, wanted, np.array([5])).tolist() == [0, 0, 1, 0, 0]


def test_bracelets_do_not_inherit_the_cells_of_others():
    cell, wanted = numbers((7, 8), (7, 8), (7, 8)), levels((-80, -90), (-81, -80), (-82, -80))
    assert cells.serving(cell, wanted, np.array([1, 2])).tolist() == [0, 1, 1]
    assert cells.serving(cell, wanted, np.array([3, 0])).tolist() == [0, 0, 0]


def test_the_serving_cell_is_listed_first_and_then_the_strongest():
    cell, level = numbers((1, 2, 3, 4)), levels((-90, -80, -99, -70))
    found = cells.listed(cell, level, np.array([2]))
    assert [column.tolist() for column in found] == [[[3, 4, 2]], [[-99, -70, -80]]]


def test_a_faint_neighbour_is_not_heard_but_the_serving_cell_is():
    faint = cells.FAINTEST - 1
    cell, level = numbers((1, 2, 3, 4)), levels((faint + 1, faint - 9, faint, -127))
    assert cells.listed(cell, level, np.array([1]))[0].tolist() == [[2, 4, 1]]
    assert cells.listed(cell[:, 1:], level[:, 1:], np.array([0]))[0].tolist() == [[2, 4, cells.NONE]]


def test_the_advance_is_counted_in_the_steps_of_the_device(towers):
    cell, away = np.full(3, 30, np.int32), 1000.0
    x, y = np.full(3, towers.x[10] + away), np.full(3, towers.y[10])
    steps = np.array(cells.ADVANCE_STEPS)
    assert cells.timing_advance(towers, cell, x, y, steps).tolist() == [13, 6, 4]


def test_devices_differ_in_their_steps_by_the_seed(told):
    steps = [life.advance_step for life in cast(told.scenario, told.stage)]
    assert set(steps) == set(cells.ADVANCE_STEPS)
    assert steps == [each.life.advance_step for each in told.worn]


def test_a_report_has_the_advance_of_its_serving_cell(told, measured):
    towers, tower = told.radio.towers, measured.cell[:, 0] // 3
    heard = measured.cell[:, 0] >= 0
    true = np.concatenate([np.column_stack(each.track.at(each.moments)) for each in told.worn])
    away = np.hypot(true[:, 0] - towers.x[tower], true[:, 1] - towers.y[tower]) + cells.DETOUR
    steps = np.array([each.life.advance_step for each in told.worn])[measured.device]
    assert heard.sum() > 1000
    assert (measured.advance[heard] == (away // steps)[heard]).all()
    assert (measured.advance[~heard] == cells.NONE).all()


def test_some_neighbours_are_missing_and_few_are_of_anywhere(told, measured):
    towers = told.radio.towers
    here = towers.cell[np.concatenate([towers.pixel(*each.track.at(each.moments)) for each in told.worn])]
    loud = measured.level[:, 1:] >= cells.FAINTEST
    heard = (measured.cell[:, 1:] >= 0) & loud
    assert not (measured.cell[:, 1:][~loud] >= 0).any()
    foreign = heard & ~(measured.cell[:, 1:, None] == here[:, None]).any(axis=2)
    radio = told.scenario.radio
    assert 1.0 - heard[loud].mean() == pytest.approx(radio.neighbours_missing, rel=0.2)
    assert foreign.sum() / heard.sum() == pytest.approx(radio.neighbours_wrong, rel=0.5)
    assert (measured.cell[:, :1] == here).any(axis=1).all()


@pytest.mark.parametrize("constant", ["FADING", "LOAD", "HYSTERESIS"])
def test_what_else_is_measured_does_not_depend_on_the_cells(told, measured, monkeypatch, constant):
    monkeypatch.setattr(cells, constant, 0)
    other = measure(told.scenario, told.worn, told.radio.towers, told.radio.air)
    for name in ("x", "y", "stated", "speed_kmh", "course", "wifi", "wifi_level"):
        np.testing.assert_array_equal(getattr(other, name), getattr(measured, name), name)
    assert (other.cell != measured.cell).any()
