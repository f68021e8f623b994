"""Curfews on the calendar's days, of several hours a day, and such as recur, on device time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from timeline import AWAY, HOME, MINUTE, NIGHTS, RULES, Timeline, at, brief, clock, raised, record

from fencing.dates import WorkCalendar, number_of
from gateway.settings.model import DaySet, HourRule

NIGHT = HourRule(22 * 60, 8 * 60, tuple(range(7)))
NOON = HourRule(12 * 60, 13 * 60 + 30, tuple(range(7)))
MONDAY = number_of(date(2026, 11, 2))
"""Day 0 of every timeline."""
CALENDAR = WorkCalendar(off=(MONDAY + 1,), work=(MONDAY + 5,), published=(2026,))
"""Tuesday is off, Saturday is worked on."""
ALL_DAY = 24.0


def bound(*hours, calendar=CALENDAR, grace=0.0):
    curfew = replace(NIGHTS, hours=hours, grace_seconds=grace)
    return Timeline.of(rules=(replace(RULES["nights"], curfew=curfew, repeated_place=None),), calendar=calendar)


def begun(told):
    """When each alarm's hours began, and what it is."""
    return [(clock(one["facts"]["from"]), one["kind"]) for one in raised(told.events)]


@pytest.mark.parametrize(
    ("days", "nights"), [(DaySet.WORKDAYS, [0, 2, 3, 4, 5]), (DaySet.WEEKEND, [1, 6]), ((1, 5), [1, 5])]
)
def test_a_curfew_goes_by_the_calendar(days, nights):
    told = bound(replace(NIGHT, days=days))
    told.stay(HOME, at(0, 10), at(0, 11), 5 * MINUTE)
    for day in range(7):
        told.stay(AWAY, at(day, 20), at(day, 23), 10 * MINUTE)
        told.stay(HOME, at(day, 23), at(day, 23.5), 10 * MINUTE)
        told.stay(HOME, at(day, 32), at(day, 33), 10 * MINUTE)
    told.run()
    assert begun(told) == [(at(day, 22), "curfew_late") for day in nights]


def test_each_of_several_hours_is_a_matter_of_its_own():
    told = bound(NOON, NIGHT)
    told.stay(HOME, at(0, 9), at(0, 10), 5 * MINUTE)
    told.stay(AWAY, at(0, 11), at(0, 15), 5 * MINUTE)
    told.stay(HOME, at(0, 15), at(1, 2), 5 * MINUTE)
    told.stay(AWAY, at(1, 2), at(1, 4), 5 * MINUTE)
    told.stay(HOME, at(1, 4), at(1, 9), 5 * MINUTE)
    told.run()
    assert begun(told) == [(at(0, 12), "curfew_late"), (at(0, 22), "curfew_early_leave")]
    assert brief(told.events) == [
        ("raised", "curfew_late"), ("updated", "curfew_absent"),
        ("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave"),
    ]  # fmt: skip
    assert clock(told.events[1]["data"]["facts"]["until"]) == at(0, 13.5)
    spells = [(one.since, one.until) for one in told.presence if one.duty == "curfew"]
    assert all(not at(0, 13.5) < since < at(0, 22) for since, _ in spells)


def test_the_grace_is_for_each_of_them():
    told = bound(NOON, NIGHT, grace=1800.0)
    told.stay(AWAY, at(0, 11), at(0, 12.4), MINUTE)
    told.stay(HOME, at(0, 12.4), at(0, 14), MINUTE)
    told.stay(AWAY, at(0, 14), at(0, 22.4), 5 * MINUTE)
    told.stay(HOME, at(0, 22.4), at(1, 9), 5 * MINUTE)
    assert told.run() == []


def test_hours_that_touch_are_one_absence():
    told = bound(NOON, HourRule(13 * 60 + 30, 15 * 60, tuple(range(7))))
    told.stay(HOME, at(0, 11), at(0, 12.5), MINUTE)
    told.stay(AWAY, at(0, 12.5), at(0, 14.5), MINUTE)
    told.stay(HOME, at(0, 14.5), at(0, 16), MINUTE)
    assert brief(told.run()) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]


RECURS = "DTSTART:20261102T220000 RRULE:FREQ=DAILY;INTERVAL=2 EXDATE:20261106"


def test_a_curfew_that_recurs_holds_on_its_days_alone_and_in_the_morning_behind_them():
    told = bound(HourRule(22 * 60, 6 * 60, RECURS))
    for day in range(8):
        told.stay(HOME, at(day, 21), at(day, 26), 10 * MINUTE)
        told.stay(AWAY, at(day, 26), at(day, 29), 10 * MINUTE)
        told.stay(HOME, at(day, 29), at(day, 31), 10 * MINUTE)
    told.run()
    assert begun(told) == [(at(day, 22), "curfew_early_leave") for day in (0, 2, 6)]


@pytest.mark.parametrize("days", [DaySet.WORKDAYS, RECURS, tuple(range(7))])
def test_what_comes_late_ends_as_what_came_in_order(days):
    places = [(at(0, 20) + 300.0 * one, HOME if one < 60 or one > 80 else AWAY) for one in range(160)]
    in_order, late = bound(replace(NIGHT, days=days), NOON), bound(replace(NIGHT, days=days), NOON)
    for time, place in places:
        in_order.report(time, place)
    for time, place in (*places[:50], *places[110:]):
        late.report(time, place)
    late.stored(places[-1][0] + 1.0, [record(time, place) for time, place in places[50:110]])
    for told in (in_order, late):
        told.tick(places[-1][0] + 3600.0)
        told.run()
    standing = [
        [(one.kind, one.onset, one.ended) for one in told.state.episodes.values() if not one.retracted]
        for told in (in_order, late)
    ]  # fmt: skip
    assert standing[0] == standing[1]
    assert standing[0]
