"""Where somebody stayed, out of a track; and in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from opened_desk import desk_of, written

from fencing.datum import from_wgs84
from fencing.plane import LocalPlane
from gateway.console.stay_words import StayWords
from gateway.console.stays import LEAST, STILL, Stayed, stays
from gateway.engine import Fix, Registered
from gateway.settings.model import Circle
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0
PLANE = LocalPlane(24.33, 109.41)


def fix(minute, x, y, radius=12.0):
    latitude, longitude = PLANE.inverse(x, y)
    return Fix(NOW + 60 * minute, float(latitude), float(longitude), radius, 0.0, "well", "gnss", "B1")


def rest(minutes, x, y, spread=8.0, seed=1):
    noise = np.random.default_rng(seed).normal(0, spread, (len(minutes), 2))
    return [fix(minute, x + dx, y + dy) for minute, (dx, dy) in zip(minutes, noise.tolist(), strict=True)]


def test_a_day_of_two_places_and_a_walk_has_two_stays():
    walk = [fix(31 + at, 120.0 * at, 0.0) for at in range(1, 15)]
    first, second = stays([*rest(range(31), 0, 0), *walk, *rest(range(46, 90), 1800, 0)])
    assert (first.since, first.until) == (NOW, NOW + 30 * 60)
    assert second.since >= NOW + 45 * 60
    for stay, x in ((first, 0.0), (second, 1800.0)):
        east, north = PLANE.forward(stay.latitude, stay.longitude)
        assert np.hypot(float(east) - x, float(north)) < 10.0
        assert stay.radius_m == 12.0


def test_who_passes_does_not_stay_and_a_short_halt_is_none():
    assert stays([fix(at, 300.0 * at, 0.0) for at in range(60)]) == []
    assert stays(rest(range(int(LEAST // 60)), 0, 0)) == []
    assert len(stays(rest(range(int(LEAST // 60) + 1), 0, 0))) == 1
    assert stays([]) == []


def test_a_time_without_fixes_ends_a_stay():
    before, after = rest(range(20), 0, 0), rest(range(20 + int(STILL // 60), 120), 0, 0, seed=2)
    assert len(stays([*before, *after])) == 2
    joined = rest(range(19 + int(STILL // 60), 120), 0, 0, seed=2)
    assert len(stays([*before, *joined])) == 1


def test_a_coarse_fix_far_off_is_no_departure():
    held = rest(range(30), 0, 0)
    held[15] = fix(15, 800.0, 0.0, radius=900.0)
    [stay] = stays(held)
    assert stay.until - stay.since == 29 * 60
    assert stay.radius_m == 12.0


@pytest.fixture
def words(tmp_path):
    configuration = desk_of(written(tmp_path / "county"), NOW).configuration
    person = next(one.person for one in configuration.people.values() if one.home)
    return StayWords(configuration, Registered.of(configuration), Words("zh", ZoneInfo("Asia/Shanghai"), NOW), person)


def test_a_stay_says_home_or_how_far_from_it_on_the_countys_maps(words):
    home = words.configuration.people[words.person].home
    at = LocalPlane(home.latitude, home.longitude)
    north, east = (float(one) for one in at.inverse(2000.0, 2000.0))
    near, far = words.told(
        [Stayed(NOW, NOW + 900, home.latitude, home.longitude, 15.0), Stayed(NOW, NOW + 900, north, east, 15.0)]
    )
    assert near.words == "家中或家附近，误差约15米"
    assert far.words.startswith("距家约2.8公里（东北），GCJ-02 ")
    [shown] = from_wgs84([north], [east], words.configuration.county.maps)[0:1]
    assert f"{float(shown[0]):.5f}" in far.words
    assert near.since != near.until


def test_registered_places_inside_the_circle_are_named_and_none_is_asserted(words):
    place = next(
        one for zone in words.configuration.zones.values() for one in zone.places
        if isinstance(one, Circle) and one.radius_m < 500
    )  # fmt: skip
    [row] = words.told([Stayed(NOW, NOW + 900, place.latitude, place.longitude, 30.0)])
    assert place.name in row.words
    assert "不能确定是哪一处" in row.words
