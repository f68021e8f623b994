"""What mostly ends by itself is recorded at once, and asks for somebody once it has lasted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import AWAY, CAFE, DAY, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, county

from firmware_sim.firmware.messages import Alarm
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.engine.timers import next_due
from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.alarm_policy import AlarmPolicy

NOON = at(0, 12.5)
SILENCE, AT_HOME = 20 * MINUTE, 45 * MINUTE
SILENT = AlarmPolicy("serious", ("night",), 15 * MINUTE, ("second",), SILENCE, AT_HOME)


def watched(policy: AlarmPolicy = SILENT, **changes: object) -> Timeline:
    """One bracelet, of which nothing is asked but that it is heard and charged."""
    alarms = alarm_policies(SILENCE) | {"comms_lost": policy}
    return Timeline.of(at(0, 12.45), rules=(), alarms=alarms, assignments=county().assignments[:1], **changes)


def falls_silent(told: Timeline, place: tuple[float, float] = HOME, **last: object) -> float:
    """Some minutes at a place and the last of them; when that was."""
    return falls_silent_at(told, NOON, place, **last)


def falls_silent_at(told: Timeline, time: float, place: tuple[float, float] = HOME, **last: object) -> float:
    for minute in range(5):
        told.report(time + minute * MINUTE, place)
    told.report(time + 5 * MINUTE, place, **last)
    return time + 5 * MINUTE


def severities(events: list[dict]) -> list[tuple[str, str]]:
    return [(change, event["data"]["severity"]) for (change, _), event in zip(brief(events), events, strict=True)]


def test_a_silence_at_home_is_recorded_in_time_and_asks_for_nobody_where_it_ends():
    told = watched()
    heard = falls_silent(told)
    told.report(heard + AT_HOME - 1)
    raised, over = told.run()
    assert severities([raised, over]) == [("raised", "info"), ("cleared", "info")]
    assert clock(raised["time"]) == heard + SILENCE
    assert clock(raised["data"]["facts"]["tell_from"]) == heard + AT_HOME
    assert "verify_by" not in raised["data"]["facts"]
    assert "Nothing to do yet; call if it is not over by 13:20" in raised["data"]["text"]["en"]
    assert "到13:20仍未恢复再请致电" in raised["data"]["text"]["zh"]
    assert told.state.episodes == {}, "one that was mild and is over needs no close"


def test_one_that_lasts_is_as_severe_as_any_from_its_time_on():
    told = watched()
    heard = falls_silent(told)
    told.tick(heard + AT_HOME - 0.1)
    assert severities(told.run()) == [("raised", "info")]
    assert next_due(told.state, told.policy) == heard + AT_HOME
    told.tick(heard + AT_HOME)
    (graver,) = told.run()
    assert severities([graver]) == [("updated", "serious")]
    assert clock(graver["data"]["facts"]["verify_by"]) == heard + AT_HOME + 15 * MINUTE
    assert graver["data"]["text"]["zh"].startswith("【更新】到13:20仍未恢复。【重要·待核实】P0001（SFS-01）失联45分钟")
    told.tick(heard + 5 * HOUR)
    assert told.run() == []


def test_left_out_it_is_twice_the_usual_time():
    told = watched(replace(SILENT, at_home_seconds=None))
    heard = falls_silent(told)
    told.tick(heard + HOUR)
    assert [clock(event["time"]) for event in told.run()] == [heard + SILENCE, heard + 2 * SILENCE]


@pytest.mark.parametrize(
    ("why", "last"),
    [("strap", {"alarm": Alarm.REMOVAL}), ("battery", {"battery": 8}), ("moving", {"place": AWAY})],
)
def test_with_anything_odd_it_is_told_at_once(why, last):
    told = watched()
    heard = falls_silent(told, **({"battery": 80} | last)) if why != "moving" else falls_silent(told, AWAY)
    told.tick(heard + SILENCE)
    silent = [event for event in told.run() if event["data"]["kind"] == "comms_lost"]
    assert severities(silent) == [("raised", "serious")]


def test_a_strap_that_was_closed_again_long_ago_is_no_sign_of_this_hour():
    told = watched()
    told.report(NOON - 3 * MINUTE, HOME, alarm=Alarm.REMOVAL)
    told.report(NOON - 2 * MINUTE, HOME)
    for hour in range(50):
        told.report(NOON + hour * HOUR / 4, HOME)
    told.run()
    for wait, severity in ((13 * HOUR, "serious"), (26 * HOUR, "info")):
        heard = falls_silent_at(told, NOON + wait)
        told.tick(heard + SILENCE)
        silent = [
            event for event in told.run() if event["data"]["kind"] == "comms_lost" and event["data"]["ended"] is None
        ]
        assert severities(silent)[-1] == ("raised", severity)


def test_a_place_that_is_old_says_of_nobody_that_he_was_at_home():
    told = watched()
    falls_silent(told)
    for minute in range(10, 50, 5):
        told.report(NOON + minute * MINUTE, None)
    told.tick(NOON + 45 * MINUTE + SILENCE)
    assert severities(told.run()) == [("raised", "serious")]


def test_where_there_is_no_home_nothing_is_mild():
    told = watched()
    heard = falls_silent(told, CAFE)
    told.tick(heard + SILENCE)
    assert severities(told.run()) == [("raised", "serious")]


def test_what_a_removal_makes_mild_waits_for_its_end_alone():
    off = Removal("P0001", RemovalReason.HOSPITAL, NOON, NOON + 3 * HOUR, "office B")
    told = watched(removals=(off,))
    falls_silent(told)
    told.tick(NOON + 2 * HOUR)
    assert severities(told.run()) == [("raised", "info")]
    told.tick(NOON + 3 * HOUR)
    assert severities(told.run()) == [("updated", "serious")]


def test_while_nobody_listened_nothing_became_graver():
    told = watched()
    heard = falls_silent(told)
    told.tick(heard + SILENCE)
    told.stop(heard + SILENCE + MINUTE)
    told.start(heard + 2 * HOUR)
    assert severities(told.run()) == [("raised", "info")]
    told.tick(heard + 2 * HOUR + 4 * MINUTE)
    assert told.run() == []
    told.tick(heard + 2 * HOUR + 6 * MINUTE)
    assert severities(told.run()) == [("updated", "serious")]


def test_a_snapshot_keeps_what_waits():
    told = watched()
    heard = falls_silent(told)
    told.tick(heard + SILENCE)
    told.run()
    state = restore(snapshot_of(told.state))
    assert next_due(state, told.policy) == heard + AT_HOME


def drained(told: Timeline, *, flat_by: float = 12 * HOUR, until: int = 1) -> None:
    """From full at noon, evenly, a report each quarter of an hour, down to so many percent."""
    for quarter in range(round(flat_by / (15 * MINUTE))):
        percent = round(100 * (1 - quarter * 15 * MINUTE / flat_by))
        if percent >= until:
            told.report(NOON + quarter * 15 * MINUTE, HOME, battery=percent)


def test_a_battery_that_still_lasts_asks_for_nobody_where_it_is_charged():
    told = watched()
    drained(told, until=6)
    told.report(NOON + 11.3 * HOUR, HOME, battery=12)
    told.report(NOON + 11.5 * HOUR, HOME, battery=60)
    low, charging, over = told.run()
    assert severities([low, charging, over]) == [("raised", "info"), ("updated", "info"), ("cleared", "info")]
    assert clock(charging["data"]["facts"]["tell_from"]) == NOON + 11.3 * HOUR + 2 * HOUR
    assert charging["data"]["text"]["en"].startswith("UPDATED. Its charge rises since 23:48: it is being charged. ")
    facts = low["data"]["facts"]
    assert clock(facts["lasts_until"]) == pytest.approx(NOON + 12 * HOUR, abs=10 * MINUTE)
    end, remind, tell, charged = (clock(facts[name]) for name in ("lasts_until", "remind_from", "tell_from", "charged"))
    assert (remind, tell, charged) == (end - HOUR, end - 30 * MINUTE, NOON)
    assert "lasts until about 00:" in low["data"]["text"]["en"]
    assert "，上次充电到12:30" in low["data"]["text"]["zh"]


def test_half_an_hour_before_its_end_it_is_as_severe_as_any():
    told = watched()
    drained(told, flat_by=DAY)
    told.tick(NOON + DAY)
    events = [event for event in told.run() if event["data"]["kind"].startswith("battery")]
    assert [(event["data"]["kind"], event["data"]["severity"]) for event in events] == [
        ("battery_low", "info"), ("battery_critical", "info"), ("battery_critical", "serious"),
    ]  # fmt: skip
    assert len({event["data"]["alarm"] for event in events}) == 1
    assert events[2]["time"] == events[1]["data"]["facts"]["tell_from"]
    assert clock(events[2]["time"]) == pytest.approx(NOON + 23.5 * HOUR, abs=20 * MINUTE)


@pytest.mark.parametrize("cut", [1, 3, 10, 25, 49])
def test_cuts_change_nothing(cut):
    def story() -> Timeline:
        told = watched()
        drained(told, flat_by=DAY)
        told.report(NOON + 26 * HOUR, HOME, battery=90)
        falls = NOON + 28 * HOUR
        told.report(falls, HOME, battery=85)
        told.report(falls + 30 * MINUTE, HOME, battery=85)
        told.report(falls + 2 * HOUR, HOME, battery=84)
        return told

    whole, pieces = story(), story()
    wanted = [(event["id"], event["data"]["severity"], event["time"]) for event in whole.run()]
    batch = pieces.waiting.batch()
    said, first = [], 0
    for begin in range(0, len(batch), cut):
        part = batch.slice(begin, min(begin + cut, len(batch)))
        stepped = step(pieces.state, part, lambda _digest: pieces.policy, first=first)
        first += len(part)
        said += pieces._said(stepped)
    assert [(event["id"], event["data"]["severity"], event["time"]) for event in said] == wanted
    assert {severity for _, severity, _ in wanted} == {"info", "serious"}
