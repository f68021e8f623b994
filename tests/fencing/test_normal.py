"""The normal distribution against the C library's, tails included."""

import math

import numpy as np
import pytest

from fencing.normal import normal_cdf


def exact(z):
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@pytest.mark.parametrize(("reach", "relative"), [(9.0, 2e-14), (36.0, 2e-13)])
def test_relative_error_in_both_tails(reach, relative):
    z = np.linspace(-reach, reach, 20_001)
    assert normal_cdf(z) == pytest.approx([exact(value) for value in z], rel=relative, abs=0.0)


def test_it_never_falls():
    assert (np.diff(normal_cdf(np.linspace(-40.0, 40.0, 100_001))) >= 0.0).all()


def test_the_ends():
    assert normal_cdf(np.array([-np.inf, 0.0, np.inf, -100.0])) == pytest.approx([0.0, 0.5, 1.0, 0.0], abs=1e-290)
    assert np.isnan(normal_cdf(np.array([np.nan])))


@pytest.mark.parametrize("size", [1, 3, 8, 17])
def test_bits_do_not_depend_on_the_cut_nor_on_strides(size):
    z = np.random.default_rng(1).normal(0.0, 4.0, 1000)
    whole = normal_cdf(z)
    cut = np.concatenate([normal_cdf(z[start : start + size]) for start in range(0, len(z), size)])
    assert whole.tobytes() == cut.tobytes()
    assert normal_cdf(z[::-2]).tobytes() == np.ascontiguousarray(whole[::-2]).tobytes()
