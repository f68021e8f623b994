"""What a device calls a step of timing advance, and how loud it hears."""

from __future__ import annotations

import numpy as np
import pytest
from scans import heard_at, scans, town

from gateway.fusion.scan.constants import STEPS, TELLING
from gateway.fusion.scan.device import advance_step, loudness
from gateway.fusion.scan.shapes import Scans

LEARNT, (CX, CY) = town(6)


def reports(step, count=600):
    """Places all over four kilometres around one cell, and its advance as a device of that step states it."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-2000.0, 2000.0, (2, count))
    steps = np.floor(np.hypot(x, y) / step)
    return x, y, np.full(count, 10.0), np.zeros(count, np.int64), steps


@pytest.mark.parametrize("step", STEPS)
def test_the_step_is_the_smallest_under_which_the_places_can_be(step):
    assert advance_step(*reports(step)) == step


def test_places_of_different_cells_are_not_compared():
    x, y, sigma, _, steps = reports(STEPS[1])
    assert advance_step(x, y, sigma, np.arange(len(x)), steps) == STEPS[0]


def test_reports_without_place_or_advance_are_left_out_and_none_at_all_give_the_standard():
    x, y, sigma, cell, steps = reports(STEPS[1])
    x[::7], steps[::5], sigma[::11] = np.nan, np.nan, np.nan
    assert advance_step(x, y, sigma, cell, steps) == STEPS[1]
    assert advance_step(x, y, sigma, cell, np.full(len(x), np.nan)) == STEPS[0]


def test_steps_that_no_device_has_give_the_longest():
    x, y, sigma, cell, _ = reports(STEPS[1])
    assert advance_step(x, y, sigma, cell, np.zeros(len(x))) == STEPS[-1]


@pytest.mark.parametrize("louder", [-6.0, 0.0, 6.0])
def test_a_device_that_hears_louder_than_the_others_is_known_by_it(louder):
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-900.0, 900.0, (2, 200))
    heard = heard_at(x, y, CX, CY, rng)
    told = loudness(x, y, Scans(heard.cell, heard.level + louder, heard.advance), LEARNT)
    assert told == pytest.approx(louder, abs=1.0)


def test_too_few_comparisons_and_levels_that_are_none_tell_nothing():
    place = LEARNT.x[:1].astype(float), LEARNT.y[:1].astype(float)
    cell = int(LEARNT.cell[0])
    assert loudness(*place, scans([(cell, 500.0)]), LEARNT) == 0.0
    many = scans(*[[(each, np.nan) for each in range(12)]] * TELLING, slots=12)
    assert loudness(np.repeat(place[0], TELLING), np.repeat(place[1], TELLING), many, LEARNT) == 0.0
