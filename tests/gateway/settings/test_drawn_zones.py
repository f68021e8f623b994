"""Zones of every drawing: polygons with holes, several at once, corridors along a line; and what may be wrong."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from small_county import RULES as TEXT

from fencing.datum import Datum, from_wgs84
from fencing.drawing import area, corridors
from fencing.plane import LocalPlane
from fencing.zones import ZoneShape, ZoneTable
from gateway.settings.load import load

RULES = "rules/rules.yaml"
CIRCLE = "longitude: 109.42, latitude: 24.31, radius_m: 40"
SQUARE = "[[109.40, 24.30], [109.44, 24.30], [109.44, 24.34], [109.40, 24.34]]"
HOLE = "[[109.41, 24.31], [109.43, 24.31], [109.43, 24.33], [109.41, 24.33]]"
FAR = "[[109.50, 24.40], [109.52, 24.40], [109.52, 24.42], [109.50, 24.42]]"
CROSSED = "[[109.40, 24.30], [109.41, 24.31], [109.41, 24.30], [109.40, 24.31]]"
LINE = [[109.40, 24.30], [109.44, 24.30], [109.44, 24.34]]
PLANE = LocalPlane(24.35, 109.45)
METRES = 111_320.0


def drawn(written, how):
    written.replace(RULES, CIRCLE, how)
    (place,) = load(written.write()).zones["cafe"].places
    return place.geometry


def lies_in(geometry, *corner):
    return bool(shapely.contains_xy(geometry, *corner))


def test_a_polygon_has_its_holes(written):
    geometry = drawn(written, f"polygon: {SQUARE}, holes: [{HOLE}]")
    assert lies_in(geometry, 109.405, 24.32)
    assert not lies_in(geometry, 109.42, 24.32)


def test_several_polygons_are_one_zone_each_with_its_holes(written):
    geometry = drawn(written, f"parts: [{{outline: {SQUARE}, holes: [{HOLE}]}}, {{outline: {FAR}}}]")
    assert [lies_in(geometry, *each) for each in ((109.405, 24.32), (109.42, 24.32), (109.51, 24.41))] == [
        True, False, True,
    ]  # fmt: skip


def test_a_multipolygon_with_holes_comes_out_of_a_file_too(written):
    rings = [[*each, each[0]] for each in map(json.loads, (SQUARE, HOLE, FAR))]
    written.texts["cafe.geojson"] = json.dumps({"type": "MultiPolygon", "coordinates": [rings[:2], rings[2:]]})
    geometry = drawn(written, "file: cafe.geojson")
    assert [lies_in(geometry, *each) for each in ((109.405, 24.32), (109.42, 24.32), (109.51, 24.41))] == [
        True, False, True,
    ]  # fmt: skip


def depth(geometry, longitude, latitude):
    table = ZoneTable.build([ZoneShape("z", "z", (area("a", geometry, 0.0, PLANE),))])
    x, y = PLANE.forward([latitude], [longitude])
    return float(table.signed_distance(np.zeros(1, np.int64), x, y, np.full(1, 1e6))[0][0])


@pytest.mark.parametrize("how", ["line: {}, width_m: 120", "file: line.geojson, width_m: 120", "file: wide.geojson"])
def test_a_corridor_is_as_wide_as_is_said(written, how):
    line = {"type": "LineString", "coordinates": LINE}
    written.texts["line.geojson"] = json.dumps(line)
    written.texts["wide.geojson"] = json.dumps({"type": "Feature", "properties": {"width_m": 120}, "geometry": line})
    geometry = drawn(written, how.format(LINE))
    assert depth(geometry, 109.42, 24.30) == pytest.approx(60.0, abs=0.2)
    assert depth(geometry, 109.42, 24.30 + 100.0 / METRES) == pytest.approx(-40.0, abs=1.0)
    assert depth(geometry, 109.40, 24.30 - 59.0 / METRES) == pytest.approx(1.0, abs=0.5)


def test_a_shapes_own_width_goes_before_its_zones(written):
    line = {"type": "MultiLineString", "coordinates": [LINE[:2], [[109.50, 24.40], [109.52, 24.40]]]}
    written.texts["wide.geojson"] = json.dumps({"type": "Feature", "properties": {"width_m": 80}, "geometry": line})
    geometry = drawn(written, "file: wide.geojson, width_m: 300")
    assert [round(depth(geometry, *at)) for at in ((109.42, 24.30), (109.51, 24.40))] == [40, 40]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_corridor_of_another_datum_lies_where_its_line_does(written, datum):
    shifted = []
    for longitude, latitude in LINE:
        there, east = from_wgs84([latitude], [longitude], Datum(datum))
        shifted.append([float(east[0]), float(there[0])])
    written.replace(RULES, "name: cafe 3, datum: wgs84", f"name: cafe 3, datum: {datum}")
    geometry = drawn(written, f"line: {shifted}, width_m: 120")
    assert depth(geometry, *LINE[1]) == pytest.approx(60.0, abs=0.2)
    assert depth(geometry, *LINE[2]) == pytest.approx(60.0, abs=0.2)


@given(st.floats(-80.0, 80.0), st.floats(-179.0, 179.0), st.floats(40.0, 5000.0))
def test_a_corridor_is_true_in_metres_wherever_it_lies(latitude, longitude, width):
    line = shapely.LineString([(longitude, latitude), (longitude + 0.02, latitude + 0.01)])
    (wide,) = corridors([line], [width])
    plane = LocalPlane(latitude, longitude)
    x, y = plane.forward([latitude], [longitude])
    edge = area("a", wide, 0.0, plane).geometry.boundary
    assert edge.distance(shapely.Point(float(x[0]), float(y[0]))) == pytest.approx(0.5 * width, rel=2e-3)


FAULTS = [
    (f"polygon: {SQUARE}, holes: [{FAR}]", "12:132", "a hole of feature 1 lies outside its outline at [109.5, 24.4]"),
    (
        f"polygon: {SQUARE}, holes: [{HOLE}, [[109.415, 24.315], [109.425, 24.315], [109.425, 24.325]]]",
        "12:202", "holes of feature 1 lie in one another at",
    ),
    (f"polygon: {SQUARE}, holes: [[[109.41, 24.31]]]", "12:131", "this takes 3 items or more"),
    (
        f"parts: [{{outline: {SQUARE}}}, {{outline: {CROSSED}}}]",
        "12:", "the outline of feature 1 crosses itself",
    ),
    (f"parts: [{{outline: {SQUARE}}}, {{outline: {HOLE}}}]", "12:", "polygons of feature 1 lie over one another at"),
    (f"parts: [{{holes: [{HOLE}]}}]", "12:", "“outline” is missing"),
    ("line: [[109.40, 24.30]], width_m: 100", "12:", "this takes 2 items or more"),
    ("line: [[109.4, 24.3], [109.4, 24.3]], width_m: 100", "12:", "all points of the line of feature 1 lie at [109.4"),
    (f"line: {LINE}, width_m: 0", "12:", "0 is out of range; write a number greater than 0"),
    (f"line: {LINE}", "12:", "feature 1 is a line without a width"),
    (f"line: {LINE}, width_m: 30", "12:", "“cafe 3” has an inner radius of 15"),
    (f"line: {LINE}, width_m: 100, radius_m: 50", "12:", "a zone drawn by line has no use for radius_m; delete it"),
    (f"polygon: {SQUARE}, width_m: 100", "12:", "a zone drawn by polygon has no use for width_m; delete it"),
    (f"{CIRCLE}, holes: [{HOLE}]", "12:", "a zone drawn by longitude has no use for holes; delete it"),
    (f"line: {LINE}, width_m: 100, polygon: {SQUARE}", "12:10", "the zone “cafe” takes exactly one shape"),
    ("line: [[109.40, 24.30], [24.30, 109.44]], width_m: 100", "12:", "longitude and latitude are swapped"),
    ("line: [[119.40, 34.30], [119.44, 34.30]], width_m: 100", "12:", "“cafe 3” is outside the county"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "place", "fault"), FAULTS, ids=[each[2][:50] for each in FAULTS])
def test_a_fault_of_a_drawing_is_named_at_its_place(written, how, place, fault):
    assert TEXT.splitlines()[11].startswith("  - {id: cafe")
    written.replace(RULES, CIRCLE, how)
    (found,) = written.faults()
    assert found.startswith(f"{RULES}:{place}")
    assert f": {fault}" in found
    (chinese,) = written.faults("zh")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


FILES = [
    ({"type": "LineString", "coordinates": [[109.4, 24.3]]}, {}, "the line of feature 1 has one point"),
    ({"type": "LineString", "coordinates": []}, {}, "feature 1 has incomplete coordinates"),
    ({"type": "MultiLineString", "coordinates": [LINE, [LINE[0], LINE[0]]]}, {}, "the line of feature 1 has one point"),
    ({"type": "LineString", "coordinates": LINE}, {}, "feature 1 is a line without a width"),
    ({"type": "LineString", "coordinates": LINE}, {"width_m": 0}, "feature 1 has the width_m “0”; write a number"),
    ({"type": "LineString", "coordinates": LINE}, {"width_m": "80"}, "feature 1 has the width_m “80”"),
]  # fmt: skip


@pytest.mark.parametrize(("geometry", "properties", "fault"), FILES, ids=[each[2] for each in FILES])
def test_a_fault_of_a_line_in_a_file_is_named(written, geometry, properties, fault):
    written.texts["line.geojson"] = json.dumps({"type": "Feature", "properties": properties, "geometry": geometry})
    written.replace(RULES, CIRCLE, "file: line.geojson")
    (found,) = written.faults()
    assert found.startswith("line.geojson:1:")
    assert fault in found


def test_a_crossing_in_a_long_border_is_found_at_the_corner_beside_it(written):
    turns = np.linspace(0.0, 2.0 * np.pi, 4000, endpoint=False)
    ring = np.column_stack([109.45 + 0.03 * np.cos(turns), 24.35 + 0.03 * np.sin(turns)]).round(6).tolist()
    ring[2000], ring[2001] = ring[2001], ring[2000]
    lines = ",\n".join(json.dumps(each) for each in [*ring, ring[0]])
    written.texts["district.geojson"] = f'{{"type": "Polygon", "coordinates": [[\n{lines}]]}}'
    written.replace(RULES, CIRCLE, "file: district.geojson")
    (found,) = written.faults()
    line = int(found.split(":")[1])
    assert "crosses itself" in found
    assert abs(line - 2002) <= 2


def test_bounds_of_lines_are_none(written):
    written.texts["county.geojson"] = json.dumps({"type": "LineString", "coordinates": LINE})
    assert any("the county's bounds must be polygons" in each for each in written.faults())
