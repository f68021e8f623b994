"""A record in each of its forms, and over which time it goes."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from made_episodes import episode
from timeline import at, county

from gateway.cli.disclosure import Asked
from gateway.cli.exporting import DAY, FORMATS, _check, _times
from gateway.control.rights import Caller
from gateway.engine import PAST, Fix, Told, compile_policy
from gateway.engine.act_lines import ActLine
from gateway.errors import UserFault
from gateway.evidence.record import Record
from gateway.settings.model import Storage
from gateway.store.presence import Stretch
from protocols.report import Source

FIXES = [Fix(at(0, hour), 24.33, 109.42, 12.0, 3.0, "well", "gnss", "B0001") for hour in (9, 10, 11)]
ASKED = Asked(Path("nowhere.gpx"), "wearer", "own_record", "D-8", "head", "", minor=False)


@pytest.fixture(scope="module")
def record() -> Record:
    alarm = episode(acts=[ActLine(at(0, 23), "D01", "note", 1, note="called")])
    told = [Told(fix.time, fix.latitude, fix.longitude, 30.0, "gnss", "B0001", fix.time, used=True) for fix in FIXES]
    presence = [Stretch("nights", "curfew", "home:P0001", at(0, 22), at(1, 6), "home")]
    reports = np.zeros(len(FIXES), PAST)
    reports["located"], reports["source"], reports["accuracy_m"] = True, Source.GNSS, np.nan
    for name in ("time", "latitude", "longitude"):
        reports[name] = [getattr(fix, name) for fix in FIXES]
    return Record("P0001", at(0, 0), at(1, 0), compile_policy(county()), FIXES, told, presence, [alarm], reports)


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_has_every_fix_and_says_for_whom_it_is(record, form):
    said = FORMATS[form](record, "for the wearer alone")
    assert "for the wearer alone" in said
    counted = {
        ".json": lambda: len(json.loads(said)["fixes"]), ".geojson": lambda: len(json.loads(said)["features"]) - 1,
        ".gpx": lambda: sum(each.tag.endswith("trkpt") for each in ET.fromstring(said).iter()),  # noqa: S314  our own
        ".csv": lambda: len(said.splitlines()) - 2, ".fixes.csv": lambda: len(said.splitlines()) - 2,
    }  # fmt: skip
    assert counted[form]() == 3


def test_as_json_all_else_is_there_too(record):
    said = json.loads(FORMATS[".json"](record, ""))
    assert [one["device"] for one in said["wearings"]] == ["B0001"]
    assert said["wearings"][0]["until"] is None
    assert [one["document"] for one in said["authorities"]] == ["2026-12"]
    assert said["told"][0]["received"] == said["fixes"][0]["time"]
    assert said["alarms"][0]["acts"][0]["note"] == "called"
    assert set(said["alarms"][0]["text"]) == {"zh", "en"}
    assert said["presence"][0]["state"] == "home"


def test_it_goes_as_far_back_as_places_are_kept_and_up_to_now():
    known = county(storage=Storage("data", 90))
    begin, end = _times(known, "", "")
    assert abs(end - time.time()) < DAY / 2
    assert end - begin == pytest.approx(90 * DAY)
    assert _times(known, "2000-01-01 00:00", "2100-01-01 00:00")[1] <= time.time()
    assert _times(known, "2000-01-01 00:00", "")[0] >= begin
    with pytest.raises(UserFault, match="no time from"):
        _times(known, "", "2000-01-01 00:00")


def test_only_a_known_form_of_a_known_person_is_exported():
    _check(county(), "P0001", Caller("root", "root"), ASKED)
    for person, asked, says in (
        ("P0099", ASKED, "P0099"), ("P0001", replace(ASKED, path=Path("x.txt")), "has to end in"),
        ("P0001", replace(ASKED, purpose="merit"), "none of search"),
    ):  # fmt: skip
        with pytest.raises(UserFault, match=says):
            _check(county(), person, Caller("root", "root"), asked)
