"""Which reports come in their order, which are late and which came before: against a plain account of it."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from deliveries import BEGIN
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import FOREVER, HOME, MINUTE, PHONES, Timeline, at

from gateway.engine import step
from gateway.engine.arrival import TIMELESS, arrange
from gateway.settings.model import Assignment

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = (Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("B0002", "P0001", at(-30, 0), FOREVER))
SAID = st.tuples(st.sampled_from(sorted(PHONES)), st.integers(0, 8), st.sampled_from([60, 61]))
"""Device, minute, battery: few of each, so that much is told twice and much at one time."""


@contextmanager
def arrivals() -> Iterator[list[tuple]]:
    """Within it, of each report: group, order, tie, what it is."""
    rows: list[tuple] = []

    def looking(context):
        arrival, reports = arrange(context), context.reports
        group = context.policy.group[reports.device].tolist()
        words = [
            next((word for word in ("timely", "late", "repeated") if getattr(arrival, word)[row]), "nothing")
            for row in range(len(reports))
        ]
        rows.extend(zip(group, reports.order.tolist(), reports.tie.tolist(), words, strict=True))
        return arrival

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "arrange", looking)
        yield rows


def told_of(said: list[tuple], cuts: set[int], **changes: object) -> list[tuple]:
    told = Timeline.of(BEGIN, **changes)
    told.run()
    with arrivals() as rows:
        for index, (device, minute, battery) in enumerate(said):
            told.report(BEGIN + minute * MINUTE, HOME, battery=battery, received=BEGIN + 600.0 + index, device=device)
            if index in cuts:
                told.run()
        if len(told.waiting):
            told.run()
    return rows


@must_meet("timely", "late", "repeated", "a tie", "a late tie", "one group", "two groups")
@settings(max_examples=examples(60))
@given(said=st.lists(SAID, min_size=1, max_size=30), cuts=st.sets(st.integers(0, 29)), shared=st.booleans())
@example(said=[("B0001", 3, 60), ("B0001", 3, 61), ("B0001", 3, 60), ("B0002", 3, 60)], cuts={1}, shared=True)
def test_a_report_is_timely_late_or_a_repetition_as_its_groups_order_says(met, said, cuts, shared):
    rows = told_of(said, cuts, **({"assignments": SHARED} if shared else {}))
    seen, newest = defaultdict(set), defaultdict(lambda: (-1.0, 0))
    for group, order, tie, word in rows:
        key = (order, tie)
        same_time = any(order == other for other, _ in seen[group])
        wanted = "repeated" if key in seen[group] else "timely" if key > newest[group] else "late"
        assert word == wanted
        seen[group].add(key)
        newest[group] = max(newest[group], key)
        met[word] += 1
        met["a tie"] += same_time and word != "repeated"
        met["a late tie"] += same_time and word == "late"
    assert len(rows) == len(said)
    met["one group" if shared else "two groups"] += len({device for device, *_ in said}) == 2


@must_meet("same set")
@settings(max_examples=examples(30))
@given(said=st.lists(SAID, min_size=2, max_size=12, unique=True), order=st.randoms(use_true_random=False))
def test_the_place_in_the_order_is_the_same_however_it_comes(met, said, order):
    other = list(said)
    order.shuffle(other)
    keys = [{row[:3] for row in told_of(each, set(), assignments=SHARED)} for each in (said, other)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(said)
    met["same set"] += other != said


def test_what_has_no_time_of_its_own_comes_after_what_is_there_and_is_known_again():
    """A report of a clock that is a year wrong, in the midst of others, sent twice."""
    told = Timeline.of(BEGIN)
    told.run()
    with arrivals() as rows:
        told.report(BEGIN, HOME)
        for received in (60.0, 61.0):
            told.report(BEGIN + 400 * 86_400.0, HOME, battery=50, received=BEGIN + received)
        told.report(BEGIN - MINUTE, HOME, received=BEGIN + 90.0)
        told.report(BEGIN + MINUTE, HOME, received=BEGIN + 100.0)
        told.run()
    assert [word for *_, word in rows] == ["timely", "timely", "repeated", "late", "timely"]
    assert [order for _, order, *_ in rows[:3]] == [BEGIN] * 3
    assert rows[1][2] >= int(TIMELESS) > rows[0][2]
    assert told.counts["clock_fault"] == 2


def test_a_heartbeat_is_no_report():
    told = Timeline.of(BEGIN)
    told.run()
    with arrivals() as rows:
        told.heartbeat(BEGIN)
        told.run()
    assert [word for *_, word in rows] == ["nothing"]
