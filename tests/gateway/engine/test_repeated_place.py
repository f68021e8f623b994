"""The same place at night instead of home, in 3 of the last 5 nights."""

from __future__ import annotations

import math

import pytest
from timeline import AWAY, CAFE, DAY, HOME, PLANE, Timeline, at, brief, clock, raised

OTHERS = ((1500.0, 1500.0), (-2500.0, 800.0), (4000.0, -3000.0), (700.0, -2600.0), (-900.0, 3300.0))


def nights(places: list[tuple[float, float]], told: Timeline | None = None, first: int = 0) -> Timeline:
    """A place a night from 22:30 to 02:30; the rest of the night at home."""
    told = told or Timeline.of()
    for day, place in enumerate(places, start=first):
        told.stay(HOME, at(day, 21), at(day, 22.5), 900.0)
        told.stay(place, at(day, 22.5), at(day, 26.5))
        told.stay(HOME, at(day, 26.5), at(day, 32.5), 1200.0)
    return told


def places(events: list[dict]) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == "repeated_place"]


def test_three_of_five_nights_at_one_place_raise_one_alarm_with_circle_nights_and_hours():
    said = places(nights([AWAY, HOME, AWAY, HOME, AWAY]).run())
    assert [kind for kind, _ in brief(said)] == ["raised", "updated"]
    alarm = said[0]["data"]
    longitude, latitude = alarm["position"]["coordinates"]
    x, y = PLANE.forward(latitude, longitude)
    assert math.hypot(float(x) - AWAY[0], float(y) - AWAY[1]) < 30.0
    assert 30.0 <= alarm["position"]["radius95_m"] < 150.0
    assert (alarm["facts"]["nights"], alarm["facts"]["of"]) == (3, 5)
    assert [clock(first) // DAY for first, _ in alarm["facts"]["hours"]] == [at(day, 22.5) // DAY for day in (0, 2, 4)]
    for first, last in said[1]["data"]["facts"]["hours"]:
        assert 3.0 * 3600 < clock(last) - clock(first) <= 4.0 * 3600
    assert at(0, 22.5) <= clock(alarm["onset"]) <= at(0, 23.25)
    assert alarm["latched"] is True
    assert alarm["severity"] == "serious"


def test_registered_places_inside_the_circle_are_named_and_nothing_is_where_there_is_none():
    for place, names, zh in ((CAFE, "cafe 3", "范围内登记的场所：cafe 3。"), (AWAY, "", "该处是什么场所未知")):
        for event in places(nights([place] * 3).run()):
            assert event["data"]["facts"]["registered"] == names
            assert zh in event["data"]["text"]["zh"]
            assert ("Registered places inside the circle: cafe 3." in event["data"]["text"]["en"]) is bool(names)
            assert ("登记" in event["data"]["text"]["zh"]) is bool(names)


@pytest.mark.parametrize(
    "spent",
    [
        [AWAY, HOME, HOME, HOME, AWAY],
        [AWAY, AWAY, HOME, HOME, HOME, HOME, AWAY],
        list(OTHERS),
        [AWAY, OTHERS[1], AWAY, OTHERS[2]],
    ],
    ids=["two of five", "the third too late", "five places", "two and two others"],
)
def test_too_few_nights_at_one_place_raise_nothing(spent):
    assert places(nights(spent).run()) == []


def test_an_hour_at_the_same_place_is_no_stay():
    told = Timeline.of()
    for day in range(4):
        told.stay(AWAY, at(day, 22.5), at(day, 24), 300.0)
        told.stay(HOME, at(day, 24), at(day, 32.5), 1200.0)
    assert places(told.run()) == []


def test_a_fourth_night_updates_the_same_alarm():
    told = nights([AWAY] * 3)
    first = places(told.run())
    said = places(nights([AWAY], told, first=3).run())
    assert brief(said) == [("updated", "repeated_place")]
    assert said[0]["subject"] == first[0]["subject"]
    assert said[0]["data"]["facts"]["nights"] == 4
    assert len(said[0]["data"]["facts"]["hours"]) == 4


def test_after_a_close_the_count_starts_anew():
    told = nights([AWAY] * 3)
    (alarm,) = raised(told.run(), "repeated_place")
    told.close(alarm["alarm"], at(3, 12))
    told.run()
    assert places(nights([AWAY] * 2, told, first=3).run()) == []
    (again,) = raised(nights([AWAY], told, first=5).run(), "repeated_place")
    assert again["alarm"] != alarm["alarm"]
    assert again["facts"]["nights"] == 3


def test_two_places_three_nights_each_are_two_alarms():
    told = Timeline.of()
    for day in range(3):
        told.stay(AWAY, at(day, 22.5), at(day, 26.5))
        told.stay(OTHERS[1], at(day, 26.5), at(day, 31))
        told.stay(HOME, at(day, 31), at(day, 32.5))
    found = raised(told.run(), "repeated_place")
    assert len({alarm["alarm"] for alarm in found}) == len(found) == 2


def test_at_a_barred_place_the_nights_raise_their_own_alarms_besides():
    events = nights([CAFE] * 3).run()
    kinds = [alarm["kind"] for alarm in raised(events)]
    assert sorted(kinds) == ["curfew_early_leave"] * 3 + ["exclusion_enter"] * 3 + ["repeated_place"]


def hours(events: list[dict]) -> list[tuple[float, float]]:
    """From-to of the last word on a repeated place."""
    told = places(events)[-1]["data"]["facts"]["hours"]
    return [(clock(first), clock(last)) for first, last in told]


def visits(place: tuple[float, float], between: tuple[float, float] | None, days: int = 3) -> Timeline:
    """Two visits of six minutes a night, at 22:40 and at 05:00; between them reports from somewhere else, or none."""
    told = Timeline.of()
    for day in range(days):
        told.stay(HOME, at(day, 21), at(day, 22.5), 300.0)
        told.stay(place, at(day, 22) + 40 * 60, at(day, 22) + 47 * 60, 60.0)
        if between is not None:
            told.stay(between, at(day, 23), at(day, 28.9), 60.0)
        told.stay(place, at(day, 29), at(day, 29) + 7 * 60, 60.0)
        told.stay(HOME, at(day, 29.5), at(day, 32.5), 300.0)
    return told


@pytest.mark.parametrize("between", [HOME, OTHERS[1], None], ids=["at home", "elsewhere", "unknown"])
def test_two_short_visits_are_no_stay_of_the_hours_between(between):
    for alarm in raised(visits(AWAY, between).run(), "repeated_place"):
        longitude, latitude = alarm["position"]["coordinates"]
        x, y = PLANE.forward(latitude, longitude)
        assert math.hypot(float(x) - AWAY[0], float(y) - AWAY[1]) > 1000.0


@pytest.mark.parametrize("every", [900.0, 1800.0, 3000.0])
def test_seldom_fixes_at_one_place_are_one_stay(every):
    told = Timeline.of()
    for day in range(3):
        told.stay(HOME, at(day, 20), at(day, 22), 900.0)
        told.stay(AWAY, at(day, 22.5), at(day, 31.5), every)
        told.stay(HOME, at(day, 32), at(day, 34), 900.0)
    for first, last in hours(told.run()):
        assert 7.0 * 3600 < last - first <= 9.0 * 3600


def test_a_night_in_two_pieces_names_both_and_counts_once():
    told = Timeline.of()
    for day in range(3):
        told.stay(AWAY, at(day, 22.5), at(day, 25))
        told.stay(HOME, at(day, 25.2), at(day, 27))
        told.stay(AWAY, at(day, 27.2), at(day, 30))
        told.stay(HOME, at(day, 30.2), at(day, 32.5))
    events = told.run()
    assert places(events)[-1]["data"]["facts"]["nights"] == 3
    spans = hours(events)
    assert [first // DAY for first, _ in spans] == sorted(first // DAY for first, _ in spans)
    assert len(spans) == 6
    assert all(2.0 * 3600 <= last - first < 3.0 * 3600 for first, last in spans)


def test_two_hours_of_which_one_was_spent_at_home_are_no_stay():
    told = Timeline.of()
    for day in range(4):
        told.stay(AWAY, at(day, 22.5), at(day, 24), 300.0)
        told.stay(HOME, at(day, 24), at(day, 25), 300.0)
        told.stay(AWAY, at(day, 25), at(day, 26), 300.0)
        told.stay(HOME, at(day, 26), at(day, 32.5), 1200.0)
    assert places(told.run()) == []
