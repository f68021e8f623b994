"""Breaches to the second, from hand-made tracks."""

import numpy as np
import pytest

from firmware_sim.county.buildings import build_stock
from firmware_sim.county.plan import build_plan
from firmware_sim.people.breach import away_from, breaches, inside_cafes, nights_of, outside_county, whole
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


def test_a_short_pause_is_the_same_breach_and_a_long_one_is_another():
    def there_and_back(pause):
        return walked((0, 300), (1000, 300), (1300, 0), (1300 + pause, 0), (1600 + pause, 300), (9000, 300))

    assert len(found(there_and_back(300.0))) == 1
    assert len(found(there_and_back(700.0))) == 2


def test_a_breach_is_cut_by_its_window_and_one_within_the_grace_is_none():
    track = walked((0, 300), (5000, 300), (5300, 0), (9000, 0))
    window = [Span(2000.0, 8000.0)]
    assert found(track, window) == [(2000.0, 5200.0, 200)]
    assert found(track, window, grace=3100.0) == [(2000.0, 5200.0, 200)]
    assert found(track, window, grace=3300.0) == []


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


def test_nights_are_those_of_a_wearer_within_the_scenario():
    nights = nights_of(STAGE, Span(-np.inf, np.inf))
    assert [night.until - night.start for night in nights] == [8 * 3600.0, 10 * 3600.0, 10 * 3600.0, 2 * 3600.0]
    later = nights_of(STAGE, Span(STAGE.calendar.at(1, 12.0), np.inf))
    assert len(later) == 2
    assert whole(STAGE) == [Span(EPOCH, EPOCH + 3 * 86400.0)]
