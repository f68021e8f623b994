"""Ways, days and tricks: nobody is in two places, nobody jumps, and a trick is what its name says."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.clock import hour_of_day
from firmware_sim.county.buildings import Use, build_stock
from firmware_sim.county.plan import build_plan
from firmware_sim.firmware.wire import Edition
from firmware_sim.movement import Visit
from firmware_sim.people.days import Calendar, ordinary
from firmware_sim.people.life import Life, detour
from firmware_sim.people.stage import Stage
from firmware_sim.people.track import NUMBER, Track
from firmware_sim.people.tricks import NUISANCES, TRICKS
from firmware_sim.people.ways import TRAIN, corners
from firmware_sim.schedule import Span
from firmware_sim.story import EPOCH
from firmware_sim.world import Place, Scene

PLAN = build_plan(2, 3)
STOCK = build_stock(2, PLAN, 12)
STAGE = Stage(PLAN, STOCK, Calendar(EPOCH, 7))
DRAW = np.random.default_rng(5)


def life(number=0):
    home = STOCK.homes[number]
    visits = ordinary(2, number, home, PLAN, STOCK, STAGE.calendar)
    return Life(number, "P0001", "B0001", "1", "jt808", Edition.Y2013, home, True, True, visits)  # noqa: FBT003  curfew, barred


def track_of(wearer):
    return Track.of(corners(PLAN, wearer.visits, STAGE.calendar.midnight - 43_200.0))


@given(st.integers(0, 11), st.integers(0, 500))
def test_ordinary_days_are_at_home_by_night_and_never_faster_than_a_train(number, seed):
    home = STOCK.homes[number]
    track = Track.of(corners(PLAN, ordinary(seed, number, home, PLAN, STOCK, STAGE.calendar), EPOCH - 43_200.0))
    assert (np.diff(track.time) > 0.0).all()
    assert track.speed().max() <= TRAIN * 1.05
    nights = np.concatenate([np.arange(night.start, night.until, 600.0) for night in STAGE.nights()[1:]])
    x, y = track.at(nights)
    assert np.hypot(x - home.x, y - home.y).max() < 1.0


def test_nobody_works_on_free_days():
    calendar = Calendar(EPOCH, 14, frozenset({2}))
    assert [day for day in range(14) if calendar.is_free(day)] == [2, 5, 6, 12, 13]


def test_a_way_in_town_follows_the_streets_and_one_along_the_railway_takes_the_train():
    city, stop = PLAN.towns[0], PLAN.railway[1]
    near = Place("a", city.x + 50.0, city.y, Scene.INDOOR)
    here, there = near, Place("b", city.x + 600.0, city.y + 700.0, Scene.INDOOR)
    walked = Track.of(corners(PLAN, [Visit(here, 100.0), Visit(there, 9e5)], 0.0))
    turned = [city.to_grid(x, y) for x, y in zip(walked.x.tolist(), walked.y.tolist(), strict=True)]
    assert all(min(abs(a - c), abs(b - d)) < 1e-6 for (a, b), (c, d) in itertools.pairwise(turned))
    far = Place("c", float(stop[0]) + 30.0, float(stop[1]), Scene.INDOOR)
    ridden = Track.of(corners(PLAN, [Visit(near, 100.0), Visit(far, 9e5)], 0.0))
    assert NUMBER[Scene.TRAIN] in ridden.scene


def test_a_visit_that_cannot_be_reached_is_refused():
    with pytest.raises(ValueError, match="only reached at"):
        corners(PLAN, [Visit(STOCK.homes[0], 10.0), Visit(STOCK.homes[1], 11.0)], 0.0)


@given(st.integers(0, 5), st.floats(0.5, 23.0), st.floats(0.5, 30.0), st.integers(0, 11))
def test_a_detour_fits_into_any_day(day, hour, hours, number):
    wearer = life(number)
    start = STAGE.calendar.at(day, hour)
    stay = detour(PLAN, wearer, STOCK.by_use[Use.CAFE][0].place, Span(start, start + hours * 3600.0))
    track = track_of(wearer)
    assert (np.diff(track.time) > 0.0).all()
    x, y = track.at(np.array([(stay.start + stay.until) / 2]))
    cafe = STOCK.by_use[Use.CAFE][0].place
    assert float(np.hypot(x - cafe.x, y - cafe.y)[0]) < 1.0


@pytest.mark.parametrize("name", sorted(TRICKS | NUISANCES))
@given(day=st.integers(1, 4), number=st.integers(0, 11))
def test_every_trick_leaves_a_life_that_can_be_lived(name, day, number):
    wearer = life(number)
    (TRICKS | NUISANCES)[name](STAGE, wearer, day, np.random.default_rng(day))
    assert (np.diff(track_of(wearer).time) > 0.0).all()
    written = [*itertools.chain(*wearer.stretches.values()), *(one.span for one in wearer.happenings), *wearer.leave]
    assert all(span.start < span.until for span in written)


def test_late_is_late_and_a_cafe_night_is_the_whole_night():
    wearer = life(1)
    TRICKS["late_return"](STAGE, wearer, 1, DRAW)
    on_the_way = Span(STAGE.calendar.at(1, 22.4), STAGE.calendar.at(2, 1.0))
    assert any(time in on_the_way for time in track_of(wearer).time.tolist())
    TRICKS["cafe_night"](STAGE, wearer, 3, DRAW)
    moments = np.arange(STAGE.calendar.at(3, 22.5), STAGE.calendar.at(4, 7.0), 600.0)
    x, y = track_of(wearer).at(moments)
    cafe = STOCK.cafes[1 % len(STOCK.cafes)]
    assert all(cafe.covers(*place) for place in zip(x.tolist(), y.tolist(), strict=True))
    assert hour_of_day(float(moments[0])) == pytest.approx(22.5)


def test_a_part_of_a_track_can_be_replaced():
    track = track_of(life(2))
    start, until = STAGE.calendar.at(2, 1.0), STAGE.calendar.at(2, 3.0)
    other = Track(np.array([start, until]), np.full(2, 7.0), np.full(2, 9.0), np.zeros(2, np.uint8))
    mixed = track.replaced(other, start, until)
    inside, outside = np.linspace(start, until - 1.0, 5), np.array([start - 3600.0, until + 3600.0])
    assert set(mixed.at(inside)[0]) == {7.0}
    assert np.array_equal(mixed.at(outside), track.at(outside))
