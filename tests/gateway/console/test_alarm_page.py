"""The page of one alarm: what it says to whom, what was done about it, where, and what the device answers."""

from __future__ import annotations

import dataclasses
import json
from contextlib import closing

import msgspec
import pytest
from made_episodes import FACTS, KNOWN, episode
from opened_desk import Pasts, desk_of, stored, submit, visit, written
from timeline import at

from gateway.console.alarm_view import STATES, TELL, facts, night_of, presence
from gateway.console.pages.alarm_map import LONGEST, window
from gateway.console.words.alarm import ALARM
from gateway.console.words.texts import TEXTS
from gateway.control.messages import Reply
from gateway.engine import (
    About,
    Command,
    CommandRecord,
    End,
    Fix,
    Gap,
    Notice,
    NoticeRecord,
    NoticeState,
    Past,
    Told,
)
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.engine.episode import Note
from gateway.journal.controls import DOINGS
from gateway.store.presence import Stretch
from gateway.store.state_db import Beside, StateStore
from gateway.words.alarm_words import Words

NOW = at(0, 22.8)
ID = f"{'a':0<32}"


@pytest.fixture
def desk(tmp_path):
    opened = desk_of(written(tmp_path / "county"), NOW)
    stored(opened, [alarm()])
    return opened


def alarm(kind: str = "curfew_late", name: str = "a", **known):
    known = KNOWN | {"office": "SFS-01", "level": "strict", "rule": "night", "onset": at(0, 22.25)} | known
    return episode(kind, id=f"{name:0<32}", decided=known.pop("decided", at(0, 22.5)), **known)


def page_of(desk, number="D01", language="zh", path=""):
    return visit(desk, f"/alarm/{ID}{path}", number, language)


def test_the_page_says_what_the_alarm_says_its_basis_and_its_facts_in_both_languages(desk):
    page = page_of(desk).text
    for said in (
        "P0001（SFS-01） 未按时在家",
        "现距“cafe 3”约410米（西）",
        "依据：order 2",
        "宽限",
        "严管",
        "96%",
        "1.2公里（东北）",
    ):
        assert said in page, said
    english = page_of(desk, language="en").text
    for said in ("P0001 (SFS-01): not home in time", "about 410 m west", "Basis: order 2", "Grace", "strict", "96 %"):
        assert said in english, said


def test_what_was_done_stands_in_lines_with_stamps(desk):
    deeds = [
        ActLine(at(0, 22.52), "D01", "acknowledge", 2),
        ActLine(at(0, 22.55), "D01", "attempt", 3, whom="wearer", result="no_answer"),
        ActLine(at(0, 22.6), "D01", "attempt", 4, whom="wearer", result="reached", note="称20分钟到家"),
        ActLine(at(0, 22.62), "D01", "follow_up", 5, due=at(0, 22.75), expects="home"),
        ActLine(at(0, 22.78), "D02", "take_over", 7),
        ActLine(at(0, 22.79), "D02", "assign", 8, to="S01"),
        ActLine(at(0, 22.795), "S01", "arrived", 9),
        ActLine(at(0, 22.8), "S01", "close", 10, outcome="confirmed", verified_by="visit", note="not there"),
    ]
    agreed = FollowUp(at(0, 22.75), "home", "D01", checked=at(0, 22.75), verdict="not_met")
    stored(desk, [alarm(revision=1, owner="D02", acts=deeds, follow_up=agreed, closed=NOW, outcome="confirmed")])
    page = page_of(desk).text
    part = page.split('id="lines"')[1].split("</ol>")[0]
    said = [
        "D01 接收", "D01 联系本人：未接", "D01 联系本人：接通，称20分钟到家", "D01 约定22:45 到家",
        "机器核对：约定时间已到，判断仍不在家", "D02 接手", "D02 指派给 S01", "S01：已到本人处",
        "S01 办结·属实，上门核实：not there",
    ]  # fmt: skip
    places = [part.index(each) for each in said]
    assert places == sorted(places)
    assert "22:36:00" in part
    assert {deed.do for deed in deeds} | {"note", "dispute", "cause"} == set(DOINGS)


def test_who_was_told_of_it_stands_among_the_lines(desk):
    stored(desk, [alarm(revision=1)])
    about = About("curfew_late", "serious", "P0001", "B0001", "S01", at(0, 22.5))
    owed = Notice("a" * 16, alarm().id, "wearer", at(0, 22.5), about)
    records = [
        NoticeRecord(owed, NoticeState.DELIVERED, at(0, 22.51), "sms"),
        NoticeRecord(msgspec.structs.replace(owed, id="b" * 16, to="D01"), NoticeState.UNREACHABLE, at(0, 22.6), "sms"),
    ]
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        store.commit([], [], 1, Beside(notices=records))
    part = page_of(desk).text.split('id="lines"')[1].split("</ol>")[0]
    assert part.index("通知 本人：已送达") < part.index("通知 D01：没有可用号码")
    assert "22:30:36" in part
    assert "Wearer told: delivered" in page_of(desk, language="en").text


def test_notes_of_an_older_engine_are_lines_too_and_none_stands_twice(desk):
    noted = Note(at(0, 22.6), "D01", "heard the door")
    stored(desk, [alarm(revision=1, notes=[noted])])
    assert page_of(desk).text.count("heard the door") == 1
    stored(desk, [alarm(revision=2, notes=[noted], acts=[ActLine(noted.at, "D01", "note", 2, note=noted.text)])])
    assert page_of(desk).text.count("heard the door") == 1


def test_notes_and_names_that_are_markup_stay_text(desk):
    bad = "<script>alert(1)</script>"
    deed = ActLine(at(0, 22.6), bad, "note", 2, note=bad)
    stored(desk, [alarm(revision=1, zone_name=bad, basis=bad, acts=[deed], facts=FACTS | {"outside": bad})])
    page = page_of(desk).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_after_recovery_no_imperative_remains_but_what_was_said_before_stands_below(desk):
    stored(desk, [alarm(revision=1, ended=at(0, 22.7))])
    page = page_of(desk).text
    text = page.split('id="alarm-text">')[1].split("</p>")[0]
    assert "仍须办结" in text
    assert "请致电" not in text
    assert "此前：" in page


def test_a_closed_alarm_has_no_buttons_and_one_of_another_has_a_button_to_take_it_over(desk):
    assert 'id="do-acknowledge"' in page_of(desk).text
    stored(desk, [alarm(revision=1, acknowledged=NOW, acknowledged_by="D02", owner="D02")])
    assert 'id="do-take_over"' in page_of(desk).text
    assert 'id="do-take_over"' not in page_of(desk, "D02").text
    stored(desk, [alarm(revision=2, closed=NOW, closed_by="D02", outcome="technical")])
    page = page_of(desk).text
    assert 'data-key="c"' not in page
    assert "已办结·设备原因" in page
    assert 'id="do-dispute"' in page
    stored(desk, [alarm(revision=3, closed_by="D02", disputed=NOW)])
    page = page_of(desk).text
    assert 'id="do-dispute"' not in page
    assert 'data-key="c"' in page
    assert "本人有异议 22:48，由领导复核" in page
    stored(desk, [alarm(revision=4, retracted=True, closed=NOW)])
    assert 'id="do-dispute"' not in page_of(desk).text


@pytest.mark.parametrize("number", ["A01"])
def test_who_may_not_see_places_sees_none_on_the_page_nor_on_the_map(desk, number):
    page = page_of(desk, number)
    assert page.status_code == 200
    assert "未按时在家" in page.text
    for place in ("约410米", "公里", "误差", "GCJ-02", "data-map", "cafe 3”约"):
        assert place not in page.text, place
    assert "您的角色不看位置" in page.text
    assert page_of(desk, number, path="/map.json").status_code == 403
    answer, asked = submit(desk, f"/alarm/{ID}/locate", number, {"command": {}})
    assert (answer.status_code, asked) == (403, [])


def test_a_technician_and_another_office_are_refused(desk):
    for number in ("T01", "S02"):
        for path in ("", "/live", "/map.json", "/form/note", "/order/x"):
            assert page_of(desk, number, path=path).status_code == 403, (number, path)
    assert page_of(desk, "S01").status_code == 200


def test_there_is_no_such_alarm(desk):
    assert visit(desk, "/alarm/nothing").status_code == 404


def test_opening_an_alarm_is_having_seen_it(desk):
    assert 'class="fresh">新' in visit(desk, "/").text
    page_of(desk)
    assert 'class="fresh"' not in visit(desk, "/").text
    assert 'class="fresh">新' in visit(desk, "/", "D02").text


def test_earlier_alarms_of_this_kind_and_how_they_were_closed(desk):
    night = at(-1, 22.5)
    earlier = [
        alarm(name="b", onset=night, decided=night, closed=night + 900, closed_by="D02", outcome="excused",
              notes=[Note(night + 900, "D02", "hospital")]),
        alarm(name="c", onset=night - 86400, decided=night - 86400),
        alarm("strap_cut", name="d", onset=night, decided=night),
        alarm(name="e", onset=night, decided=night, person="P0002"),
        alarm(name="f", onset=at(0, 22.7), decided=at(0, 22.7)),
    ]  # fmt: skip
    stored(desk, earlier)
    part = page_of(desk).text.split('id="before"')[1].split("</table>")[0]
    assert [each for each in "bcdef" if f'href="/alarm/{each:0<32}"' in part] == ["b", "c"]
    for said in ("有正当理由", "D02", "hospital", "未办结"):
        assert said in part


def test_presence_of_the_night_is_summed_by_what_was_judged():
    stretches = [
        Stretch("night", "curfew", "home:P0001", 0.0, 3600.0, "home"),
        Stretch("night", "curfew", "home:P0001", 3600.0, 5400.0, "not_home"),
        Stretch("other", "area", "z", 0.0, 9000.0, "unknown"),
        Stretch("night", "curfew", "home:P0001", 5400.0, 5460.0, "not_home"),
    ]
    assert presence(stretches, "night") == [("not_home", 1860.0), ("home", 3600.0), ("unknown", 0.0)]
    assert presence([], "night") == []
    assert all(f"presence_{state}" in TEXTS for state in STATES)


def test_the_time_of_an_alarm_is_its_night_or_the_hour_before_it():
    one = alarm()
    assert night_of(one, NOW) == (at(0, 22), NOW)
    assert night_of(one, at(2, 0)) == (at(0, 22), at(1, 8))
    bare = msgspec.structs.replace(one, facts={})
    assert night_of(bare, NOW) == (one.onset - 3600, NOW)


def test_the_map_begins_before_the_alarm_and_is_no_longer_than_a_night():
    since, until = window(alarm(facts={"placed": at(0, 22)}), NOW)
    assert (since, until) == (at(0, 21), NOW)
    since, until = window(alarm(facts={"placed": at(-9, 0)}), at(3, 0))
    assert until - since <= LONGEST
    assert since <= at(0, 22.5) <= until


def past():
    places = [(at(0, 21.5) + 60 * each, 24.33, 109.41 + each / 1000, 25.0) for each in (0, 1, 2, 40)]
    fixes = [Fix(*place, 4.0, "away", "gnss", "B0001") for place in places]
    told = [Told(*place, "gnss", "B0001", place[0], used=True) for place in places]
    return Past(fixes, told=told, gaps=[Gap(places[2][0], places[3][0], 0)])


def test_the_map_has_the_moment_the_track_its_gap_and_names_its_datum(desk):
    desk.tracks = Pasts(past(), desk.configuration)
    answer = json.loads(page_of(desk, path="/map.json").text)
    [(by, person, since, until)] = desk.tracks.asked
    assert (by, person) == ("D01", "P0001")
    assert since < at(0, 22.25) < until
    assert answer["datum"] == "gcj02"
    assert len(answer["fixes"]) == len(answer["track"]) == 4
    assert len(answer["gaps"]) == 1
    assert answer["moment"]["r"] == 23.4
    assert answer["moment"]["lat"] != 24.33
    assert "22:30" in answer["moment"]["words"]


def test_a_map_whose_track_cannot_be_read_shows_what_is_known_and_says_so(desk):
    answer = json.loads(page_of(desk, path="/map.json").text)
    assert answer["moment"]["r"] == 23.4
    assert answer["fixes"] == []
    assert answer["said"]


def record(end=None, **known):
    command = Command("c1", "B0001", "locate", "D01", NOW + 300)
    return CommandRecord(command, NOW, 7, end=end, ended=None if end is None else NOW + 125, **known)


PLACE = {
    "device": "B0001", "time": "2026-11-02T14:47:00Z", "age_seconds": 60.0, "source": "gnss", "latitude": 24.31,
    "longitude": 109.43, "datum": "GCJ-02", "radius95_m": 18.0, "home_m": 3180, "home_deg": 135, "zones": [],
    "registered": [],
}  # fmt: skip


def locate(desk, answer):
    return submit(desk, f"/alarm/{ID}/locate", answers={"command": answer})


def test_locating_orders_the_device_and_waits_for_its_answer(desk):
    answer, asked = locate(desk, msgspec.to_builtins(record()))
    assert (asked[0].wish.device, asked[0].wish.kind, asked[0].by) == ("B0001", "locate", "D01")
    assert "等待设备回应" in answer.text
    assert f'hx-get="/alarm/{ID}/order/c1" hx-trigger="load delay:1s, sse:orders' in answer.text


@pytest.mark.parametrize(
    ("end", "place", "said"),
    [
        (End.DONE, PLACE, "设备已回应："), (End.DONE, None, "设备已回应，但没有可用的位置"),
        (End.EXPIRED, None, "指令未送达（设备不在线）"), (End.NO_ANSWER, None, "已送达，2分钟未回应"),
        (End.UNSUPPORTED, None, "没有位置：设备不支持"),
    ],
)  # fmt: skip
def test_what_came_of_locating_is_said_and_nobody_asks_on(desk, end, place, said):
    data = msgspec.to_builtins(record(end)) | ({"place": place} if place else {})
    answer, _ = locate(desk, data)
    assert said in answer.text
    assert "hx-trigger" not in answer.text
    if place:
        for each in ("误差约18米", "GCJ-02 109.43000,24.31000", "1分钟前", "距家约3.2公里（东南）"):
            assert each in answer.text


def test_locating_that_is_refused_or_cannot_be_asked_for_is_said(desk):
    answer, _ = locate(desk, Reply(ok=False, error="没有授权", refused=True))
    assert 'role="alert">没有授权' in answer.text


def test_locating_somebody_who_wears_nothing_asks_nobody(desk):
    stored(desk, [alarm(revision=1, person="P9999")])
    answer, asked = locate(desk, {})
    assert asked == []
    assert "没有可定位的设备" in answer.text


@pytest.mark.parametrize(("age", "shown"), [(60, True), (1000, False)])
def test_a_recent_locating_is_shown_again_to_whoever_opens_the_alarm(desk, age, shown):
    given = msgspec.structs.replace(record(), issued=NOW - age)
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        store.commit([], [], 99, Beside([given]))
    assert (f'hx-get="/alarm/{ID}/order/c1" hx-trigger="load"' in page_of(desk).text) is shown
    assert "/order/c1" not in page_of(desk, "A01").text


def test_an_order_for_somebody_elses_device_is_not_shown_here(desk):
    other = msgspec.structs.replace(record(End.DONE), command=Command("c2", "B0002", "locate", "D02", NOW + 300))
    answer, _ = locate(desk, msgspec.to_builtins(other) | {"place": PLACE})
    assert answer.status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fact_has_words(desk, language):
    words = Words(language, desk.zone, NOW)
    values = dict.fromkeys(TELL, 12) | {"source": "cell", "outside": "o", "inside": "i", "registered": "r"}
    told = facts(alarm(facts=values | {"home_deg": 90, "away_deg": 180}), words, places=True)
    assert [f"fact_{name}" for name in TELL if f"fact_{name}" not in ALARM] == []
    assert len(told) == len(TELL) + 3
    assert all(name and said for name, said in told)


def test_after_the_term_nothing_is_shown_of_where_somebody_was(desk):
    person = desk.configuration.people["P0001"]
    people = {**desk.configuration.people, "P0001": dataclasses.replace(person, term_until=NOW)}
    desk.in_force.configuration = dataclasses.replace(desk.configuration, people=people)
    page = page_of(desk).text
    assert TEXTS["hidden_term"].zh in page
    for place in ("约410米", "公里", "data-map"):
        assert place not in page
    assert "距家" not in visit(desk, "/").text
    assert page_of(desk, path="/map.json").status_code == 403
    answer, asked = submit(desk, f"/alarm/{ID}/locate", answers={"command": {}})
    assert (answer.status_code, asked) == (403, [])
