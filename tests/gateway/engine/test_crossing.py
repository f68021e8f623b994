"""A barred zone that is crossed between two fixes: said where nobody could have gone round it, and never else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from shapely import Polygon
from timeline import HOME, Timeline, at, brief, clock, degrees, raised, record, zones

from gateway.engine.crossing import KIND
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Area, Circle, Rule, ZoneDefinition

BORDER = 3000.0
STEP = 20.0


def strip(width: float = 400.0, length: float = 18_000.0) -> ZoneDefinition:
    """A barred strip from south to north."""
    west, east, end = BORDER - width / 2.0, BORDER + width / 2.0, length / 2.0
    corners = [degrees(corner)[::-1] for corner in ((west, -end), (east, -end), (east, end), (west, end))]
    return ZoneDefinition("strip", "border strip", (Area("border strip", Polygon(corners)),))


def county(zone: ZoneDefinition | None = None, **terms: object) -> Timeline:
    barred = Rule("border", ("P0001",), "order 9", keep_out="strip")
    told = Timeline.of(zones=zones() | {"strip": replace(zone or strip(), **terms)}, rules=(barred,))
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    return told


def drive(told: Timeline, begin: float, places: list[tuple[float, float]], speed_kmh: float = 90.0) -> float:
    """A report each STEP seconds at these places; when the last one was."""
    for number, place in enumerate(places):
        time = begin + STEP * number
        told.frame(0x0200, record(time, place, speed_kmh=speed_kmh), time)
    return begin + STEP * (len(places) - 1)


def eastwards(first: float, count: int, step: float = 500.0, north: float = 0.0) -> list[tuple[float, float]]:
    return [(first + step * number, north) for number in range(count)]


def crossings(events: list[dict]) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == KIND]


def test_a_strip_that_is_crossed_between_two_fixes_is_told_once_the_next_one_bears_it_out():
    told = county()
    last = drive(told, at(0, 14), eastwards(250.0, 12))
    events = told.run()
    assert brief(crossings(events)) == [("raised", KIND)]
    assert raised(events, "exclusion_enter") == []
    alarm = crossings(events)[0]["data"]
    before = at(0, 14) + 5 * STEP
    assert (clock(alarm["facts"]["from"]), clock(alarm["facts"]["until"])) == (before, before + STEP)
    assert clock(alarm["onset"]) == before
    assert clock(alarm["decided"]) == before + 2 * STEP < last
    assert (alarm["zone"], alarm["zone_name"], alarm["rule"]) == ("strip", "border strip", "border")
    assert (alarm["severity"], alarm["latched"], alarm["facts"]["depth_m"]) == ("warning", True, 30)
    assert "疑似穿过禁入区“border strip”：14:01在一侧，14:02在另一侧" in alarm["text"]["zh"]
    assert "不可据此认定" in alarm["text"]["zh"]
    assert 'probably passed through barred "border strip"' in alarm["text"]["en"]
    assert "not a finding" in alarm["text"]["en"]


def test_what_nobody_has_closed_is_told_once_and_counted():
    told = county()
    drive(told, at(0, 14), eastwards(250.0, 12))
    drive(told, at(0, 14.5), eastwards(5750.0, 12, -500.0))
    events = crossings(told.run())
    assert brief(events) == [("raised", KIND), ("updated", KIND)]
    assert events[1]["data"]["facts"]["times"] == 2
    assert "此后又有1次，最近14:3" in events[1]["data"]["text"]["zh"]


def test_after_a_person_has_closed_it_another_one_is_another_alarm():
    told = county()
    drive(told, at(0, 14), eastwards(250.0, 12))
    (first,) = crossings(told.run())
    told.close(first["data"]["alarm"], at(0, 14.25))
    drive(told, at(0, 14.5), eastwards(5750.0, 12, -500.0))
    later = [event for event in crossings(told.run()) if event["data"]["alarm"] != first["data"]["alarm"]]
    assert brief(later) == [("raised", KIND)]


@pytest.mark.parametrize(
    ("zone", "places"),
    [
        (strip(length=600.0), eastwards(250.0, 12)),
        (strip(width=50.0), eastwards(250.0, 12)),
        (strip(), eastwards(250.0, 12, north=0.0)[:7]),
        (strip(), [*eastwards(250.0, 6), (3250.0, 0.0), (2750.0, 0.0), (2500.0, 0.0), (2000.0, 0.0)]),
        (strip(), [(2750.0, -4000.0 + 500.0 * number) for number in range(16)]),
        (ZoneDefinition("strip", "cafe", (Circle("cafe", *degrees((BORDER, 0.0)), 150.0),)), eastwards(250.0, 12)),
    ],
    ids=[
        "it can be gone round",
        "narrow",
        "nothing bears it out",
        "one that leads astray",
        "along it",
        "a small place",
    ],
)
def test_what_is_not_certain_is_not_told(zone, places):
    told = county(zone)
    drive(told, at(0, 14), places)
    assert crossings(told.run()) == []


def test_fixes_far_apart_in_time_tell_nothing():
    told = county()
    for number, place in enumerate(eastwards(250.0, 12)):
        told.frame(0x0200, record(at(0, 14) + 150.0 * number, place, speed_kmh=90.0), at(0, 14) + 150.0 * number)
    assert crossings(told.run()) == []


@pytest.mark.parametrize(
    "terms", [{"until": at(0, 13)}, {"start": at(0, 15)}, {"people": ("P0002",)}], ids=["over", "to come", "for others"]
)
def test_a_zone_that_does_not_hold_is_not_crossed(terms):
    told = county(**terms)
    drive(told, at(0, 14), eastwards(250.0, 12))
    assert crossings(told.run()) == []


def test_late_reports_from_within_the_time_take_it_back():
    told = county()
    drive(told, at(0, 14), eastwards(250.0, 12))
    (first,) = crossings(told.run())
    # What was stored shows the way itself: it is for evidence within the zone to say what there was.
    begin = at(0, 14) + 5 * STEP
    told.stored(
        at(0, 15), [record(begin + number, (2750.0 + 25.0 * number, 0.0), speed_kmh=90.0) for number in range(1, 20)]
    )
    told.tick(at(0, 15.2))
    events = crossings(told.run())
    assert [event["data"]["alarm"] for event in events if event["type"].endswith("retracted")] == [
        first["data"]["alarm"]
    ]


def test_it_is_the_same_whatever_is_snapshot_between():
    whole = county()
    drive(whole, at(0, 14), eastwards(250.0, 12))
    wanted = [event["data"]["alarm"] for event in crossings(whole.run())]
    told = county()
    drive(told, at(0, 14), eastwards(250.0, 6))
    before = crossings(told.run())
    told.state = restore(snapshot_of(told.state))
    drive(told, at(0, 14) + 6 * STEP, eastwards(3250.0, 6))
    assert [event["data"]["alarm"] for event in before + crossings(told.run())] == wanted


def bending(draw: np.random.Generator) -> list[tuple[float, float]]:
    """A road beside a strip, its end rounded or not: straight, or in bends, never in it."""
    count, side = 30, -1.0 if draw.random() < 0.5 else 1.0
    away = draw.uniform(0.0, 60.0) + draw.uniform(0.0, 120.0) * (
        1.0 + np.sin(np.arange(count) * draw.uniform(0.1, 2.0))
    )
    north = draw.uniform(-6000.0, -2000.0) + np.cumsum(draw.uniform(100.0, 600.0, count))
    east = BORDER + side * (200.0 + away)
    return list(zip(east.tolist(), north.tolist(), strict=True))


def round_its_end(draw: np.random.Generator) -> list[tuple[float, float]]:
    """A road around the strip's northern end."""
    radius, turns = draw.uniform(220.0, 900.0), np.linspace(np.pi, 0.0, int(draw.integers(3, 20)))
    end = [(BORDER + radius * float(np.cos(turn)), 300.0 + radius * float(np.sin(turn))) for turn in turns]
    return [
        (BORDER - radius, -1500.0),
        (BORDER - radius, -900.0),
        (BORDER - radius, -300.0),
        *end,
        (BORDER + radius, -300.0),
    ]


@must_meet("beside", "round its end")
@settings(max_examples=examples(60))
@given(st.integers(0, 2**32 - 1))
@example(1)
def test_no_road_beside_a_zone_or_round_it_is_taken_for_one_through_it(met, seed):
    draw = np.random.default_rng(seed)
    for name, zone, places in (
        ("beside", strip(), bending(draw)), ("round its end", strip(length=600.0), round_its_end(draw)),
    ):  # fmt: skip
        told = county(zone)
        noisy = [(x + draw.normal(0.0, 8.0), y + draw.normal(0.0, 8.0)) for x, y in places]
        drive(told, at(0, 14.5), noisy, draw.uniform(20.0, 110.0))
        assert crossings(told.run()) == []
        met[name] += 1


def test_what_comes_out_does_not_depend_on_how_the_log_was_cut():
    whole, cut = county(), county()
    drive(whole, at(0, 14), eastwards(250.0, 12))
    said = cut.run()
    for number, place in enumerate(eastwards(250.0, 12)):
        drive(cut, at(0, 14) + STEP * number, [place])
        said += cut.run()
    assert said == whole.run()


@must_meet("shuffled")
@settings(max_examples=examples(20))
@given(st.permutations(range(12)))
@example(list(range(11, -1, -1)))
def test_reports_that_come_late_and_in_any_order_end_in_the_same_alarm(met, order):
    wanted = county()
    drive(wanted, at(0, 14), eastwards(250.0, 12))
    (alarm,) = crossings(wanted.run())
    told = county()
    told.run()
    told.report(at(0, 14.5), (6000.0, 0.0))
    for number in order:
        place = eastwards(250.0, 12)[number]
        told.stored(at(0, 14.6), [record(at(0, 14) + STEP * number, place, speed_kmh=90.0)])
    told.tick(at(0, 15))
    (late,) = crossings(told.run())
    assert [late["data"][name] for name in ("kind", "person", "zone", "onset")] == [
        alarm["data"][name] for name in ("kind", "person", "zone", "onset")
    ]  # fmt: skip
    assert late["data"]["retrospective"]
    met["shuffled"] += list(order) != sorted(order)
