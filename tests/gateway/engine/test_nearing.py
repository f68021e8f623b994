"""Near a boundary: by the fused place and its radius, with hysteresis; no breach, and over when there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import CAFE, HOUR, MINUTE, RULES, SQUARE, Timeline, at, brief, clock, county, leave, record

from gateway.engine.step import step
from gateway.settings.model import Assignment

KIND = "boundary_near"
NOON = at(0, 12.5)
STAY = replace(RULES["stay"], people=("P0001",), near_m=300.0)
CAFES = replace(RULES["cafes"], near_m=300.0)
FAR, NEAR, BEYOND = (SQUARE - 2000.0, 0.0), (SQUARE - 120.0, 0.0), (SQUARE + 800.0, 0.0)


def told(*rules, **changes: object) -> Timeline:
    usual = {"rules": rules or (STAY,), "assignments": county().assignments[:1]}
    return Timeline.of(at(0, 12), **(usual | changes))


def stays(one: Timeline, *stays: tuple[float, tuple[float, float]]) -> Timeline:
    """So many minutes at each place, a report a minute."""
    time = NOON
    for minutes, place in stays:
        one.stay(place, time, time + minutes * MINUTE, MINUTE)
        time += minutes * MINUTE
    return one


def of_kind(events: list[dict]) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == KIND]


def test_who_comes_near_the_boundary_and_goes_back_is_said_and_over():
    events = stays(told(), (30, FAR), (30, NEAR), (30, FAR)).run()
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    near = events[0]["data"]
    assert (near["severity"], near["zone"], near["rule"], near["basis"]) == ("info", "square", "stay", "order 1")
    assert near["facts"]["boundary"] == "allowed"
    assert near["facts"]["boundary_m"] == pytest.approx(120, abs=20)
    assert NOON + 30 * MINUTE <= clock(near["onset"]) <= NOON + 35 * MINUTE
    assert NOON + 60 * MINUTE <= clock(events[1]["data"]["ended"]) <= NOON + 65 * MINUTE
    assert "接近允许范围“the county”的边界" in near["text"]["zh"]
    assert "Nothing is crossed" in near["text"]["en"]


def test_at_the_very_edge_of_the_buffer_nothing_is_said():
    assert stays(told(), (30, FAR), (60, (SQUARE - 300.0, 0.0))).run() == []


def test_a_rule_that_says_nothing_of_it_has_no_buffer():
    assert stays(told(replace(STAY, near_m=0.0)), (30, FAR), (60, NEAR)).run() == []


def test_a_breach_ends_it_and_the_way_back_through_the_buffer_is_said_again():
    events = stays(told(), (30, FAR), (30, NEAR), (30, BEYOND), (30, NEAR), (30, FAR)).run()
    assert brief(of_kind(events)) == [("raised", KIND), ("cleared", KIND)] * 2
    assert [kind for change, kind in brief(events) if change == "raised"] == [KIND, "inclusion_exit", KIND]
    breach = next(event for event in events if event["data"]["kind"] == "inclusion_exit")
    assert clock(breach["time"]) == clock(of_kind(events)[1]["time"])


def test_a_barred_zone_has_a_buffer_outside():
    beside = (CAFE[0] - 220.0, CAFE[1])
    events = stays(told(CAFES), (30, (0.0, 0.0)), (30, beside), (30, (0.0, 0.0))).run()
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    assert events[0]["data"]["facts"]["boundary"] == "barred"
    assert "禁入区“cafes”" in events[0]["data"]["text"]["zh"]


def test_on_leave_the_allowed_area_has_no_boundary():
    away = leave(NOON + 10 * MINUTE, NOON + 3 * HOUR)
    assert stays(told(leave=(away,)), (30, FAR), (60, NEAR)).run() == []


def test_the_end_of_a_wearing_ends_it():
    worn = (Assignment("B0001", "P0001", at(-30, 0), NOON + HOUR),)
    one = stays(told(assignments=worn), (30, FAR), (29, NEAR))
    one.tick(NOON + 2 * HOUR)
    events = one.run()
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    assert clock(events[1]["data"]["facts"]["handed_over"]) == NOON + HOUR


def test_a_rule_that_is_taken_away_ends_it():
    one = stays(told(), (30, FAR), (30, NEAR))
    one.run()
    one.reconfigure(NOON + 2 * HOUR, rules=(), assignments=county().assignments[:1], digest="d2")
    assert brief(one.run()) == [("cleared", KIND)]


def test_what_comes_late_may_say_it_and_take_it_back():
    """The bracelet was near by what it sent, and had been there for an hour by what came first."""
    one = stays(told(), (30, FAR))
    one.stay(FAR, NOON + 90 * MINUTE, NOON + 2 * HOUR, MINUTE)
    one.run()
    one.stored(NOON + 3 * HOUR, [record(NOON + 40 * MINUTE + 60.0 * minute, NEAR) for minute in range(30)])
    one.tick(NOON + 4 * HOUR)
    events = one.run()
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    assert events[0]["data"]["retrospective"]


@pytest.mark.parametrize("size", [1, 7, 60])
def test_cuts_change_nothing(size):
    def story() -> Timeline:
        return stays(told(), (30, FAR), (30, NEAR), (30, BEYOND), (30, NEAR), (30, FAR))

    whole, pieces = story(), story()
    said, entries = whole.run(), pieces.waiting.batch()
    for first in np.arange(0, len(entries), size).tolist():
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
    assert pieces.events == said
