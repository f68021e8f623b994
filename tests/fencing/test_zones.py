"""Signed distance to zones, shape faults, largest inscribed circles."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.errors import GeometryFault
from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable

FAR = 1e6
SQUARE = GeometryPlace("yard", shapely.box(0.0, 0.0, 100.0, 100.0))
RING = GeometryPlace(
    "ring", shapely.Polygon(shapely.box(0, 0, 90, 90).exterior, [shapely.box(30, 30, 60, 60).exterior])
)
TWO_BOXES = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(1000, 0, 1040, 40)])
ZONES = (
    ZoneShape("home", "home", (CirclePlace("house", 500.0, 500.0, 80.0),)),
    ZoneShape("yard", "the yard", (SQUARE,)),
    ZoneShape("ring", "the ring", (RING,)),
    ZoneShape("cafes", "cafes", (CirclePlace("one", 0.0, 0.0, 50.0), CirclePlace("two", 1000.0, 0.0, 50.0), SQUARE)),
    ZoneShape("parts", "parts", (GeometryPlace("both", TWO_BOXES),)),
)
TABLE = ZoneTable.build(ZONES)
HOME, YARD, RINGED, CAFES, PARTS = range(5)


def measure(zone, x, y, reach=FAR):
    distance, place = TABLE.signed_distance(
        np.array([zone]), np.array([x], float), np.array([y], float), np.array([reach], float)
    )
    return float(distance[0]), int(place[0])


@pytest.mark.parametrize(
    ("zone", "x", "y", "expected"),
    [
        (HOME, 500, 500, (80, 0)),
        (HOME, 530, 540, (30, 0)),
        (HOME, 500, 600, (-20, 0)),
        (YARD, 50, 50, (50, 0)),
        (YARD, 130, 140, (-50, 0)),
        (YARD, 0, 50, (0, 0)),
        (RINGED, 45, 45, (-15, 0)),
        (RINGED, 20, 45, (10, 0)),
        (CAFES, 1000, 10, (40, 1)),
        (CAFES, 50, 50, (50, 2)),
        (CAFES, 1000, 60, (-10, 1)),
        (PARTS, 1020, 20, (20, 0)),
        (PARTS, -5, 5, (-5, 0)),
    ],
)
def test_signed_distance_and_deciding_place(zone, x, y, expected):
    assert measure(zone, x, y) == pytest.approx(expected)


@pytest.mark.parametrize(("x", "expected"), [(500, 20), (575, 5), (590, -10), (700, -20), (90_000, -20)])
def test_circle_is_clamped_beyond_reach(x, expected):
    assert measure(HOME, x, 500, reach=20) == pytest.approx((expected, 0))


@pytest.mark.parametrize(("x", "expected"), [(50, 20), (95, 5), (110, -10), (300, -20), (-90_000, -20)])
def test_polygon_is_clamped_beyond_reach(x, expected):
    assert measure(YARD, x, 50, reach=20) == pytest.approx((expected, 0))


def test_the_first_of_equal_places_decides():
    assert measure(CAFES, 500, -5000, reach=10) == (-10, 0)


@pytest.mark.parametrize("gap", [(np.nan, 0.0, 10.0), (0.0, np.nan, 10.0), (0.0, 0.0, np.nan)])
@pytest.mark.parametrize("zone", [HOME, YARD, CAFES])
def test_an_unknown_place_has_an_unknown_distance(zone, gap):
    distance, place = measure(zone, *gap)
    assert np.isnan(distance)
    assert place == 0


def test_no_rows_and_no_zones():
    empty = np.zeros(0)
    for table in (TABLE, ZoneTable.build([])):
        distance, place = table.signed_distance(empty.astype(np.int64), empty, empty, empty)
        assert (len(distance), len(place), distance.dtype, place.dtype) == (0, 0, np.float64, np.int64)
    assert len(ZoneTable.build([]).inner_radius_m()) == 0


@must_meet("one by one", "in pieces", "inside", "outside", "beyond reach")
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
@example(1, 1)
@example(1, 7)
def test_results_do_not_depend_on_the_cut(met, seed, size):
    rng = np.random.default_rng(seed)
    zone, reach = rng.integers(0, 5, 60), rng.uniform(0.0, 300.0, 60)
    x, y = rng.uniform(-300.0, 1300.0, 60), rng.uniform(-300.0, 700.0, 60)
    whole = TABLE.signed_distance(zone, x, y, reach)
    cuts = [slice(start, start + size) for start in range(0, 60, size)]
    pieces = [TABLE.signed_distance(zone[cut], x[cut], y[cut], reach[cut]) for cut in cuts]
    for column in range(2):
        assert whole[column].tobytes() == np.concatenate([piece[column] for piece in pieces]).tobytes()
    met["one by one" if size == 1 else "in pieces"] += size < 60
    met["inside"] += int((whole[0] > 0).sum())
    met["outside"] += int(((whole[0] < 0) & (whole[0] > -reach)).sum())
    met["beyond reach"] += int((abs(whole[0]) >= reach).sum())


@must_meet("inside", "outside", "within reach", "beyond reach")
@given(st.floats(-300, 400), st.floats(-300, 400), st.floats(1, 500))
@example(20.0, 45.0, 500.0)
@example(-300.0, -300.0, 1.0)
def test_agrees_with_plain_geometry(met, x, y, reach):
    polygon, point = RING.geometry, shapely.Point(x, y)
    size = min(polygon.boundary.distance(point), reach)
    expected = size if polygon.contains(point) else -size
    assert measure(RINGED, x, y, reach)[0] == pytest.approx(expected, abs=1e-9)
    met["inside" if expected > 0 else "outside"] += 1
    met["within reach" if size < reach else "beyond reach"] += 1


@must_meet("inside", "outside", "within reach", "beyond reach")
@given(st.floats(-400, 400), st.floats(-400, 400), st.floats(1, 200))
@example(0.0, 190.0, 200.0)
@example(400.0, 0.0, 1.0)
def test_a_long_outline_is_measured_like_a_short_one(met, x, y, reach):
    disc = shapely.Point(0.0, 0.0).buffer(200.0, quad_segs=100)
    table = ZoneTable.build([ZoneShape("disc", "disc", (GeometryPlace("disc", disc),))])
    one = np.zeros(1, np.int64), np.array([x]), np.array([y]), np.array([reach])
    exact = disc.boundary.distance(shapely.Point(x, y)) * (1.0 if disc.contains(shapely.Point(x, y)) else -1.0)
    assert table.signed_distance(*one)[0] == pytest.approx([min(max(exact, -reach), reach)], abs=1e-9)
    met["inside" if exact > 0 else "outside"] += 1
    met["within reach" if abs(exact) < reach else "beyond reach"] += 1


def test_inner_radius_is_that_of_the_roomiest_place():
    assert TABLE.inner_radius_m() == pytest.approx([80.0, 50.0, 30.0 * (2.0 - 2.0**0.5), 50.0, 20.0], rel=0.01)


def test_names():
    assert (TABLE.zone_name(YARD), TABLE.place_name(CAFES, 1)) == ("the yard", "two")


BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
NOWHERE = shapely.Polygon([(0, 0), (np.inf, 10), (10, 0)])


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ((), "^z: has no place"),
        ((CirclePlace("c", 0.0, 0.0, 0.0),), "^z/c: no circle: .* radius 0.0 m"),
        ((CirclePlace("c", np.nan, 0.0, 5.0),), "^z/c: no circle: centre .nan"),
        ((GeometryPlace("g", shapely.Point(0, 0)),), "^z/g: needs a filled polygon, not Point"),
        ((GeometryPlace("g", shapely.Polygon()),), r"^z/g: needs a filled polygon, not Polygon \(empty\)"),
        ((GeometryPlace("g", NOWHERE),), "^z/g: has a corner that is not a finite place"),
        ((SQUARE, GeometryPlace("g", BOW_TIE)), r"^z/g: not a valid outline: Self-intersection\[5 5\]"),
    ],
)
def test_unusable_shapes_are_named_with_their_cause(places, message):
    with pytest.raises(GeometryFault, match=message):
        ZoneTable.build([ZoneShape("z", "zone", places)])


@pytest.mark.parametrize(
    ("x", "y", "bearing"), [(0, 9, 0), (9, 0, 90), (0, -9, 180), (-9, 0, 270), (9, 9, 45), (3, 0, 90)]
)
def test_bearings_are_outwards_and_clockwise_from_north(x, y, bearing):
    square = GeometryPlace("square", shapely.box(-5, -5, 5, 5))
    table = ZoneTable.build(
        [ZoneShape("a", "a", (CirclePlace("round", 0.0, 0.0, 5.0),)), ZoneShape("b", "b", (square,))]
    )
    assert table.bearing(0, 0, x, y) == pytest.approx(bearing)
    assert table.bearing(1, 0, x, y) == pytest.approx(bearing)


@must_meet("inside", "outside")
@given(st.integers(0, 2**32 - 1))
@example(1)
def test_what_a_zone_contains_is_what_lies_at_a_distance_within(met, seed):
    rng = np.random.default_rng(seed)
    many = ZoneShape("many", "many", tuple(CirclePlace(str(n), 90.0 * n, 0.0, 50.0) for n in range(12)))
    table = ZoneTable.build([*ZONES, many])
    zone, x, y = rng.integers(0, 6, 60), rng.uniform(-100.0, 1100.0, 60), rng.uniform(-100.0, 600.0, 60)
    depth = table.signed_distance(zone, x, y, np.full(60, FAR))[0]
    assert (table.contains(zone, x, y) == (depth > 0.0)).all()
    met["inside"] += int((depth > 0).sum())
    met["outside"] += int((depth < 0).sum())
