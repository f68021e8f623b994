"""What a map shows: in the datum of the county's maps, with radii, gaps and the zones that concern somebody."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from opened_desk import desk_of, written

from fencing.datum import from_wgs84
from gateway.console.map_layers import Drawing, Layers
from gateway.engine import Curve, Fix, Registered, Told
from gateway.engine import Gap as Unknown
from gateway.settings.model import Circle
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0


@pytest.fixture
def drawing(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    return Drawing(desk.configuration, Words("zh", ZoneInfo("Asia/Shanghai"), NOW))


def fix(at, latitude=24.33, longitude=109.41, source="gnss", radius=12.0):
    return Fix(NOW + at, latitude, longitude, radius, 0.0, "well", source, "B1")


def told(at, latitude=24.33, longitude=109.41, source="gnss", *, used=True):
    return Told(NOW + at, latitude, longitude, 12.0, source, "B1", NOW + at, used)


def test_fixes_lie_on_the_countys_maps_and_are_told_in_words(drawing):
    [spot] = drawing.told([told(0)])
    north, east = from_wgs84([24.33], [109.41], drawing.maps)
    assert (spot.lat, spot.lon) == pytest.approx((float(north[0]), float(east[0])), abs=1e-6)
    assert abs(spot.lat - 24.33) > 1e-3, "the maps of the sample county are GCJ-02"
    assert (spot.at, spot.r, spot.source) == (NOW, 12.0, "gnss")
    assert spot.words == f"{spot.time} 卫星，误差约12米"
    assert drawing.told([]) == []


def test_a_place_that_the_track_leaves_out_is_told_apart(drawing):
    taken, left = drawing.told([told(0), told(60, used=False)])
    assert (taken.kind, left.kind) == ("", "unused")
    assert left.words.endswith("（未采用）")


def test_a_gap_is_drawn_from_the_place_before_to_the_place_after(drawing):
    track = drawing.track([fix(60.0 * minute, 24.33 + minute * 1e-3) for minute in (0, 1, 43, 44)])
    silent, heard, aside = (
        Unknown(NOW + 60, NOW + 43 * 60, 0),
        Unknown(NOW + 60, NOW + 43 * 60, 7),
        Unknown(1.0, 2.0, 0),
    )
    [gap] = drawing.gaps([silent, aside], track)
    assert (gap.begin, gap.end) == (track[1], track[2])
    assert "42分钟 没有数据" in gap.words
    assert "其间上报 7 次" in drawing.gaps([heard], track)[0].words


def test_a_curve_has_its_threshold_and_its_moments(drawing):
    evidence = Curve("R1", "Z1", "网吧", "keep_out", 0.95, [NOW, NOW + 60], [0.1, 0.97], [(NOW + 60, "inside")])
    [curve] = drawing.curves([evidence, Curve("R2", "Z1", "x", "keep_out", 0.95, [], [], [])])
    assert curve.words == "R1 · 网吧"
    assert (curve.p, curve.limits, curve.moments) == ([0.1, 0.97], [0.95], [NOW + 60])
    assert len(curve.times) == len(curve.at) == 2


def test_zones_are_those_of_the_persons_rules_and_say_what_they_are(drawing):
    rules = drawing.configuration.rules
    person = next(rule.people[0] for rule in rules if rule.keep_out)
    kinds = {one.kind for one in drawing.zones_of([person])}
    assert "barred" in kinds
    assert all(one.name.endswith("禁入区") for one in drawing.zones_of([person]) if one.kind == "barred")
    assert drawing.zones_of([]) == []


def test_zones_that_are_for_others_are_not_shown(drawing):
    rules, zones = drawing.configuration.rules, drawing.configuration.zones
    barred = next(rule for rule in rules if rule.keep_out)
    of_others = {**zones, barred.keep_out: replace(zones[barred.keep_out], people=())}
    others = replace(drawing, configuration=replace(drawing.configuration, zones=of_others))
    assert any(one.kind == "barred" for one in drawing.zones_of(barred.people))
    assert not any(one.kind == "barred" for one in others.zones_of(barred.people))


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
    gaps = drawing.gaps([Unknown(NOW + 120, NOW + 7200, 0)], drawing.track([fix(120), fix(7200)]))
    said = msgspec.json.decode(msgspec.json.encode(Layers(str(drawing.maps), gaps=gaps)))
    assert said["gaps"][0]["from"]["at"] == NOW + 120
    assert said["gaps"][0]["to"]["at"] == NOW + 7200
    assert said["moment"] is None


def test_registered_places_about_a_track_are_marked_and_named(drawing):
    known = Registered.of(drawing.configuration)
    place = next(
        one
        for zone in drawing.configuration.zones.values()
        for one in zone.places
        if isinstance(one, Circle) and one.radius_m < 500
    )
    track = [fix(at, place.latitude + at * 1e-4, place.longitude) for at in range(3)]
    spots = {spot.words: spot for spot in drawing.registered(known, track)}
    north, east = from_wgs84([place.latitude], [place.longitude], drawing.maps)
    assert (spots[place.name].lat, spots[place.name].lon) == pytest.approx((float(north[0]), float(east[0])), abs=1e-5)
    assert drawing.registered(known, [fix(0, 30.0, 100.0)]) == []
    assert drawing.registered(known, []) == []
