"""Shapes as centre and accuracy, against points drawn from them."""

import math
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from mlp_answers import NOON, pd, pos, slia
from pyproj import Geod

from protocols.mlp.reading import Reading
from protocols.mlp.session import Session
from protocols.mlp.shapes import Area, read_area, sigma_m
from protocols.mlp.tree import parse

GEOD = Geod(ellps="WGS84")
HERE = "<coord><X>31.21</X><Y>121.5</Y></coord>"


def area(shape, stop_angle="opening"):
    return read_area(parse(shape), Reading(stop_angle=stop_angle))


def arc(inner, outer, start, stop):
    return (
        f"<CircularArcArea>{HERE}<inRadius>{inner}</inRadius><outRadius>{outer}</outRadius>"
        f"<startAngle>{start}</startAngle><stopAngle>{stop}</stopAngle></CircularArcArea>"
    )


def drawn(inner, outer, start, opening, count=20_000):
    """Metres east and north of the mast of points uniformly in a sector."""
    chance = random.Random(7)  # noqa: S311 - draws of a test
    for _ in range(count):
        radius = math.sqrt(chance.uniform(inner**2, outer**2))
        bearing = math.radians(start + chance.uniform(0.0, opening))
        yield radius * math.sin(bearing), radius * math.cos(bearing)


def longest(points, centre):
    xx = sum((x - centre[0]) ** 2 for x, _ in points) / len(points)
    yy = sum((y - centre[1]) ** 2 for _, y in points) / len(points)
    xy = sum((x - centre[0]) * (y - centre[1]) for x, y in points) / len(points)
    return math.sqrt((xx + yy) / 2 + math.hypot((xx - yy) / 2, xy))


@pytest.mark.parametrize(
    ("inner", "outer", "start", "opening"),
    [(0, 500, 266, 66), (400, 900, 350, 120), (0, 1000, 10, 360), (600, 600, 90, 30)],
)  # fmt: skip
def test_an_arc_is_its_sectors_centroid_and_spread_not_the_mast(inner, outer, start, opening):
    points = list(drawn(inner, outer, start, opening))
    centre = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    found = area(arc(inner, outer, start, opening))
    bearing, _, distance = GEOD.inv(121.5, 31.21, found.place.longitude, found.place.latitude)
    east, north = distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing))
    assert (east, north) == pytest.approx(centre, abs=0.02 * outer)
    assert found.spread_m == pytest.approx(longest(points, centre), rel=0.03)


def test_a_stop_angle_is_an_opening_or_an_end_as_the_carrier_is_set():
    assert area(arc(0, 500, 266, 66)) == area(arc(0, 500, 266, 332), "end")
    assert area(arc(0, 500, 350, 20), "end") == area(arc(0, 500, 350, 30))


def test_an_arc_in_radians_and_kilometres_is_the_same():
    shape = (
        f"<CircularArcArea>{HERE}<inRadius>0</inRadius><outRadius>0.5</outRadius><distanceUnit>KM</distanceUnit>"
        f"<startAngle>{math.pi / 2:.9f}</startAngle><stopAngle>{math.pi / 3:.9f}</stopAngle>"
        "<angularUnit>Radians</angularUnit></CircularArcArea>"
    )
    found, same = area(shape), area(arc(0, 500, 90, 60))
    assert found.place == pytest.approx(same.place, abs=1e-7)


def test_an_ellipse_claims_no_more_than_its_longer_axis_says():
    shape = (
        f"<EllipticalArea>{HERE}<angle>30</angle><semiMajor>300</semiMajor><semiMinor>100</semiMinor></EllipticalArea>"
    )
    assert area(shape).spread_m == 150.0


def test_a_circle_with_axes_and_no_radius_is_the_ellipse():
    shape = f"<CircularArea>{HERE}<angle>30</angle><semiMajor>300</semiMajor><semiMinor>100</semiMinor></CircularArea>"
    assert area(shape).spread_m == 150.0


def square(side, *, reverse=False, hole=""):
    degrees = side / 110_900 / 2
    corners = [(-1, -1), (-1, 1), (1, 1), (1, -1)][:: -1 if reverse else 1]
    ring = "".join(
        f"<coord><X>{31.21 + x * degrees:.12f}</X><Y>{121.5 + y * degrees:.12f}</Y></coord>" for x, y in corners
    )
    return f"<Polygon><outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs>{hole}</Polygon>"


@pytest.mark.parametrize("reverse", [False, True])
def test_a_polygon_is_its_centroid_and_spread_whichever_way_it_runs(reverse):
    found = area(square(1000, reverse=reverse))
    assert found.place == pytest.approx((31.21, 121.5), abs=1e-7)
    assert found.spread_m == pytest.approx(1000 / math.sqrt(12), rel=0.01)


def test_a_hole_takes_the_middle_out():
    inner = square(500).replace("Polygon", "x").replace("outerBoundaryIs", "innerBoundaryIs")
    hole = inner.removeprefix("<x>").removesuffix("</x>")
    found = area(square(1000, hole=hole))
    expected = math.sqrt((1000**4 - 500**4) / 12 / (1000**2 - 500**2))
    assert found.spread_m == pytest.approx(expected, rel=0.01)


def test_a_polygon_without_area_is_its_corners():
    corner = "<coord><X>31.21</X><Y>121.5</Y></coord>"
    found = area(f"<Polygon><outerBoundaryIs><LinearRing>{corner * 3}</LinearRing></outerBoundaryIs></Polygon>")
    assert (found.place, found.spread_m) == ((31.21, 121.5), 0.0)


def test_a_box_is_its_middle():
    shape = "<Box><coord><X>31.2</X><Y>121.4</Y></coord><coord><X>31.3</X><Y>121.6</Y></coord></Box>"
    assert area(shape).place == pytest.approx((31.25, 121.5), abs=1e-9)


@pytest.mark.parametrize("percent", [39.35, 67.0, 90.0])
def test_the_stated_share_of_normal_errors_falls_inside_the_circle(percent):
    chance = random.Random(3)  # noqa: S311 - draws of a test
    sigma = sigma_m(Area((31.0, 121.0), 120.0), percent, Reading())
    inside = sum(math.hypot(chance.gauss(0, sigma), chance.gauss(0, sigma)) <= 240.0 for _ in range(20_000))
    assert inside / 200.0 == pytest.approx(percent, abs=1.2)


@pytest.mark.parametrize("percent", [0.0, -5.0, math.nan])
def test_an_impossible_confidence_counts_as_none(percent):
    assert sigma_m(Area((31.0, 121.0), 120.0), percent, Reading()) == sigma_m(
        Area((31.0, 121.0), 120.0), math.nan, Reading()
    )


_NUMBERS = st.one_of(st.floats(-1e7, 1e7).map(str), st.sampled_from(["", "nan", "-0", "1e9", "360", "0", "1_0", "٣"]))


@must_meet("a place", "mlp_shape", "mlp_coordinates")
@given(
    st.sampled_from(["CircularArcArea", "EllipticalArea", "CircularArea", "Polygon", "Box", "Point"]),
    st.lists(_NUMBERS, min_size=10, max_size=10),
)
@example("Point", ["31.21", "121.5"] + ["0"] * 8)
@example("CircularArea", ["31.21", "121.5"] + ["nan"] * 8)
@example("Point", ["nan"] * 10)
def test_any_numbers_in_any_shape_are_a_place_or_a_refusal(met, name, numbers):
    x, y, x2, y2, inner, outer, start, stop, major, minor = numbers
    shape = (
        f"<{name}><coord><X>{x}</X><Y>{y}</Y></coord><coord><X>{x2}</X><Y>{y2}</Y></coord><coord><X>1</X><Y>2</Y></coord>"
        f"<inRadius>{inner}</inRadius><outRadius>{outer}</outRadius><startAngle>{start}</startAngle><stopAngle>{stop}"
        f"</stopAngle><angle>1</angle><semiMajor>{major}</semiMajor><semiMinor>{minor}</semiMinor></{name}>"
    )
    (event,) = Session(Reading()).feed(slia(pos(pd(shape))), NOON)
    assert getattr(event, "reason", "mlp_shape") in ("mlp_shape", "mlp_coordinates")
    met[getattr(event, "reason", "a place")] += 1
