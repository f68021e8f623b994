"""A curfew whose periods follow each other without a gap: 00:00-24:00, every day or on some."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import AWAY, HOME, MIDNIGHT, MINUTE, RULES, Timeline, at, brief, clock, county, leave, nights, raised

from gateway.settings.model import HourRule

WHOLE = nights(0, 1440)


def told_of(curfew=WHOLE, start=MIDNIGHT, **changes):
    rule = replace(RULES["nights"], curfew=curfew, repeated_place=None)
    return Timeline.of(start, rules=(rule,), **changes)


def test_a_week_at_home_raises_nothing():
    told = told_of()
    told.stay(HOME, at(0, 0), at(7, 0))
    assert told.run() == []


def test_an_errand_by_day_is_raised_and_ends_with_the_return():
    told = told_of()
    told.stay(HOME, at(0, 0), at(0, 10))
    told.stay(AWAY, at(0, 10), at(0, 12))
    told.stay(HOME, at(0, 12), at(1, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert at(0, 10) <= clock(events[0]["data"]["onset"]) <= at(0, 10) + 20 * MINUTE
    assert at(0, 12) <= clock(events[1]["data"]["ended"]) <= at(0, 12) + 20 * MINUTE


@pytest.mark.parametrize("back", [24.3, 30.0, 41.0])
def test_an_absence_over_midnight_is_one_and_ends_with_the_return(back):
    told = told_of()
    told.stay(HOME, at(0, 0), at(0, 22))
    told.stay(AWAY, at(0, 22), at(0, back))
    told.stay(HOME, at(0, back), at(2, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert at(0, back) <= clock(events[1]["data"]["ended"]) <= at(0, back) + 20 * MINUTE
    assert events[1]["data"]["facts"]["out_seconds"] >= (back - 22.5) * 60 * MINUTE


def test_who_was_at_home_at_midnight_has_no_grace_after_it():
    told = told_of()
    told.stay(HOME, at(0, 12), at(1, 0), 60.0)
    told.stay(AWAY, at(1, 0), at(1, 0) + 12 * MINUTE, 60.0)
    told.stay(HOME, at(1, 0) + 12 * MINUTE, at(1, 2), 60.0)
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert at(1, 0) <= clock(events[0]["data"]["onset"]) <= at(1, 0) + 5 * MINUTE


def test_a_whole_day_away_is_an_absence_of_its_own_each_day():
    told = told_of()
    told.stay(HOME, at(0, 0), at(0, 22))
    told.stay(AWAY, at(0, 22), at(3, 3))
    told.stay(HOME, at(3, 3), at(3, 12))
    events = told.run()
    assert brief(events) == [
        ("raised", "curfew_early_leave"), ("updated", "curfew_absent"),
        ("raised", "curfew_late"), ("updated", "curfew_absent"),
        ("raised", "curfew_late"), ("cleared", "curfew_late"),
    ]  # fmt: skip
    first, second = events[1]["data"], events[3]["data"]
    assert (clock(first["facts"]["from"]), clock(first["facts"]["until"])) == (at(1, 0), at(2, 0))
    assert clock(first["facts"]["out_from"]) <= at(0, 22) + 20 * MINUTE
    assert (clock(second["facts"]["from"]), clock(second["facts"]["until"])) == (at(2, 0), at(3, 0))
    assert at(3, 3) <= clock(events[5]["data"]["ended"]) <= at(3, 3) + 20 * MINUTE


def test_on_weekdays_the_day_that_is_none_ends_it():
    told = told_of(
        replace(WHOLE, hours=(HourRule(0, 1440, (0, 1, 2, 3, 4)),))
    )  # day 0 is a Monday, so day 4 is the last
    told.stay(HOME, at(3, 12), at(4, 20))
    told.stay(AWAY, at(4, 20), at(7, 2))
    told.stay(HOME, at(7, 2), at(7, 4))
    events = told.run()
    assert brief(events) == [
        ("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave"),
        ("raised", "curfew_late"), ("cleared", "curfew_late"),
    ]  # fmt: skip
    assert clock(events[1]["data"]["ended"]) == at(5, 0)
    assert clock(events[2]["data"]["onset"]) == at(7, 0)


def test_approved_leave_takes_its_hours_out():
    told = told_of(leave=(leave(at(0, 22), at(1, 6)),))
    told.stay(HOME, at(0, 12), at(0, 22))
    told.stay(AWAY, at(0, 22), at(1, 6))
    told.stay(HOME, at(1, 6), at(1, 12))
    assert told.run() == []


@pytest.mark.parametrize("until", [0, 1440])
def test_until_24_and_until_0_of_the_next_day_are_one_evening(until):
    told = told_of(nights(22 * 60, until))
    told.stay(HOME, at(0, 20), at(0, 23))
    told.stay(AWAY, at(0, 23), at(1, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert clock(events[1]["data"]["ended"]) == at(1, 0)


def test_where_daylight_saving_has_a_day_of_25_hours_no_minute_is_free():
    """The clocks of Berlin go back on 2026-10-25 at 03:00; the periods still follow each other."""
    began = at(-9, 7)  # midnight there
    told = told_of(start=began, county=replace(county().county, timezone="Europe/Berlin"))
    told.stay(HOME, began, began + 40 * 60 * MINUTE)
    told.stay(AWAY, began + 40 * 60 * MINUTE, began + 60 * 60 * MINUTE)
    told.stay(HOME, began + 60 * 60 * MINUTE, began + 70 * 60 * MINUTE)
    assert brief(told.run()) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]


def test_cuts_do_not_matter():
    whole, cut = told_of(), told_of()
    said = []
    for told in (whole, cut):
        for place, start, until in (
            (HOME, at(0, 0), at(0, 23)),
            (AWAY, at(0, 23), at(2, 6)),
            (HOME, at(2, 6), at(2, 9)),
        ):
            for index in range(int((until - start) / (10 * MINUTE))):
                told.report(start + index * 10 * MINUTE, place)
                said += told.run() if told is cut else []
    assert whole.run() == said
    assert len(raised(said)) == 2
