"""Leaving an allowed zone and entering a barred one: what raises, what must not, and what ends it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from timeline import ABROAD, CAFE, HOME, MINUTE, PLANE, SQUARE, Timeline, at, brief, clock, leave, raised

from protocols.report import Source

FAR = (400_000.0, 0.0)


def approach(told: Timeline, until: float) -> None:
    """At home for an hour, then out to 14 km at 20 m/s."""
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    for step in range(1, 13):
        told.report(at(0, 14) + 60.0 * step, (14000.0 * step / 12, 0.0))
    told.stay(ABROAD, at(0, 14) + 13 * MINUTE, until, 60.0)


def tracked(told: Timeline) -> tuple[float, float]:
    return float(told.state.track["x"][0]), float(told.state.track["y"][0])


def test_leaving_the_allowed_zone_is_raised_within_four_minutes_and_cleared_on_return():
    told = Timeline.of()
    approach(told, at(0, 15))
    crossed = at(0, 14) + 60.0 * 12 * SQUARE / 14000.0
    told.stay(HOME, at(0, 15.5), at(0, 16), 60.0)
    events = told.run()
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    alarm = events[0]["data"]
    assert crossed < clock(alarm["decided"]) <= crossed + 4 * MINUTE
    assert crossed <= clock(alarm["onset"]) <= crossed + 2 * MINUTE
    assert alarm["probability"] >= 0.99
    assert (alarm["zone"], alarm["rule"], alarm["basis"]) == ("square", "stay", "order 1")
    assert at(0, 15.5) <= clock(events[1]["data"]["ended"]) <= at(0, 15.5) + 5 * MINUTE


def test_entering_a_barred_place_names_the_place():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14))
    told.stay(CAFE, at(0, 14.25), at(0, 15), 60.0)
    (alarm,) = raised(told.run())
    assert (alarm["kind"], alarm["zone"], alarm["zone_name"]) == ("exclusion_enter", "cafes", "cafe 3")
    assert alarm["severity"] == "critical"


def test_passing_a_barred_place_raises_nothing():
    told = Timeline.of()
    for step in range(40):
        told.report(at(0, 13) + 30.0 * step, (1800.0 + 60.0 * step, 0.0))
    assert told.run() == []


def test_the_neighbour_of_a_barred_place_is_left_alone():
    told = Timeline.of()
    told.stay((CAFE[0], 100.0), at(0, 13), at(0, 17), 120.0)
    assert told.run() == []


def test_living_on_the_boundary_raises_nothing():
    told = Timeline.of()
    error = 15.0 * np.sin(np.arange(120) / 5.0)
    for index, drift in enumerate(error):
        told.report(at(0, 13) + 60.0 * index, (SQUARE - 25.0 + float(drift), 0.0))
    assert told.run() == []


@pytest.mark.parametrize("source", [Source.CELL, Source.PHONE])
@pytest.mark.parametrize("place", [ABROAD, FAR, CAFE])
def test_cell_towers_and_carrier_answers_alone_raise_nothing_however_far(source, place):
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14))
    rows = [(at(0, 15) + 60.0 * index, place, source) for index in range(240)]
    assert told.fixes(rows) == []
    assert told.state.track["time"][0] == rows[-1][0]


def test_nor_do_they_before_any_other_fix():
    told = Timeline.of()
    assert told.fixes([(at(0, 13) + 300.0 * index, ABROAD, Source.CELL) for index in range(48)]) == []


def test_wifi_and_gnss_after_a_cell_jump_do_raise():
    told = Timeline.of()
    told.fixes([(at(0, 13) + 300.0 * index, ABROAD, Source.CELL) for index in range(6)])
    (alarm,) = raised(told.fixes([(at(0, 13.5) + 60.0 * index, ABROAD, Source.WIFI) for index in range(6)]))
    assert alarm["kind"] == "inclusion_exit"


def test_unlocated_reports_neither_move_nor_raise():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14))
    told.run()
    before = tracked(told)
    told.stay(None, at(0, 14), at(0, 20))
    assert told.run() == []
    assert tracked(told) == before
    assert math.hypot(*before) < 10.0


def test_a_wearer_never_located_is_at_no_place():
    told = Timeline.of()
    told.stay(None, at(0, 13), at(0, 20))
    assert told.run() == []
    assert np.isnan(told.state.track["x"]).all()


def test_one_jump_of_a_thousand_kilometres_does_not_move_the_track():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    told.report(at(0, 14), (0.0, 1_000_000.0))
    told.stay(HOME, at(0, 14) + 60.0, at(0, 15), 60.0)
    assert told.run() == []
    assert math.hypot(*tracked(told)) < 10.0
    assert told.counts["fix_implausible_jump"] == 1


def test_a_second_far_fix_confirms_the_first():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    told.stay(ABROAD, at(0, 14), at(0, 14.2), 60.0)
    (alarm,) = raised(told.run())
    assert alarm["kind"] == "inclusion_exit"
    assert told.counts["fix_implausible_jump"] == 1
    assert math.hypot(tracked(told)[0] - ABROAD[0], tracked(told)[1]) < 30.0


def test_a_single_far_fix_after_a_pause_raises_nothing_and_a_second_one_does():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14), 300.0)
    told.report(at(0, 14.2), ABROAD)
    assert told.run() == []
    told.report(at(0, 14.3), ABROAD)
    assert brief(told.run()) == [("raised", "inclusion_exit")]


def test_leave_suspends_the_allowed_zone_but_not_the_barred_one():
    told = Timeline.of(leave=(leave(at(0, 12), at(2, 0)),))
    approach(told, at(0, 15))
    told.stay(CAFE, at(0, 15.5), at(0, 16), 60.0)
    assert brief(told.run()) == [("raised", "exclusion_enter")]


def test_leave_that_begins_outside_ends_the_alarm():
    told = Timeline.of(leave=(leave(at(0, 14.5), at(0, 16)),))
    approach(told, at(0, 15))
    events = told.run()
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    assert clock(events[1]["data"]["ended"]) == at(0, 14.5)


def test_who_is_still_out_when_leave_ends_is_raised_then():
    told = Timeline.of(leave=(leave(at(0, 12), at(0, 16)),))
    approach(told, at(0, 17))
    (event,) = told.run()
    assert event["data"]["kind"] == "inclusion_exit"
    assert clock(event["data"]["decided"]) == at(0, 16)
    assert clock(event["data"]["onset"]) == at(0, 16)
    assert event["data"]["facts"]["fixes"] == 1
    assert event["data"]["journal"]["first"] == event["data"]["journal"]["last"]


def test_of_days_on_leave_nothing_counts_as_a_breach():
    told = Timeline.of(leave=(leave(at(0, 12), at(2, 20)),))
    approach(told, at(0, 15))
    told.stay(None, at(0, 15), at(2, 20), 600.0)
    told.stay(ABROAD, at(2, 20.2), at(2, 21), 60.0)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(2, 20.2)
    assert alarm["facts"]["fixes"] <= 3


def test_leave_does_not_make_a_barred_zone_begin_anew():
    told = Timeline.of(leave=(leave(at(0, 12), at(0, 16)),))
    told.stay(CAFE, at(0, 14), at(0, 17), 60.0)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) <= at(0, 14.2)


def test_nobody_elses_rule_is_applied():
    told = Timeline.of()
    told.stay(CAFE, at(0, 13), at(0, 15), 60.0, device="B0002")
    assert told.run() == []


def test_the_alarms_place_is_where_the_track_is_with_a_radius_that_holds_it():
    told = Timeline.of()
    told.stay(CAFE, at(0, 14), at(0, 15), 60.0)
    (alarm,) = raised(told.run())
    longitude, latitude = alarm["position"]["coordinates"]
    x, y = PLANE.forward(latitude, longitude)
    assert math.hypot(float(x) - CAFE[0], float(y) - CAFE[1]) < alarm["position"]["radius95_m"] < 60.0


def test_late_reports_are_counted_and_do_not_move_the_track():
    told = Timeline.of()
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    told.report(at(0, 13) + 30.0, ABROAD, received=at(0, 14))
    assert told.run() == []
    assert told.counts["report_late"] == 1
    assert math.hypot(*tracked(told)) < 10.0
