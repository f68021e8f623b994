"""A bracelet taken off with leave: strap, case and silence are recorded, and an alarm where it is not back in time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from timeline import (
    AWAY,
    DAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    Timeline,
    alarm_policies,
    at,
    brief,
    clock,
    county,
    raised,
    record,
)  # fmt: skip

from firmware_sim.firmware.messages import Alarm
from gateway.engine import conditions
from gateway.engine.removal import OFF
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.engine.timers import next_due
from gateway.journal.entries import merge
from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.upstream.cloudevents import event_of
from protocols.report import Flag

NOON, UNTIL = at(0, 13), at(0, 18)
CUT = Alarm.REMOVAL


def removal(start: float = at(0, 12), until: float = UNTIL, person: str = "P0001") -> Removal:
    return Removal(person, RemovalReason.HOSPITAL, start, until, "office B")


def off(*removals: Removal, silence: float = FOREVER) -> Timeline:
    alarms = alarm_policies(silence) | {"strap_cut": AlarmPolicy("critical", escalate_after_seconds=900.0)}
    return Timeline.of(at(0, 11), removals=removals or (removal(),), alarms=alarms)


def of_kind(events: list[dict], kind: str) -> list[tuple[str, str]]:
    """Change and severity of each event of a kind."""
    mine = [event for event in events if event["data"]["kind"] == kind]
    return [(change, event["data"]["severity"]) for (change, _), event in zip(brief(mine), mine, strict=True)]


def test_what_is_opened_meanwhile_is_information_and_says_until_when():
    told = off()
    told.report(NOON, HOME, alarm=CUT)
    (event,) = told.run()
    data = event["data"]
    assert (data["severity"], data["facts"]["removal"], clock(data["facts"]["removal_until"])) == (
        "info", "hospital", UNTIL,
    )  # fmt: skip
    assert "verify_by" not in data["facts"]
    assert data["text"]["zh"] == (
        "【信息】P0001（SFS-01）表带断开（13:00起）。经批准取下腕带（住院），至18:00；到时未戴回再报警。"
    )
    assert "The bracelet is off with leave (hospital) until 18:00" in data["text"]["en"]
    assert data["latched"]


@pytest.mark.parametrize("kind", sorted(OFF))
def test_it_is_so_of_all_that_a_bracelet_says_when_it_is_off(kind, monkeypatch):
    monkeypatch.setattr(conditions, "FLAG_KINDS", {Flag.STRAP_CUT: kind})
    told = off()
    told.report(NOON, HOME, alarm=CUT)
    assert of_kind(told.run(), kind) == [("raised", "info")]


def test_a_call_for_help_is_none_of_it():
    told = off()
    told.report(NOON, HOME, alarm=Alarm.SOS)
    assert of_kind(told.run(), "sos") == [("raised", "critical")]


def test_who_is_not_back_in_time_is_an_alarm_then():
    told = off()
    told.report(NOON, HOME, alarm=CUT)
    told.stay(HOME, NOON + 10 * MINUTE, NOON + 10 * MINUTE, MINUTE)
    told.run()
    for minute in range(0, 300, 10):
        told.report(NOON + minute * MINUTE + 1, HOME, alarm=CUT)
    told.tick(UNTIL - 0.1)
    assert told.run() == []
    assert next_due(told.state, told.policy) == UNTIL
    told.tick(UNTIL)
    (event,) = [event for event in told.run() if event["data"]["kind"] == "strap_cut"]
    assert (brief([event]), event["data"]["severity"]) == ([("updated", "strap_cut")], "critical")
    assert clock(event["data"]["facts"]["verify_by"]) == UNTIL + 900.0
    assert event["data"]["text"]["zh"].startswith(
        "【更新】经批准取下已于18:00到期，腕带仍未戴回。【紧急·待核实】P0001（SFS-01）表带断开"
    )
    told.tick(UNTIL + DAY)
    assert of_kind(told.run(), "strap_cut") == []


def back(told: Timeline, when: float = UNTIL - HOUR) -> dict:
    """The strap is opened and closed again in time; the alarm."""
    told.report(NOON, HOME, alarm=CUT)
    told.stay(HOME, when, UNTIL + MINUTE, 10 * MINUTE)
    (one,) = raised(told.run(), "strap_cut")
    return one


def test_who_is_back_in_time_is_none_and_a_person_still_closes_it():
    told = off()
    one = back(told)
    event = told.events[-1]
    assert of_kind(told.events, "strap_cut") == [("raised", "info"), ("updated", "info")]
    assert clock(event["data"]["facts"]["removal_over"]) == UNTIL
    assert "取下已于18:00到期，腕带已戴回，不再报告该情况。仍须办结。" in event["data"]["text"]["zh"]
    told.close(one["alarm"], UNTIL + HOUR, "excused")
    assert brief(told.run()) == [("closed", "strap_cut")]


def test_what_opens_again_after_it_is_an_alarm_though_nobody_has_closed_the_first():
    told = off()
    back(told)
    told.report(UNTIL + HOUR, HOME, alarm=CUT)
    (event,) = told.run()
    assert (brief([event]), event["data"]["severity"]) == ([("updated", "strap_cut")], "critical")
    told.report(UNTIL + 2 * HOUR, HOME)
    told.report(UNTIL + 3 * HOUR, HOME, alarm=CUT)
    assert of_kind(told.run(), "strap_cut") == []


def test_silence_is_information_and_an_alarm_where_it_lasts_beyond_the_end():
    told = off(silence=20 * MINUTE)
    told.stay(HOME, at(0, 11), at(0, 11.9), 5 * MINUTE)
    told.stay(HOME, at(0, 11), at(0, 11.9), 5 * MINUTE, device="B0002")
    told.tick(UNTIL)
    events = [event for event in told.run() if event["data"]["person"] == "P0001"]
    assert of_kind(events, "comms_lost") == [("raised", "info"), ("updated", "serious")]
    assert clock(events[1]["time"]) == UNTIL
    others = [event for event in told.events if event["data"]["person"] == "P0002"]
    assert of_kind(others, "comms_lost") == [("raised", "serious")]


def test_silence_that_ends_in_time_is_over_by_itself():
    told = off(silence=20 * MINUTE)
    told.stay(HOME, at(0, 11), at(0, 11.9), 5 * MINUTE)
    told.report(UNTIL - MINUTE, HOME)
    told.tick(UNTIL + MINUTE)
    events = [event for event in told.run() if event["data"]["person"] == "P0001"]
    assert of_kind(events, "comms_lost") == [("raised", "info"), ("cleared", "info")]
    assert not [one for one in told.state.episodes.values() if one.person == "P0001"]


@pytest.mark.parametrize("when", [at(0, 11.5), UNTIL])
def test_before_and_after_it_is_an_alarm_at_once(when):
    told = off()
    told.report(when, HOME, alarm=CUT)
    assert of_kind(told.run(), "strap_cut") == [("raised", "critical")]


def test_a_removal_that_is_entered_afterwards_changes_nothing():
    told = off(removal(person="P0002"))
    told.report(NOON, HOME, alarm=CUT)
    told.reconfigure(NOON + MINUTE, removals=(removal(),), digest="d2")
    told.tick(UNTIL + HOUR)
    assert of_kind(told.run(), "strap_cut") == []
    assert of_kind(told.events, "strap_cut") == [("raised", "critical")]


def changed(*removals: Removal, when: float = NOON + HOUR) -> Timeline:
    """The strap is opened at noon, then other removals are entered."""
    told = off()
    told.report(NOON, HOME, alarm=CUT)
    told.run()
    told.reconfigure(when, removals=removals, alarms=told.policy.configuration.alarms, digest="d2")
    told.run()
    return told


def test_one_that_is_taken_away_is_looked_at_at_once():
    told = changed()
    assert of_kind(told.events, "strap_cut") == [("raised", "info"), ("updated", "critical")]
    assert clock(told.events[-1]["time"]) == NOON + HOUR


def test_one_that_is_made_longer_is_waited_for_and_said():
    told = changed(removal(), removal(UNTIL, UNTIL + HOUR))
    assert clock(told.events[-1]["data"]["facts"]["removal_until"]) == UNTIL + HOUR
    told.tick(UNTIL + HOUR - 1)
    assert of_kind(told.run(), "strap_cut") == []
    told.tick(UNTIL + HOUR)
    assert of_kind(told.run(), "strap_cut") == [("updated", "critical")]


def test_while_nobody_listened_nothing_was_due():
    told = off()
    told.report(NOON, HOME, alarm=CUT)
    told.stop(NOON + MINUTE)
    told.start(UNTIL + HOUR)
    told.report(UNTIL + HOUR + MINUTE, HOME)
    told.tick(UNTIL + 2 * HOUR)
    assert of_kind(told.run(), "strap_cut") == [("raised", "info"), ("updated", "info")]


def test_what_comes_late_of_a_removal_that_is_over_is_information():
    told = off()
    told.report(UNTIL + HOUR, HOME)
    told.stored(UNTIL + HOUR + 1, [record(NOON, HOME, alarm=CUT)])
    told.tick(UNTIL + 2 * HOUR)
    assert of_kind(told.run(), "strap_cut") == [("raised", "info")]
    assert told.events[-1]["data"]["facts"]["removal_back"] == 1


def test_what_comes_just_after_its_end_is_an_alarm_where_nothing_newer_says_otherwise():
    told = off()
    told.report(UNTIL - 1.0, HOME, alarm=CUT, received=UNTIL + 1.0)
    assert of_kind(told.run(), "strap_cut") == [("raised", "critical")]


@pytest.mark.parametrize(("sizes", "stride"), [((1, 64), 194), pytest.param((1, 5, 64), 97, marks=pytest.mark.torture)])
def test_no_cut_and_no_snapshot_changes_anything(sizes, stride):
    told = off(removal(), removal(at(1, 2), at(1, 3), "P0002"), silence=20 * MINUTE)
    for hour in range(30):
        now = at(0, 12) + hour * HOUR
        for minute in range(0, 60, 12):
            open_ = CUT if 1 <= hour % 9 < 4 + minute // 30 else Alarm(0)
            told.report(now + minute * MINUTE, AWAY if hour % 3 else HOME, alarm=open_)
            if hour % 5:
                told.report(now + minute * MINUTE + 1, HOME, alarm=open_, device="B0002")
    told.run()
    entries = merge(told.stepped)
    whole = bodies(told, entries, [])
    assert {"info", "critical", "serious"} <= {event["data"]["severity"] for event in told.events}
    for size in sizes:
        assert bodies(told, entries, list(range(size, len(entries), size))) == whole
    for place in range(40, len(entries), stride):
        state = EngineState()
        first = step(state, entries.slice(0, place), told.policies, first=0).outcomes
        again = restore(snapshot_of(state))
        again.history = state.history
        assert bodies(told, entries, [], again) == whole[len(first) :]


def bodies(told: Timeline, entries, cuts: list[int], state: EngineState | None = None) -> list[bytes]:
    state, said = state or EngineState(), []
    for first, until in pairwise([state.offset, *cuts, len(entries)]):
        outcomes = step(state, entries.slice(first, until), told.policies, first=state.offset).outcomes
        said += [event_of(outcome, "demo", "Asia/Shanghai").body for outcome in outcomes]
    return said


def test_an_alarm_that_becomes_another_has_the_time_of_that_one():
    alarms = alarm_policies() | {
        "curfew_late": AlarmPolicy("serious", escalate_after_seconds=600.0),
        "curfew_absent": AlarmPolicy("critical", escalate_after_seconds=7200.0),
    }  # fmt: skip
    told = Timeline.of(alarms=alarms)
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(1, 9), 5 * MINUTE)
    late, absent = (event["data"] for event in told.run() if event["data"]["kind"].startswith("curfew"))
    assert clock(late["facts"]["verify_by"]) == clock(late["decided"]) + 600.0
    assert absent["kind"] == "curfew_absent"
    assert clock(absent["facts"]["verify_by"]) >= at(1, 8) + 7200.0


def test_every_kind_with_a_time_to_answer_says_by_when():
    assert county().alarms["strap_cut"].escalate_after_seconds is None
    told = off(removal(person="P0002"))
    told.report(NOON, HOME, alarm=CUT)
    (one,) = raised(told.run())
    assert clock(one["facts"]["verify_by"]) == NOON + 900.0
