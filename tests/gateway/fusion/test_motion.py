from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.fusion.motion import (
    MOTION,
    VELOCITY_TIME,
    another_error,
    begin,
    loosen,
    predict,
    surprise,
    update,
)


def motion(**known: float) -> SimpleNamespace:
    return SimpleNamespace(**(dict.fromkeys(MOTION, 0.0) | {"pee": 1.0} | known))


def begun(variance: float) -> SimpleNamespace:
    one = motion()
    begin(one, 0.0, 0.0, variance)
    return one


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
    moved = motion()
    predict(moved, 45.0, 2.0)
    expected = integrated(45.0, 2.0)
    found = [moved.pxx, moved.pxv, moved.pvv]
    assert np.allclose(found, [expected[0, 0], expected[0, 1], expected[1, 1]], rtol=1e-3)


def test_an_update_halves_what_two_equal_witnesses_disagree_on():
    again = begun(100.0)
    another_error(again)
    update(again, 10.0, -4.0, 100.0)
    assert np.allclose([again.x, again.y, again.pxx], [5.0, -2.0, 50.0])


def rest(every: float, seconds: float) -> SimpleNamespace:
    """A wearer who stands, a fix each ``every`` seconds."""
    one = begun(144.0)
    for _ in range(int(seconds / every)):
        predict(one, every, 0.03)
        update(one, 0.0, 0.0, 144.0)
    return one


def test_errors_average_no_faster_the_more_often_a_fix_is_told():
    second, ten, minute = (rest(every, 3600.0).pxx for every in (1.0, 10.0, 60.0))
    assert 0.8 < second / ten < 1.25
    assert 0.8 < ten / minute < 1.25
    assert rest(1.0, 10.0).pxx > 100.0
    assert minute < 36.0


@pytest.mark.parametrize("every", [1.0, 10.0, 60.0])
def test_in_motion_the_place_is_no_worse_than_the_last_fix(every):
    one, place = begun(144.0), 0.0
    for _ in range(120):
        place += 1.4 * every
        predict(one, every, 2.2)
        update(one, place, 0.0, 144.0)
    assert one.pxx <= 144.0 * 1.001
    assert abs(one.x - place) < 6.0


FIXES = st.tuples(
    st.floats(1, 7200), st.floats(0.1, 30), st.floats(-4000, 4000), st.floats(-4000, 4000), st.floats(1, 1e5)
)


@must_meet("steps")
@given(st.lists(FIXES, min_size=1, max_size=12))
@example([(60.0, 1.0, 10.0, 0.0, 36.0), (3600.0, 9.0, -900.0, 20.0, 144.0)])
def test_a_covariance_stays_one_whatever_comes(met, fixes):
    one = begun(50.0)
    for elapsed, sigma, x, y, variance in fixes:
        predict(one, elapsed, sigma)
        assert surprise(one, x, y, variance) >= 0.0
        update(one, x, y, variance)
        assert min(one.pxx, one.pvv, one.pee) >= 0.0
        assert one.pxv**2 <= one.pxx * one.pvv * (1.0 + 1e-9)
    met["steps"] += len(fixes)


def test_a_manoeuvre_admits_the_fix_at_one_sigma_and_forgets_its_error():
    one = begun(50.0)
    loosen(one, 300.0, -400.0)
    assert one.pxx == 0.5 * (300.0**2 + 400.0**2)
    assert (one.pxv, one.pxe, one.pve, one.ex, one.ey, one.pee) == (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
