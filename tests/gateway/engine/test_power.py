"""A battery that is nearly flat, one that ends in silence, and a bracelet that is switched off and on again."""

from __future__ import annotations

import pytest
from timeline import HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, county, raised, record

from gateway.engine.step import step
from gateway.settings.absences import Removal, RemovalReason

NOON = at(0, 12.5)
ON, OFF = "001f00", "001f02"
"""A bsj heartbeat: percent, signal, state."""


def quiet(**changes: object) -> Timeline:
    """One bracelet, of which nothing is asked but that it is heard."""
    usual = {"rules": (), "alarms": alarm_policies(20 * MINUTE), "assignments": county().assignments[:1]}
    return Timeline.of(at(0, 12.45), **(usual | changes))


def drained(*percents: int, told: Timeline | None = None) -> Timeline:
    told = told or quiet()
    for minute, percent in enumerate(percents):
        told.report(NOON + 10 * MINUTE * minute, HOME, battery=percent)
    return told


def switched(*states: tuple[float, str], told: Timeline | None = None) -> Timeline:
    """Heartbeats at minutes after noon."""
    told = told or quiet()
    told.profile = "bsj"
    for minute, state in states:
        told.frame(0x0002, bytes.fromhex(state.replace("00", "50", 1)), NOON + minute * MINUTE)
    return told


def test_one_discharge_is_one_alarm_that_grows_graver_and_ends_when_all_is_well():
    told = drained(16, 15, 5, 4, 14, 15, 24, 25)
    events = told.run()
    assert brief(events) == [
        ("raised", "battery_low"),
        ("updated", "battery_critical"),
        ("cleared", "battery_critical"),
    ]
    assert len({event["data"]["alarm"] for event in events}) == 1
    low, critical, over = (event["data"] for event in events)
    assert (clock(low["onset"]), low["severity"]) == (NOON + 10 * MINUTE, "warning")
    assert (critical["severity"], critical["facts"]["battery_percent"]) == ("serious", 5)
    assert clock(over["ended"]) == NOON + 70 * MINUTE
    assert "(5 %)" in critical["text"]["en"]
    assert "5%" in critical["text"]["zh"]


def test_a_battery_that_empties_at_once_is_nearly_flat_and_not_low_besides():
    assert brief(drained(40, 3, 12).run()) == [("raised", "battery_critical")]


def test_what_is_nearly_flat_again_after_a_charge_is_another_alarm():
    events = drained(40, 12, 3, 90, 12, 3).run()
    assert brief(events) == [
        ("raised", "battery_low"), ("updated", "battery_critical"), ("cleared", "battery_critical"),
        ("raised", "battery_low"), ("updated", "battery_critical"),
    ]  # fmt: skip


@pytest.mark.parametrize(("last", "kind"), [(5, "battery_dead"), (6, "comms_lost"), (80, "comms_lost")])
def test_silence_after_a_nearly_flat_battery_is_said_as_a_flat_one_and_ends_with_a_frame(last, kind):
    told = drained(40, last)
    told.tick(NOON + HOUR)
    events = told.run()
    assert [one for one in brief(events) if one[1] in {"battery_dead", "comms_lost"}] == [("raised", kind)]
    (silent,) = raised(events, kind)
    assert (clock(silent["onset"]), silent["facts"]["battery_percent"]) == (NOON + 10 * MINUTE, last)
    assert clock(silent["decided"]) == NOON + 30 * MINUTE
    told.report(NOON + 2 * HOUR, HOME, battery=90)
    assert ("cleared", kind) in brief(told.run())


def test_a_flat_battery_says_what_else_it_may_be():
    told = drained(40, 5)
    told.tick(NOON + HOUR)
    (flat,) = raised(told.run(), "battery_dead")
    assert "not proof of leaving" in flat["text"]["en"]
    assert "不表示已离开" in flat["text"]["zh"]


def test_a_flat_battery_of_a_bracelet_off_with_leave_is_mild_until_it_is_to_be_back():
    off = Removal("P0001", RemovalReason.HOSPITAL, NOON, NOON + 2 * HOUR, "office B")
    told = drained(40, 5, told=quiet(removals=(off,)))
    told.tick(NOON + HOUR)
    told.tick(NOON + 3 * HOUR)
    events = [event["data"] for event in told.run() if event["data"]["kind"] == "battery_dead"]
    assert [one["severity"] for one in events] == ["info", "serious"]


def test_a_bracelet_that_says_it_goes_off_is_off_until_it_reports_again():
    told = switched((0, ON), (10, OFF), (18, ON), (19, ON))
    events = told.run()
    assert brief(events) == [
        ("raised", "power_off"), ("cleared", "power_off"), ("raised", "restart"), ("cleared", "restart"),
    ]  # fmt: skip
    off, _, again, _ = (event["data"] for event in events)
    assert (clock(off["onset"]), clock(events[1]["data"]["ended"])) == (NOON + 10 * MINUTE, NOON + 18 * MINUTE)
    assert (clock(again["onset"]), again["severity"]) == (NOON + 18 * MINUTE, "info")
    assert again["facts"]["off_from"] == NOON + 10 * MINUTE
    assert "12:40" in again["text"]["zh"]


def test_what_follows_within_two_minutes_is_of_before_and_a_second_word_is_no_second_alarm():
    told = switched((0, ON), (10, OFF), (11, ON), (11.5, OFF), (13, OFF))
    assert brief(told.run()) == [("raised", "power_off")]


def test_it_may_go_off_again_after_it_came_up():
    told = switched((0, ON), (10, OFF), (20, ON), (25, OFF))
    assert [one["kind"] for one in raised(told.run())] == ["power_off", "restart", "power_off"]


def test_a_damaged_frame_switches_nothing_off():
    told = quiet()
    told.profile = "bsj"
    told.frame(0x0002, bytes.fromhex("501f02"), NOON, sound=False)
    assert told.run() == []


def test_silence_after_the_word_says_so():
    told = switched((0, ON), (10, OFF))
    told.tick(NOON + HOUR)
    (silent,) = raised(told.run(), "comms_lost")
    assert silent["facts"]["why"] == "off"
    assert "switched off" in silent["text"]["en"]
    assert "关机" in silent["text"]["zh"]


def test_late_reports_of_before_change_nothing_of_it():
    told = switched((0, ON), (10, OFF), (20, ON))
    told.run()
    told.profile = "g10ls"
    told.stored(NOON + HOUR, [record(NOON + 5 * MINUTE, HOME, 70)])
    told.tick(NOON + 2 * HOUR)
    assert [kind for kind in brief(told.run()) if kind[1] in {"power_off", "restart"}] == []


@pytest.mark.parametrize("cut", range(1, 8))
def test_cuts_change_nothing(cut):
    def story() -> Timeline:
        return switched((15, OFF), (35, ON), told=drained(40, 15, 4, 30))

    whole, pieces = story(), story()
    entries = whole.waiting.batch()
    said = brief(whole.run())
    pieces.waiting = type(pieces.waiting)()
    for first, until in ((0, cut), (cut, len(entries))):
        pieces._said(step(pieces.state, entries.slice(first, until), pieces.policies, first=first))
    assert brief(pieces.events) == said
    assert len(said) == 9
