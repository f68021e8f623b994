"""The synthetic county: the same from the same seed, everything inside, a real border if one is given."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.county.border import BorderFault, read_border
from firmware_sim.county.buildings import CITY_FACTOR, CLEAR, PER_TOWN, Use, build_stock, scene_outdoors
from firmware_sim.county.plan import build_plan
from firmware_sim.county.towers import build_towers
from firmware_sim.county.wifi import access_points
from firmware_sim.world import Scene, to_degrees

PLAN = build_plan(3, 4)
STOCK = build_stock(3, PLAN, 60)


@pytest.fixture(scope="module")
def towers():
    return build_towers(3, PLAN)


@given(st.integers(0, 10_000), st.integers(0, 6))
def test_towns_lie_in_the_county_and_clear_of_the_city(seed, towns):
    plan = build_plan(seed, towns)
    city = plan.towns[0]
    assert len(plan.towns) == towns + 1
    assert plan.border.is_valid
    for town in plan.towns[1:]:
        assert plan.border.contains(shapely.Point(town.x, town.y).buffer(town.radius * 0.99))
        assert city.distance(town.x, town.y) > city.radius + town.radius


@given(st.floats(-9e3, 9e3), st.floats(-9e3, 9e3))
def test_a_towns_axes_go_there_and_back(x, y):
    for town in PLAN.towns:
        assert town.from_grid(*town.to_grid(x, y)) == pytest.approx((x, y), abs=1e-3)


def test_districts_share_the_county_out():
    parts = [part for _, part in PLAN.districts]
    assert sum(part.area for part in parts) == pytest.approx(PLAN.border.area, rel=1e-3)
    assert all(one.intersection(other).area < 1.0 for one, other in pairwise(parts))


def test_the_railway_leaves_the_county_through_a_town():
    first, stop, last = PLAN.railway
    assert tuple(first) == (PLAN.towns[0].x, PLAN.towns[0].y)
    assert any((town.x, town.y) == tuple(stop) for town in PLAN.towns[1:])
    assert not PLAN.border.contains(shapely.Point(last))


def test_every_town_has_its_buildings_and_every_person_a_home():
    for use, count in PER_TOWN.items():
        assert len(STOCK.by_use[use]) == count * (CITY_FACTOR + 4)
        for building in STOCK.by_use[use]:
            assert PLAN.border.contains(shapely.Point(building.place.x, building.place.y))
    assert len(STOCK.homes) == 60
    assert not any(cafe.covers(home.x, home.y, CLEAR) for cafe in STOCK.cafes for home in STOCK.homes)


def test_the_middle_of_the_city_is_a_canyon_and_the_fields_are_open():
    city = PLAN.towns[0]
    assert scene_outdoors(PLAN, city.x + 100.0, city.y) is Scene.CANYON
    assert scene_outdoors(PLAN, city.x + 2000.0, city.y) is Scene.STREET
    assert scene_outdoors(PLAN, 0.0, -11_000.0) is Scene.OPEN


def test_the_same_seed_gives_the_same_county(towers):
    again = build_plan(3, 4)
    assert again.border.equals(PLAN.border)
    assert build_stock(3, again, 60) == STOCK
    assert access_points(3, STOCK) == access_points(3, STOCK)
    other = build_towers(3, again)
    assert (towers.cell == other.cell).all()
    assert (towers.level == other.level).all()
    assert not build_plan(4, 4).border.equals(PLAN.border)


def test_towers_stand_closer_in_the_city_than_in_the_country(towers):
    city = PLAN.towns[0]
    away = np.sqrt((towers.x[:, None] - towers.x) ** 2 + (towers.y[:, None] - towers.y) ** 2)
    np.fill_diagonal(away, np.inf)
    in_city = (towers.x - city.x) ** 2 + (towers.y - city.y) ** 2 < city.radius**2
    assert 250.0 < np.median(away.min(axis=1)[in_city]) < 500.0
    assert np.median(away.min(axis=1)[~in_city]) > 600.0


def geojson(tmp_path, shape):
    path = tmp_path / "border.geojson"
    path.write_text(json.dumps(shape), encoding="utf-8")
    return path


def ring(size):
    """A square of so many metres around a made-up place, longitude first."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    degrees = [to_degrees(x * size / 2, y * size / 2) for x, y in corners]
    return {"type": "Polygon", "coordinates": [[[longitude + 1.0, latitude] for latitude, longitude in degrees]]}


def test_a_given_border_is_taken_with_its_middle_at_the_origin(tmp_path):
    feature = {"type": "Feature", "properties": {}, "geometry": ring(20_000.0)}
    border = read_border(geojson(tmp_path, {"type": "FeatureCollection", "features": [feature]}))
    assert border.bounds == pytest.approx((-10_000, -10_000, 10_000, 10_000), abs=1.0)
    plan = build_plan(1, 2, border)
    assert all(border.contains(shapely.Point(town.x, town.y)) for town in plan.towns)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"type": "Point", "coordinates": [109.0, 24.0]}, "no polygon in it"),
        ({"type": "Nothing"}, "no GeoJSON"),
        (ring(1000.0), "1 square km"),
        (ring(400_000.0), "at most 120 km wide"),
        ({"type": "Polygon", "coordinates": [[[9, 24], [9.2, 24.2], [9.2, 24], [9, 24.2], [9, 24]]]}, "cross"),
    ],
)  # fmt: skip
def test_a_border_that_cannot_be_used_says_what_to_draw(tmp_path, shape, said):
    with pytest.raises(BorderFault, match=said):
        read_border(geojson(tmp_path, shape))


def test_a_border_that_is_no_file_says_so(tmp_path):
    with pytest.raises(BorderFault, match=r"border\.geojson:1:1"):
        read_border(tmp_path / "border.geojson")
    (tmp_path / "border.geojson").write_text("no", encoding="utf-8")
    with pytest.raises(BorderFault, match="no GeoJSON"):
        read_border(tmp_path / "border.geojson")


def test_a_county_too_small_for_its_towns_is_refused():
    with pytest.raises(ValueError, match="fewer towns"):
        build_plan(1, 12, shapely.box(-3000.0, -3000.0, 3000.0, 3000.0))


def test_cafes_are_the_buildings_that_rules_know():
    assert [cafe.place for cafe in STOCK.cafes] == [building.place for building in STOCK.by_use[Use.CAFE]]
