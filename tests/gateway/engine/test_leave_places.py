"""Leave lifts exactly what it names, and where it names a zone its wearer is judged against that zone meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from met import must_meet
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    HOME,
    HOUR,
    MINUTE,
    RULES,
    Timeline,
    at,
    brief,
    clock,
    degrees,
    leave,
    raised,
    record,
    zones,
)

from gateway.engine.leave_places import gaps
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Circle, ZoneDefinition

FAR = (14_000.0, 3_000.0)
MOTHER = ZoneDefinition("mother", "mother's", (Circle("mother's", *degrees(ABROAD), 300.0),))
PLACES = {**zones(), "mother": MOTHER}
DAY_OFF = replace(leave(at(0, 6), at(1, 6)), zone="mother", travel_seconds=2 * HOUR)
"""From six to six, at the mother's from eight to four the next morning."""


def on_leave(*leaves, **changes):
    return Timeline.of(leave=leaves or (DAY_OFF,), zones=PLACES, **changes)


def test_who_is_where_leave_was_given_for_is_left_alone():
    told = on_leave()
    told.stay(HOME, at(0, 5), at(0, 6), 5 * MINUTE)
    told.stay(AWAY, at(0, 6), at(0, 7.5), 5 * MINUTE)
    told.stay(ABROAD, at(0, 7.5), at(1, 4.5), 5 * MINUTE)
    told.stay(HOME, at(1, 4.5), at(1, 7), 5 * MINUTE)
    assert told.run() == []


def test_who_is_away_from_it_is_said_in_words_of_their_own():
    told = on_leave()
    told.stay(ABROAD, at(0, 7.5), at(0, 12), 5 * MINUTE)
    told.stay(FAR, at(0, 12), at(0, 14), 5 * MINUTE)
    told.stay(ABROAD, at(0, 14), at(0, 16), 5 * MINUTE)
    events = told.run()
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    one = events[0]["data"]
    assert (one["zone"], one["basis"]) == ("mother", "office B")
    assert at(0, 12) <= clock(one["onset"]) <= at(0, 12) + 10 * MINUTE
    assert (clock(one["facts"]["leave_from"]), clock(one["facts"]["leave_until"])) == (at(0, 6), at(1, 6))
    assert "请假期间疑似不在请假地点“mother's”" in one["text"]["zh"]
    assert "准假06:00至" in one["text"]["zh"]
    assert "期间应在此处。" in one["text"]["zh"]
    assert 'on leave, and probably not at "mother\'s", for which it was given' in one["text"]["en"]
    assert "Call first" in one["text"]["en"]


@pytest.mark.parametrize(("travel", "first"), [(0.0, 6.0), (2 * HOUR, 8.0), (6 * HOUR, 12.0)])
def test_nobody_has_to_be_there_on_the_way(travel, first):
    told = on_leave(replace(DAY_OFF, travel_seconds=travel))
    told.stay(FAR, at(0, 5), at(0, 16), MINUTE)
    one = raised(told.run(), "inclusion_exit")[-1]
    assert one["zone"] == "mother"
    assert at(0, first) <= clock(one["onset"]) <= at(0, first) + 5 * MINUTE


def test_a_leave_that_is_all_way_asks_for_no_place():
    told = on_leave(replace(DAY_OFF, travel_seconds=12 * HOUR))
    told.stay(FAR, at(0, 7), at(1, 5), 5 * MINUTE)
    assert told.run() == []
    assert told.policy.places == {}


def test_whoever_reports_back_has_to_be_there_no_more():
    told = on_leave(replace(DAY_OFF, returned=at(0, 16)))
    told.stay(ABROAD, at(0, 8), at(0, 13.9), 5 * MINUTE)
    told.stay(HOME, at(0, 14), at(0, 18), 5 * MINUTE)
    assert told.run() == []


def test_what_is_open_ends_when_the_place_binds_no_more():
    told = on_leave()
    told.stay(FAR, at(0, 9), at(1, 5), 5 * MINUTE)
    events = told.run()
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    assert clock(events[1]["data"]["ended"]) == at(1, 4)
    assert events[1]["data"]["text"]["zh"].startswith("【请假地点不再核对 ")
    assert events[1]["data"]["text"]["en"].startswith("PLACE OF LEAVE NO LONGER JUDGED ")


def test_leave_entered_late_judges_the_place_from_then_and_takes_nothing_back():
    told = Timeline.of(zones=PLACES)
    told.stay(HOME, at(0, 5), at(0, 7), 5 * MINUTE)
    told.stay(FAR, at(0, 9), at(0, 11), 5 * MINUTE)
    told.reconfigure(at(0, 11), leave=(DAY_OFF,), zones=PLACES, digest="d2")
    told.stored(at(0, 11) + 1.0, [record(at(0, 10) + 30.0 * one, FAR) for one in range(1, 20, 2)])
    told.stay(FAR, at(0, 11) + MINUTE, at(0, 13), 5 * MINUTE)
    told.run()
    events = told.events
    of_square = [event for event in events if event["data"]["zone"] == "square"]
    of_place = raised(events, "inclusion_exit")[-1]
    assert "retracted" not in [change for change, _ in brief(events)]
    assert any("leave_late" in event["data"]["facts"] for event in of_square)
    assert of_place["zone"] == "mother"
    assert clock(of_place["onset"]) >= at(0, 11)
    assert not any("leave_late" in event["data"]["facts"] for event in events if event["data"]["zone"] == "mother")


def test_leave_that_is_taken_away_ends_what_it_asked():
    told = on_leave()
    told.stay(FAR, at(0, 9), at(0, 10), 5 * MINUTE)
    told.reconfigure(at(0, 10), leave=(), zones=PLACES, digest="d2")
    told.report(at(0, 10.1), HOME)
    told.run()
    events = told.events
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    assert "taken_away" in events[1]["data"]["facts"]


def test_a_snapshot_and_cuts_change_nothing():
    whole, cut = on_leave(), on_leave()
    for told in (whole, cut):
        told.stay(ABROAD, at(0, 7.5), at(0, 9), 5 * MINUTE)
        told.run()
    cut.state = restore(snapshot_of(cut.state))
    for told in (whole, cut):
        told.stay(FAR, at(0, 9), at(0, 12), 5 * MINUTE)
        told.run()
    assert whole.events == cut.events
    assert raised(whole.events, "inclusion_exit")


NIGHT_OFF = replace(leave(at(0, 18), at(1, 12)), excuses=("nights",))


@pytest.mark.parametrize(
    ("excuses", "kinds"), [(("nights",), ["inclusion_exit"]), (("stay",), ["curfew_late"]), ((), [])]
)
def test_leave_lifts_what_it_names_and_no_more(excuses, kinds):
    told = Timeline.of(leave=(replace(NIGHT_OFF, excuses=excuses),))
    told.stay(HOME, at(0, 17), at(0, 19), 5 * MINUTE)
    told.stay(ABROAD, at(0, 19), at(1, 1), 5 * MINUTE)
    alarms = raised(told.run())
    assert [one["kind"] for one in alarms] == kinds
    for one in alarms:
        assert "请假18:00至" in one["text"]["zh"]
        assert "不含本规则。" in one["text"]["zh"]
        assert "does not lift this rule" in one["text"]["en"]


@pytest.mark.parametrize("excuses", [("cafes",), ()])
def test_no_leave_opens_a_barred_zone(excuses):
    told = Timeline.of(leave=(replace(NIGHT_OFF, excuses=excuses),))
    told.stay(CAFE, at(0, 19), at(0, 20), MINUTE)
    assert [one["kind"] for one in raised(told.run())] == ["exclusion_enter"]


def test_another_leave_lifts_the_rest():
    told = Timeline.of(leave=(NIGHT_OFF, replace(NIGHT_OFF, excuses=("stay",), until=at(0, 23))))
    told.stay(ABROAD, at(0, 19), at(1, 1), MINUTE)
    (one,) = raised(told.run())
    assert (one["kind"], clock(one["onset"])) == ("inclusion_exit", at(0, 23))


def test_what_was_named_when_it_was_entered_counts_and_later_words_take_nothing_back():
    told = Timeline.of(leave=(NIGHT_OFF,))
    told.stay(HOME, at(0, 17), at(0, 19), 5 * MINUTE)
    told.stay(ABROAD, at(0, 19), at(0, 20), 5 * MINUTE)
    told.reconfigure(at(0, 20), leave=(replace(NIGHT_OFF, excuses=()),), digest="d2")
    told.stay(ABROAD, at(0, 20) + MINUTE, at(1, 1), 5 * MINUTE)
    told.run()
    events = told.events
    assert [change for change, _ in brief(events)] == ["raised", "updated", "cleared"]
    assert {event["data"]["kind"] for event in events} == {"inclusion_exit"}
    assert "leave_late" in events[1]["data"]["facts"]


def test_leave_of_a_rule_lifts_it_for_its_own_person_alone():
    stay = replace(RULES["stay"], people=("P0001", "P0002"))
    told = Timeline.of(leave=(replace(NIGHT_OFF, excuses=("stay",)),), rules=(stay,))
    for device in ("B0001", "B0002"):
        told.stay(ABROAD, at(0, 19), at(0, 21), MINUTE, device=device)
    assert [one["person"] for one in raised(told.run())] == ["P0002"]


@must_meet("empty", "several")
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 9)), max_size=6), st.floats(0.0, 80.0))
def test_gaps_are_the_time_in_which_nothing_counts(met, drawn, time):
    spans = [(float(start), float(start + length)) for start, length in drawn]
    between = gaps(spans)
    holds = any(start <= time < until for start, until in spans)
    assert any(start <= time < until for start, until in between) is not holds
    assert all(start < until for start, until in between)
    met["several" if len(spans) > 1 else "empty"] += 1
