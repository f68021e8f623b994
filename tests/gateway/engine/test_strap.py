"""An open strap in two grades: a cut at once, or a fault suspected, for one report at most and with its reasons."""

from __future__ import annotations

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import (
    AWAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    QUIET,
    Timeline,
    alarm_policies,
    at,
    brief,
    clock,
    raised,
    record,
)

from firmware_sim.firmware.messages import Alarm
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.strap import KEPT, SAYS_MORE, SLACK
from gateway.engine.timers import next_due
from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.model import Assignment
from protocols.report import Flag

CUT, GLITCH = "strap_cut", "strap_glitch_suspected"
OPEN = Alarm.REMOVAL
NOON = at(0, 13)
"""When the strap opens that is graded; the fault before it lasted a minute."""
STRAPS = {CUT, GLITCH}


def known(fault: float = MINUTE, outcome: str = "technical", **changes: object) -> Timeline:
    """A bracelet at home whose strap opened an hour ago, for ``fault`` seconds, and what a person found of that."""
    told = Timeline.of(at(0, 11), **changes)
    told.stay(HOME, at(0, 11), NOON - HOUR, 10 * MINUTE)
    told.report(NOON - HOUR, alarm=OPEN)
    told.report(NOON - HOUR + fault)
    (first,) = raised(told.run(), CUT)
    assert (first["severity"], first["facts"]["graded"]) == ("critical", "first")
    told.close(first["alarm"], NOON - HOUR + 30 * MINUTE, outcome, "clasp and strap whole")
    told.stay(HOME, NOON - 20 * MINUTE, NOON, 10 * MINUTE)
    told.run()
    told.events.clear()
    return told


def straps(events: list[dict]) -> list[tuple[str, str, str, str]]:
    """Change, kind, severity and reason of each event of a strap."""
    mine = [event for event in events if event["data"]["kind"] in STRAPS]
    return [
        (change, kind, event["data"]["severity"], event["data"]["facts"]["graded"])
        for (change, kind), event in zip(brief(mine), mine, strict=True)
    ]


SUSPECTED = ("raised", GLITCH, "serious", "as_before")


def cut(why: str) -> tuple[str, str, str, str]:
    return ("updated", CUT, "critical", why)


def test_an_opening_as_a_person_has_found_it_a_fault_is_suspected_and_says_why():
    told = known()
    told.report(NOON, alarm=OPEN)
    (event,) = told.run()
    assert straps([event]) == [SUSPECTED]
    data, facts = event["data"], event["data"]["facts"]
    assert (facts["faults"], facts["fault_seconds"], data["latched"]) == (1, 60.0, True)
    assert clock(facts["glitch_until"]) == NOON + MINUTE + SLACK
    assert data["text"]["zh"].startswith(
        "【重要·待核实】P0001（SFS-01）表带疑似误报断开：腕带13:00:00上报断开。该腕带有1次报警由人工按技术原因办结，最长断开1分钟。"
        "此次未见移动，设备未报未贴身。13:01:30前未报恢复即升为紧急。最后位置：家中或家附近"
    )
    assert "Urgent if not reported closed by 13:01:30." in data["text"]["en"]


def test_one_that_closes_again_in_time_stays_suspected_and_a_person_closes_it():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 45)
    events = told.run()
    assert straps(events) == [SUSPECTED, ("updated", GLITCH, "serious", "as_before")]
    facts, text = events[1]["data"]["facts"], events[1]["data"]["text"]
    assert (clock(facts["strap_closed"]), facts["open_seconds"]) == (NOON + 45, 45.0)
    assert "腕带13:00:00上报断开，13:00:45报已恢复。" in text["zh"]
    assert "升为紧急" not in text["zh"]
    told.stay(HOME, NOON + 10 * MINUTE, NOON + HOUR, 10 * MINUTE)
    told.tick(NOON + HOUR)
    assert straps(told.run()) == []
    told.close(events[0]["data"]["alarm"], NOON + 2 * HOUR, "technical", "strap whole")
    assert brief(told.run()) == [("closed", GLITCH)]
    assert told.state.device["fault_n"][0] == 2


@pytest.mark.parametrize("outcome", ["confirmed", "excused", "false", "unverifiable"])
def test_no_other_finding_grades_anything_down(outcome):
    told = known(outcome=outcome)
    told.report(NOON, alarm=OPEN)
    assert straps(told.run()) == [("raised", CUT, "critical", "first")]


def test_a_machine_learns_nothing_by_itself():
    told = Timeline.of(at(0, 11))
    for minute in range(0, 60, 10):
        told.report(at(0, 11) + minute * MINUTE, alarm=OPEN)
        told.report(at(0, 11) + (minute + 1) * MINUTE)
    assert straps(told.run()) == [("raised", CUT, "critical", "first")]
    assert told.state.device["fault_n"][0] == 0


def test_a_close_as_technical_of_an_opening_that_did_not_end_teaches_nothing():
    told = Timeline.of(at(0, 11))
    told.report(at(0, 11), alarm=OPEN)
    (first,) = raised(told.run())
    told.close(first["alarm"], at(0, 11.5), "technical")
    told.report(at(0, 12))
    told.report(NOON, alarm=OPEN)
    assert straps(told.run())[-1] == ("raised", CUT, "critical", "first")


def test_one_confirmed_cut_takes_back_what_was_learnt():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 30)
    (one,) = raised(told.run())
    told.close(one["alarm"], NOON + HOUR, "confirmed")
    told.report(NOON + 2 * HOUR, alarm=OPEN)
    assert straps(told.run())[-1] == ("raised", CUT, "critical", "first")


def test_a_finding_holds_for_thirty_days():
    told = known()
    late = NOON - HOUR + 30 * MINUTE + KEPT + 1
    told.report(late - MINUTE)
    told.report(late, alarm=OPEN)
    assert straps(told.run())[-1] == ("raised", CUT, "critical", "first")


def test_the_first_report_that_still_says_open_makes_it_a_cut():
    told = known(fault=5 * MINUTE)
    told.report(NOON, alarm=OPEN)
    told.report(NOON + MINUTE, alarm=OPEN)
    events = told.run()
    assert straps(events) == [SUSPECTED, cut("still_open")]
    assert events[0]["data"]["alarm"] == events[1]["data"]["alarm"]
    assert "该腕带曾按技术原因办结，但再次上报仍断开。" in events[1]["data"]["text"]["zh"]
    told.report(NOON + 2 * MINUTE)
    told.tick(NOON + HOUR)
    assert straps(told.run()) == []


def test_silence_makes_it_a_cut_at_the_longest_time_a_fault_has_lasted():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.run()
    assert next_due(told.state, told.policy) == NOON + MINUTE + SLACK
    told.tick(NOON + MINUTE + SLACK - 0.1)
    assert straps(told.run()) == []
    told.tick(NOON + MINUTE + SLACK)
    (event,) = told.run()
    assert straps([event]) == [cut("not_closed")]
    assert clock(event["time"]) == NOON + MINUTE + SLACK


def test_the_time_is_the_countys_where_that_is_shorter():
    alarms = alarm_policies() | {GLITCH: AlarmPolicy("serious", after_seconds=120.0)}
    told = known(fault=10 * MINUTE, alarms=alarms)
    told.report(NOON, alarm=OPEN)
    told.tick(NOON + 2 * MINUTE)
    assert straps(told.run()) == [SUSPECTED, cut("not_closed")]


def test_it_is_a_cut_in_the_run_in_which_it_opened_where_the_next_report_comes_too_late():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 10 * MINUTE)
    events = told.run()
    assert straps(events) == [SUSPECTED, cut("not_closed")]
    assert clock(events[1]["time"]) == NOON + MINUTE + SLACK


def test_a_place_that_has_moved_makes_it_a_cut_though_it_has_closed():
    told = known(fault=5 * MINUTE)
    told.report(NOON, alarm=OPEN)
    for seconds in (60, 90, 120):
        told.report(NOON + seconds, AWAY, alarm=QUIET if seconds == 120 else OPEN)
    assert straps(told.run())[:2] == [SUSPECTED, cut("still_open")]
    again = known(fault=5 * MINUTE)
    again.report(NOON, alarm=OPEN)
    again.report(NOON + 4 * MINUTE, (400.0, 0.0))
    assert straps(again.run()) == [SUSPECTED, cut("moved")]


def test_a_wearer_under_way_is_no_fault():
    told = known()
    told.frame(0x0200, record(NOON, HOME, alarm=OPEN, speed_kmh=30.0), NOON)
    assert straps(told.run()) == [("raised", CUT, "critical", "moving")]


def test_without_a_place_of_the_last_half_hour_nobody_can_tell():
    told = known()
    told.report(NOON + 25 * MINUTE, None, alarm=OPEN)
    assert straps(told.run()) == [("raised", CUT, "critical", "no_place")]


@pytest.mark.parametrize(("flag", "why"), [(flag, why) for flag, why in SAYS_MORE.items() if flag != Flag.JAMMING])
def test_what_else_it_says_speaks_against_a_fault_at_once_and_afterwards(flag, why):
    told = known()
    told.report(NOON, alarm=OPEN)
    told.run()
    told.state.levels["held"][0] |= int(flag)
    told.report(NOON + 30)
    assert straps(told.run()) == [cut(why)]
    told = known()
    told.state.levels["held"][0] |= int(flag)
    told.report(NOON, alarm=OPEN)
    assert straps(told.run()) == [("raised", CUT, "critical", why)]


def test_what_the_bracelet_had_stored_is_a_cut():
    told = known()
    told.report(NOON, alarm=OPEN, received=NOON + 5 * MINUTE)
    assert straps(told.run()) == [("raised", CUT, "critical", "stored")]


def test_beside_an_alarm_of_the_place_it_is_a_cut():
    told = known()
    told.stay((14000.0, 0.0), NOON, NOON + HOUR, MINUTE)
    assert raised(told.run(), "inclusion_exit")
    told.report(NOON + HOUR, (14000.0, 0.0), alarm=OPEN)
    assert straps(told.run()) == [("raised", CUT, "critical", "beside")]


def test_while_it_is_off_with_leave_it_is_told_as_that():
    removal = Removal("P0001", RemovalReason.REPAIR, NOON - MINUTE, NOON + HOUR, "office B")
    told = known(removals=(removal,))
    told.report(NOON, alarm=OPEN)
    assert straps(told.run()) == [("raised", CUT, "info", "removal")]


def test_a_second_opening_while_it_is_suspected_is_graded_by_itself():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 30)
    told.report(NOON + 5 * MINUTE, alarm=OPEN)
    told.report(NOON + 5 * MINUTE + 30)
    assert len(straps(told.run())) == 2
    told.report(NOON + 10 * MINUTE, alarm=OPEN)
    told.report(NOON + 11 * MINUTE, alarm=OPEN)
    assert straps(told.run()) == [cut("still_open")]


def test_another_bracelets_opening_is_none_of_the_first():
    told = known(assignments=(
        Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("B0002", "P0001", at(-30, 0), FOREVER),
    ))  # fmt: skip
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 1, alarm=OPEN, device="B0002")
    assert straps(told.run()) == [SUSPECTED, cut("other_device")]


def test_it_stays_a_cut_where_the_bracelet_is_handed_on_meanwhile():
    told = known(assignments=(
        Assignment("B0001", "P0001", at(-30, 0), NOON + 10), Assignment("B0001", "P0002", NOON + 10, FOREVER),
    ))  # fmt: skip
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 40)
    told.tick(NOON + HOUR)
    mine = [event for event in told.run() if event["data"]["person"] == "P0001"]
    assert straps(mine) == [SUSPECTED, cut("not_closed")]


def test_a_bracelet_that_is_entered_no_more_while_it_is_open_is_a_cut():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.run()
    only = (Assignment("B0002", "P0002", at(-30, 0), FOREVER),)
    devices = {key: one for key, one in told.policy.configuration.devices.items() if key == "B0002"}
    told.reconfigure(NOON + 10, assignments=only, devices=devices, digest="d2")
    assert straps(told.run()) == [cut("not_closed")]


def test_a_late_report_of_another_opening_makes_it_a_cut():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 30)
    told.run()
    told.stored(NOON + MINUTE, [record(NOON - 15 * MINUTE, HOME, alarm=OPEN)])
    assert straps(told.run()) == [cut("late")]


@pytest.mark.parametrize("closed", [False, True])
def test_a_past_that_is_decided_anew_leaves_the_grade_as_it_was(closed):
    told = known()
    told.report(NOON, alarm=OPEN)
    told.report(NOON + 30)
    (one,) = raised(told.run(), GLITCH)
    if closed:
        told.close(one["alarm"], NOON + 5 * MINUTE, "technical")
        told.run()
    told.stored(NOON + 6 * MINUTE, [record(NOON - 5 * MINUTE, HOME), record(NOON + 10, HOME, alarm=OPEN)])
    told.stay(HOME, NOON + 10 * MINUTE, NOON + HOUR, 10 * MINUTE)
    assert straps(told.run()) == []
    assert told.counts["report_decided_again"] > 0
    told.report(NOON + 2 * HOUR, alarm=OPEN)
    told.report(NOON + 2 * HOUR + 30)
    assert [change for change, *_ in straps(told.run())] == (["raised", "updated"] if closed else [])


def test_a_clock_that_is_set_leaves_the_time_that_is_left():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.set_clock(NOON + 30, NOON + 30 + HOUR)
    told.run()
    assert next_due(told.state, told.policy) == NOON + MINUTE + SLACK + HOUR


def test_a_snapshot_between_opening_and_deadline_changes_nothing():
    told = known()
    told.report(NOON, alarm=OPEN)
    told.run()
    told.state = restore(snapshot_of(told.state))
    told.tick(NOON + 10 * MINUTE)
    assert straps(told.run()) == [cut("not_closed")]


def test_the_same_is_said_however_the_log_is_cut():
    said = []
    for cut_each in (True, False):
        told = known(fault=5 * MINUTE)
        for minute, alarm in ((0, OPEN), (2, QUIET), (20, OPEN), (30, QUIET), (40, OPEN), (41, OPEN)):
            told.report(NOON + minute * MINUTE, alarm=alarm)
            if cut_each:
                told.run()
        told.run()
        said.append(told.events)
    assert said[0] == said[1]
    assert straps(said[0])[-1] == cut("not_closed")


openings = st.lists(
    st.tuples(st.integers(5, 1500), st.sampled_from(["open", "moved", "silence"])), min_size=1, max_size=4
)
"""Seconds from one report to the next, and what it is like."""


@must_meet("in time", "unheard")
@settings(max_examples=examples(60))
@given(following=openings, fault=st.integers(30, 1500))
def test_no_true_cut_is_graded_down_longer_than_one_report(met, following, fault):
    told = known(fault=float(fault))
    told.report(NOON, alarm=OPEN)
    time, next_report = NOON, None
    for after, like in following:
        time += after
        if like == "silence":
            told.tick(time)
            continue
        next_report = next_report or time
        told.report(time, (700.0, 0.0) if like == "moved" else HOME, alarm=QUIET if like == "moved" else OPEN)
    told.tick(time + HOUR)
    events = told.run()
    met["unheard" if next_report is None else "in time" if next_report < NOON + fault else "too late"] += 1
    assert straps(events)[0] == SUSPECTED
    (grave,) = [event for event in events if straps([event]) and event["data"]["severity"] == "critical"]
    assert clock(grave["time"]) <= min(next_report or FOREVER, NOON + fault + SLACK)
