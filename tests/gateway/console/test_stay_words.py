"""Where somebody stayed, in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from opened_desk import desk_of, written

from fencing.datum import from_wgs84
from fencing.plane import LocalPlane
from gateway.console.stay_words import StayWords
from gateway.replay.stays import Stay
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0


@pytest.fixture
def words(tmp_path):
    configuration = desk_of(written(tmp_path / "county"), NOW).configuration
    person = next(one.person for one in configuration.people.values() if one.home)
    return StayWords(configuration, Words("zh", ZoneInfo("Asia/Shanghai"), NOW), person)


def test_a_stay_says_home_or_how_far_from_it_on_the_countys_maps(words):
    home = words.configuration.people[words.person].home
    at = LocalPlane(home.latitude, home.longitude)
    north, east = (float(one) for one in at.inverse(2000.0, 2000.0))
    near, far = words.told(
        [Stay(NOW, NOW + 900, home.latitude, home.longitude, 15.0), Stay(NOW, NOW + 900, north, east, 15.0)]
    )
    assert near.words == "家中或家附近，误差约15米"
    assert far.words.startswith("距家约2.8公里（东北），GCJ-02 ")
    [shown] = from_wgs84([north], [east], words.configuration.county.maps)[0:1]
    assert f"{float(shown[0]):.5f}" in far.words
    assert near.since != near.until


def test_registered_places_inside_the_circle_are_named_and_none_is_asserted(words):
    [row] = words.told([Stay(NOW, NOW + 900, 24.2, 109.4, 30.0, ["网吧", "<b>"])])
    assert row.words.endswith("范围内登记的场所：网吧、<b>（不能确定是哪一处）")
