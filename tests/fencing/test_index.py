"""Places within a circle, at a time: none missed, none too many, and no box that a tree would lose."""

import math
import threading

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.errors import GeometryFault
from fencing.index import PlaceIndex, load
from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable

RNG = np.random.default_rng(11)
CENTRES = RNG.uniform(-5000.0, 5000.0, (60, 2))
TABLE = ZoneTable.build(
    [
        ZoneShape(
            str(index),
            "zone",
            (CirclePlace("round", x, y, 60.0), GeometryPlace("square", shapely.box(x + 200, y, x + 280, y + 80))),
        )
        for index, (x, y) in enumerate(CENTRES)
    ]
)
INDEX = PlaceIndex.build(TABLE, range(60))


def away(zone, place, x, y):
    """Metres from a point to a place, worked out by itself; 0 inside."""
    east, north = CENTRES[zone]
    if place == 0:
        return max(0.0, math.hypot(x - east, y - north) - 60.0)
    return shapely.distance(shapely.box(east + 200, north, east + 280, north + 80), shapely.Point(x, y))


@must_meet("within reach", "out of reach by its box alone", "nothing near")
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 2000.0))
@example(1, 2000.0)
@example(1, 0.0)
def test_exactly_the_places_that_the_circle_touches_the_nearest_first(met, seed, radius):
    x, y = np.random.default_rng(seed).uniform(-5500.0, 5500.0, 2)
    wanted = sorted(
        (away(zone, place, x, y), zone, place)
        for zone in range(60)
        for place in (0, 1)
        if away(zone, place, x, y) <= radius
    )
    found = INDEX.within(x, y, radius)
    assert [(near.zone, near.place) for near in found] == [each[1:] for each in wanted]
    assert [near.distance_m for near in found] == pytest.approx([each[0] for each in wanted], abs=1e-6)
    boxes = len(INDEX.packed.query(shapely.box(x - radius, y - radius, x + radius, y + radius)))
    met["within reach"] += len(found)
    met["out of reach by its box alone"] += boxes - len(found)
    met["nothing near"] += not found


def test_whoever_stands_in_a_place_is_no_metre_away_however_small_the_circle():
    x, y = CENTRES[5]
    assert INDEX.within(x, y, 0.0)[0] == (0.0, 5, 0)
    assert INDEX.within(x + 240, y + 40, 0.0)[0] == (0.0, 5, 1)


def test_only_the_zones_that_were_named_are_there():
    some = PlaceIndex.build(TABLE, [7, 3])
    assert {near.zone for near in some.within(0.0, 0.0, 20_000.0)} == {3, 7}
    assert {near.place for near in some.within(0.0, 0.0, 20_000.0)} == {0, 1}


@pytest.mark.parametrize("place", [(math.nan, 0.0, 1.0), (0.0, math.inf, 1.0), (0.0, 0.0, math.nan), (0.0, 0.0, -1.0)])
def test_what_is_not_known_has_nothing_near(place):
    assert INDEX.within(*place) == []


@pytest.mark.parametrize("index", [PlaceIndex.build(TABLE, []), PlaceIndex.build(ZoneTable.build([]), [])])
def test_nothing_registered_is_nothing_near(index):
    assert index.within(0.0, 0.0, 1e6) == []


@pytest.mark.parametrize(
    "box", [(1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 1.0, 0.0), (math.nan, 0.0, 1.0, 1.0), (0.0, 0.0, math.inf, 1.0)]
)
def test_a_box_that_is_inside_out_is_refused_before_the_tree_takes_it(box):
    sound = (0.0, 0.0, 1.0, 1.0)
    with pytest.raises(GeometryFault, match="place 2: no box"):
        load(np.array([sound, sound, box, sound]).T)


def test_a_box_without_extent_is_one():
    tree = load(np.array([(5.0, 5.0, 5.0, 5.0)]).T)
    assert list(tree.intersection((0.0, 0.0, 10.0, 10.0))) == [0]
    assert list(load(np.array([(5.0, 5.0, 9.0, 5.0, 5.0, 9.0)]).T).intersection((0.0, 0.0, 9.0, 9.0, 9.0, 9.0))) == [0]


PERIODS = [(0.0, math.inf) if zone % 3 == 0 else (100.0 * zone, 100.0 * zone + 500.0) for zone in range(60)]
PERIODS[0] = (-math.inf, math.inf)
PASSING = PlaceIndex.build(TABLE, range(60), PERIODS)


@must_meet("standing", "passing", "not yet", "over")
@given(st.integers(0, 2**32 - 1), st.floats(-100.0, 8000.0))
@example(2, 100.0)
def test_places_come_and_go_with_their_zones(met, seed, time):
    x, y = np.random.default_rng(seed).uniform(-5500.0, 5500.0, 2)
    always = INDEX.within(x, y, 3000.0)
    now = [near for near in always if PERIODS[near.zone][0] <= time < PERIODS[near.zone][1]]
    assert PASSING.within(x, y, 3000.0, time) == now
    assert PASSING.within(x, y, 3000.0) == always
    met["standing"] += any(near.zone == 0 for near in now)
    met["passing"] += any(near.zone > 0 for near in now)
    met["not yet"] += any(time < PERIODS[near.zone][0] for near in always)
    met["over"] += any(time >= PERIODS[near.zone][1] for near in always)


@pytest.mark.parametrize(("time", "is_there"), [(99.999, False), (100.0, True), (599.999, True), (600.0, False)])
def test_a_zone_holds_from_its_start_until_its_end(time, is_there):
    assert (PASSING.within(*CENTRES[1], 1.0, time) == [(0.0, 1, 0)]) == is_there


def test_two_threads_may_ask_at_once():
    wanted = [PASSING.within(x, y, 900.0, 700.0) for x, y in CENTRES]
    found: list[object] = []
    asking = [
        threading.Thread(target=lambda: found.append([PASSING.within(x, y, 900.0, 700.0) for x, y in CENTRES]))
        for _ in range(4)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert found == [wanted] * 4
