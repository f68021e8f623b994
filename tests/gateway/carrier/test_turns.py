"""Turns of phones: shares, quotas, back-off and demands, on numbers and a clock of our own."""

import itertools
import random

import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.carrier.quota import Quota
from gateway.carrier.schedule import (
    ABSENT_RETRY,
    JITTER,
    LEAST_PAUSE,
    MOST_PAUSE,
    RECHECK,
    RETRY,
    Schedule,
)
from protocols.mlp.results import Advice

HOUR, DAY = 3600.0, 86400.0
LEVELS = {"strict": 0.5 * HOUR, "general": 2 * HOUR, "lenient": 6 * HOUR}


HUNDREDS = pytest.mark.parametrize("hundreds", [20, pytest.param(100, marks=pytest.mark.torture)])
"""Of 7000 phones; a fifth shows the same."""


def chance(seed=1):
    return random.Random(seed).random  # noqa: S311 - jitter of a test


def county(strict, general, lenient):
    counts = {"strict": strict, "general": general, "lenient": lenient}
    return {f"{level}{number}": LEVELS[level] for level, count in counts.items() for number in range(count)}


def schedule(intervals, *quotas, start=0.0):
    made = Schedule(lambda identity, _now: intervals[identity], quotas, chance())
    made.begin(intervals, start)
    return made


def run(one, until, advice=lambda _identity, _now: Advice.DONE, now=0.0, latency=0.5):
    """Ask whoever is due until a time; every answer comes after ``latency``. Returns (time, identity) of all asks."""
    asked = []
    while (now := one.next_at(now)) <= until:
        ask = one.next_ask(now)
        if ask is not None:
            asked.append((now, ask.identity))
            one.answered(ask.identity, now + latency, advice(ask.identity, now))
    return asked


def gaps(asked):
    last, found = {}, {}
    for time, identity in asked:
        if identity in last:
            found.setdefault(identity, []).append(time - last[identity])
        last[identity] = time
    return found


def test_with_quota_enough_every_phone_has_its_own_interval():
    intervals = county(20, 50, 30)
    asked = run(schedule(intervals, Quota(600, 60.0), Quota(100_000, DAY)), 2 * DAY)
    for identity, mine in gaps(asked).items():
        assert max(mine) <= intervals[identity] * (1 + JITTER) + 30.0
        assert min(mine) >= intervals[identity] * (1 - JITTER) - 30.0


@HUNDREDS
def test_thousands_of_phones_share_too_small_a_quota_in_proportion_and_none_starves(hundreds):
    intervals = county(5 * hundreds, 45 * hundreds, 20 * hundreds)
    one = schedule(intervals, Quota(120, 60.0), Quota(400 * hundreds, DAY))
    asked = run(one, 4 * DAY)
    assert 2.0 < one.stretch < 3.5
    counts = dict.fromkeys(intervals, 0)
    for time, identity in asked:
        counts[identity] += time >= DAY
    wanted = {identity: 3 * DAY / interval / one.stretch for identity, interval in intervals.items()}
    shares = [counts[identity] / wanted[identity] for identity in intervals if wanted[identity] >= 4]
    fairness = sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares))
    assert fairness > 0.99
    assert min(counts.values()) >= 3
    for identity, mine in gaps(asked).items():
        assert max(mine) <= 1.3 * one.stretch * intervals[identity]


@HUNDREDS
def test_no_day_and_no_minute_exceeds_the_quota_with_thousands_of_phones(hundreds):
    phones = county(5 * hundreds, 45 * hundreds, 20 * hundreds)
    limits = (60.0, 3 * hundreds // 5), (DAY, 300 * hundreds)
    asked = run(schedule(phones, *(Quota(limit, window) for window, limit in limits)), 2 * DAY)
    times = [time for time, _ in asked]
    for window, limit in limits:
        first = 0
        for at, time in enumerate(times):
            while times[first] <= time - window + 1e-6:
                first += 1
            assert at - first + 1 <= limit


def test_a_start_does_not_ask_everybody_at_once():
    asked = run(schedule(county(0, 6000, 0), Quota(6000, 60.0)), 2 * HOUR)
    tenths = [sum(part * 720.0 <= time < (part + 1) * 720.0 for time, _ in asked) for part in range(10)]
    assert max(tenths) < 800


def test_a_demand_goes_first_and_does_not_make_a_second_turn():
    intervals = county(0, 100, 0)
    one = schedule(intervals, Quota(1000, 60.0))
    now = 3 * HOUR
    assert one.demand("general7")
    ask = one.next_ask(now)
    assert (ask.identity, ask.demanded) == ("general7", True)
    one.answered("general7", now + 1, Advice.DONE)
    later = [time for time, identity in run(one, now + 1.5 * HOUR, now=now + 1) if identity == "general7"]
    assert later == []
    assert len([1 for _, identity in run(one, 12 * HOUR, now=now + 1.5 * HOUR) if identity == "general7"]) in (3, 4, 5)


def test_a_demand_while_the_phone_is_being_asked_waits_for_the_answer():
    one = schedule({"a": HOUR}, Quota(1000, 60.0))
    one.demand("a")
    assert one.next_ask(0.0).identity == "a"
    assert one.demand("a")
    assert one.next_ask(1.0) is None
    one.answered("a", 2.0, Advice.DONE)
    assert one.next_ask(2.0).demanded


def test_a_demand_that_is_dropped_asks_nobody():
    one = schedule({"a": HOUR}, Quota(1000, 60.0))
    one.demand("a")
    one.forget("a")
    assert one.next_at(0.0) > 0.0
    assert not one.demand("stranger")


def test_a_demand_waits_for_the_quota_too():
    one = schedule({"a": HOUR, "b": HOUR}, Quota(1, 60.0))
    one.demand("a")
    one.demand("b")
    assert one.next_ask(0.0).identity == "a"
    assert one.next_ask(59.0) is None
    assert one.next_ask(60.0).identity == "b"


def test_who_may_not_be_asked_is_not_asked_and_is_looked_at_again():
    allowed = {"a": None}
    one = Schedule(lambda identity, _now: allowed[identity], (Quota(1000, 60.0),), chance())
    one.begin(["a"], 0.0)
    assert run(one, DAY) == []
    one.demand("a")
    assert one.next_ask(DAY) is None
    allowed["a"] = HOUR
    asked = run(one, DAY + 2 * HOUR, now=DAY)
    assert asked[0][0] <= DAY + RECHECK


def test_congestion_makes_everybody_wait_longer_and_longer_and_an_answer_ends_it():
    one = schedule(county(50, 0, 0), Quota(6000, 60.0))
    asked = run(one, 6 * HOUR, lambda *_: Advice.BACK_OFF)
    waits = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(asked)]
    assert max(waits) <= MOST_PAUSE + 1.0
    assert sum(wait >= MOST_PAUSE / 2 for wait in waits) > len(waits) / 2
    assert len(asked) < 80
    well = run(one, 12 * HOUR, now=6 * HOUR)
    assert len({identity for _, identity in well}) == 50


def test_answers_that_were_under_way_together_count_as_one_trouble():
    one = schedule(county(8, 0, 0), Quota(6000, 60.0))
    asks = [one.next_ask(HOUR) for _ in range(8)]
    for ask in asks:
        one.answered(ask.identity, HOUR + 1, Advice.BACK_OFF)
    assert HOUR + 1 < one.paused_until <= HOUR + 1 + LEAST_PAUSE


def test_one_poisoned_phone_does_not_starve_the_others():
    one = schedule(county(20, 0, 0), Quota(6000, 60.0))
    asked = run(one, 12 * HOUR, lambda identity, _now: Advice.BACK_OFF if identity == "strict3" else Advice.DONE)
    counts = {identity: 0 for _, identity in asked}
    for _, identity in asked:
        counts[identity] += 1
    assert min(counts.values()) >= 20


@pytest.mark.parametrize("advice", [Advice.STOP, Advice.CONFIGURE])
def test_a_phone_that_may_not_or_cannot_be_located_is_asked_no_more(advice):
    one = schedule(county(2, 0, 0), Quota(6000, 60.0))
    asked = run(one, DAY, lambda identity, _now: advice if identity == "strict0" else Advice.DONE)
    assert [identity for _, identity in asked].count("strict0") == 1
    assert one.stopped == {"strict0": advice}
    assert not one.demand("strict0")


def test_a_halt_asks_nobody():
    one = schedule(county(5, 0, 0), Quota(6000, 60.0))
    one.halt("not authorised")
    assert run(one, DAY) == []
    assert not one.demand("strict0")


def test_an_absent_phone_is_asked_again_within_the_half_hour():
    one = schedule(county(0, 0, 1), Quota(6000, 60.0))
    asked = run(one, DAY, lambda *_: Advice.ABSENT)
    assert max(gaps(asked)["lenient0"]) <= ABSENT_RETRY * (1 + JITTER) + 1


def test_a_failed_accuracy_is_tried_again_soon_content_with_less():
    one = schedule(county(0, 0, 1), Quota(6000, 60.0))
    first = one.next_at(0.0)
    assert not one.next_ask(first).weaker
    one.answered("lenient0", first + 1, Advice.WEAKER)
    second = one.next_at(first + 1)
    assert second <= first + 1 + RETRY * (1 + JITTER)
    assert one.next_ask(second).weaker
    one.answered("lenient0", second + 1, Advice.DONE)
    assert not one.next_ask(one.next_at(second + 1)).weaker


@must_meet("asked until the end", "stretched", "not stretched")
@settings(max_examples=examples(40))
@given(
    st.lists(st.sampled_from([60.0, 600.0, 3600.0]), min_size=1, max_size=30), st.integers(1, 30), st.integers(0, 99)
)
@example([60.0] * 30, 1, 1)
@example([600.0], 30, 2)
def test_whatever_the_mix_and_the_troubles_everybody_is_asked_again_and_again(met, intervals, per_minute, seed):
    luck = random.Random(seed)  # noqa: S311 - luck of a test
    named = {f"p{number}": interval for number, interval in enumerate(intervals)}
    one = schedule(named, Quota(per_minute, 60.0))
    weights = [Advice.DONE] * 6 + [Advice.ABSENT, Advice.WEAKER, Advice.BACK_OFF]
    asked = run(one, 8 * HOUR, lambda *_: luck.choice(weights))
    longest = max(named.values()) * one.stretch
    if longest < 2 * HOUR:
        late = {identity for time, identity in asked if time > 4 * HOUR}
        assert late == set(named)
        met["asked until the end"] += len(late)
    met["stretched" if one.stretch > 1.0 else "not stretched"] += 1
