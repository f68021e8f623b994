"""Many places and wide ones: what is measured by trees is what all places measured one by one give."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from met import must_meet

from fencing.boxes import STACK, Boxes, meeting
from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable

DRAW = np.random.default_rng(5)
WIDE = shapely.Polygon([(-9000, -9000), (9000, -8000), (2000, 1000), (8000, 9000), (-9000, 9000)])


def many(number):
    """Circles and squares about the plane, as a zone of so many places."""
    spots = DRAW.uniform(-8000.0, 8000.0, (number, 2))
    return tuple(
        CirclePlace(f"{at}", x, y, 150.0) if at % 2 else GeometryPlace(f"{at}", shapely.box(x, y, x + 90.0, y + 200.0))
        for at, (x, y) in enumerate(spots.tolist())
    )


SHAPES = (
    ZoneShape("wide", "", (GeometryPlace("", WIDE),)), ZoneShape("many", "", many(300)),
    ZoneShape("few", "", many(3)), ZoneShape("some", "", many(9)),
)  # fmt: skip


def brute(shape, x, y, reach):
    """The distance to a zone, place by place."""
    depths = []
    for place in shape.places:
        if isinstance(place, CirclePlace):
            depth = place.radius - np.hypot(x - place.x, y - place.y)
        else:
            point = shapely.Point(x, y)
            depth = place.geometry.boundary.distance(point) * (1.0 if place.geometry.contains(point) else -1.0)
        depths.append(min(max(depth, -reach), reach))
    return max(depths)


@must_meet("inside", "outside", "beyond reach")
@given(st.integers(0, 2**32 - 1))
def test_trees_say_what_each_place_says(met, seed):
    draw, table = np.random.default_rng(seed), ZoneTable.build(SHAPES)
    zone, reach = draw.integers(0, len(SHAPES), 40), draw.uniform(20.0, 400.0, 40)
    x, y = draw.uniform(-9500.0, 9500.0, (2, 40))
    first = table.signed_distance(zone, x, y, reach)
    wanted = [brute(SHAPES[at], *row) for at, *row in zip(zone, x, y, reach, strict=True)]
    np.testing.assert_allclose(first[0], wanted, atol=1e-7)
    assert table.contains(zone, x, y).tolist() == (first[0] > 0.0).tolist()
    met["inside"] += int((first[0] > 0.0).sum())
    met["outside"] += int((first[0] < 0.0).sum())
    met["beyond reach"] += int((np.abs(first[0]) == reach).sum())


def test_a_tree_names_the_places_that_a_box_meets_in_their_order_and_says_where_there_is_no_room():
    bounds = np.array([[0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 2.0, 1.0], [5.0, 5.0, 6.0, 6.0]] * 9).T
    tree = Boxes.build(np.ascontiguousarray(bounds), np.zeros(27, np.int64), np.ones(1, np.bool_))
    stack, found = np.empty(STACK, np.int64), np.empty(27, np.int64)
    nodes = (tree.sides, tree.begin, tree.end, int(tree.root[0]))
    count = meeting(*nodes, 1.0, 0.5, 1.0, 0.5, stack, found)
    assert found[:count].tolist() == [at for at in range(27) if at % 3 != 2]
    assert meeting(*nodes, 1.0, 0.5, 1.0, 0.5, stack, found[:5]) == -1
    assert meeting(*nodes, np.nan, 0.0, 1.0, 1.0, stack, found) == 0
