"""What a map shows: in the datum of the county's maps, with radii, gaps and the zones that concern somebody."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from opened_desk import desk_of, written

from fencing.datum import from_wgs84
from gateway.console.map_layers import Drawing, Layers
from gateway.engine import Fix
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0


@pytest.fixture
def drawing(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    return Drawing(desk.configuration, Words("zh", ZoneInfo("Asia/Shanghai"), NOW))


def fix(at, latitude=24.33, longitude=109.41, source="gnss", radius=12.0):
    return Fix(NOW + at, latitude, longitude, radius, 0.0, "well", source, "B1")


def test_fixes_lie_on_the_countys_maps_and_are_told_in_words(drawing):
    [spot] = drawing.fixes([fix(0)])
    north, east = from_wgs84([24.33], [109.41], drawing.maps)
    assert (spot.lat, spot.lon) == pytest.approx((float(north[0]), float(east[0])), abs=1e-6)
    assert abs(spot.lat - 24.33) > 1e-3, "the maps of the sample county are GCJ-02"
    assert (spot.at, spot.r, spot.source) == (NOW, 12.0, "gnss")
    assert spot.words == f"{spot.time} 卫星，误差约12米"
    assert drawing.fixes([]) == []


def test_a_gap_is_a_time_much_longer_than_usual(drawing):
    track = drawing.track([fix(60.0 * minute) for minute in [*range(30), 71, *range(72, 90)]])
    [gap] = drawing.gaps(track)
    assert (gap.since, gap.until) == (NOW + 29 * 60, NOW + 71 * 60)
    assert "42分钟 没有数据" in gap.words
    assert drawing.gaps(drawing.track([fix(3600.0 * hour) for hour in range(9)])) == []
    assert drawing.gaps(track[:1]) == []


def test_zones_are_those_of_the_persons_rules_and_say_what_they_are(drawing):
    rules = drawing.configuration.rules
    person = next(rule.people[0] for rule in rules if rule.keep_out)
    kinds = {one.kind for one in drawing.zones_of([person])}
    assert "barred" in kinds
    assert all(one.name.endswith("禁入区") for one in drawing.zones_of([person]) if one.kind == "barred")
    assert drawing.zones_of([]) == []


def test_a_border_is_drawn_where_it_is(drawing):
    """An area goes through the plane's metres and back; what a map shows differs by metres at most."""
    area = next(zone for zone in drawing.configuration.zones.values() if hasattr(zone.places[0], "geometry"))
    rules = [rule for rule in drawing.configuration.rules if area.id in (rule.stay_inside, rule.keep_out)]
    people = [person for rule in rules for person in rule.people]
    drawn = next(one for one in drawing.zones_of(people) if one.name.startswith(area.places[0].name))
    ring = np.array(drawn.geometry["coordinates"][0])
    if drawn.geometry["type"] == "MultiPolygon":
        ring = np.array(drawn.geometry["coordinates"][0][0])
    minx, miny, maxx, maxy = area.places[0].geometry.bounds
    north, east = from_wgs84([miny, maxy], [minx, maxx], drawing.maps)
    grown = area.buffer_m / 90_000.0 + 1e-3
    assert ring[:, 0].min() == pytest.approx(east[0], abs=grown)
    assert ring[:, 1].max() == pytest.approx(north[1], abs=grown)


def test_homes_have_a_radius_and_the_json_says_from_and_to(drawing):
    person = next(one.person for one in drawing.configuration.people.values() if one.home)
    [home] = drawing.homes_of([person])
    assert home.r == drawing.configuration.people[person].home.radius_m
    assert person in home.words
    gaps = drawing.gaps(drawing.track([fix(0), fix(60), fix(120), fix(7200)]))
    said = msgspec.json.decode(msgspec.json.encode(Layers(str(drawing.maps), gaps=gaps)))
    assert said["gaps"][0]["from"]["at"] == NOW + 120
    assert said["gaps"][0]["to"]["at"] == NOW + 7200
    assert said["moment"] is None
