"""What is concluded of rows that went out, by time alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.settings.model import Delivery
from gateway.store.outbox import POISON, UNCONFIRMED, Owed
from gateway.upstream.settling import ENDS, QUOTA_EXCEEDED, Settling, digest

WAITS = Delivery(publish_wait=60.0, fence_wait=45.0, repeat_wait=35.0, tries=5)


def row(number, **changes):
    return replace(Owed(number, f"a{number}.1", f"a{number}", b"body %d" % number), **changes)


def mark(one):
    return digest(one.alarm, one.body)


def fenced(*earlier, losses=(), at=0.0):
    settling = Settling(WAITS, earlier, losses)
    settling.fence(at)
    settling.fenced(at)
    return settling


def test_without_a_fence_back_nothing_is_concluded_and_the_broker_is_left():
    settling = fenced(row(1))
    assert settling.due() == 45.0
    assert not settling.look(44.9).is_silent
    overdue = settling.look(45.0)
    assert overdue.is_silent
    assert not overdue.marks
    assert settling.blocked(45.0) == {"a1"}


def test_where_nothing_hangs_on_the_fence_it_is_not_missed():
    assert fenced().due() == float("inf")


def test_doubt_is_released_a_whole_wait_after_the_last_repetition():
    settling = fenced(row(1), row(2), row(3))
    settling.heard(1.0)
    assert settling.came_back(mark(row(2)), 30.0, repeated=True) == row(2)
    assert not settling.look(64.9).marks
    assert settling.look(65.0).marks.released == [1, 3]
    assert settling.blocked(65.0) == frozenset()


def test_a_repetition_of_anything_of_ours_shows_that_repetitions_still_come():
    settling = fenced(row(1))
    settling.heard(0.0)
    assert settling.came_back(b"delivered long ago", 20.0, repeated=True) is None
    assert settling.due() == 55.0


def test_any_message_of_this_connection_that_comes_back_is_as_good_as_the_fence():
    settling = fenced(row(1))
    settling.send([row(2)], 0.0)
    settling.came_back(mark(row(2)), 3.0, repeated=False)
    settling.land({2: 0}, 3.0)
    assert settling.proved
    assert settling.due() == 38.0


def test_a_row_of_an_earlier_connection_that_comes_back_does_not_prove_this_one():
    settling = fenced(row(1), row(2))
    settling.came_back(mark(row(1)), 3.0, repeated=True)
    assert not settling.proved
    assert settling.due() == 45.0


def test_other_bytes_under_our_topic_settle_nothing():
    settling = fenced(row(1))
    assert settling.came_back(digest("a1", b"body 2"), 1.0, repeated=False) is None
    assert settling.came_back(digest("a2", b"body 1"), 1.0, repeated=False) is None
    assert settling.doubtful == 1


def test_acknowledged_and_not_back_is_unconfirmed_whether_of_this_connection_or_an_earlier_one():
    settling = fenced(row(1, acked=True))
    settling.heard(0.0)
    settling.send([row(2), row(3)], 5.0)
    settling.came_back(mark(row(3)), 6.0, repeated=False)
    assert settling.land({2: 0, 3: 0}, 7.0).acked == [2]
    assert settling.look(35.0).marks.set_aside == {1: UNCONFIRMED}
    assert not settling.look(41.9).marks
    assert settling.look(42.0).marks.set_aside == {2: UNCONFIRMED}
    assert settling.due() == float("inf")


def test_while_earlier_ones_still_come_back_the_wait_for_later_ones_has_not_begun():
    """A broker an hour behind is slow; one that returns what came later and not this one has dropped it."""
    settling = fenced()
    for number in range(1, 5):
        settling.send([row(number)], 0.0)
        settling.land({number: 0}, 0.0)
    settling.came_back(mark(row(1)), 30.0, repeated=False)
    settling.came_back(mark(row(2)), 60.0, repeated=False)
    settling.came_back(mark(row(4)), 90.0, repeated=False)
    assert not settling.look(94.9).marks
    assert settling.look(95.0).marks.set_aside == {3: UNCONFIRMED}


def test_where_we_may_not_hear_the_acknowledgement_is_all_there_can_be():
    settling = fenced(row(1), row(2, acked=True))
    settling.hears = False
    marks = settling.settle_blindly()
    assert (marks.released, marks.delivered, marks.set_aside) == ([1], [2], {})
    settling.send([row(3)], 0.0)
    assert settling.land({3: 0}, 1.0).delivered == [3]


def test_the_first_that_is_missed_of_a_lost_window_is_the_one_that_may_have_ended_it():
    """Those before it came back; those behind it were never read."""
    settling = fenced(row(1), row(2), row(3), losses=[[1, 2, 3]])
    settling.heard(0.0)
    settling.came_back(mark(row(1)), 1.0, repeated=True)
    marks = settling.look(36.0).marks
    assert (marks.tried, marks.released) == ([2], [3])


@pytest.mark.parametrize(("tries", "is_last"), [(0, False), (1, False), (ENDS - 1, True)])
def test_a_row_that_is_the_first_missed_so_often_is_set_aside(tries, is_last):
    settling = fenced(row(1, tries=tries), losses=[[1]])
    settling.heard(0.0)
    marks = settling.look(35.0).marks
    assert (marks.set_aside, marks.tried) == (({1: POISON}, []) if is_last else ({}, [1]))


def test_a_publish_without_acknowledgement_is_the_connections_fault():
    settling = fenced()
    settling.send([row(1)], 100.0)
    assert settling.due() == 160.0
    assert settling.look(160.0).is_stalled


def test_a_refused_row_rests_longer_each_time_and_is_set_aside_in_the_end():
    settling = fenced()
    for tries, rest in ((0, 2.0), (3, 16.0)):
        settling.send([row(1, tries=tries)], 0.0)
        assert settling.land({1: 0x87}, 0.0).tried == [1]
        assert settling.blocked(rest - 0.1) == {"a1"}
        assert settling.due() == rest
        assert settling.look(rest).is_rested
        assert settling.blocked(rest) == frozenset()
    settling.send([row(1, tries=4)], 0.0)
    assert settling.land({1: 0x87}, 0.0).set_aside == {1: POISON}


def test_a_broker_that_has_enough_for_now_counts_no_try():
    settling = fenced()
    settling.send([row(1, tries=4)], 0.0)
    assert settling.land({1: QUOTA_EXCEEDED}, 0.0).released == [1]


def test_what_came_back_is_delivered_whatever_the_acknowledgement_says():
    settling = fenced()
    settling.send([row(1)], 0.0)
    settling.came_back(mark(row(1)), 0.5, repeated=False)
    assert settling.in_flight() == []
    assert settling.land({1: 0x80}, 1.0).delivered == [1]
