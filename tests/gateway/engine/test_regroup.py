"""A new configuration joins groups, or parts them: what they hold, and what waits, goes with their devices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import ABROAD, FOREVER, HOME, MINUTE, Timeline, at, brief, county, record

from gateway.engine import regroup
from gateway.engine.policy import compile_policy
from gateway.engine.sharing import counting
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Assignment

APART = (Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("B0002", "P0002", at(-30, 0), FOREVER))
HANDED = (
    Assignment("B0001", "P0001", at(-30, 0), at(0, 20)), Assignment("B0001", "P0002", at(0, 21), FOREVER),
    Assignment("B0002", "P0002", at(-30, 0), FOREVER),
)  # fmt: skip


def told_of(before: tuple[Assignment, ...], after: tuple[Assignment, ...]) -> Timeline:
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
    return told


@pytest.mark.parametrize("way", [(APART, HANDED), (HANDED, APART)], ids=["one", "two"])
def test_what_waits_of_groups_that_are_drawn_otherwise_is_decided_before(way):
    told = told_of(*way)
    assert told.state.waiting == {}
    assert sorted(brief(told.events)) == [("cleared", "inclusion_exit")] * 2 + [("raised", "inclusion_exit")] * 2
    assert {event["data"]["person"] for event in told.events} == {"P0001", "P0002"}


@pytest.mark.parametrize("way", [(APART, HANDED), (HANDED, APART)], ids=["one", "two"])
def test_what_is_of_before_a_group_was_drawn_is_late_and_counts(way):
    told = told_of(*way)
    told.report(at(0, 14) + 57 * MINUTE, HOME, battery=10, received=at(0, 15) + 10.0, device="B0002")
    assert brief(told.run()) == []
    assert set(told.state.waiting) == {told.policy.devices[told.policy.group[1]]}
    restored = restore(snapshot_of(told.state))
    assert restored.waiting == told.state.waiting
    told.tick(at(0, 16))
    assert [(event["data"]["kind"], event["data"]["person"]) for event in told.run()] == [("battery_low", "P0002")]


def test_a_bracelet_that_was_not_heard_yet_is_heard_of_before_it_was_entered():
    told = Timeline.of(at(0, 12), assignments=APART[:1])
    told.reconfigure(at(0, 14), assignments=APART, digest="d2")
    told.stored(at(0, 15), [record(at(0, 13) + minute * MINUTE, ABROAD) for minute in range(0, 50, 5)], "B0002")
    told.tick(at(0, 16))
    assert [(event["data"]["kind"], event["data"]["person"]) for event in told.run()] == [("inclusion_exit", "P0002")]


def test_who_shared_a_bracelet_once_is_decided_by_himself_when_that_is_over_for_good():
    former = Assignment("B0001", "P0002", at(-60, 0), at(-40, 0))
    lately = Assignment("B0001", "P0002", at(-60, 0), at(-37, 0))
    (apart, together) = (compile_policy(county(assignments=(one, *APART))) for one in (former, lately))
    assert (apart.group.tolist()[:2], together.group.tolist()[:2]) == ([0, 1], [0, 0])
    assert apart.groups.of_person["P0002"] == 1
    moment = np.array([at(-50, 0)])
    assert [one.counted_of.lookup(np.array([0]), moment)[0] >= 0 for one in (apart, together)] == [False, True]
    part = replace(county(assignments=APART), counts_since=at(-39, 0))
    assert counting(replace(part, assignments=(former, *APART))) == APART


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
