"""Bounds of a rate: against tables of the exact interval."""

import pytest

from firmware_sim.score.poisson import bounds
from firmware_sim.score.tally import rate


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [(0, 0.0, 3.6889), (1, 0.02532, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904), (100, 81.364, 121.627)],
)
def test_the_exact_two_sided_interval(count, lower, upper):
    assert bounds(count) == pytest.approx((lower, upper), rel=1e-4, abs=1e-6)


def test_many_are_nearly_normal():
    lower, upper = bounds(100_000)
    assert lower == pytest.approx(100_000 - 1.96 * 316.2, rel=1e-4)
    assert upper == pytest.approx(100_000 + 1.96 * 316.2, rel=1e-4)


def test_a_rate_is_per_device_month():
    none = rate(0, 600.0)
    assert (none.count, none.per_device_month, none.lower95) == (0, 0.0, 0.0)
    assert none.upper95 == pytest.approx(0.006148, rel=1e-3)
