"""Nights under a curfew of 22:00-08:00 with 15 minutes of grace, on device time."""

from __future__ import annotations

import pytest
from timeline import AWAY, HOME, MINUTE, Timeline, alarm_policies, at, brief, clock, leave, raised, record

from gateway.settings.model import Assignment
from protocols.report import Source


def ordinary_day(told: Timeline, day: int) -> None:
    """At home till nine, at work till eight in the evening."""
    told.stay(HOME, at(day, 8), at(day, 9))
    told.stay(AWAY, at(day, 9), at(day, 20))


def test_at_home_all_night_raises_nothing():
    told = Timeline.of()
    told.stay(AWAY, at(0, 12), at(0, 21))
    told.stay(HOME, at(0, 21), at(1, 9))
    assert told.run() == []


def test_a_late_return_is_raised_after_the_grace_and_cleared():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(0, 23.5))
    told.stay(HOME, at(0, 23.5), at(1, 9))
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    late = events[0]["data"]
    assert clock(late["onset"]) == at(0, 22)
    assert at(0, 22.25) <= clock(late["decided"]) <= at(0, 22.25) + 10 * MINUTE
    assert at(0, 23.5) <= clock(events[1]["data"]["ended"]) <= at(0, 23.5) + 20 * MINUTE
    assert events[1]["data"]["facts"]["in_seconds"] == 0.0
    assert events[1]["data"]["facts"]["out_seconds"] == 80 * MINUTE


def test_back_within_the_grace_raises_nothing():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(0, 22) + 10 * MINUTE, 60.0)
    told.stay(HOME, at(0, 22) + 10 * MINUTE, at(1, 9), 60.0)
    assert told.run() == []


def test_a_late_return_that_never_comes_becomes_the_whole_absence_of_the_same_identity():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(1, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("updated", "curfew_absent")]
    assert events[0]["subject"] == events[1]["subject"]
    absent = events[1]["data"]
    assert clock(absent["decided"]) == clock(events[0]["data"]["decided"])
    assert clock(events[1]["time"]) == at(1, 8)
    assert absent["latched"] is True
    assert (clock(absent["facts"]["out_from"]), clock(absent["facts"]["out_until"])) == (at(0, 22), at(1, 8) - 600)
    assert absent["facts"]["in_seconds"] == 0.0


def test_the_whole_absence_is_not_cleared_by_the_next_night_at_home():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(1, 12))
    told.stay(HOME, at(1, 12), at(2, 12))
    assert brief(told.run()) == [("raised", "curfew_late"), ("updated", "curfew_absent")]


def test_leaving_early_and_coming_back():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 3))
    told.stay(AWAY, at(1, 3), at(1, 5))
    told.stay(HOME, at(1, 5), at(1, 9))
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert at(1, 3) <= clock(events[0]["data"]["onset"]) <= at(1, 3) + 20 * MINUTE
    assert at(1, 5) <= clock(events[1]["data"]["ended"]) <= at(1, 5) + 20 * MINUTE


def test_leaving_early_and_staying_away_ends_with_the_night_and_is_no_whole_absence():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 3))
    told.stay(AWAY, at(1, 3), at(1, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert clock(events[1]["data"]["ended"]) == at(1, 8)


def test_leave_suspends_the_curfew():
    told = Timeline.of(leave=(leave(at(0, 18), at(1, 12)),))
    told.stay(AWAY, at(0, 20), at(1, 12))
    assert told.run() == []


def test_after_leave_ends_in_the_night_the_curfew_holds_again():
    told = Timeline.of(leave=(leave(at(0, 18), at(1, 2)),))
    told.stay(AWAY, at(0, 20), at(1, 5))
    events = told.run()
    assert brief(events) == [("raised", "curfew_late")]
    assert clock(events[0]["data"]["decided"]) >= at(1, 2)
    assert at(1, 2) <= clock(events[0]["data"]["onset"]) <= at(1, 2) + 20 * MINUTE


def test_a_report_without_a_fix_after_leave_shows_no_absence_yet():
    told = Timeline.of(leave=(leave(at(0, 18), at(1, 2)),))
    told.stay(AWAY, at(0, 20), at(1, 2))
    told.stay(None, at(1, 2), at(1, 2.4))
    assert told.run() == []
    told.stay(AWAY, at(1, 2.4), at(1, 3))
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(1, 2.4)


def test_leave_that_begins_in_the_night_ends_a_late_return_and_makes_no_absence():
    told = Timeline.of(leave=(leave(at(0, 23), at(1, 12)),))
    told.stay(AWAY, at(0, 20), at(1, 12))
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    assert clock(events[1]["data"]["ended"]) == at(0, 23)


def test_a_night_without_fixes_raises_nothing():
    told = Timeline.of()
    told.stay(AWAY, at(0, 18), at(0, 20))
    told.stay(None, at(0, 20), at(1, 9))
    assert told.run() == []


def test_a_night_without_any_report_is_silence_and_no_curfew_alarm():
    told = Timeline.of(alarms=alarm_policies(silence=1200.0))
    told.stay(AWAY, at(0, 18), at(0, 20))
    told.stay(HOME, at(1, 9), at(1, 10))
    assert {kind for _, kind in brief(told.run())} == {"comms_lost"}


def test_the_night_across_midnight_is_one_night():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(1, 1))
    told.stay(HOME, at(1, 1), at(1, 9))
    assert brief(told.run()) == [("raised", "curfew_late"), ("cleared", "curfew_late")]


def test_after_midnight_the_night_of_the_evening_before_still_holds():
    told = Timeline.of()
    told.stay(AWAY, at(1, 0.5), at(1, 3))
    events = told.run()
    assert brief(events) == [("raised", "curfew_late")]
    assert clock(events[0]["data"]["facts"]["from"]) == at(0, 22)
    assert clock(events[0]["data"]["facts"]["until"]) == at(1, 8)


def test_stored_data_of_the_morning_after_gives_the_same_episode_marked_retrospective():
    live, late = Timeline.of(), Timeline.of()
    times = [at(0, 20) + 300.0 * index for index in range(42)]
    for time in times:
        live.report(time, AWAY)
    late.report(times[0], AWAY)
    late.stored(at(1, 7), [record(time, AWAY) for time in times[1:]])
    (at_once,), (afterwards,) = raised(live.run(), "curfew_late"), raised(late.run(), "curfew_late")
    for name in ("kind", "onset", "zone", "rule", "person", "device"):
        assert at_once[name] == afterwards[name], name
    assert (at_once["retrospective"], afterwards["retrospective"]) == (False, True)


def test_two_nights_away_are_two_identities():
    told = Timeline.of()
    for day in (0, 1):
        ordinary_day(told, day) if day else None
        told.stay(AWAY, at(day, 20), at(day, 23.5))
        told.stay(HOME, at(day, 23.5), at(day + 1, 8))
    alarms = raised(told.run())
    assert [alarm["kind"] for alarm in alarms] == ["curfew_late"] * 2
    assert len({alarm["alarm"] for alarm in alarms}) == 2


@pytest.mark.parametrize("evening", [21.0, 21.9])
def test_being_away_before_the_curfew_is_nobodys_concern(evening):
    told = Timeline.of()
    told.stay(AWAY, at(0, 12), at(0, evening))
    told.stay(HOME, at(0, evening), at(1, 8.5))
    assert told.run() == []


@pytest.mark.parametrize("every", [180.0, 300.0, 600.0, 3000.0])
@pytest.mark.parametrize("far", [300.0, 400.0, 3000.0])
def test_a_single_far_fix_in_a_night_at_home_raises_nothing(every, far):
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 1), every)
    told.report(at(1, 1), (far, 0.0))
    told.stay(HOME, at(1, 1) + every, at(1, 9), every)
    assert told.run() == []


@pytest.mark.parametrize("gap", [6 * MINUTE, 20 * MINUTE, 60 * MINUTE])
@pytest.mark.parametrize("after", [15.0, 60.0, 600.0])
def test_nor_does_one_after_a_gap(gap, after):
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 1), 60.0)
    far = at(1, 1) - 60.0 + gap
    told.report(far, (350.0, 0.0))
    told.stay(HOME, far + after, at(1, 9), 60.0)
    assert told.run() == []


def test_a_single_far_fix_is_not_confirmed_by_poor_ones_at_home_that_the_track_does_not_follow_at_once():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 1), 300.0)
    far = at(1, 1.5)
    told.fixes([(far, (350.0, 0.0), Source.GNSS)])
    assert told.fixes([(far + 60.0 * index, HOME, Source.WIFI) for index in range(1, 30)]) == []


def test_a_single_far_fix_after_the_grace_is_no_late_return():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 22), 600.0)
    told.report(at(0, 22.3), (350.0, 0.0))
    told.stay(HOME, at(0, 22.5), at(1, 9), 600.0)
    assert told.run() == []


def test_who_is_found_far_away_by_the_first_two_fixes_of_the_night_is_late():
    told = Timeline.of()
    told.report(at(0, 22.5), AWAY)
    assert told.run() == []
    told.report(at(0, 22.5) + 300.0, AWAY)
    assert brief(told.run()) == [("raised", "curfew_late")]


@pytest.mark.parametrize("every", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("far", [300.0, 400.0])
def test_leaving_home_at_night_is_found_well_inside_four_minutes(every, far):
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 1), every)
    told.stay((far, 0.0), at(1, 1), at(1, 1.25), every)
    (alarm,) = raised(told.run())
    assert alarm["kind"] == "curfew_early_leave"
    assert clock(alarm["decided"]) <= at(1, 1) + 3 * MINUTE


@pytest.mark.parametrize("every", [600.0, 1500.0, 3000.0])
def test_two_fixes_at_home_end_it_however_seldom_they_come(every):
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 0), 600.0)
    told.stay(AWAY, at(1, 0), at(1, 2), 600.0)
    told.stay(HOME, at(1, 2), at(1, 7.9), every)
    events = told.run()
    assert brief(events) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert clock(events[1]["data"]["ended"]) == at(1, 2)
    assert clock(events[1]["time"]) == at(1, 2) + every


def test_a_night_is_not_known_to_be_away_while_nothing_came():
    told = Timeline.of()
    told.stay(AWAY, at(0, 21), at(0, 23), 600.0)
    told.stay(AWAY, at(1, 5), at(1, 9), 600.0)
    absent = told.run()[-1]["data"]
    assert absent["kind"] == "curfew_absent"
    assert absent["facts"]["out_seconds"] <= 4 * 3600.0
    assert absent["facts"]["unknown_seconds"] >= 6 * 3600.0


@pytest.mark.parametrize("last", [1.0, 5.0, 7.9])
def test_the_account_of_a_night_reaches_to_its_end_though_nothing_came(last):
    told = Timeline.of()
    told.stay(AWAY, at(0, 21), at(1, last), 600.0)
    told.stay(AWAY, at(1, 10), at(1, 10.5), 600.0)
    facts = told.run()[-1]["data"]["facts"]
    silent = at(1, 8) - (clock(facts["out_until"]))
    assert silent >= (8 - last) * 3600.0
    assert facts["unknown_seconds"] == silent
    assert facts["out_seconds"] + facts["in_seconds"] + facts["unknown_seconds"] == 10 * 3600.0


def test_a_report_without_a_fix_of_another_bracelet_that_was_never_placed_raises_without_a_distance():
    both = tuple(Assignment(device, "P0001", at(-30, 0), float("inf")) for device in ("B0001", "B0002"))
    told = Timeline.of(assignments=both)
    told.stay(AWAY, at(0, 21), at(0, 22.25), 300.0)
    told.report(at(0, 22.25) + 60.0, None, device="B0002")
    (late,) = raised(told.run(), "curfew_late")
    assert late["device"] == "B0002"
    assert "away_m" not in late["facts"]
