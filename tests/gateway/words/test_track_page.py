"""A track as a page, as GPX, GeoJSON, CSV and table: whole, by itself, and every coordinate with its datum."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from defusedxml.ElementTree import fromstring
from rich.console import Console
from shapely import Polygon
from timeline import CAFE, HOME, PLANE, at, county, degrees

from fencing.datum import Datum, from_wgs84
from gateway.engine.track import Fix
from gateway.settings.model import Area, County, Rule, ZoneDefinition
from gateway.words.track_formats import Track, csv_of, geojson_of, gpx_of, table
from gateway.words.track_page import page_of

STATES = ("well", "unknown:stay:square", "inside:cafes:cafes;away:nights:home")


def fixes(count: int = 12) -> list[Fix]:
    """From home to the cafe."""
    rows = []
    for index in range(count):
        share = index / max(1, count - 1)
        latitude, longitude = degrees((HOME[0] + share * CAFE[0], 40.0 * (index % 2)))
        rows.append(Fix(at(0, 12) + 60.0 * index, latitude, longitude, 25.0, 4.0, STATES[index % 3], "gnss", "B0001"))
    return rows


def track(language: str = "zh", maps: Datum = Datum.GCJ02, count: int = 12) -> Track:
    return Track("P0001", fixes(count), maps, ZoneInfo("Asia/Shanghai"), language)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("轨迹", "误差", "禁入区")), ("en", ("track", "error", "barred"))]
)
def test_the_page_is_whole_and_asks_for_nothing_from_elsewhere(language, words):
    page = page_of(track(language), county(), PLANE)
    assert not re.search(r"(src|href)=|@import|url\(|<script|<link", page)
    assert set(re.findall(r"https?://[^\"]+", page)) == {"http://www.w3.org/2000/svg"}
    for word in (*words, "P0001", "GCJ-02"):
        assert word in page
    assert not re.search(r"nan|inf\b|None", page)
    drawing = fromstring(re.search(r"<svg xmlns.*?</svg>(?=<p>)", page, re.DOTALL)[0])
    kinds = [each.get("class") for each in drawing.iter() if each.get("class")]
    assert kinds.count("radius") == 12
    assert {"line", "start", "end", "home", "allowed", "barred", "scale"} <= set(kinds)
    assert "cafe 3" in [each.text for each in drawing.iter() if each.tag.endswith("text")], "paper has no pointer"


def test_zones_that_are_for_others_are_not_drawn():
    zones = county().zones
    others = county(zones={**zones, "cafes": replace(zones["cafes"], people=("P0002",))})
    assert "cafe 3" in page_of(track(), county(), PLANE)
    assert "cafe 3" not in page_of(track(), others, PLANE)


def test_a_barred_area_that_lies_beyond_the_map_is_left_out():
    corner = [degrees(place)[::-1] for place in ((90_000.0, 0.0), (91_000.0, 0.0), (90_500.0, 900.0))]
    far = ZoneDefinition("far", "far away", (Area("far away", Polygon(corner)),))
    known = county(
        zones={**county().zones, "far": far},
        rules=(*county().rules, Rule("far", ("P0001",), "order 4", keep_out="far")),
    )
    assert 'class="barred" fill-rule' not in page_of(track(), known, PLANE)


def test_the_scale_is_as_long_as_it_says():
    page = page_of(track(), county(), PLANE)
    begin, end = map(float, re.search(r'class="scale" x1="([\d.]+)" y1="970" x2="([\d.]+)"', page).groups())
    number, unit = re.search(r'y="955">([\d.]+) (k?m)<', page).groups()
    metres = float(number) * (1000.0 if unit == "km" else 1.0)
    line = [tuple(map(float, point.split(","))) for point in re.search(r'points="([^"]+)"', page)[1].split()]
    drawn = line[-1][0] - line[0][0]
    assert metres / (end - begin) == pytest.approx(CAFE[0] / drawn, rel=0.01)
    assert line[-1][0] > line[0][0], "east is right"


def test_one_fix_is_a_map_too_and_many_are_bounded():
    assert "scale" in page_of(track(count=1), county(), PLANE)
    many = page_of(track(count=4000), county(), PLANE)
    assert many.count('class="radius" cx') <= 1500


def test_what_officers_named_cannot_break_the_page():
    odd = county(zones={
        key: replace(zone, places=tuple(replace(place, name='<script>"&') for place in zone.places))
        for key, zone in county().zones.items()
    })  # fmt: skip
    page = page_of(replace(track(), person="<b>"), odd, PLANE)
    assert "<script" not in page
    assert "<b>" not in page


@pytest.mark.parametrize("maps", list(Datum))
def test_people_get_the_datum_of_their_maps_and_machines_get_wgs84(maps):
    one = track("en", maps)
    names = {Datum.WGS84: "WGS-84", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}
    rows = list(csv.DictReader(io.StringIO(csv_of(one))))
    assert {row["datum"] for row in rows} == {names[maps]}
    features = json.loads(geojson_of(one))["features"][1:]
    points = fromstring(gpx_of(one)).findall(".//{*}trkpt")
    for row, fix, feature, point in zip(rows, one.fixes, features, points, strict=True):
        north, east = from_wgs84([fix.latitude], [fix.longitude], maps)
        assert float(row["latitude"]) == pytest.approx(north[0], abs=1e-5)
        assert float(row["longitude"]) == pytest.approx(east[0], abs=1e-5)
        assert feature["geometry"]["coordinates"] == [fix.longitude, fix.latitude]
        assert feature["properties"]["datum"] == "WGS-84"
        assert float(point.get("lat")) == pytest.approx(fix.latitude, abs=1e-6)


def test_the_table_says_in_words_what_was_judged():
    out = io.StringIO()
    Console(file=out, width=200).print(table(track("zh")))
    assert "禁入区内 cafes:cafes; 宵禁不在 nights:home" in out.getvalue()
    assert "GCJ-02" in out.getvalue()


def test_a_track_without_fixes_is_still_a_file():
    empty = track(count=0)
    assert json.loads(geojson_of(empty)) == {"type": "FeatureCollection", "features": []}
    assert fromstring(gpx_of(empty)).findall(".//{*}trkpt") == []
    assert csv_of(empty).count("\n") == 1


def test_a_county_reads_amap_unless_it_says_otherwise():
    assert County("x", "Asia/Shanghai", "zh", None, (0.0, 0.0)).maps is Datum.GCJ02
