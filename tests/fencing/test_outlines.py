"""Loops over outlines say what shapely says, of any multipolygon with holes and of districts with long borders."""

import numpy as np
import pytest
import shapely
from effort import examples
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from met import must_meet

from fencing.boxes import STACK
from fencing.outlines import Outlines, nearest, to_outline
from fencing.zones import GeometryPlace, ZoneShape, ZoneTable

FAR = 1e6
CENTIMETRE = 0.01


def drawn(seed, pieces):
    """A multipolygon with holes: pieces of all forms, some of which are taken out of the others again."""
    draw = np.random.default_rng(seed)
    whole = shapely.Polygon()
    for number in range(pieces):
        x, y, size = *draw.uniform(-500.0, 500.0, 2), draw.uniform(5.0, 400.0)
        turns = np.sort(draw.uniform(0.0, 2.0 * np.pi, draw.integers(3, 40)))
        star = shapely.Polygon(np.column_stack([np.cos(turns), np.sin(turns)]) * size + (x, y)).buffer(0.0)
        piece = (star, shapely.box(x, y, x + size, y + size), shapely.Point(x, y).buffer(size))[number % 3]
        whole = whole.difference(piece) if draw.random() < 0.4 else whole.union(piece)
    return shapely.MultiPolygon([part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"])


def places_to_ask(geometry, draw):
    """Points about a geometry: anywhere, beside its edges, at the height of its corners, and on them."""
    corners = shapely.get_coordinates(geometry)
    chosen, other = (corners[draw.integers(0, len(corners), 20)] for _ in range(2))
    return np.vstack([
        draw.uniform(-1000.0, 1000.0, (20, 2)), chosen + draw.normal(0.0, 3.0, (20, 2)), chosen,
        np.column_stack([other[:, 0] + draw.normal(0.0, 50.0, 20), chosen[:, 1]]),
    ])  # fmt: skip


def by_shapely(geometry, points, reach):
    at = shapely.points(points)
    size = np.minimum(shapely.distance(geometry.boundary, at), reach)
    return np.where(shapely.contains(geometry, at), size, -size)


@must_meet("inside", "outside", "in a hole", "several parts", "on a corner")
@settings(max_examples=examples(200))
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@example(7, 12)
def test_the_distance_to_any_multipolygon_with_holes_is_that_of_shapely(met, seed, pieces):
    geometry, draw = drawn(seed, pieces), np.random.default_rng(seed)
    assume(geometry.area > 1.0)
    table = ZoneTable.build([ZoneShape("z", "z", (GeometryPlace("g", geometry),))])
    points = places_to_ask(geometry, draw)
    reach = np.where(draw.random(len(points)) < 0.5, FAR, draw.uniform(1.0, 300.0, len(points)))
    found, _ = table.signed_distance(np.zeros(len(points), np.int64), *np.ascontiguousarray(points.T), reach)
    wanted = by_shapely(geometry, points, reach)
    assert np.abs(found - wanted).max() < CENTIMETRE
    clear = np.abs(wanted) > 1e-6
    assert (np.sign(found[clear]) == np.sign(wanted[clear])).all()
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in geometry.geoms])
    met["inside"] += int((wanted > 0.0).sum())
    met["outside"] += int((wanted < 0.0).sum())
    met["in a hole"] += int((shapely.contains_xy(filled, *points.T) & (wanted < 0.0)).sum())
    met["several parts"] += len(geometry.geoms) > 1
    met["on a corner"] += int((wanted == 0.0).sum())


def district(corners):
    """A border that winds, with an enclave."""
    turns = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    away = 20_000.0 * (1.0 + 0.15 * np.sin(5 * turns) + 0.05 * np.sin(31 * turns) + 0.004 * np.sin(401 * turns))
    border = np.column_stack([away * np.cos(turns), away * np.sin(turns)])
    return shapely.Polygon(border, [shapely.Point(500.0, 0.0).buffer(800.0).exterior]), border


@pytest.mark.parametrize("corners", [3000, 9001])
def test_a_district_of_thousands_of_corners_is_measured_as_shapely_measures_it(corners):
    geometry, border = district(corners)
    draw = np.random.default_rng(corners)
    near = border[draw.integers(0, corners, 150)] + draw.normal(0.0, 60.0, (150, 2))
    points = np.vstack([near, draw.uniform(-26_000.0, 26_000.0, (150, 2))])
    table = ZoneTable.build([ZoneShape("z", "z", (GeometryPlace("g", geometry),))])
    for reach in (np.full(300, FAR), np.full(300, 80.0)):
        found, _ = table.signed_distance(np.zeros(300, np.int64), *np.ascontiguousarray(points.T), reach)
        assert np.abs(found - by_shapely(geometry, points, reach)).max() < 1e-6


class Counted:
    """A column that counts how often it is asked."""

    def __init__(self, column):
        self.column, self.asked = column, 0

    def __getitem__(self, at):
        self.asked += 1
        return self.column[at]


@pytest.mark.parametrize("where", [(20_000.0, 0.0), (-3000.0, 4000.0), (40_000.0, 3.0)])
def test_of_ten_times_as_many_corners_few_more_are_looked_at(where):
    looked = []
    for corners in (1000, 10_000):
        outlines = Outlines.build(np.array([district(corners)[0]], np.object_))
        sides = Counted(outlines.sides)
        trees = (outlines.corners, sides, *outlines.trees[2:])
        to_outline(trees, 0, *where, 200.0, np.empty(STACK, np.int64))
        looked.append(sides.asked)
    assert looked[1] < 3 * looked[0] + 100
    assert looked[1] < 1000


def test_the_same_comes_of_a_formula_as_it_stands_and_of_one_that_is_compiled():
    geometry, _ = district(500)
    table = ZoneTable.build([ZoneShape("z", "z", (GeometryPlace("g", geometry),))])
    draw, stack = np.random.default_rng(4), np.empty(STACK, np.int64)
    x, y = draw.uniform(-25_000.0, 25_000.0, (2, 60))
    found, _ = table.signed_distance(np.zeros(60, np.int64), x, y, np.full(60, FAR))
    plain = [to_outline(table.outlines.trees, 0, *at, FAR, stack) for at in zip(x.tolist(), y.tolist(), strict=True)]
    box = shapely.bounds(geometry)
    assert found.tobytes() == np.array(plain).tobytes()
    assert nearest(table.outlines.trees, 0, float(box[0]) - 50.0, 0.0, 100.0, stack) == 100.0


def test_what_lies_on_an_edge_lies_in_no_place():
    square = GeometryPlace("g", shapely.box(0.0, 0.0, 10.0, 10.0))
    table = ZoneTable.build([ZoneShape("z", "z", (square,))])
    x, y = np.array([0.0, 10.0, 5.0, 5.0, 5.0]), np.array([5.0, 5.0, 0.0, 10.0, 5.0])
    assert table.contains(np.zeros(5, np.int64), x, y).tolist() == [False, False, False, False, True]
    assert table.signed_distance(np.zeros(5, np.int64), x, y, np.full(5, 9.0))[0].tolist() == [0.0, 0.0, 0.0, 0.0, 5.0]
