"""What a GeoJSON file can have wrong: the fault says what, at the corner where it is written."""

import pytest
from shapely import get_coordinates
from small_county import BOUNDS as TEXT

from gateway.settings.faults import Findings
from gateway.settings.geojson import read_geojson

BOUNDS, RULES = "county.geojson", "rules/rules.yaml"
LAST = "[109.3, 24.5], [109.3, 24.2]]]"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[109.6, 24.5],", "[24.5, 109.6],", "3:37: longitude and latitude are swapped (longitude 24.5"),
        ("[109.6, 24.5],", "[1096, 24.5],", "3:37: longitude 1096.0, latitude 24.5 is not on earth"),
        ("[109.6, 24.5],", '["109.6", 24.5],', "3:37: in feature 1 coordinates must be numbers, not “109.6”"),
        ("[109.6, 24.5],", "[true, 24.5],", "3:37: in feature 1 coordinates must be numbers, not “True”"),
        ("[109.6, 24.5],", "[109.6, NaN],", "3:37: in feature 1 the coordinate “nan” is no ordinary number"),
        ("[109.6, 24.5],", "[1e400, 24.5],", "3:37: in feature 1 the coordinate “inf” is no ordinary number"),
        ("[109.6, 24.5],", f"[1{'0' * 400}, 24.5],", "3:37: in feature 1 the coordinate “1000"),
        ("[109.6, 24.5],", f"[1{'0' * 40}, 24.5],", "3:37: longitude 1e+40, latitude 24.5 is not on earth"),
        ("[109.6, 24.5],", f"[1{'0' * 5000}, 24.5],", "1:1: not GeoJSON: a number is too long"),
        ("[109.6, 24.5],", "[109.6],", "3:37: feature 1 has incomplete coordinates"),
        ("[109.6, 24.5],", "[[109.6, 24.5]],", "3:38: feature 1 has incomplete coordinates"),
        (LAST, "[109.3, 24.5]]]", "3:7: the outline of feature 1 is not closed; repeat its first point at the end"),
        (TEXT, '{"a": 1}', "1:1: not GeoJSON: the outermost object has no type"),
        (TEXT, "[1]", "1:1: not GeoJSON: the outermost object has no type"),
        (TEXT, '{"type": null}', "1:1: not GeoJSON: type is “None”"),
        (
            TEXT,
            '{"type": "FeatureCollection", "features": null}',
            "1:1: the features of a FeatureCollection are a list",
        ),
        (TEXT, '{"type": "FeatureCollection", "features": []}', "1:1: it has no shape"),
        (TEXT, '{"type": "FeatureCollection",\n"features": [ null]}', "2:15: feature 1 has no geometry"),
        (TEXT, '{"type": "Feature", "geometry": null}', "1:1: feature 1 has no geometry"),
        (TEXT, '{"type": "Polygon", "coordinates": null}', "1:1: feature 1 has incomplete coordinates"),
        (TEXT, '{"type": "Polygon"}', "1:1: feature 1 has incomplete coordinates"),
        (TEXT, "[" * 200000, "1:1: not GeoJSON: nested too deep"),
    ],
)
def test_a_fault_of_the_bounds_is_found_at_its_corner(written, old, new, fault):
    written.replace(BOUNDS, old, new)
    faults = written.faults("en")
    assert faults[0].startswith(f"{BOUNDS}:{fault}")
    assert len(faults) == 1


@pytest.mark.parametrize("radius", ["0", "-3", "100001", '"20"', "true", "NaN", "1e400", "[]", "1" + "0" * 400])
def test_a_doubtful_radius_is_named(written, radius):
    point = '"geometry": {"type": "Point", "coordinates": [109.42, 24.31]}'
    written.texts["cafe.geojson"] = f'{{"type": "Feature", "properties": {{"radius_m": {radius}}}, {point}}}'
    written.replace(RULES, "longitude: 109.42, latitude: 24.31, radius_m: 40", "file: cafe.geojson")
    (fault,) = written.faults()
    assert fault.startswith("cafe.geojson:1:1: feature 1 has the radius_m “")


def test_a_swapped_corner_of_a_polygon_in_the_rules_is_found_at_its_corner(written):
    corners = "[[109.40, 24.30], [24.30, 109.41], [109.41, 24.31]]"
    written.replace(RULES, "longitude: 109.42, latitude: 24.31, radius_m: 40", f"polygon: {corners}")
    (fault,) = written.faults()
    assert fault.startswith("rules/rules.yaml:12:71: longitude and latitude are swapped")


def test_heights_are_left_out_even_where_only_some_corners_have_one():
    text = '{"type": "Polygon", "coordinates": [[[1, 2, 9], [3, 2], [3, 4], [1, 2, 9]]]}'
    findings = Findings()
    (shape,) = read_geojson("a.geojson", text, findings)
    assert get_coordinates(shape.geometry).tolist() == [[1, 2], [3, 2], [3, 4], [1, 2]]
    assert len(findings) == 0


def test_corners_are_counted_over_rings_and_polygons():
    ring = "[[0, 0], [1, 0], [1, 1], [0, 0]]"
    text = '{"type": "FeatureCollection", "features": [\n{"type": "Feature", "geometry": {"type": "MultiPolygon",\n'
    text += f' "coordinates": [[{ring}],\n [{ring},\n {ring}]]}}}}]}}'
    (shape,) = read_geojson("a.geojson", text, Findings())
    assert [(shape.corner(index).line, shape.corner(index).column) for index in (0, 4, 9)] == [(3, 20), (4, 4), (5, 11)]
