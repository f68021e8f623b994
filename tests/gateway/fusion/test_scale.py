"""How large a receiver's errors are: learnt from pairs of fixes that lie farther apart than the way between them."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from gateway.engine.state import TRACK, fresh
from gateway.fusion.scale import FAR_MOST, NEAR_MOST, UNKNOWN, learn, square, way_between


def unknown() -> SimpleNamespace:
    record = fresh(TRACK, 1)[0]
    return SimpleNamespace(**{name: record[name].item() for name in record.dtype.names})


def learnt(factor: float, hours: float = 12.0, seed: int = 1) -> SimpleNamespace:
    """At rest, a fix each quarter of an hour, errors ``factor`` times the nominal 10 m, independent."""
    scale, draw = unknown(), np.random.default_rng(seed)
    for number in range(int(hours * 4)):
        x, y = draw.normal(0.0, 10.0 * factor, 2)
        learn(scale, 900.0 * number, x, y, 100.0, 0.0)
    return scale


def test_of_an_unknown_receiver_the_nominal_size_holds():
    assert square(unknown()) == 1.0


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0, 4.0])
def test_half_a_day_at_rest_shows_the_size(factor):
    # A fifth of an error is taken to be the same after a quarter of an hour, and a pair counts four sigma at most.
    found = np.median([square(learnt(factor, seed=seed)) for seed in range(20)])
    assert 0.55 * factor**2 < found < 1.6 * factor**2
    assert learnt(factor).far_n == FAR_MOST


def test_a_ride_between_two_reports_is_no_error():
    scale = learnt(1.0)
    before = square(scale)
    learn(scale, 1e6, 9000.0, 0.0, 100.0, UNKNOWN)
    assert square(scale) == before


def test_under_way_a_pair_that_is_longer_than_its_way_says_so_and_one_that_turned_says_nothing():
    straight, turned = unknown(), unknown()
    for number in range(200):
        error = 25.0 * (-1) ** number
        learn(straight, 20.0 * number, 100.0 * number + error, 0.0, 25.0, 100.0)
        learn(turned, 20.0 * number, 0.0, 0.0, 25.0, 100.0)
    assert square(straight) > 2.0
    assert straight.near_n == pytest.approx(NEAR_MOST)
    assert (turned.near_n, square(turned)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("elapsed", "before", "after", "way"),
    [
        (900.0, 0.0, 0.0, 0.0), (1100.0, 0.0, 0.0, UNKNOWN), (2.0, 1.0, 3.0, 4.0), (10.0, 1.0, 3.0, UNKNOWN),
        (10.0, 2.0, 2.2, 21.0), (60.0, 2.0, 2.0, UNKNOWN), (2.0, math.nan, 2.0, UNKNOWN), (2.0, 0.0, math.nan, UNKNOWN),
    ],
)  # fmt: skip
def test_the_way_between_two_fixes_is_what_stated_speeds_make_of_it(elapsed, before, after, way):
    assert way_between(elapsed, before, after) == pytest.approx(way)
