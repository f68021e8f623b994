"""The map of all: one look a visit, the office's own people, no minors and no ids on a wallboard."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from desk_accounts import looked_at
from opened_desk import client_of, daemon_of, desk_of, written

from gateway.clock import iso
from gateway.console.everybody import Everybody
from gateway.console.purposes import KEPT
from gateway.control.messages import Reply
from gateway.settings.absences import Leave
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def row(person, **more):
    return {
        "person": person, "office": "SFS-01", "device": "B1", "latitude": 24.31, "longitude": 109.41, "datum": "GCJ-02",
        "position": {"type": "Point", "coordinates": [109.40, 24.30]}, "radius95_m": 15.0, "time": iso(NOW - 60),
        "age_seconds": 60.0, "source": "gnss", "home_m": 300.0, "home_deg": 90.0, "zones": [], "contact": iso(NOW),
        "silent": False, "battery_percent": 50, "open": [],
    } | more  # fmt: skip


def browse(desk, *paths, number="D01", places=()):
    async def run():
        answers = {"places": {"now": iso(NOW), "places": list(places)}}
        async with daemon_of(desk, **answers) as daemon, client_of(desk, number) as client:
            return [await client.get(path) for path in paths], daemon.asked

    return asyncio.run(run())


def looks(desk):
    return [(one.number, one.what, one.person, one.purpose, int(one.ok)) for one in looked_at(desk)]


def people_of(desk):
    return sorted(desk.configuration.people)


def test_looking_at_all_is_one_row_however_often_it_is_refreshed(desk):
    (page, first, again), asked = browse(
        desk, "/map", "/map.json", "/map.json?part=people", places=[row(people_of(desk)[0])]
    )
    assert "全部对象地图" in page.text
    assert [one["id"] for one in first.json()["people"]] == [people_of(desk)[0]]
    assert first.json()["zones"]
    assert again.json()["zones"] == []
    assert looks(desk) == [("D01", "map", "", "查看全部对象地图", 1)]
    assert [(one.do, one.by, one.for_staff) for one in asked] == [("places", "D01", True)] * 2


def test_who_asks_for_the_places_alone_is_written_down_too_and_again_later(desk):
    browse(desk, "/map.json")
    assert len(looks(desk)) == 1
    held = desk.purposes._held
    held.update({key: (until - KEPT, purpose) for key, (until, purpose) in held.items()})
    browse(desk, "/map.json?part=people")
    assert len(looks(desk)) == 2


@pytest.mark.parametrize("number", ["A01", "T01"])
def test_who_answers_no_alarms_sees_nobody(desk, number):
    (page, places), asked = browse(desk, "/map", "/map.json", number=number)
    assert (page.status_code, places.status_code, asked) == (403, 403, [])
    assert [one[4] for one in looks(desk)] == [0, 0]


def test_a_wallboard_has_no_minors_and_no_ids(desk):
    adult, child = people_of(desk)[:2]
    entry = replace(desk.configuration.people[child], minor=True)
    desk.in_force.configuration = replace(desk.configuration, people={**desk.configuration.people, child: entry})
    rows = [row(adult, open=["strap_cut"]), row(child, latitude=24.5)]
    (page, board, plain), _ = browse(desk, "/map?wall=1", "/map.json?wall=1", "/map.json", places=rows)
    assert "大屏地图" in page.text
    assert "按编号查找" not in page.text
    assert "map.json?wall=1" in page.text
    assert board.json()["people"] == [{"lon": 109.41, "lat": 24.31, "r": 15.0, "state": "alarm"}]
    assert adult not in board.text
    assert len(plain.json()["people"]) == 2


def test_an_officer_is_offered_his_own_office_alone(desk):
    (page,), _ = browse(desk, "/map", number="S01")
    assert '<option value="SFS-01">SFS-01</option>' in page.text
    assert "SFS-02" not in page.text


def test_an_officer_is_shown_his_own_people_alone_whatever_the_daemon_says(desk):
    people = desk.configuration.people
    own, other = (
        next(one.person for one in people.values() if one.office == office) for office in ("SFS-01", "SFS-02")
    )
    (places,), _ = browse(desk, "/map.json", number="S01", places=[row(own), row(other)])
    assert [one["id"] for one in places.json()["people"]] == [own]


def test_the_daemon_away_is_said(desk):
    async def run():
        async with daemon_of(desk, places=Reply(ok=False, error="x", passes=True)), client_of(desk) as client:
            return await client.get("/map"), await client.get("/map.json")

    page, places = asyncio.run(run())
    assert (page.status_code, places.status_code) == (200, 503)


@pytest.mark.parametrize(
    ("more", "state", "words"),
    [
        ({}, "away", "在外 · 1分钟前定位，误差约15米"),
        ({"home_m": -40.0}, "home", "家中或家附近"),
        ({"home_m": None}, "away", "在外"),
        ({"silent": True}, "silent", "失联"),
        ({"open": ["comms_lost"]}, "silent", "失联"),
        ({"open": ["comms_lost", "strap_cut"], "home_m": -1.0}, "alarm", "表带断开"),
    ],
)
def test_what_weighs_most_is_what_is_shown(desk, more, state, words):
    [dot] = Everybody(desk.configuration, Words("zh", desk.zone, NOW), NOW).dots([row(people_of(desk)[0], **more)])
    assert dot.state == state
    assert words in dot.words


def test_leave_is_shown_while_it_lasts_and_the_newest_place_counts(desk):
    person = people_of(desk)[0]
    leave = (Leave(person, "", NOW - 10, NOW + 10, "L01"),)
    everybody = Everybody(replace(desk.configuration, leave=leave), Words("en", desk.zone, NOW), NOW)
    old, none = row(person, age_seconds=900.0, latitude=24.9), row(person, latitude=None, age_seconds=None)
    [dot] = everybody.dots([row(person), old, none])
    assert (dot.state, dot.lat) == ("leave", 24.31)
    assert replace(everybody, now=NOW + 10).state(row(person)) == "away"
