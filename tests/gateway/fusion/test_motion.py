from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.fusion.motion import VELOCITY_TIME, Motion, another_error, begin, predict, update


def one(value: float) -> np.ndarray:
    return np.array([value])


def integrated(seconds: float, sigma: float) -> np.ndarray:
    """The same model by brute force: 200,000 Euler steps of the covariance's differential equation."""
    steps, p = 200_000, np.zeros((2, 2))
    dt = seconds / steps
    f = np.array([[0.0, 1.0], [0.0, -1.0 / VELOCITY_TIME]])
    q = np.array([[0.0, 0.0], [0.0, 2.0 * sigma**2 / VELOCITY_TIME]])
    for _ in range(steps):
        p = p + dt * (f @ p + p @ f.T + q)
    return p


def test_prediction_agrees_with_the_differential_equation():
    zero = one(0.0)
    still = Motion(*[zero] * 11, one(1.0))
    moved = predict(still, one(45.0), one(2.0))
    expected = integrated(45.0, 2.0)
    found = [moved.pxx[0], moved.pxv[0], moved.pvv[0]]
    assert np.allclose(found, [expected[0, 0], expected[0, 1], expected[1, 1]], rtol=1e-3)


def test_an_update_halves_what_two_equal_witnesses_disagree_on():
    again = another_error(begin(one(0.0), one(0.0), one(100.0)), np.array([True]))
    motion = update(again, one(10.0), one(-4.0), one(100.0))
    assert np.allclose([motion.x[0], motion.y[0], motion.pxx[0]], [5.0, -2.0, 50.0])


def rest(every: float, seconds: float) -> Motion:
    """A wearer who stands, a fix each ``every`` seconds."""
    motion = begin(one(0.0), one(0.0), one(144.0))
    for _ in range(int(seconds / every)):
        motion = update(predict(motion, one(every), one(0.03)), one(0.0), one(0.0), one(144.0))
    return motion


def test_errors_average_no_faster_the_more_often_a_fix_is_told():
    second, ten, minute = (float(rest(every, 3600.0).pxx[0]) for every in (1.0, 10.0, 60.0))
    assert 0.8 < second / ten < 1.25
    assert 0.8 < ten / minute < 1.25
    assert rest(1.0, 10.0).pxx[0] > 100.0
    assert minute < 36.0


@pytest.mark.parametrize("every", [1.0, 10.0, 60.0])
def test_in_motion_the_place_is_no_worse_than_the_last_fix(every):
    motion, place = begin(one(0.0), one(0.0), one(144.0)), 0.0
    for _ in range(120):
        place += 1.4 * every
        motion = update(predict(motion, one(every), one(2.2)), one(place), one(0.0), one(144.0))
    assert motion.pxx[0] <= 144.0 * 1.001
    assert abs(motion.x[0] - place) < 6.0


@must_meet("all alike", "of several kinds")
@given(st.lists(st.tuples(st.floats(1, 7200), st.floats(0.1, 30)), min_size=2, max_size=40))
@example([(10.0, 1.0)] * 3)
@example([(10.0, 1.0), (600.0, 2.0)])
def test_a_bank_gives_every_wearer_what_it_would_alone(met, rows):
    elapsed, sigma = (np.array(column) for column in zip(*rows, strict=True))
    count = len(elapsed)
    together = predict(begin(np.zeros(count), np.zeros(count), np.full(count, 50.0)), elapsed, sigma)
    for index in range(count):
        alone = predict(begin(one(0.0), one(0.0), one(50.0)), elapsed[index : index + 1], sigma[index : index + 1])
        assert alone.pxx[0] == together.pxx[index]
        assert alone.pvv[0] == together.pvv[index]
    assert (together.pxx * together.pvv >= together.pxv**2).all()
    met["of several kinds" if len(set(rows)) > 1 else "all alike"] += 1
