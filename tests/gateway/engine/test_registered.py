"""What a circle on the map may be: registered places, no homes, no regions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import Polygon
from timeline import AWAY, CAFE, HOME, at, county, degrees, zones

from gateway.engine.policy import compile_policy
from gateway.engine.registered import Registered
from gateway.settings.model import Area, Circle, ZoneDefinition

NOW = at(0, 12)


def registered(*places: tuple[str, tuple[float, float], float]) -> Registered:
    """Circles of one zone each, beside those of the county."""
    more = {
        name: ZoneDefinition(name, f"zone {name}", (Circle(name, *degrees(place), radius),))
        for name, place, radius in places
    }
    return Registered.of(county(zones=zones() | more))


def named(found: Registered, place: tuple[float, float], radius_m: float) -> list[tuple[str, float]]:
    return [(one.name, one.distance_m) for one in found.around(*degrees(place), radius_m, NOW)]


def test_places_are_named_with_their_metres_the_nearest_first():
    found = registered(("bar", (3300.0, 0.0), 50.0), ("far", (4000.0, 0.0), 50.0))
    assert named(found, CAFE, 400.0) == [("cafe 3", 0.0), ("bar", 250.0)]
    assert named(found, CAFE, 249.0) == [("cafe 3", 0.0)]
    assert named(found, AWAY, 100.0) == []
    assert found.around(*degrees(CAFE), 1.0, NOW)[0].zone == "cafes"


def test_neither_homes_nor_the_county_are_named():
    assert named(registered(), HOME, 2900.0) == []
    assert named(registered(("hall", HOME, 1999.0), ("district", HOME, 2000.0)), HOME, 10.0) == [("hall", 0.0)]


def test_a_policy_finds_the_same_as_the_configuration_alone():
    policy = compile_policy(county())
    for place in (CAFE, HOME, AWAY):
        assert policy.registered.around(*degrees(place), 500.0, NOW) == registered().around(*degrees(place), 500.0, NOW)


def test_places_of_one_zone_keep_their_own_names():
    square = [degrees((x, y)) for x, y in ((0, 0), (90, 0), (90, 90), (0, 90))]
    drawn = Area("yard", Polygon([(longitude, latitude) for latitude, longitude in square]))
    zone = ZoneDefinition("both", "both", (drawn, Circle("shed", *degrees((200.0, 45.0)), 20.0)), 10.0)
    found = Registered.of(county(zones=zones() | {"both": zone}))
    assert named(found, (45.0, 45.0), 130.0) == [("yard", 0.0), ("shed", pytest.approx(125.0, abs=0.2))]


def test_of_many_the_nearest_are_named_each_once():
    many = registered(*((f"n{number}", (100.0 * number, 0.0), 20.0) for number in range(9)))
    assert many.names(*degrees(HOME), 250.0, NOW) == "n0, n1, n2"
    assert many.names(*degrees(HOME), 5000.0, NOW) == "n0, n1, n2, n3, n4 ..."
    assert many.names(*degrees((0.0, 3000.0)), 100.0, NOW) == ""
    twice = replace(zones()["cafes"], id="again")
    same = Registered.of(county(zones=zones() | {"again": twice}))
    assert same.names(*degrees(CAFE), 100.0, NOW) == "cafe 3"
    assert len(same.around(*degrees(CAFE), 100.0, NOW)) == 2


def kinds(*more: ZoneDefinition, time: float = NOW) -> str:
    """How many places of each kind there are about the cafe, which itself says nothing of its kind."""
    found = Registered.of(county(zones=zones() | {zone.id: zone for zone in more}))
    return found.kinds(*degrees(CAFE), 400.0, time)


def zone(name: str, category: str, *east: float, **terms: float) -> ZoneDefinition:
    """Circles so far east of the cafe."""
    spots = [degrees((CAFE[0] + far, CAFE[1])) for far in east]
    circles = tuple(Circle(name, *spot, 20.0) for spot in spots)
    return ZoneDefinition(name, name, circles, 0.0, category, **terms)


def test_places_are_counted_by_what_kind_they_are_the_most_first():
    cafes, bars = zone("cafes2", "internet_cafe", 100.0, 200.0, 300.0, 5000.0), zone("bars", "bar", 150.0)
    assert kinds() == "other:1"
    assert kinds(cafes, bars) == "internet_cafe:3 bar:1 other:1"
    assert kinds(cafes, bars, zone("schools", "school", 50.0, 60.0)) == "internet_cafe:3 school:2 bar:1 other:1"


def test_a_place_that_is_drawn_in_several_zones_of_its_kind_is_one():
    assert kinds(zone("one", "bar", 100.0), zone("two", "bar", 100.0, 120.0)) == "bar:2 other:1"


def test_a_place_counts_while_its_zone_holds():
    fair = zone("fair", "market", 100.0, start=at(1, 0), until=at(3, 0))
    told = [kinds(fair, time=time) for time in (at(0, 23), at(1, 0), at(2, 23), at(3, 0))]
    assert told == ["other:1", "market:1 other:1", "market:1 other:1", "other:1"]
