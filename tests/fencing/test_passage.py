"""A way that led through an area for certain: no road beside it, straight or curved, is ever taken for one."""

import math

import numpy as np
import pytest
import shapely
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from fencing.passage import BRAKING, FASTEST, GAINING, Spot, led_through, longest_way

DEPTH, ERROR = 30.0, 40.0
STRIP = shapely.box(-200.0, -20_000.0, 200.0, 20_000.0)
"""A barred strip along a border, 400 m wide."""
BLOCK = shapely.box(-150.0, -150.0, 150.0, 150.0)
PARK = shapely.Point(0.0, 0.0).buffer(400.0)
HOOK = shapely.box(-200.0, -2000.0, 200.0, 600.0).union(shapely.box(-200.0, 400.0, 2000.0, 600.0))
RING = shapely.Point(0.0, 0.0).buffer(900.0).difference(shapely.Point(0.0, 0.0).buffer(500.0))
AREAS = (STRIP, BLOCK, PARK, HOOK, RING)


def spot(time, x, y, speed=math.nan, error=ERROR):
    return Spot(time, x, y, error, speed)


@pytest.mark.parametrize(
    ("one", "other", "is_sure"),
    [
        (spot(0.0, -400.0, 0.0), spot(60.0, 400.0, 0.0), True),
        (spot(0.0, -400.0, 0.0), spot(60.0, 400.0, 3000.0), True),
        (spot(0.0, -400.0, 0.0), spot(600.0, 400.0, 0.0), False),
        (spot(0.0, -400.0, 0.0), spot(60.0, -400.0, 900.0), False),
        (spot(0.0, -205.0, 0.0), spot(60.0, 400.0, 0.0), False),
        (spot(0.0, -205.0, 0.0, error=20.0), spot(60.0, 400.0, 0.0), True),
        (spot(0.0, 0.0, 0.0), spot(60.0, 400.0, 0.0), False),
        (spot(0.0, -400.0, 0.0), spot(1.0, 4000.0, 0.0), False),
    ],
    ids=["across", "across and along", "time to go round", "beside it", "perhaps inside", "sure to be out", "inside",
         "faster than anybody goes"],
)  # fmt: skip
def test_a_strip_is_crossed_where_nobody_could_have_gone_round(one, other, is_sure):
    assert led_through(STRIP, one, other, DEPTH) is is_sure
    assert led_through(STRIP, Spot(one.time, *other[1:]), Spot(other.time, *one[1:]), DEPTH) is is_sure


def test_who_drives_past_a_block_may_have_gone_round_it_and_who_has_no_time_has_not():
    fast = [spot(0.0, -200.0, 0.0, 25.0, 10.0), spot(16.0, 200.0, 0.0, 25.0, 10.0)]
    assert not led_through(BLOCK, *fast, DEPTH)
    brief = [spot(0.0, -200.0, 0.0, 60.0, 10.0), spot(5.0, 200.0, 0.0, 60.0, 10.0)]
    assert led_through(shapely.box(-150.0, -900.0, 150.0, 900.0), *brief, DEPTH)


def test_what_is_crossed_less_deeply_is_not_told():
    narrow = shapely.box(-29.0, -20_000.0, 29.0, 20_000.0)
    assert not led_through(narrow, spot(0.0, -400.0, 0.0), spot(30.0, 400.0, 0.0), DEPTH)
    assert led_through(narrow, spot(0.0, -400.0, 0.0), spot(30.0, 400.0, 0.0), 20.0)


def test_who_leaves_the_middle_of_a_ring_has_crossed_it():
    assert led_through(RING, spot(0.0, 0.0, 0.0), spot(60.0, 1400.0, 0.0), DEPTH)
    assert not led_through(RING, spot(0.0, 0.0, 0.0), spot(60.0, 300.0, 0.0), DEPTH)


@pytest.mark.parametrize(("elapsed", "before", "after"), [(10.0, 0.0, 0.0), (10.0, 30.0, 0.0), (5.0, 0.0, 60.0)])
def test_the_longest_way_is_that_of_gaining_and_losing_speed_at_most(elapsed, before, after):
    times = np.linspace(0.0, elapsed + 1.0, 200_001)
    speed = np.minimum(before + 2.0 + GAINING * times, after + 2.0 + BRAKING * (elapsed + 1.0 - times))
    wanted = float(np.trapezoid(speed, times))
    assert longest_way(elapsed, before, after) == pytest.approx(min(wanted, FASTEST * (elapsed + 1.0)), rel=1e-4)
    assert longest_way(elapsed, math.nan, after) == FASTEST * (elapsed + 1.0)
    assert longest_way(120.0, before, after) == FASTEST * 121.0


def driven(draw, area):
    """A way somewhere about an area, in steps of a fifth of a second: straight, curved, winding, along its border."""
    steps, pace = int(draw.integers(25, 600)), 0.2
    way = draw.uniform(-math.pi, math.pi)
    bend = draw.choice([0.0, draw.normal(0.0, 0.02), draw.normal(0.0, 0.2)])
    turns = way + bend * pace * np.arange(steps) + draw.choice([0.0, 1.0]) * np.cumsum(draw.normal(0.0, 0.05, steps))
    gains = np.clip(draw.normal(0.0, 4.0, steps), -BRAKING, GAINING)
    speed = np.clip(draw.uniform(0.0, 45.0) + np.cumsum(gains * pace), 0.0, FASTEST)
    for at in range(1, steps):
        speed[at] = min(max(speed[at], speed[at - 1] - BRAKING * pace), speed[at - 1] + GAINING * pace)
    x, y = np.cumsum(speed * pace * np.cos(turns)), np.cumsum(speed * pace * np.sin(turns))
    west, south, east, north = shapely.bounds(area)
    edge = shapely.get_coordinates(shapely.line_interpolate_point(area.boundary, draw.uniform(0.0, area.length)))[0]
    corner = np.clip(edge, [max(west, -1500.0), max(south, -1500.0)], [min(east, 1500.0), min(north, 1500.0)])
    middle = draw.integers(0, steps)
    return x - x[middle] + corner[0], y - y[middle] + corner[1], speed, pace


@must_meet("told", "beside", "through, and not told", "curved")
@settings(max_examples=examples(600))
@given(st.integers(0, 2**32 - 1))
@example(3)
def test_no_way_that_keeps_out_of_the_inner_part_is_ever_told(met, seed):
    draw = np.random.default_rng(seed)
    for area in AREAS:
        x, y, speed, pace = driven(draw, area)
        first, last = 0, len(x) - 1
        error = draw.uniform(0.0, ERROR, 2)
        turn = draw.uniform(-math.pi, math.pi, 2)
        ends = []
        for end, at in enumerate((first, last)):
            stated = round(float(speed[at]) + draw.uniform(-2.0, 2.0), 1) if draw.random() < 0.8 else math.nan
            place = (x[at] + error[end] * math.cos(turn[end]), y[at] + error[end] * math.sin(turn[end]))
            ends.append(Spot(float(math.floor(at * pace + end * 0.999)), *place, ERROR, max(stated, 0.0)))
        deepest = shapely.buffer(area, -DEPTH)
        goes_through = bool(shapely.intersects(shapely.LineString(np.column_stack([x, y])), deepest))
        told = led_through(area, *ends, DEPTH)
        assert goes_through or not told
        met["told"] += told
        met["beside"] += not goes_through
        met["through, and not told"] += goes_through and not told
        met["curved"] += not goes_through and np.hypot(x[-1] - x[0], y[-1] - y[0]) < 0.8 * float(np.sum(speed) * pace)
