"""The receiver's error drifts; indoors it often has no fix."""

import math

import numpy as np
import pytest

from firmware_sim.movement import Where
from firmware_sim.radio import RECEPTION, GnssReceiver, cells_at
from firmware_sim.world import Scene


def errors(scene, step, count=6000, seed=1):
    receiver = GnssReceiver(np.random.default_rng(seed))
    where = Where(100.0, -50.0, 0.0, 0.0, scene)
    fixes = [receiver.observe(step * n, where) for n in range(count)]
    return np.array([(math.nan, math.nan) if fix is None else (fix.x - 100.0, fix.y + 50.0) for fix in fixes])


@pytest.mark.parametrize("scene", [Scene.OPEN, Scene.STREET, Scene.CANYON])
def test_error_has_its_scenes_size(scene):
    spread = errors(scene, 300.0).std(axis=0)
    assert spread == pytest.approx(RECEPTION[scene].sigma, rel=0.1)


@pytest.mark.parametrize("scene", [Scene.OPEN, Scene.STREET, Scene.CANYON])
def test_error_drifts_with_its_time_constant(scene):
    tau = RECEPTION[scene].tau
    east = errors(scene, tau / 3.0, count=9000)[:, 0]
    for lag in (1, 3, 6):
        correlation = np.corrcoef(east[:-lag], east[lag:])[0, 1]
        assert correlation == pytest.approx(math.exp(-lag / 3.0), abs=0.08)


@pytest.mark.parametrize("scene", [Scene.WINDOW, Scene.INDOOR, Scene.BASEMENT])
def test_outages_have_their_share(scene):
    reception = RECEPTION[scene]
    blind = np.isnan(errors(scene, 60.0, count=30000)[:, 0])
    assert blind.mean() == pytest.approx(reception.outage / (reception.outage + reception.fix), rel=0.2)
    ends = np.count_nonzero(blind[:-1] & ~blind[1:])
    assert blind.sum() / ends > 3.0, "outages come in stretches, not singly"


def test_outdoors_there_is_always_a_fix():
    assert not np.isnan(errors(Scene.STREET, 300.0)).any()


def test_the_same_generator_gives_the_same_fixes():
    np.testing.assert_array_equal(errors(Scene.INDOOR, 60.0), errors(Scene.INDOOR, 60.0))
    assert not np.array_equal(errors(Scene.STREET, 60.0), errors(Scene.STREET, 60.0, seed=2))


def test_cells_stay_with_the_place():
    here = cells_at(Where(100.0, -50.0, 0.0, 0.0, Scene.OPEN))
    assert here == cells_at(Where(100.0, -50.0, 5.0, 90.0, Scene.STREET))
    assert here[0].cid != cells_at(Where(2000.0, -50.0, 0.0, 0.0, Scene.OPEN))[0].cid
    assert all(cell.cid not in {0, 0xFFFFFFF} and cell.lac < 0xFFFF for cell in here)
