from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gateway.fusion.motion import VELOCITY_TIME, Motion, begin, correlated, predict, update


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
    still = Motion(zero, zero, zero, zero, zero, zero, zero)
    moved = predict(still, one(45.0), one(2.0))
    expected = integrated(45.0, 2.0)
    found = [moved.pxx[0], moved.pxv[0], moved.pvv[0]]
    assert np.allclose(found, [expected[0, 0], expected[0, 1], expected[1, 1]], rtol=1e-3)


def test_an_update_halves_what_two_equal_witnesses_disagree_on():
    motion = update(begin(one(0.0), one(0.0), one(100.0)), one(10.0), one(-4.0), one(100.0))
    assert np.allclose([motion.x[0], motion.y[0], motion.pxx[0]], [5.0, -2.0, 50.0])


def test_fixes_close_in_time_count_less():
    variance = correlated(np.full(3, 100.0), np.array([1.0, 90.0, 3600.0]))
    assert variance[0] > 15_000
    assert 200 < variance[1] < 230
    assert abs(variance[2] - 100.0) < 1e-6


@given(st.lists(st.tuples(st.floats(1, 7200), st.floats(0.1, 30)), min_size=2, max_size=40))
def test_a_bank_gives_every_wearer_what_it_would_alone(rows):
    elapsed, sigma = (np.array(column) for column in zip(*rows, strict=True))
    count = len(elapsed)
    together = predict(begin(np.zeros(count), np.zeros(count), np.full(count, 50.0)), elapsed, sigma)
    for index in range(count):
        alone = predict(begin(one(0.0), one(0.0), one(50.0)), elapsed[index : index + 1], sigma[index : index + 1])
        assert alone.pxx[0] == together.pxx[index]
        assert alone.pvv[0] == together.pvv[index]
    assert (together.pxx * together.pvv >= together.pxv**2).all()
