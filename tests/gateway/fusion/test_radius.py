"""Radii by what is known of a receiver's errors; compiled and in Python alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.engine.state import TRACK, fresh
from gateway.fusion.radius import NORMAL95, RADII, RADIUS67, RADIUS95, SETTLED, measure, radii
from protocols.report import Source


def track(**known: float) -> np.ndarray:
    tracks = fresh(TRACK, 1)
    for name, value in ({"source": Source.GNSS, "pxx": 100.0, "variance": 100.0} | known).items():
        tracks[name] = value
    return tracks


@pytest.mark.parametrize(
    ("known", "situation"),
    [
        ({"went": math.nan}, 0), ({"went": math.nan, "far_n": 4.0, "far_sum": 4.0}, 1), ({"went": 2.0}, 2),
        ({"went": 2.0, "near_n": 2.0, "near_sum": 2.0}, 3), ({"went": 2.0, "far_n": 4.0, "far_sum": 4.0}, 4),
        ({"went": 0.0, "idle": SETTLED}, 5), ({"went": 0.0, "idle": SETTLED, "far_n": 4.0, "far_sum": 4.0}, 6),
    ],
)  # fmt: skip
def test_each_situation_has_its_radii(known, situation):
    (found,) = radii(track(**known))
    assert (found["r67"], found["r95"]) == pytest.approx((10.0 * RADIUS67[situation], 10.0 * RADIUS95[situation]))
    assert found["sigma"] == pytest.approx(found["r95"] / NORMAL95)


def test_a_leap_widens_whatever_is_known_and_a_place_of_many_fixes_keeps_its_walls():
    assert radii(track(went=2.0, leap=300.0))["r95"][0] == pytest.approx(20.0 * RADIUS95[2])
    assert radii(track(went=0.0, idle=SETTLED, pxx=40.0))["r95"][0] == pytest.approx(math.sqrt(50.0) * RADIUS95[5])


def test_python_says_the_same_to_the_bit():
    draw = np.random.default_rng(3)
    tracks = fresh(TRACK, 300)
    for name in ("pxx", "variance", "leap", "near_n", "near_sum", "far_n", "far_sum", "gone_pxx", "held_spread"):
        tracks[name] = draw.uniform(0.1, 9.0, 300)
    for name in ("x", "y", "held_x", "held_y", "gone_x", "gone_y", "bias"):
        tracks[name] = draw.uniform(-9.0, 9.0, 300)
    tracks["stays"] = np.maximum(draw.uniform(-0.5, 1.0, 300), 0.0)
    tracks["source"], tracks["idle"] = draw.integers(1, 4, 300), draw.uniform(0.0, 2.0 * SETTLED, 300)
    tracks["went"] = np.where(draw.random(300) < 0.3, np.nan, 1.0)
    found = np.empty(300, RADII)
    for one, into in zip(tracks.view(np.recarray), found.view(np.recarray), strict=True):
        measure(one, into)
    assert found.tobytes() == radii(tracks).tobytes()
