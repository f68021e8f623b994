"""The quota holds in every window."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.carrier.quota import Quota


def spendings(quota, waits):
    """Times at which one who always wants spends, idling now and then."""
    now, times = 0.0, []
    for wait in waits:
        now = quota.ready_at(now + wait)
        quota.spend(now)
        times.append(now)
    return times


@must_meet("a wait for the quota", "none", "a full window")
@given(st.integers(1, 60), st.lists(st.one_of(st.just(0.0), st.floats(0.0, 90.0)), min_size=1, max_size=300))
@example(3, [0.0] * 20)
@example(3, [90.0])
def test_no_window_holds_more_than_the_limit(met, limit, waits):
    times = spendings(Quota(limit, 60.0), waits)
    for first, begin in enumerate(times):
        held = sum(begin <= time < begin + 60.0 - 1e-6 for time in times[first:])
        assert held <= limit
        met["a full window"] += held >= 0.8 * limit
    met["a wait for the quota" if times[-1] > sum(waits) + 1e-6 else "none"] += 1


@pytest.mark.parametrize("limit", [1, 7, 10, 60, 20_000])
def test_most_of_the_limit_can_be_used(limit):
    times = spendings(Quota(limit, 86400.0), [0.0] * (3 * limit))
    assert times[-1] <= 3.5 * 86400.0


def test_a_burst_is_a_tenth():
    quota = Quota(60, 60.0)
    assert spendings(quota, [0.0] * 6) == [0.0] * 6
    assert quota.ready_at(0.0) == pytest.approx(60.0 / 54.0)


@pytest.mark.parametrize("seed", range(40))
def test_short_waits_between_bursts_give_nothing_extra(seed):
    """Rounding may leave a spent bucket a little below empty; that is not a fresh one."""
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    quota = Quota(chance.randint(1, 60), 60.0)
    times = spendings(quota, [chance.choice([0.0, chance.uniform(0, 2), chance.uniform(0, 90)]) for _ in range(300)])
    for first, last in zip(times, times[quota.limit :], strict=False):
        assert last - first >= 60.0 - 1e-6


def test_there_is_room_for_what_fills_up_in_the_time_and_no_more():
    quota = Quota(60, 60.0)
    assert quota.room(0.0, 0.0) == 6
    assert quota.room(0.0, 60.0) == 60
    for _ in range(6):
        quota.spend(0.0)
    assert quota.room(0.0, 0.0) == 0
    assert quota.room(0.0, 30.0) == 27
    spent = spendings(quota, [0.0] * 27)
    assert spent[-1] == pytest.approx(30.0)
