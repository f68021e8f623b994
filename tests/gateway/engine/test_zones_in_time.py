"""Zones that hold for a time, and for some people: judged by device time; what stands at their end says why it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import ABROAD, AWAY, CAFE, HOME, MINUTE, RULES, Timeline, at, brief, clock, degrees, raised, zones

from gateway.engine.watching import WatchKind
from gateway.settings.model import Circle, CurfewRule, HourRule, Rule, ZoneDefinition


def county(zone: str, **terms: object) -> Timeline:
    """A zone of the county with its terms."""
    return Timeline.of(zones={**zones(), zone: replace(zones()[zone], **terms)})


@pytest.mark.parametrize(
    ("zone", "place", "kind"), [("square", ABROAD, "inclusion_exit"), ("cafes", CAFE, "exclusion_enter")]
)
def test_a_zone_binds_from_its_first_day_to_its_last_and_its_alarm_ends_with_a_reason(zone, place, kind):
    told = county(zone, start=at(0, 14), until=at(0, 15))
    told.stay(place, at(0, 13), at(0, 16), MINUTE)
    events = [event for event in told.run() if event["data"]["kind"] == kind]
    assert brief(events) == [("raised", kind), ("cleared", kind)]
    assert clock(events[0]["data"]["onset"]) == at(0, 14)
    data = events[1]["data"]
    assert data["ended"] == data["facts"]["zone_over"]
    assert clock(data["ended"]) == at(0, 15)
    assert "rule_over" not in data["facts"]
    assert data["text"]["zh"].startswith("【区域有效期满 15:00，不再判断】")
    assert data["text"]["en"].startswith("ZONE OVER 15:00, no longer judged.")


def test_where_the_rule_ends_first_it_is_the_reason():
    rules = tuple(replace(rule, until=at(0, 15)) for rule in RULES.values())
    told = Timeline.of(zones={**zones(), "cafes": replace(zones()["cafes"], until=at(0, 20))}, rules=rules)
    told.stay(CAFE, at(0, 13), at(0, 16), MINUTE)
    last = [event for event in told.run() if event["data"]["kind"] == "exclusion_enter"][-1]
    assert "rule_over" in last["data"]["facts"]
    assert "zone_over" not in last["data"]["facts"]


def test_what_is_stored_is_judged_by_the_time_at_which_it_was_measured():
    told = county("cafes", start=at(0, 14), until=at(0, 15))
    for minute in range(20):
        told.report(at(0, 14) + 60.0 * minute, CAFE, received=at(0, 17) + minute)
    for minute in range(20):
        told.report(at(0, 16) + 60.0 * minute, CAFE, received=at(0, 18) + minute)
    (alarm,) = raised(told.run(), "exclusion_enter")
    assert at(0, 14) <= clock(alarm["onset"]) <= at(0, 14.2)


def test_a_curfew_ends_with_its_zone_in_the_middle_of_a_night():
    hostel = ZoneDefinition("hostel", "hostel", (Circle("hostel", *degrees(HOME), 80.0),), until=at(1, 0))
    curfew = CurfewRule("hostel", (HourRule(22 * 60, 8 * 60, tuple(range(7))),), 900.0)
    told = Timeline.of(
        zones=zones() | {"hostel": hostel}, rules=(Rule("nights", ("P0001",), "order 3", curfew=curfew),)
    )
    told.stay(HOME, at(0, 20), at(0, 21), 5 * MINUTE)
    told.stay(AWAY, at(0, 21), at(1, 10), 5 * MINUTE)
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    assert clock(events[1]["data"]["facts"]["zone_over"]) == at(1, 0)
    assert max(one.until for one in told.presence if one.duty == "curfew") == at(1, 0)


@pytest.mark.parametrize(
    ("people", "is_bound"), [(None, True), (("P0001", "P0002"), True), (("P0002",), False), ((), False)]
)
def test_a_zone_binds_only_those_for_whom_it_is(people, is_bound):
    told = county("cafes", people=people)
    told.stay(CAFE, at(0, 13), at(0, 14), MINUTE)
    assert bool(raised(told.run(), "exclusion_enter")) == is_bound
    keys = [key for key in told.policy.watches.key if key[2] == "cafes"]
    assert keys == ([("P0001", f"cafes/{int(WatchKind.KEEP_OUT)}", "cafes")] if is_bound else [])


def test_of_a_rule_for_two_a_zone_may_be_for_one():
    told = county("square", people=("P0002",))
    told.stay(ABROAD, at(0, 13), at(0, 14), MINUTE)
    told.stay(ABROAD, at(0, 13), at(0, 14), MINUTE, device="B0002")
    assert {event["person"] for event in raised(told.run(), "inclusion_exit")} == {"P0002"}


def test_the_kinds_of_places_about_a_repeated_place_are_counted_in_its_text():
    bars = ZoneDefinition("bars", "bar", tuple(_bar(far) for far in (5.0, 15.0)), category="bar")
    nets = replace(zones()["cafes"], category="internet_cafe")
    told = Timeline.of(zones=zones() | {"bars": bars, "cafes": nets})
    for day in range(3):
        told.stay(HOME, at(day, 21), at(day, 22.5), 900.0)
        told.stay(CAFE, at(day, 22.5), at(day, 26.5))
        told.stay(HOME, at(day, 26.5), at(day, 32.5), 1200.0)
    alarm = raised(told.run(), "repeated_place")[0]
    assert alarm["facts"]["places"] == "bar:2 internet_cafe:1"
    assert "范围内登记的场所：酒吧2家、网吧1家（cafe 3, bar）。该处是什么场所未知" in alarm["text"]["zh"]
    assert (
        "Registered places inside the circle: 2 bars, 1 internet cafe (cafe 3, bar). What the place is"
        in alarm["text"]["en"]
    )


def _bar(east: float) -> Circle:
    return Circle("bar", *degrees((CAFE[0] + east, CAFE[1] + 30.0)), 10.0)
