"""A new configuration joins groups, or parts them: what they hold, and what waits, goes with their devices."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import ABROAD, FOREVER, HOME, HOUR, MINUTE, Timeline, at, brief

from gateway.engine import regroup
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Assignment

APART = (Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("B0002", "P0002", at(-30, 0), FOREVER))
HANDED = (
    Assignment("B0001", "P0001", at(-30, 0), at(0, 20)), Assignment("B0001", "P0002", at(0, 21), FOREVER),
    Assignment("B0002", "P0002", at(-30, 0), FOREVER),
)  # fmt: skip


def told_of(before: tuple[Assignment, ...], after: tuple[Assignment, ...], *, clock: bool = False) -> Timeline:
    """Both at home but for a gap; what the gap holds comes as the configuration is about to change."""
    told = Timeline.of(at(0, 12), assignments=before)
    both = ("B0001", "B0002")
    for minute in (*range(0, 60, 5), *range(120, 180, 5)):
        for device in both:
            told.report(at(0, 12) + minute * MINUTE, HOME, device=device)
    for device in both:
        for minute in (65, 70, 75, 80):
            told.report(at(0, 12) + minute * MINUTE, ABROAD, received=at(0, 15), device=device)
    told.reconfigure(at(0, 15) + 5.0, assignments=after, digest="d2")
    told.run()
    if clock:
        told.set_clock(at(0, 15) + 10.0, at(0, 14) + 10.0)
        told.run()
    return told


def test_groups_that_become_one_are_decided_anew_together_and_lose_nothing():
    told = told_of(APART, HANDED)
    assert {key: waiting.rows for key, waiting in told.state.waiting.items()} == {"B0001": 8}
    told.tick(at(0, 16))
    events = told.run()
    assert sorted(brief(events)) == [("cleared", "inclusion_exit")] * 2 + [("raised", "inclusion_exit")] * 2
    assert {event["data"]["person"] for event in events} == {"P0001", "P0002"}


def test_a_group_that_becomes_two_waits_in_each_by_itself():
    told = told_of(HANDED, APART, clock=True)
    assert {key: waiting.due for key, waiting in told.state.waiting.items()} == {
        "B0001": at(0, 15) + 20.0 - HOUR, "B0002": at(0, 15) + 20.0 - HOUR
    }  # fmt: skip
    restored = restore(snapshot_of(told.state))
    assert restored.waiting == told.state.waiting
    told.tick(at(0, 15))
    events = told.run()
    assert sorted(brief(events)) == [("cleared", "inclusion_exit")] * 2 + [("raised", "inclusion_exit")] * 2
    assert {event["data"]["person"] for event in events} == {"P0001", "P0002"}


@pytest.mark.parametrize("assignments", [APART, HANDED], ids=["apart", "together"])
def test_groups_that_stay_hold_what_they_would_if_each_were_drawn_anew(monkeypatch, assignments):
    told = told_of(assignments, assignments)
    monkeypatch.setattr(regroup.np, "array_equal", lambda *_: False)
    slow = told_of(assignments, assignments)
    monkeypatch.undo()
    assert told.state.marks.keys() == slow.state.marks.keys() != set()
    for name in regroup.ORDERS:
        fast = told.state.device[name][np.unique(told.policy.group)]
        assert np.array_equal(fast, slow.state.device[name][np.unique(slow.policy.group)]), name
    assert told.state.waiting == slow.state.waiting != {}
    told.tick(at(0, 16))
    slow.tick(at(0, 16))
    assert told.run() == slow.run() != []


def test_who_has_no_mark_is_decided_anew_from_nowhere(monkeypatch):
    def told():
        one = Timeline.of(at(0, 12))
        one.report(at(0, 12), HOME)
        one.run()
        one.state.marks.clear()
        one.reconfigure(at(0, 13), digest="d2")
        one.run()
        return one.state.device["mark"].tolist()

    fast = told()
    monkeypatch.setattr(regroup.np, "array_equal", lambda *_: False)
    assert fast == told()
    assert fast[0] > at(0, 12) > fast[1]
