"""``alarms show`` says which registered places lie inside the circle, by the configuration of today."""

from __future__ import annotations

import json

import pytest
from made_episodes import episode
from timeline import AWAY, CAFE, county, degrees

from gateway.cli.alarm_json import json_lines
from gateway.cli.registered import registered_in
from gateway.words.alarm_list import lines


def found(place, radius_m=80.0):
    latitude, longitude = degrees(place)
    return episode("sos", latitude=latitude, longitude=longitude, radius_m=radius_m)


def test_it_is_found_in_the_circle_and_nowhere_without_one():
    assert registered_in(found(CAFE), county()) == "cafe 3"
    assert registered_in(found(AWAY), county()) == ""
    assert registered_in(found(AWAY, 3000.0), county()) == "cafe 3"
    assert registered_in(episode("sos"), county()) == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "范围内登记的场所（按现行配置）：cafe 3"),
        ("en", "registered places inside the circle (as configured now): cafe 3"),
    ],
)
def test_it_stands_behind_the_place_in_the_readers_language(language, said):
    shown = list(lines(found(CAFE), county().county, language, "cafe 3"))
    assert shown[3] == said
    assert len(list(lines(found(CAFE), county().county, language))) == len(shown) - 1


def test_scripts_get_it_where_it_was_looked_for():
    (shown,) = json_lines([found(CAFE)], county().county, "cafe 3")
    assert json.loads(shown)["registered"] == "cafe 3"
    (listed,) = json_lines([found(CAFE)], county().county)
    assert "registered" not in json.loads(listed)
