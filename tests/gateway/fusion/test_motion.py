from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.arithmetic import COLUMNS, FLOATS
from gateway.fusion.motion import (
    VELOCITY_TIME,
    Motion,
    Pace,
    another_error,
    begin,
    loosen,
    pace,
    predict,
    surprise,
    update,
)


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
    moved = predict(still, pace(one(45.0), one(2.0)))
    expected = integrated(45.0, 2.0)
    found = [moved.pxx[0], moved.pxv[0], moved.pvv[0]]
    assert np.allclose(found, [expected[0, 0], expected[0, 1], expected[1, 1]], rtol=1e-3)


def test_an_update_halves_what_two_equal_witnesses_disagree_on():
    again = another_error(begin(one(0.0), one(0.0), one(100.0), COLUMNS), np.array([True]), COLUMNS)
    motion = update(again, one(10.0), one(-4.0), one(100.0), COLUMNS)
    assert np.allclose([motion.x[0], motion.y[0], motion.pxx[0]], [5.0, -2.0, 50.0])


def rest(every: float, seconds: float) -> Motion:
    """A wearer who stands, a fix each ``every`` seconds."""
    motion = begin(one(0.0), one(0.0), one(144.0), COLUMNS)
    for _ in range(int(seconds / every)):
        motion = update(predict(motion, pace(one(every), one(0.03))), one(0.0), one(0.0), one(144.0), COLUMNS)
    return motion


def test_errors_average_no_faster_the_more_often_a_fix_is_told():
    second, ten, minute = (float(rest(every, 3600.0).pxx[0]) for every in (1.0, 10.0, 60.0))
    assert 0.8 < second / ten < 1.25
    assert 0.8 < ten / minute < 1.25
    assert rest(1.0, 10.0).pxx[0] > 100.0
    assert minute < 36.0


@pytest.mark.parametrize("every", [1.0, 10.0, 60.0])
def test_in_motion_the_place_is_no_worse_than_the_last_fix(every):
    motion, place = begin(one(0.0), one(0.0), one(144.0), COLUMNS), 0.0
    for _ in range(120):
        place += 1.4 * every
        motion = update(predict(motion, pace(one(every), one(2.2))), one(place), one(0.0), one(144.0), COLUMNS)
    assert motion.pxx[0] <= 144.0 * 1.001
    assert abs(motion.x[0] - place) < 6.0


@must_meet("all alike", "of several kinds")
@given(st.lists(st.tuples(st.floats(1, 7200), st.floats(0.1, 30)), min_size=2, max_size=40))
@example([(10.0, 1.0)] * 3)
@example([(10.0, 1.0), (600.0, 2.0)])
def test_a_bank_gives_every_wearer_what_it_would_alone(met, rows):
    elapsed, sigma = (np.array(column) for column in zip(*rows, strict=True))
    count = len(elapsed)
    start = begin(np.zeros(count), np.zeros(count), np.full(count, 50.0), COLUMNS)
    together = predict(start, pace(elapsed, sigma))
    for index in range(count):
        alone = predict(
            begin(one(0.0), one(0.0), one(50.0), COLUMNS), pace(elapsed[index : index + 1], sigma[index : index + 1])
        )
        assert alone.pxx[0] == together.pxx[index]
        assert alone.pvv[0] == together.pvv[index]
    assert (together.pxx * together.pvv >= together.pxv**2).all()
    met["of several kinds" if len(set(rows)) > 1 else "all alike"] += 1


FIXES = st.tuples(
    st.floats(1, 7200), st.floats(0.1, 30), st.floats(-4000, 4000), st.floats(-4000, 4000), st.floats(1, 1e5),
    st.booleans(), st.booleans(),
)  # fmt: skip


@must_meet("steps")
@given(st.lists(FIXES, min_size=1, max_size=12))
@example([(60.0, 1.0, 10.0, 0.0, 36.0, True, False), (3600.0, 9.0, -900.0, 20.0, 144.0, False, True)])
def test_a_wearer_in_floats_is_the_same_to_the_bit_as_in_columns(met, fixes):
    alone, together = begin(0.0, 0.0, 50.0, FLOATS), begin(one(0.0), one(0.0), one(50.0), COLUMNS)
    for elapsed, sigma, x, y, variance, changed, excess in fixes:
        paces = pace(one(elapsed), one(sigma))
        together = another_error(predict(together, paces), np.array([changed]), COLUMNS)
        together = loosen(together, one(x), one(y), np.array([excess]), COLUMNS)
        single = Pace(*(float(getattr(paces, name)[0]) for name in Pace.__slots__))
        alone = loosen(another_error(predict(alone, single), changed, FLOATS), x, y, excess, FLOATS)
        assert surprise(alone, x, y, variance, FLOATS) == surprise(together, one(x), one(y), one(variance), COLUMNS)[0]
        alone = update(alone, x, y, variance, FLOATS)
        together = update(together, one(x), one(y), one(variance), COLUMNS)
        for name in Motion.__slots__:
            assert np.float64(getattr(alone, name)).tobytes() == getattr(together, name)[0].tobytes(), name
    met["steps"] += len(fixes)
