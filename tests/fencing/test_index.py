"""Candidates by box: never a zone missed that is within reach."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.index import MovingIndex, ZoneIndex
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
INDEX = ZoneIndex.build(TABLE)


def pairs(found):
    return list(zip(*(column.tolist() for column in found), strict=True))


@must_meet("within reach", "a candidate that is not", "nothing near")
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 800.0))
@example(1, 800.0)
@example(1, 0.0)
def test_every_zone_within_reach_is_a_candidate(met, seed, reach):
    x, y = np.random.default_rng(seed).uniform(-5500.0, 5500.0, (2, 20))
    found = pairs(INDEX.candidates(x, y, np.full(20, reach)))
    assert found == sorted(set(found))
    point, zone = (column.ravel() for column in np.meshgrid(np.arange(20), np.arange(60), indexing="ij"))
    distance, _ = TABLE.signed_distance(zone, x[point], y[point], np.full(len(zone), 1e6))
    near = {(int(p), int(z)) for p, z, d in zip(point, zone, distance, strict=True) if d > -reach}
    assert near <= set(found)
    met["within reach"] += len(near)
    met["a candidate that is not"] += len(found) - len(near)
    met["nothing near"] += 20 - len({p for p, _ in near})


def test_far_points_have_no_candidates_and_a_zone_comes_once():
    x, y = CENTRES[5]
    point, zone = INDEX.candidates(np.array([1e6, x + 130.0]), np.array([0.0, y + 40.0]), np.array([10.0, 90.0]))
    assert (0 in point, int((zone == 5).sum())) == (False, 1)
    assert point.dtype == zone.dtype == np.int64


@pytest.mark.parametrize("index", [INDEX, ZoneIndex.build(ZoneTable.build([]))])
def test_unknown_places_and_empty_batches_have_no_candidates(index):
    assert pairs(index.candidates(np.array([np.nan, 0.0]), np.array([0.0, np.nan]), np.ones(2))) == []
    assert pairs(index.candidates(np.zeros(0), np.zeros(0), np.zeros(0))) == []


def test_an_empty_table_has_no_candidates():
    assert pairs(ZoneIndex.build(ZoneTable.build([])).candidates(np.zeros(3), np.zeros(3), np.ones(3))) == []


def moving():
    index = MovingIndex()
    index.insert(2**40, (0.0, 0.0, 10.0, 10.0))
    index.insert(3, (5.0, 5.0, 20.0, 20.0))
    return index


def near(index, *points, reach=1.0):
    x, y = np.array(points, float).T
    return pairs(index.query_v(x, y, np.full(len(points), reach)))


def test_moving_zones_are_found_in_order():
    assert near(moving(), (7, 7), (30, 30), (21, 15)) == [(0, 3), (0, 2**40), (2, 3)]


def test_a_zone_that_moves_leaves_its_old_place():
    index = moving()
    index.insert(3, (100.0, 100.0, 110.0, 110.0))
    assert near(index, (15, 15), (105, 105)) == [(1, 3)]
    assert len(index) == 2


def test_a_deleted_zone_is_gone():
    index = moving()
    index.delete(3)
    assert near(index, (15, 15)) == []
    with pytest.raises(KeyError):
        index.delete(3)


def test_nothing_to_find():
    assert near(MovingIndex(), (0, 0)) == []
    assert near(moving(), (np.nan, 7)) == []


@pytest.mark.parametrize("bounds", [(10.0, 0.0, 0.0, 10.0), (0.0, 0.0, np.nan, 1.0), (0.0, 0.0, np.inf, 1.0)])
def test_a_box_must_be_one(bounds):
    index = moving()
    with pytest.raises(ValueError, match="no box for zone 3"):
        index.insert(3, bounds)
    assert near(index, (15, 15)) == [(0, 3)]
