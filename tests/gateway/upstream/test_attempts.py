"""Which rows may be posted now, and whose fault a failure is."""

from __future__ import annotations

import math

import pytest

from gateway.store.outbox import POISON, Marks, Owed
from gateway.upstream.attempts import AT_ONCE, LENIENCY, LONGEST_REST, STREAK, Attempts
from gateway.upstream.fates import Fate, fate_of


def row(seq, tries=0):
    return Owed(seq, f"a{seq}.1", f"a{seq}", b"{}", tries)


def landed(attempts, one, fate, now=0.0, wait=0.0):
    attempts.send([one])
    return attempts.land(one, fate, now, wait)


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        ((200, 202, 204, 299), Fate.TAKEN),
        ((400, 406, 410, 411, 413, 414, 415, 422, 431, 451), Fate.REFUSED),
        ((100, 301, 302, 308, 401, 403, 404, 405, 407, 421, 502, 503, 504), Fate.AWAY),
        ((408, 409, 425, 429), Fate.LATER),
        ((500, 501, 507, 599, 999), Fate.FAILED),
    ],
)
def test_what_a_status_means(statuses, fate):
    assert {fate_of(status) for status in statuses} == {fate}


def test_of_an_alarm_one_row_is_under_way_and_others_do_not_wait():
    attempts = Attempts(5)
    attempts.send([row(1), row(2)])
    assert attempts.blocked(0.0) == {"a1", "a2"}
    assert attempts.free(0.0) == AT_ONCE - 2
    assert attempts.land(row(1), Fate.TAKEN, 0.0) == Marks(delivered=[1])
    assert (attempts.blocked(0.0), attempts.free(0.0), attempts.is_there) == ({"a2"}, AT_ONCE - 1, True)


def test_what_is_refused_rests_twice_as_long_each_time_and_is_set_aside_at_its_last_try():
    attempts, now, rests = Attempts(8), 0.0, []
    for tries in range(7):
        assert landed(attempts, row(1, tries), Fate.REFUSED, now) == Marks(tried=[1])
        rests.append(attempts.due(now) - now)
        assert attempts.blocked(now) == {"a1"}
        assert attempts.free(now) == AT_ONCE
        now = attempts.due(now)
        assert attempts.blocked(now) == frozenset()
    assert rests == [2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_REST, LONGEST_REST]
    assert landed(attempts, row(1, 7), Fate.REFUSED, now) == Marks(set_aside={1: POISON})
    assert (attempts.blocked(now), attempts.due(now)) == (frozenset(), math.inf)


@pytest.mark.parametrize("fate", [Fate.FAILED, Fate.AWAY, Fate.LATER])
def test_where_nothing_is_taken_no_row_is_blamed_however_often_it_fails(fate):
    attempts = Attempts(1)
    assert all(landed(attempts, row(1), fate, float(now)) == Marks(released=[1]) for now in range(0, 6000, 60))
    assert not attempts.is_there


@pytest.mark.parametrize(("fate", "is_blamed"), [(Fate.FAILED, True), (Fate.AWAY, True), (Fate.LATER, False)])
def test_a_failure_counts_where_the_platform_has_taken_something_since_the_last_one(fate, is_blamed):
    attempts, marks = Attempts(2), []
    for now in range(0, 6000, 60):
        marks.append(landed(attempts, row(1, sum(bool(one.tried) for one in marks)), fate, float(now)))
        if marks[-1].set_aside:
            break
        attempts.was_taken()
    assert bool(marks[-1].set_aside) is is_blamed
    assert not is_blamed or len(marks) == 1 + 2 * LENIENCY


def test_after_some_failures_in_a_row_all_waits_and_then_one_goes_ahead():
    attempts = Attempts(5)
    for seq in range(STREAK - 1):
        landed(attempts, row(seq), Fate.FAILED)
    assert attempts.free(0.0) == AT_ONCE
    landed(attempts, row(9), Fate.FAILED)
    assert attempts.free(0.0) == 0
    assert 0.25 <= attempts.due(0.0) <= 0.5
    assert attempts.free(0.5) == 1
    attempts.send([row(10)])
    assert attempts.free(0.5) == 0
    attempts.was_taken()
    assert attempts.free(0.5) == AT_ONCE - 1


def test_those_that_were_under_way_together_lengthen_the_wait_once():
    attempts, rows = Attempts(5), [row(seq) for seq in range(AT_ONCE)]
    attempts.send(rows)
    for one in rows:
        attempts.land(one, Fate.AWAY, 0.0)
    assert attempts.free(0.5) == 1


def test_the_wait_is_capped_whatever_is_asked_for():
    attempts = Attempts(5)
    landed(attempts, row(1), Fate.LATER, 0.0, wait=1e9)
    assert attempts.free(LONGEST_REST - 0.1) == 0
    assert attempts.free(LONGEST_REST) == 1
