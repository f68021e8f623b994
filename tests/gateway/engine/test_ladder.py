"""Who is told of an alarm, when it goes up, what stops it; the same however the log is cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline import AWAY, CAFE, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, record

from firmware_sim.firmware.messages import Alarm
from gateway.engine.ladder import _code
from gateway.engine.notice import WEARER, NoticeRecord, NoticeState
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.engine.timers import next_due
from gateway.journal.controls import NoticeTold
from gateway.journal.entries import EntryBatch, EntryKind, merge
from gateway.settings.alarm_policy import AlarmPolicy, Duty, Modem, Notices
from gateway.settings.model import Role, Staff

NOTICES = Notices(Modem("/dev/ttyUSB2", 9600))
DUTY = (
    Duty("night", ("D01", "D02"), 18 * 60, 8 * 60), Duty("day", ("D03",), 8 * 60, 18 * 60),
    Duty("second", ("D04",)), Duty("elsewhere", ("D09",), None, None, "SFS-09"),
)  # fmt: skip
STAFF = {
    "L01": Staff("L01", "", frozenset({Role.LEADER})),
    "L02": Staff("L02", "", frozenset({Role.LEADER}), "SFS-01"),
    "L09": Staff("L09", "", frozenset({Role.LEADER}), "SFS-09"),
}
STRAP = AlarmPolicy("critical", ("night", "elsewhere"), 5 * MINUTE, ("second",))
LATE = AlarmPolicy("serious", (WEARER,), 10 * MINUTE, ("night",))
BATTERY = AlarmPolicy("warning", (WEARER, "night"), 2 * HOUR, ("second",))
CAFES = AlarmPolicy("critical", ("night",), 5 * MINUTE, ("second",))
NIGHT = at(0, 20.0)


@dataclass
class Told(Timeline):
    """A timeline that keeps notices as they last stood."""

    notices: dict[str, NoticeRecord] = field(default_factory=dict)
    said: list[NoticeRecord] = field(default_factory=list)

    def _said(self, stepped):
        self.said += stepped.notices
        self.notices |= {one.notice.id: one for one in stepped.notices}
        return super()._said(stepped)

    def told(self, *states: str) -> list[tuple[str, float]]:
        """Whom and since when, in order."""
        wanted = [one for one in self.notices.values() if not states or one.state in states]
        return [(one.notice.to, one.notice.owed) for one in wanted]

    def answer(self, time: float, to: str, state: str, **more: object) -> None:
        """What came of the newest notice to somebody."""
        identity = [one.notice.id for one in self.notices.values() if one.notice.to == to][-1]
        self.control(EntryKind.NOTICE, time, NoticeTold(identity, state, "sms", **more))


def county(start: float | None = at(0, 12), notices: Notices | None = NOTICES, **policies: AlarmPolicy) -> Told:
    wanted = {"strap_cut": STRAP, "curfew_late": LATE, "battery_low": BATTERY, "exclusion_enter": CAFES} | policies
    return Told.of(start, notices=notices, duty=DUTY, staff=STAFF, alarms=alarm_policies() | wanted)


def cut(time: float = NIGHT, **policies: AlarmPolicy) -> tuple[Told, str]:
    """A strap that is cut."""
    told = county(**policies)
    told.report(time - MINUTE, HOME)
    told.report(time, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = [one["data"] for one in told.run() if one["type"].endswith("raised")]
    return told, alarm["alarm"]


def test_whoever_is_on_duty_is_told_at_once_and_then_the_next_and_then_leaders():
    told, alarm = cut()
    assert told.told() == [("D01", NIGHT), ("D02", NIGHT)]
    assert {one.notice.alarm for one in told.notices.values()} == {alarm}
    assert next_due(told.state, told.policy) == NIGHT + 5 * MINUTE
    told.tick(NIGHT + 5 * MINUTE - 0.1)
    told.run()
    assert len(told.notices) == 2
    told.tick(NIGHT + 5 * MINUTE)
    told.run()
    assert told.told()[2:] == [("D04", NIGHT + 5 * MINUTE)]
    told.tick(NIGHT + HOUR)
    told.run()
    assert told.told()[3:] == [("L01", NIGHT + 10 * MINUTE), ("L02", NIGHT + 10 * MINUTE)]
    told.tick(NIGHT + 5 * HOUR)
    told.run()
    assert len(told.notices) == 5


def test_duty_is_by_hours_and_a_rung_on_which_nobody_stands_is_passed_at_once():
    told, _ = cut(at(0, 13))
    assert told.told() == [("D04", at(0, 13))]
    told, _ = cut(at(0, 13), strap_cut=AlarmPolicy("critical", ("night",)))
    assert told.told() == [("L01", at(0, 13)), ("L02", at(0, 13))]


def test_an_office_has_a_duty_of_its_own():
    told, _ = cut(strap_cut=AlarmPolicy("critical", ("elsewhere",), HOUR, ("night",)))
    assert told.told() == [("D01", NIGHT), ("D02", NIGHT)]


def test_that_nobody_at_all_can_be_told_is_counted():
    told = Told.of(at(0, 12), notices=NOTICES, duty=DUTY, alarms=alarm_policies() | {"strap_cut": STRAP})
    told = Told.of(
        at(0, 12), notices=NOTICES, alarms=alarm_policies() | {"strap_cut": AlarmPolicy("critical", ("night",))}
    )
    told.report(NIGHT, HOME, alarm=Alarm.REMOVAL)
    told.run()
    assert told.notices == {}
    assert told.counts["notice_to_nobody"] == 1


@pytest.mark.parametrize("do", ["acknowledge", "take_over", "close"])
def test_an_act_stops_it_and_withdraws_what_has_not_gone(do):
    told, alarm = cut()
    told.answer(NIGHT + 10.0, "D01", "sent", references=(7,))
    told.act(NIGHT + MINUTE, do, alarm, outcome="technical", note="clasp")
    told.tick(NIGHT + HOUR)
    told.run()
    assert [(one.notice.to, one.state) for one in told.notices.values()] == [("D01", "sent"), ("D02", "withdrawn")]
    assert next_due(told.state, told.policy) > NIGHT + 2 * HOUR
    assert (alarm in told.state.ladders) == (do != "close")


def test_a_note_stops_nothing():
    told, alarm = cut()
    told.act(NIGHT + MINUTE, "note", alarm, note="calling")
    told.tick(NIGHT + 6 * MINUTE)
    told.run()
    assert ("D04", NIGHT + 5 * MINUTE) in told.told()


def test_the_wearer_is_told_first_and_staff_once_nobody_answers():
    told = county()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 23), 5 * MINUTE)
    told.run()
    (wearer, since), *staff = told.told()
    assert wearer == WEARER
    assert staff[:2] == [("D01", since + 10 * MINUTE), ("D02", since + 10 * MINUTE)]
    (first, *_) = told.notices.values()
    assert first.notice.code == ""
    assert first.notice.about.facts["from"] == at(0, 22)


def test_the_end_by_itself_stops_it():
    told = county()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 22.5), 5 * MINUTE)
    told.stay(HOME, at(0, 22.5), at(0, 23.5), MINUTE)
    events = told.run()
    assert any(one["type"].endswith("cleared") for one in events)
    assert {one.state for one in told.notices.values()} == {NoticeState.WITHDRAWN}
    assert not told.state.notices


def test_never_the_wearer_of_strap_barred_zone_or_protected_persons():
    told, _ = cut(strap_cut=AlarmPolicy("critical", (WEARER, "night")))
    assert [to for to, _ in told.told()] == ["D01", "D02"]
    told = county(exclusion_enter=AlarmPolicy("critical", (WEARER,), 5 * MINUTE, (WEARER,)))
    told.stay(CAFE, NIGHT, NIGHT + HOUR, MINUTE)
    told.run()
    assert WEARER not in [to for to, _ in told.told()]


def test_quiet_hours_hold_what_can_wait_until_seven_and_not_what_cannot():
    told = county()
    late = at(0, 23)
    told.report(late, HOME, battery=80)
    told.report(late + MINUTE, HOME, battery=12)
    assert [one["data"]["kind"] for one in told.run() if one["type"].endswith("raised")] == ["battery_low"]
    assert told.told() == []
    told.tick(at(1, 7) - 1.0)
    told.run()
    assert told.told() == []
    assert next_due(told.state, told.policy) <= at(1, 7)
    told.tick(at(1, 7))
    told.run()
    assert sorted(told.told()) == [("D01", at(1, 7)), ("D02", at(1, 7)), (WEARER, at(1, 7))]
    told.tick(at(1, 9))
    told.run()
    assert told.told()[3:] == [("D04", at(1, 9))]
    told, _ = cut(at(0, 23))
    assert len(told.told()) == 2


def test_what_was_taken_back_is_told_as_void_to_all_who_had_it():
    told = county()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 22.9), 5 * MINUTE)
    told.run()
    told.answer(at(0, 22.9), "D01", "sent")
    told.answer(at(0, 22.9), WEARER, "sent")
    told.run()
    told.stored(at(0, 23), [record(time, HOME) for time in [at(0, 21.5) + 20.0 * each for each in range(260)]])
    told.stay(HOME, at(0, 23.01), at(0, 24), MINUTE)
    events = told.run()
    assert "bracelet.alarm.retracted" in {one["type"] for one in events}
    void = [one.notice for one in told.notices.values() if one.notice.topic == "void"]
    assert [(one.to, one.code) for one in void] == [("D01", "")]


def test_an_alarm_that_becomes_a_graver_one_is_told_anew_though_somebody_has_it():
    told = county(curfew_absent=AlarmPolicy("critical", ("day",), 5 * MINUTE, ("second",)))
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 22.5), 5 * MINUTE)
    (late,) = [one["data"] for one in told.run() if one["type"].endswith("raised")]
    told.act(at(0, 22.5), "acknowledge", late["alarm"])
    told.stay(AWAY, at(0, 22.6), at(1, 9), 10 * MINUTE)
    told.run()
    last = [one.notice for one in told.notices.values() if one.notice.about.kind == "curfew_absent"]
    assert [one.to for one in last] == ["D03"]
    assert told.state.ladders[late["alarm"]].due is None


def test_what_the_wearer_was_told_and_that_it_went_up_stands_in_the_alarm():
    told = county()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 22.45), 5 * MINUTE)
    told.run()
    told.answer(at(0, 22.45), WEARER, "sent")
    told.answer(at(0, 22.46), WEARER, "delivered")
    events = told.run()
    assert [one["type"] for one in events] == ["bracelet.alarm.updated"] * 2
    facts = events[-1]["data"]["facts"]
    assert facts["wearer_told_how"] == "delivered"
    assert facts["wearer_told"] == "2026-11-02T14:27:00Z"
    told.stay(AWAY, at(0, 22.5), at(0, 22.7), MINUTE)
    told.run()
    told.answer(at(0, 22.7), "D01", "sent")
    (event,) = [one for one in told.run() if one["type"].endswith("updated")]
    assert event["data"]["facts"]["escalated_to"] == 1
    assert "verify_by" in event["data"]["facts"]
    told.answer(at(0, 22.71), "D02", "sent")
    assert told.run() == []


def test_where_none_of_a_rung_could_be_reached_the_next_is_told_at_once():
    told, _ = cut()
    told.answer(NIGHT + MINUTE, "D01", "unreachable", why="no number")
    told.run()
    assert len(told.notices) == 2
    told.answer(NIGHT + 2 * MINUTE, "D02", "failed", why="cms 1")
    told.run()
    assert told.told()[2:] == [("D04", NIGHT + 2 * MINUTE)]


def test_where_nothing_goes_up_by_itself_and_nobody_could_be_reached_leaders_are_told():
    told, alarm = cut(strap_cut=AlarmPolicy("critical", ("second",)))
    told.answer(NIGHT + MINUTE, "D04", "unreachable", why="no number")
    told.run()
    assert told.told()[1:] == [("L01", NIGHT + MINUTE), ("L02", NIGHT + MINUTE)]
    told, alarm = cut()
    told.act(NIGHT + 1.0, "acknowledge", alarm)
    told.run()
    assert next_due(told.state, told.policy) > NIGHT + HOUR


def test_a_wearer_whom_nobody_could_reach_was_not_told():
    told = county()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 22.45), 5 * MINUTE)
    told.run()
    told.answer(at(0, 22.45), WEARER, "unreachable", why="no number")
    (event,) = told.run()
    assert event["data"]["facts"]["wearer_told_how"] == "unreachable"
    assert "wearer_told" not in event["data"]["facts"]


def test_a_result_of_what_is_known_no_more_is_counted():
    told, _ = cut()
    told.control(EntryKind.NOTICE, NIGHT + 1.0, NoticeTold("0" * 16, "sent"))
    told.run()
    assert told.counts["notice_result_late"] == 1


def test_codes_differ_among_alarms_that_are_open():
    told, alarm = cut()
    told.report(NIGHT + 1.0, HOME, alarm=Alarm.REMOVAL, device="B0002")
    told.run()
    codes = {one.notice.code for one in told.notices.values()}
    assert len(codes) == 2
    assert all(len(code) == 4 and set(code) <= set("0123456789ABCDEF") for code in codes)
    assert told.state.ladders[alarm].code in codes


def test_a_code_that_is_taken_is_given_to_nobody_else():
    told, alarm = cut()
    ladder, fresh = told.state.ladders.pop(alarm), _code(told.state, alarm)
    assert fresh == ladder.code
    told.state.ladders["another"] = ladder
    assert _code(told.state, alarm) != ladder.code


def test_without_the_section_nobody_is_told():
    told = county(notices=None)
    told.report(NIGHT, HOME, alarm=Alarm.REMOVAL)
    told.tick(NIGHT + HOUR)
    told.run()
    assert (told.notices, told.state.ladders) == ({}, {})


def test_staff_are_told_of_the_severities_that_the_county_wants_and_the_wearer_of_all():
    wanted = Notices(Modem("/dev/ttyUSB2", 9600), severities=("critical",))
    told = county(notices=wanted, curfew_late=AlarmPolicy("serious", (WEARER, "night"), 10 * MINUTE, ("second",)))
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(0, 24), 5 * MINUTE)
    told.run()
    assert [to for to, _ in told.told()] == [WEARER]
    told.report(at(0, 24), AWAY, alarm=Alarm.REMOVAL)
    told.run()
    assert [to for to, _ in told.told()] == [WEARER, "D01", "D02"]
    assert "notice_to_nobody" not in told.counts


def test_a_clock_that_is_set_moves_what_had_elapsed_and_a_downtime_is_told_after_it():
    told, _ = cut()
    told.set_clock(NIGHT + 2 * MINUTE, NIGHT - HOUR)
    told.run()
    assert next_due(told.state, told.policy) == NIGHT - HOUR + 3 * MINUTE
    told, _ = cut()
    told.stop(NIGHT + MINUTE)
    told.start(NIGHT + HOUR)
    told.run()
    assert told.told()[2:] == [("D04", NIGHT + HOUR)]


def test_a_test_alarm_tells_nobody():
    told = county(test=AlarmPolicy("critical", ("night",)))
    from gateway.journal.controls import TestAlarm  # noqa: PLC0415  pytest would take it for a test

    told.control(EntryKind.TEST, NIGHT, TestAlarm("t", "B0001"))
    assert [one["data"]["kind"] for one in told.run()][:1] == ["test"]
    assert told.notices == {}


@cache
def story() -> tuple[Told, EntryBatch]:
    """A long story, and all of its entries."""
    told, alarm = cut()
    told.report(NIGHT + 1.0, HOME, alarm=Alarm.REMOVAL, device="B0002")
    told.stay(HOME, NIGHT + 2.0, NIGHT + 20 * MINUTE, 30.0)
    told.run()
    told.answer(NIGHT + 20 * MINUTE, "D01", "unreachable")
    told.act(NIGHT + 21 * MINUTE, "acknowledge", alarm)
    told.stay(AWAY, NIGHT + 22 * MINUTE, NIGHT + 3.2 * HOUR, MINUTE)
    told.set_clock(NIGHT + 3.2 * HOUR, NIGHT + 3.3 * HOUR)
    told.stay(HOME, NIGHT + 3.3 * HOUR, NIGHT + 12 * HOUR, 10 * MINUTE)
    told.run()
    return told, merge(told.stepped)


@given(st.lists(st.integers(1, 400), max_size=6), st.booleans())
@settings(max_examples=examples(60))
def test_however_the_log_is_cut_and_with_snapshots_in_between_the_same_are_told(cuts, snapshots):
    told, entries = story()
    state, found = EngineState(), {}
    edges = [0, *sorted({each for each in cuts if each < len(entries)}), len(entries)]
    for first, until in pairwise(edges):
        stepped = step(state, entries.slice(first, until), told.policies, first=first)
        found |= {one.notice.id: one for one in stepped.notices}
        if snapshots:
            restored = restore(snapshot_of(state))
            restored.history, state = state.history, restored
    assert found == told.notices
    assert len(found) >= 6
    assert state.ladders == told.state.ladders
    assert state.notices == told.state.notices
