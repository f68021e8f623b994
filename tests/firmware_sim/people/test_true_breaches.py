"""Breaches to the second, from hand-made tracks."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from firmware_sim.county.buildings import build_stock
from firmware_sim.county.plan import build_plan
from firmware_sim.people.breach import Barred, away_from, breaches, inside_cafes, nights_of, outside_county, whole
from firmware_sim.people.days import Calendar
from firmware_sim.people.stage import Stage
from firmware_sim.people.track import Track
from firmware_sim.schedule import Span
from firmware_sim.story import EPOCH

PLAN = build_plan(2, 3)
STAGE = Stage(PLAN, build_stock(2, PLAN, 4), Calendar(EPOCH, 3))
HOME = away_from(0.0, 0.0, 100.0)
ALWAYS = [Span(0.0, 1e6)]


def walked(*corners):
    time, x = np.array(corners, float).T
    return Track(time, x, np.zeros_like(x), np.zeros(len(x), np.uint8))


def found(track, windows=ALWAYS, grace=0.0):
    return [
        (b.span.start, b.span.until, round(b.depth)) for b in breaches(track, HOME, "curfew", "home", windows, grace)
    ]


def test_a_walk_over_the_boundary_and_back_is_one_breach_with_its_greatest_depth():
    track = walked((0, 0), (1000, 0), (1300, 300), (2000, 300), (2300, 0), (9000, 0))
    assert found(track) == [(1101.0, 2200.0, 200)]


@pytest.mark.parametrize("pause", [2.0, 300.0, 700.0])
def test_a_stay_with_a_gap_is_two_breaches_however_short_the_gap(pause):
    track = walked((0, 300), (1000, 300), (1200, 100), (1200 + pause, 100), (1400 + pause, 300), (9000, 300))
    assert found(track) == [(0.0, 1200.0, 200), (1201.0 + pause, 1e6, 200)]


def test_a_way_that_only_touches_the_boundary_is_no_breach():
    assert found(walked((0, 0), (1000, 0), (1100, 100), (1200, 0), (9000, 0))) == []


def test_who_steps_over_for_a_second_has_a_breach_of_a_second_and_its_depth():
    assert found(walked((0, 0), (1000, 0), (1101, 101), (1202, 0), (9000, 0))) == [(1101.0, 1102.0, 1)]


def test_a_breach_is_cut_by_its_window_and_one_within_the_grace_is_none():
    track = walked((0, 300), (5000, 300), (5300, 0), (9000, 0))
    window = [Span(2000.0, 8000.0)]
    assert found(track, window) == [(2000.0, 5200.0, 200)]
    assert found(track, window, grace=3100.0) == [(2000.0, 5200.0, 200)]
    assert found(track, window, grace=3300.0) == []


def test_a_leave_cuts_what_it_does_not_cover_and_the_grace_stays_that_of_the_window():
    track, window = (
        walked((0, 300), (1000, 300), (1300, 600), (3000, 600), (3300, 300), (9000, 300)),
        [Span(500.0, 5e3)],
    )
    parts = breaches(track, HOME, "curfew", "home", window, 600.0, cuts=[800.0, 3200.0])
    assert [(b.span.start, b.span.until, round(b.depth)) for b in parts] == [(800.0, 3200.0, 500), (3200.0, 5e3, 300)]


def test_what_only_begins_as_its_window_ends_is_none():
    track = walked((0, 0), (1000, 0), (1300, 300), (9000, 300))
    assert found(track, [Span(500.0, 1101.0)]) == []
    assert found(track, [Span(500.0, 1102.0)]) == [(1101.0, 1102.0, 2)]


def test_a_window_that_is_over_before_it_begins_has_no_breach():
    """A bracelet that passes to another wearer after the scenario's end."""
    assert found(walked((0, 300), (9000, 300)), [Span(800.0, 500.0)]) == []


def test_who_never_moves_is_in_or_out_for_the_whole_window():
    window = [Span(100.0, 200.0)]
    assert found(walked((0, 500), (9000, 500)), window) == [(100.0, 200.0, 400)]
    assert found(walked((0, 50), (9000, 50)), window) == []


def test_depths_are_signed_metres_to_the_rules_boundaries():
    cafe = STAGE.stock.cafes[0]
    at, x = inside_cafes(STAGE), np.array([cafe.place.x, cafe.place.x + cafe.half_x + 30.0 + 7.0])
    deep = at(x, np.full(2, cafe.place.y))
    assert deep[0] == pytest.approx(min(cafe.half_x, cafe.half_y) + 30.0, abs=0.1)
    assert deep[1] == pytest.approx(-7.0, abs=0.1)
    beyond = outside_county(STAGE)(np.array([0.0, 30_000.0]), np.zeros(2))
    assert beyond[0] < -5000.0
    assert beyond[1] > 10_000.0


def row_of_cafes(*gaps):
    """A county with barred buildings side by side, so many metres between their zones, and their first's left edge."""
    first, *others = STAGE.stock.cafes
    row = [first]
    for gap, cafe in zip(gaps, others, strict=False):
        last = row[-1]
        x = last.place.x + last.half_x + cafe.half_x + 2 * STAGE.cafe_buffer + gap
        row.append(replace(cafe, place=replace(cafe.place, x=x, y=first.place.y)))
    zones = shapely.STRtree([cafe.outline().buffer(STAGE.cafe_buffer) for cafe in row])
    return row, Barred(tuple(cafe.place.name for cafe in row), zones)


def passed(row, barred, y=0.0):
    """Walked past at a metre a second, from a hundred metres before to a hundred after; the edges in seconds."""
    west, east = row[0].place.x - 100.0, row[-1].place.x + 100.0
    at_y = np.full(2, row[0].place.y + y)
    track = Track(np.array([0.0, east - west]), np.array([west, east]), at_y, np.zeros(2, np.uint8))
    found = [
        one
        for place, depth in barred.met(track)
        for one in breaches(track, depth, "exclusion_enter", "cafes", [Span(0.0, 1e6)], place=place)
    ]
    edges = [
        (np.ceil(each.place.x - each.half_x - 30.0 - west), np.ceil(each.place.x + each.half_x + 30.0 - west))
        for each in row
    ]
    return [(one.place, one.span.start, one.span.until) for one in found], edges


@pytest.mark.parametrize("gap", [200.0, 5.0, -20.0])
def test_a_way_through_two_neighbouring_cafes_is_a_breach_of_each_by_itself(gap):
    """Also where one zone laps over the other."""
    row, barred = row_of_cafes(gap)
    found, edges = passed(row, barred)
    assert [place for place, _, _ in found] == [cafe.place.name for cafe in row]
    for (_, onset, until), (enters, leaves) in zip(found, edges, strict=True):
        assert (onset, until) == (pytest.approx(enters, abs=1.0), pytest.approx(leaves, abs=1.0))


def test_a_way_past_a_cafe_is_none_of_it():
    row, barred = row_of_cafes(50.0)
    assert passed(row, barred, y=max(cafe.half_y for cafe in row) + 31.0) == ([], passed(row, barred)[1])


def test_the_countys_barred_buildings_are_found_by_their_names():
    cafe = STAGE.stock.cafes[1]
    x = np.array([cafe.place.x - 5.0, cafe.place.x + 5.0])
    track = Track(np.array([0.0, 10.0]), x, np.full(2, cafe.place.y), np.zeros(2, np.uint8))
    met = dict(Barred.of(STAGE).met(track))
    assert cafe.place.name in met
    assert met[cafe.place.name](x, np.full(2, cafe.place.y)) == pytest.approx(
        np.minimum(cafe.half_x + 25.0, cafe.half_y + 30.0), abs=0.1
    )


def test_nights_are_those_of_a_wearer_within_the_scenario():
    nights = nights_of(STAGE, Span(-np.inf, np.inf))
    assert [night.until - night.start for night in nights] == [8 * 3600.0, 10 * 3600.0, 10 * 3600.0, 2 * 3600.0]
    later = nights_of(STAGE, Span(STAGE.calendar.at(1, 12.0), np.inf))
    assert len(later) == 2
    assert whole(STAGE) == [Span(EPOCH, EPOCH + 3 * 86400.0)]
