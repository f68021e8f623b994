"""A place fix by fix: under way it is the fix, at rest it settles, and what leaps at rest keeps a radius for both."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.fusion.motion import LEAP, begin, follow, has_moved, leaped, stay, update

FIELDS = ("x", "y", "vx", "vy", "ex", "ey", "pxx", "pxe", "pee", "strain", "leap")


def begun(variance: float) -> SimpleNamespace:
    motion = SimpleNamespace(**dict.fromkeys(FIELDS, 0.0))
    begin(motion, 0.0, 0.0, variance)
    return motion


def rest(every: float, seconds: float) -> SimpleNamespace:
    """A wearer who stands, a fix each ``every`` seconds."""
    motion = begun(144.0)
    for _ in range(int(seconds / every)):
        stay(motion, 0.0, 0.0, 144.0, 144.0, every)
    return motion


def test_an_update_halves_what_two_equal_witnesses_disagree_on():
    motion = begun(100.0)
    motion.pxe = 0.0
    update(motion, 10.0, -4.0, 100.0)
    assert (motion.x, motion.y, motion.pxx) == pytest.approx((5.0, -2.0, 50.0))


def test_errors_average_no_faster_the_more_often_a_fix_is_told():
    second, ten, minute = (rest(every, 3600.0).pxx for every in (1.0, 10.0, 60.0))
    assert 0.8 < second / ten < 1.25
    assert 0.8 < ten / minute < 1.25
    assert rest(1.0, 10.0).pxx > 100.0
    assert minute < 72.0


@pytest.mark.parametrize("every", [1.0, 10.0, 60.0])
def test_under_way_the_place_is_the_fix_and_the_velocity_follows(every):
    motion = begun(144.0)
    for number in range(1, 121):
        follow(motion, 1.4 * every * number, 0.0, 144.0, 0.0, every)
        assert (motion.x, motion.pxx) == (1.4 * every * number, 144.0)
    assert motion.vx == pytest.approx(1.4, rel=1e-4)
    assert motion.vy == 0.0


def test_two_fixes_at_one_time_make_no_velocity_without_end():
    motion = begun(144.0)
    follow(motion, 50.0, 0.0, 144.0, 0.0, 0.0)
    assert motion.vx == 0.0


def test_who_rested_has_moved_once_fixes_lie_off_for_long_or_one_lies_far_off():
    for off, fixes in ((0.0, None), (30.0, None), (60.0, 6), (120.0, 1)):
        motion, needed = rest(60.0, 3600.0), None
        for number in range(1, 30):
            if has_moved(motion, off, 0.0, 144.0, 60.0):
                needed = number
                break
            stay(motion, off, 0.0, 144.0, 144.0, 60.0)
        assert (needed is None) == (fixes is None), off
        assert needed is None or fixes is None or needed <= fixes


def test_a_place_that_leaps_is_at_either_of_two_unless_no_error_is_that_large():
    motion = begun(144.0)
    assert leaped(motion, 30.0, 40.0, 144.0) == pytest.approx((50.0 / 2.0) ** 2)
    assert leaped(motion, LEAP * 12.0 + 1.0, 0.0, 144.0) == 0.0
    follow(motion, 30.0, 40.0, 144.0, 625.0, 60.0)
    stay(motion, 30.0, 40.0, 144.0, 144.0, 600.0)
    assert 0.0 < motion.leap < 625.0


FIXES = st.tuples(st.floats(0, 7200), st.floats(-4000, 4000), st.floats(-4000, 4000), st.floats(1, 1e5))


@must_meet("steps")
@given(st.lists(FIXES, min_size=1, max_size=12))
@example([(60.0, 10.0, 0.0, 36.0), (3600.0, -900.0, 20.0, 144.0)])
def test_a_covariance_stays_one_whatever_comes(met, fixes):
    motion = begun(50.0)
    for elapsed, x, y, variance in fixes:
        stay(motion, x, y, variance, variance, elapsed)
        assert min(motion.pxx, motion.pee) >= -1e-9
        assert motion.pxe**2 <= motion.pxx * motion.pee * (1.0 + 1e-6) + 1e-6
    met["steps"] += len(fixes)
