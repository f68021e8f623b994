"""A bracelet that talks, but is never placed, or whose clock shows what cannot be, is not supervised: that is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import (
    DAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    QUIET,
    Timeline,
    alarm_policies,
    at,
    authority,
    brief,
    clock,
    county,
    of_wearers,
    raised,
    record,
)  # fmt: skip

from firmware_sim.firmware.messages import Location, location_body
from firmware_sim.radio import Cell
from gateway.engine.lasting import next_due
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.model import Assignment

NEVER = 946684800.0
LEVELS = {"strict": 12 * HOUR, "general": 24 * HOUR, "lenient": 24 * HOUR}


def at_level(level: str, **changes: object) -> Timeline:
    people = {key: replace(one, level=level) for key, one in county().people.items()}
    usual = {"alarms": alarm_policies(lasting=True), "people": people}
    return Timeline.of(at(0, 12), **(usual | changes))


def placeless(told: Timeline, start: float, until: float, every: float = 600.0) -> None:
    told.stay(None, start, until, every)


@pytest.mark.parametrize(("level", "after"), LEVELS.items())
def test_talking_without_a_place_is_raised_at_the_levels_deadline_and_ends_with_a_fix(level, after):
    told = at_level(level)
    told.stay(HOME, at(0, 12.1), at(0, 13))
    placeless(told, at(0, 13), at(0, 13) + after + HOUR)
    told.report(at(0, 14) + after, HOME)
    events = [event for event in told.run() if event["data"]["kind"] == "location_lost"]
    assert brief(events) == [("raised", "location_lost"), ("cleared", "location_lost")]
    assert clock(events[0]["time"]) == at(0, 13) + after
    assert clock(events[0]["data"]["onset"]) == at(0, 13)
    assert events[0]["data"]["position"] is not None
    facts = events[0]["data"]["facts"]
    assert (clock(facts["heard"]), facts["battery_percent"]) == (at(0, 13) + after - 600.0, 80)
    assert "cells" not in facts
    assert clock(events[1]["data"]["ended"]) == at(0, 14) + after


def test_a_fix_now_and_then_keeps_it_quiet():
    told = at_level("strict")
    for day in range(4):
        placeless(told, at(day, 12.1), at(day, 23.5))
        told.stay(HOME, at(day, 23.5), at(day, 23.9))
        placeless(told, at(day, 24), at(day, 35))
        told.stay(HOME, at(day, 35), at(day, 36))
    assert raised(told.run(), "location_lost") == []


@pytest.mark.parametrize(("level", "after"), [("strict", HOUR), ("general", 6 * HOUR), ("lenient", 24 * HOUR)])
def test_a_clock_that_shows_what_cannot_be_is_raised_and_ends_with_a_right_one(level, after):
    told = at_level(level)
    for step in range(int(after / 600.0) + 6):
        told.report(NEVER + step, HOME, received=at(0, 13) + 600.0 * step)
    told.report(at(0, 15) + after, HOME)
    events = [event for event in told.run() if event["data"]["kind"] == "clock_fault"]
    assert brief(events) == [("raised", "clock_fault"), ("cleared", "clock_fault")]
    assert clock(events[0]["time"]) == at(0, 13) + after
    assert clock(events[1]["data"]["ended"]) == at(0, 15) + after


def test_what_was_stored_shows_neither():
    told = at_level("strict")
    told.stored(at(0, 13), [record(NEVER, HOME), record(at(0, 12.5), None)])
    told.tick(at(3, 0))
    assert told.run() == []
    assert next_due(told.state, told.policy) == FOREVER


def test_the_countys_own_deadlines_hold():
    alarms = alarm_policies(lasting=True) | {
        "location_lost": AlarmPolicy("critical", by_level=(2 * HOUR, 3 * HOUR, 4 * HOUR))
    }
    told = at_level("general", alarms=alarms)
    placeless(told, at(0, 13), at(0, 17))
    (alarm,) = raised(told.run())
    assert (alarm["severity"], clock(alarm["decided"])) == ("critical", at(0, 16))


def test_our_downtime_is_not_counted():
    told = at_level("strict")
    placeless(told, at(0, 13), at(0, 18))
    told.stop(at(0, 18))
    told.start(at(1, 6))
    placeless(told, at(1, 6.1), at(1, 12.9))
    assert raised(told.run(), "location_lost") == []
    placeless(told, at(1, 12.9), at(1, 13.5))
    (alarm,) = raised(told.run(), "location_lost")
    assert clock(alarm["decided"]) == at(1, 13)


def test_who_falls_silent_first_is_said_to_be_silent_and_that_time_does_not_count():
    told = at_level("strict", alarms=alarm_policies(20 * MINUTE, lasting=True), assignments=county().assignments[:1])
    for hour in (12.2, 12.5, 12.8):
        told.heartbeat(at(0, hour))
    placeless(told, at(0, 13), at(0, 23.9))
    told.tick(at(1, 6))
    assert [alarm["kind"] for alarm in raised(told.run())] == ["comms_lost"]
    placeless(told, at(1, 7), at(1, 8.5))
    (alarm,) = raised(told.run())
    silent = at(1, 7) - (at(0, 13) + 65 * 600.0 + 20 * MINUTE)
    assert (alarm["kind"], clock(alarm["decided"])) == ("location_lost", at(0, 13) + 12 * HOUR + silent)


def test_it_begins_anew_with_the_next_wearing_and_without_authority_it_is_not_said():
    hands = (
        Assignment("B0001", "P0001", at(-30, 0), at(1, 0)), Assignment("B0001", "P0002", at(1, 0), FOREVER),
    )  # fmt: skip
    told = at_level("strict", assignments=hands)
    placeless(told, at(0, 13), at(1, 13))
    (alarm,) = raised(told.run())
    assert (alarm["person"], clock(alarm["decided"])) == ("P0002", at(1, 12))
    ended = at_level("strict", authorities=(authority("P0001", until=at(0, 20)),), assignments=hands[:1])
    placeless(ended, at(0, 13), at(2, 13))
    assert of_wearers(ended.run()) == []


def test_what_was_said_of_the_last_wearer_ends_with_the_hand_over():
    hands = (
        Assignment("B0001", "P0001", at(-30, 0), at(1, 2)), Assignment("B0001", "P0002", at(1, 2), FOREVER),
    )  # fmt: skip
    told = at_level("strict", assignments=hands)
    placeless(told, at(0, 13), at(1, 3))
    events = told.run()
    assert brief(events) == [("raised", "location_lost"), ("cleared", "location_lost")]
    assert [event["data"]["person"] for event in events] == ["P0001", "P0001"]
    assert clock(events[1]["data"]["ended"]) == clock(events[1]["data"]["facts"]["handed_over"]) == at(1, 2)
    assert not any(one.is_ongoing for one in told.state.episodes.values())


def test_what_comes_out_does_not_depend_on_cuts_ticks_or_a_snapshot():
    def say(told: Timeline, *, cut: bool) -> list[tuple[str, str, str]]:
        for hour in (13, 30, 40):
            placeless(told, at(0, hour), at(0, hour + 9), 900.0)
            told.report(NEVER + hour, None, received=at(0, hour + 9))
            if cut:
                told.run()
                for minute in range(0, 120, 7):
                    told.tick(at(0, hour + 9) + minute * MINUTE)
                    told.run()
                told.state = restore(snapshot_of(told.state))
        told.tick(at(0, 60))
        told.run()
        return [(event["type"], event["data"]["kind"], event["time"]) for event in told.events]

    whole = say(at_level("strict", alarms=alarm_policies(20 * MINUTE, lasting=True)), cut=False)
    assert say(at_level("strict", alarms=alarm_policies(20 * MINUTE, lasting=True)), cut=True) == whole
    assert {kind for _, kind, *_ in whole} >= {"comms_lost", "location_lost"}


def test_without_a_configuration_nothing_is_due():
    told = Timeline.of()
    assert next_due(EngineState(), told.policy) == FOREVER
    told.tick(at(0, 12) + DAY)
    assert told.run() == []


@pytest.mark.parametrize(("area", "said"), [(6334, "same"), (6335, "other")])
def test_it_is_said_whether_the_area_of_the_network_has_changed_meanwhile(area, said):
    told = at_level("strict")
    told.stay(HOME, at(0, 12.1), at(0, 13))
    for number in range(80):
        time = at(0, 13) + 600.0 * number
        cell = Cell(460, 0, 6334 if number < 40 else area, 4_251_234, 50)
        body = location_body(Location(time, QUIET, False, 0.0, 0.0, 0.0, 0.0, 0, 20, 71, 0.0, (cell,)))  # noqa: FBT003
        told.frame(0x0200, body, time)
    (data,) = raised(told.run(), "location_lost")
    assert (data["facts"]["cells"], data["facts"]["battery_percent"]) == (said, 71)
    assert {"same": "基站片区未变", "other": "基站片区已变"}[said] in data["text"]["zh"]
    assert "go to a window or outside" in data["text"]["en"]
