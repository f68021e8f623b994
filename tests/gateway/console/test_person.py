"""The page of a person: who may see it, what for, what stands on it, and what may be taken along."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from desk_accounts import looked_at
from opened_desk import Pasts, client_of, daemon_of, desk_of, stored, written

from gateway.clock import iso
from gateway.console.lawful import lawful_people
from gateway.control.messages import Reply
from gateway.engine import Episode, Fix, Past, Told
from gateway.store.presence import Stretch

NOW = 1_793_530_800.0
PLACE = {
    "device": "B1",
    "time": iso(NOW - 180),
    "age_seconds": 180.0,
    "source": "gnss",
    "latitude": 24.3123,
    "longitude": 109.4321,
    "datum": "GCJ-02",
    "radius95_m": 12.0,
    "home_m": 3210.0,
    "home_deg": 135.0,
    "position": {"type": "Point", "coordinates": [109.43, 24.31]},
    "zones": [
        {
            "zone": "z",
            "name": "<b>网吧</b>",
            "rule": "R1",
            "asks": "keep_out",
            "is": "outside",
            "probability": 0.02,
            "duty": None,
        }
    ],
    "registered": [],
}
DEVICE = {"device": "B1", "contact": iso(NOW - 60), "silent": False, "battery_percent": 61}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    desk.tracks = Pasts(past(), desk.configuration)
    return desk


@pytest.fixture
def person(desk):
    """One of SFS-01 who may be shown and is no minor."""
    people = desk.configuration.people
    return next(
        one
        for one in lawful_people(desk.configuration, NOW)
        if people[one].office == "SFS-01" and not people[one].minor
    )


def past():
    """Twenty minutes of an hour ago."""
    places = [(NOW - 3600 + 60 * at, 24.31, 109.41 + at * 1e-4) for at in range(20)]
    fixes = [Fix(*place, 10.0, 0.0, "well", "gnss", "B1") for place in places]
    return Past(fixes, told=[Told(*place, 14.0, "gnss", "B1", place[0], used=True) for place in places])


def looks(desk):
    return [(one.what, one.person, one.purpose, int(one.ok)) for one in looked_at(desk)]


def browse(desk, person, *steps, number="D01", language="zh", answers=None):
    """Answers to steps: a path, or a path and a form."""

    async def run():
        said = {"where": {"person": person, "places": [PLACE], "devices": [DEVICE]}} | (answers or {})
        async with daemon_of(desk, **said), client_of(desk, number, language) as client:
            return [
                await (client.post(step[0], data=step[1]) if isinstance(step, tuple) else client.get(step))
                for step in steps
            ]

    return asyncio.run(run())


def purpose(person, **form):
    return f"/person/{person}/purpose", {"purpose": "verification"} | form


def alarm(person, identity="ab" * 16):
    return Episode(
        identity, "curfew_late", "serious", "self", person, "B1", "SFS-01", "strict", "home", "home", "R1", "文书1号",
        NOW - 1800, NOW - 1700, NOW - 1700, 1, 1,
    )  # fmt: skip


def test_a_free_look_is_asked_what_for_and_keeps_it(desk, person):
    first, led, shown, again = browse(
        desk,
        person,
        f"/person/{person}",
        purpose(person, words="例行"),
        f"/person/{person}",
        f"/person/{person}/map.json",
    )
    assert "为什么查看" in first.text
    assert "3.2公里" not in first.text
    assert (led.status_code, led.headers["location"]) == (303, f"/person/{person}")
    assert "核查：例行" in shown.text
    assert again.status_code == 200
    assert looks(desk) == [("place", person, "核查：例行", 1), ("track", person, "核查：例行", 1)]


def test_a_free_look_without_a_purpose_shows_nothing(desk, person):
    answer, layers = browse(desk, person, purpose(person, purpose="other"), f"/person/{person}/map.json")
    assert answer.status_code == 422
    assert layers.status_code == 403
    assert "lon" not in layers.text
    assert looks(desk) == []


def test_a_purpose_that_an_address_brings_is_filled_in_and_has_to_be_confirmed(desk, person):
    words = "查找下落 市局函2026-7"
    there = f"/person/{person}?for={words}&day=2026-10-31"
    known, asked, done = browse(
        desk,
        person,
        purpose(person),
        there,
        (f"/person/{person}/purpose?day=2026-10-31", {"purpose": "other", "words": words}),
    )
    assert known.status_code == 303
    assert f'value="{words}"' in asked.text
    assert 'value="other" checked required' in asked.text
    assert f'action="/person/{person}/purpose?day=2026-10-31"' in asked.text
    assert "lon" not in asked.text
    assert done.headers["location"] == f"/person/{person}?day=2026-10-31"
    [page] = browse(desk, person, f"/person/{person}")
    assert f"其他：{words}" in page.text
    assert looks(desk)[-1][2] == f"其他：{words}"


def test_from_an_alarm_the_alarm_is_the_purpose_and_only_of_this_person(desk, person):
    other = next(one for one in lawful_people(desk.configuration, NOW) if one != person)
    stored(desk, [alarm(person), alarm(other, "cd" * 16)])
    own, foreign, none = browse(
        desk,
        person,
        f"/person/{person}?alarm={'ab' * 16}",
        f"/person/{person}?alarm={'cd' * 16}",
        f"/person/{person}?alarm=x",
    )
    assert "距家约3.2公里（东南）" in own.text
    assert f"map.json?alarm={'ab' * 16}" in own.text
    assert "未按时在家" in own.text
    assert "为什么查看" in foreign.text
    assert "为什么查看" in none.text
    assert looks(desk) == [("place", person, "ab" * 16, 1)]


def test_the_page_says_where_how_sure_since_when_and_on_which_basis(desk, person):
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    document = next(one.document for one in desk.configuration.authorities if one.person == person)
    for words in (
        "距家约3.2公里（东南）",
        "误差约12米",
        "GCJ-02 109.43210,24.31230",
        "61%",
        "3分钟前",
        document,
        "直线不是路线",
    ):
        assert words in page.text, words
    assert "&lt;b&gt;网吧&lt;/b&gt;" in page.text
    [_, english] = browse(desk, person, purpose(person), f"/person/{person}", language="en")
    assert "About 3.2 km south-east of home" in english.text
    assert "A straight line is no route" in english.text


def test_a_duty_says_since_when_and_a_silent_bracelet_is_told_apart(desk, person):
    home = {"zone": "home", "name": "home", "rule": "R2", "asks": "be_there", "is": "outside", "probability": 0.01}
    due = home | {"duty": {"is": "not_home", "since": iso(NOW - 7200), "until": None}}
    answer = {"person": person, "places": [PLACE | {"zones": [due]}], "devices": [DEVICE | {"silent": True}]}
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}", answers={"where": answer})
    at = datetime.fromtimestamp(NOW - 7200, UTC).astimezone(desk.zone)
    assert f"{at:%H:%M} 起判断不在" in page.text
    assert "（1分钟前），失联" in page.text


def test_another_offices_person_is_not_shown_and_the_look_is_written_down(desk, person):
    for path in (f"/person/{person}", f"/person/{person}/map.json"):
        [answer] = browse(desk, person, path, number="S02")
        assert answer.status_code == 403
        assert "不在您的司法所" in answer.text
        assert "Forbidden" not in answer.text
    assert [row[3] for row in looks(desk)] == [0, 0]
    [own] = browse(desk, person, f"/person/{person}", number="S01")
    assert own.status_code == 200


@pytest.mark.parametrize("number", ["A01", "T01"])
def test_who_answers_no_alarms_sees_no_place(desk, person, number):
    [answer] = browse(desk, person, f"/person/{person}", number=number)
    assert answer.status_code == 403


def test_nobody_is_nobodys_page(desk):
    [answer] = browse(desk, "P9999", "/person/P9999")
    assert answer.status_code == 404


def test_after_the_end_nothing_is_shown_and_the_page_says_why(desk, person):
    entry = replace(desk.configuration.people[person], term_until=NOW - 1)
    desk.in_force.configuration = replace(desk.configuration, people={**desk.configuration.people, person: entry})
    said, page, layers = browse(desk, person, purpose(person), f"/person/{person}", f"/person/{person}/map.json")
    assert "矫正期已满" in page.text
    assert "109.43210" not in page.text
    assert layers.status_code == 403
    assert looks(desk) == []
    assert said.status_code == 303


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("day=2026-02-30", "没有“2026-02-30”这一天"),
        ("day=<b>", "没有“&lt;b&gt;”这一天"),
        ("day=2099-01-01", "还没有到"),
        ("night=2020-01-01", "已超过保存期"),
    ],
)
def test_a_day_that_does_not_exist_is_said_in_words(desk, person, query, words):
    _, page, layers = browse(
        desk, person, purpose(person), f"/person/{person}?{query}", f"/person/{person}/map.json?{query}"
    )
    assert (page.status_code, layers.status_code) == (404, 404)
    assert words in page.text


def test_the_map_shows_fixes_track_and_zones_in_the_datum_of_the_maps(desk, person):
    path = f"/person/{person}/map.json"
    _, answer, of_day = browse(desk, person, purpose(person), path, f"{path}?day=2026-10-31")
    layers = answer.json()
    assert (layers["datum"], len(layers["fixes"]), len(layers["track"])) == ("gcj02", 20, 20)
    assert (layers["fixes"][0]["r"], layers["track"][0]["r"]) == (14.0, 10.0)
    assert layers["said"] == "定位 20 次"
    assert layers["homes"][0]["r"] > 0
    begin = datetime(2026, 10, 31, tzinfo=desk.zone).timestamp()
    assert desk.tracks.asked == [("D01", person, NOW - 86_400, NOW), ("D01", person, begin, begin + 86_400)]
    assert of_day.status_code == 200


def test_the_map_of_now_has_the_last_place_where_it_is_newer_than_the_track(desk, person):
    old = PLACE | {"time": iso(NOW - 3600)}
    path, spots = f"/person/{person}/map.json", []
    for answer in (PLACE, old, None):
        where = {"person": person, "places": [answer], "devices": []} if answer else Reply(ok=False, error="x")
        _, now, day = browse(desk, person, purpose(person), path, f"{path}?day=2026-10-31", answers={"where": where})
        spots.append(now.json()["moment"])
        assert day.json()["moment"] is None
    assert (spots[0]["at"], spots[0]["r"]) == (NOW - 180, 12.0)
    assert "最新位置" in spots[0]["words"]
    assert spots[1:] == [None, None]


def test_with_the_daemon_away_the_page_stands_and_says_so(desk, person):
    away = Reply(ok=False, error="no", passes=True)
    _, page = browse(desk, person, purpose(person), f"/person/{person}", answers={"where": away})
    assert page.status_code == 200
    assert "网关没有应答，现在的位置读不到" in page.text


def test_the_strip_leads_to_each_night(desk, person):
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    assert page.text.count("?night=2026-") == 30
    assert "无须在家，或没有数据" in page.text


@pytest.mark.parametrize(("form", "media"), [("gpx", "gpx+xml"), ("csv", "text/csv"), ("geojson", "geo+json")])
def test_an_export_is_marked_and_audited(desk, person, form, media):
    [answer] = browse(
        desk, person, (f"/person/{person}/export", {"format": form, "words": "协查 2026-7 <号>"}), number="S01"
    )
    assert answer.status_code == 200
    assert media in answer.headers["content-type"]
    assert "attachment" in answer.headers["content-disposition"]
    assert "S01" in answer.text.split("\n")[0 if form == "csv" else 2 if form == "gpx" else 0]
    assert "协查 2026-7" in answer.text
    assert "<号>" not in answer.text or form != "gpx"
    assert looks(desk) == [("export", person, "协查 2026-7 <号>", 1)]


def test_who_may_not_export_is_refused_and_written_down(desk, person):
    wanted = (f"/person/{person}/export", {"format": "csv", "words": "x"})
    [duty] = browse(desk, person, wanted, number="D01")
    assert duty.status_code == 403
    assert "只有本所工作人员和负责人" in duty.text
    assert looks(desk) == [("export", person, "", 0)]
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    assert "导出所示轨迹" not in page.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"format": "csv", "words": " "}, "请写明用途"),
        ({"format": "exe", "words": "x"}, "没有这种格式"),
        ({"words": "x"}, "没有这种格式"),
    ],
)
def test_an_export_without_purpose_or_of_no_format_is_refused(desk, person, form, words):
    [answer] = browse(desk, person, (f"/person/{person}/export", form), number="L01")
    assert answer.status_code == 422
    assert words in answer.text
    assert looks(desk) == []


def test_minors_are_exported_by_a_leader_who_confirms_it_alone(desk, person):
    entry = replace(desk.configuration.people[person], minor=True)
    desk.in_force.configuration = replace(desk.configuration, people={**desk.configuration.people, person: entry})
    plain, forced = {"format": "csv", "words": "x"}, {"format": "csv", "words": "x", "minor": "1"}
    for number, form, status in (("L01", plain, 422), ("S01", forced, 422), ("L01", forced, 200)):
        [answer] = browse(desk, person, (f"/person/{person}/export", form), number=number)
        assert answer.status_code == status, (number, form)
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    assert "未成年人" in page.text


def test_times_are_the_countys(desk, person):
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    at = datetime.fromtimestamp(NOW - 180, UTC).astimezone(desk.zone)
    assert f"{at:%H:%M:%S}（3分钟前）" in page.text


def test_the_number_is_asked_for_with_the_purpose_of_the_look(desk, person):
    stored(desk, [alarm(person)])
    _, free, own = browse(desk, person, purpose(person), f"/person/{person}", f"/person/{person}?alarm={'ab' * 16}")
    assert f'hx-get="/contact/{person}?purpose=%E6%A0%B8%E6%9F%A5%20{person}"' in free.text
    assert f'hx-get="/contact/{person}?purpose={"ab" * 16}"' in own.text


def test_no_more_nights_are_offered_than_are_kept(desk, person):
    few = replace(desk.configuration.storage, keep_days=7)
    desk.in_force.configuration = replace(desk.configuration, storage=few)
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    nights = re.findall(r"\?night=([\d-]+)", page.text)
    assert len(nights) == 7
    assert {
        one.status_code for one in browse(desk, person, *(f"/person/{person}?night={night}" for night in nights))
    } == {200}


def test_a_night_of_an_imported_past_is_in_the_strip(desk, person):
    [_, before] = browse(desk, person, purpose(person), f"/person/{person}")
    desk.tracks.imported = [Stretch("R1", "curfew", "home", NOW - 90_000.0, NOW - 88_000.0, "not_home")]
    [_, page] = browse(desk, person, purpose(person), f"/person/{person}")
    assert page.text.count("not_home") > before.text.count("not_home")


def test_a_protected_person_who_calls_for_help_is_found_until_that_is_closed_and_the_call_is_the_purpose(desk, person):
    guarded = replace(desk.configuration.people[person], protected=True, home=None)
    people = {**desk.configuration.people, person: guarded}
    desk.in_force.configuration = replace(desk.configuration, people=people)
    call = msgspec.structs.replace(alarm(person), kind="sos", ends="person")
    address = f"/person/{person}"
    stored(desk, [alarm(person, "cd" * 16)])
    assert "109.43" not in browse(desk, person, address)[0].text
    stored(desk, [call])
    page, layers, track = browse(desk, person, address, f"{address}/map.json", f"{address}/track.csv")
    assert "GCJ-02 109.43210,24.31230" in page.text
    assert "受保护人求助" in page.text
    assert f'href="/alarm/{call.id}"' in page.text
    assert {layers.status_code, track.status_code} <= {403, 404}
    assert looks(desk)[0] == ("place", person, call.id, 1)
    stored(desk, [msgspec.structs.replace(call, closed=NOW, outcome="excused", revision=1)])
    assert "109.43" not in browse(desk, person, address)[0].text
