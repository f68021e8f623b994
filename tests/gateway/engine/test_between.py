"""People who are not to keep company: by both places and their errors, as known when they came, telling no place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import AWAY, CAFE, HOME, HOUR, MINUTE, Timeline, at, brief, clock, raised, record

from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.settings.meetings import NotTogetherRule
from gateway.settings.model import Rule

KIND = "wearers_together"
COMPANY = Rule("company", ("P0001", "P0002"), "order 7", not_together=NotTogetherRule(100.0, 15 * MINUTE))
NOON, MET, PARTED = at(0, 12.5), at(0, 13), at(0, 14)


def apart(*rules: Rule, **changes: object) -> Timeline:
    return Timeline.of(**({"rules": rules or (COMPANY,)} | changes))


def meeting(
    *, near: tuple[float, float] = (20.0, 0.0), lasting: float = HOUR, told: Timeline | None = None
) -> Timeline:
    """P0001 stays at AWAY; P0002 comes from afar to ``near`` it for so long, and goes to the cafe."""
    told = told or apart()
    there = (AWAY[0] + near[0], AWAY[1] + near[1])
    for time in np.arange(NOON, PARTED + HOUR, 60.0):
        told.report(float(time), AWAY)
        place = there if MET <= time < MET + lasting else CAFE
        told.report(float(time) + 20.0, place, device="B0002")
    return told


def of_kind(events: list[dict]) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == KIND]


def test_two_who_stay_together_are_said_of_both_and_end_when_they_part():
    events = of_kind(meeting().run())
    assert brief(events) == [("raised", KIND)] * 2 + [("cleared", KIND)] * 2
    one, other = sorted((event["data"] for event in events[:2]), key=lambda data: data["person"])
    assert [(data["person"], data["facts"]["with"]) for data in (one, other)] == [
        ("P0001", "P0002"),
        ("P0002", "P0001"),
    ]
    assert (one["device"], other["device"]) == ("B0001", "B0002")
    assert MET <= clock(one["onset"]) <= MET + 5 * MINUTE
    assert 15 * MINUTE <= clock(one["decided"]) - clock(one["onset"]) <= 17 * MINUTE
    assert PARTED <= clock(events[2]["data"]["ended"]) <= PARTED + 5 * MINUTE
    assert (one["severity"], one["basis"], one["rule"]) == ("info", "order 7", "company")
    assert one["probability"] >= 0.99


def test_it_tells_nobodys_place():
    for event in of_kind(meeting().run()):
        data = event["data"]
        assert data["position"] is None
        assert not {"placed", "home_m", "home_deg", "outside", "inside", "source"} & set(data["facts"])
        assert "GCJ-02" not in data["text"]["en"]
    assert "不含双方位置" in of_kind(meeting().run())[0]["data"]["text"]["zh"]


@pytest.mark.parametrize(
    ("near", "lasting"), [((20.0, 0.0), 10 * MINUTE), ((160.0, 0.0), HOUR)], ids=["a short while", "not near enough"]
)
def test_a_short_meeting_or_a_distance_that_is_allowed_is_nothing(near, lasting):
    assert of_kind(meeting(near=near, lasting=lasting).run()) == []


def test_at_the_very_distance_nothing_is_known():
    assert of_kind(meeting(near=(100.0, 0.0)).run()) == []


def test_who_is_in_no_rule_is_held_against_nobody():
    told = meeting(told=apart(Rule("stay", ("P0001", "P0002"), "order 1", stay_inside="square")))
    assert of_kind(told.run()) == []
    assert not len(told.state.banks["pair"].records)


@pytest.mark.parametrize("gap", [5 * MINUTE, 20 * MINUTE], ids=["it may have been left", "it is too old"])
def test_an_old_place_says_nothing(gap):
    """P0002 rests where P0001 comes by later, and has reported nothing since."""
    told = apart()
    for time in np.arange(NOON, NOON + 10 * MINUTE, 60.0):
        told.report(float(time), CAFE)
        told.report(float(time) + 20.0, AWAY, device="B0002")
    told.stay(AWAY, NOON + 9 * MINUTE + gap, NOON + 2 * HOUR, 60.0)
    assert of_kind(told.run()) == []


def test_a_rule_that_is_over_ends_it():
    told = meeting(told=apart(replace(COMPANY, until=MET + 40 * MINUTE)))
    events = of_kind(told.run())
    assert brief(events) == [("raised", KIND)] * 2 + [("cleared", KIND)] * 2
    assert "RULE OVER" in events[2]["data"]["text"]["en"]


def test_a_rule_that_is_taken_away_ends_it_and_names_the_configuration():
    told = apart()
    for time in np.arange(NOON, NOON + HOUR, 60.0):
        told.report(float(time), AWAY)
        told.report(float(time) + 20.0, AWAY, device="B0002")
    assert len(raised(told.run(), KIND)) == 2
    told.reconfigure(NOON + HOUR, rules=(), digest="d2")
    events = of_kind(told.run())
    assert brief(events) == [("cleared", KIND)] * 2
    assert events[0]["data"]["facts"]["configuration"] == "d2"


def test_a_bracelet_that_is_taken_off_ends_it():
    told = apart()
    for time in np.arange(NOON, NOON + HOUR, 60.0):
        told.report(float(time), AWAY)
        told.report(float(time) + 20.0, AWAY, device="B0002")
    told.run()
    worn = told.policy.configuration.assignments
    off = (worn[0], replace(worn[1], until=NOON + HOUR))
    told.reconfigure(NOON + HOUR, rules=(COMPANY,), assignments=off, digest="d2")
    events = of_kind(told.run())
    assert brief(events) == [("cleared", KIND)] * 2
    assert clock(events[0]["data"]["facts"]["handed_over"]) == NOON + HOUR


def test_what_comes_late_decides_nothing_and_takes_nothing_back():
    """P0002's memory says hours later that they had met all morning, and that they had not."""
    told = meeting()
    told.run()
    before = len(of_kind(told.events))
    elsewhere = [record(MET + 60.0 * minute + 30.0, (AWAY[0], AWAY[1] - 3000.0)) for minute in range(60)]
    together = [record(at(0, 12) + 60.0 * minute + 10.0, AWAY) for minute in range(25)]
    told.stored(PARTED + 2 * HOUR, [*together, *elsewhere], device="B0002")
    told.tick(PARTED + 4 * HOUR)
    told.run()
    assert len(of_kind(told.events)) == before


def test_two_people_stay_two_groups():
    told = apart()
    assert told.policy.group.tolist() == [0, 1]


@pytest.mark.parametrize("size", [1, 2, 7, 31, 400])
def test_cuts_change_nothing(size):
    whole, pieces = meeting(), meeting()
    said = of_kind(whole.run())
    entries = pieces.waiting.batch()
    for first in range(0, len(entries), size):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
    assert of_kind(pieces.events) == said != []


def test_a_snapshot_in_between_changes_nothing():
    whole, kept = meeting(), meeting()
    entries = kept.waiting.batch()
    said = of_kind(whole.run())
    middle = len(entries) // 2
    kept._said(step(kept.state, entries.slice(0, middle), kept.policies, first=0))
    kept.state = restore(snapshot_of(kept.state))
    kept._said(step(kept.state, entries.slice(middle, len(entries)), kept.policies, first=middle))
    assert of_kind(kept.events) == said


def test_home_is_where_nobody_else_is():
    told = apart()
    told.stay(HOME, NOON, PARTED, 60.0)
    assert of_kind(told.run()) == []
