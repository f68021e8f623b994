"""The queue: what it says of each alarm, what comes first, what is new, and what of it is for whom."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest
from made_episodes import FACTS, KNOWN, episode
from opened_desk import client_of, daemon_of, desk_of, stored, submit, visit, written
from timeline import at

from gateway.console.queue_rows import Chosen, ordered, urgency
from gateway.console.words.queue import KEYS
from gateway.console.words.texts import TEXTS
from gateway.engine.act_lines import ActLine, FollowUp

NOW = at(0, 22.8)
"""22:48 of the night."""


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def alarm(name: str, kind: str = "curfew_late", **known):
    """An alarm whose id begins with a name."""
    values = {"office": "SFS-01", "level": "strict", "decided": at(0, 22.5), "onset": at(0, 22.25)} | known
    return episode(kind, id=f"{name:0<32}", **values)


def order_on(page: str) -> list[str]:
    return [each.rstrip("0") for each in re.findall(r'data-alarm="(\w+)"', page)]


def row_on(page: str, name: str) -> str:
    return page.split(f'id="row-{name:0<32}"')[1].split("</li>", maxsplit=1)[0]


def test_the_row_of_an_outage_lists_who_is_silent_and_who_is_odd_to_whom_sees_places(desk):
    facts = {"usual": 0, "silent": 9, "people": "P0030 P0031 P0032", "odd": "P0031:moving"}
    stored(desk, [alarm("a", "mass_outage", person="", device="", office="", level="", facts=facts)])
    asked = "9台：P0030至P0032"
    assert f"{asked}；其间异常：P0031（失联前在移动，离家渐远）" in row_on(visit(desk, "/").text, "a")
    auditor = row_on(visit(desk, "/", number="A01").text, "a")
    assert asked in auditor
    assert "在移动" not in auditor


def test_a_row_says_where_somebody_is_known_to_be_by_now_and_while_nobody_can_be_asked_where_he_was(desk):
    facts = FACTS | {"home_m": 3180, "home_deg": 135, "placed": NOW - 3600}
    stored(desk, [alarm("a", **KNOWN | {"office": "SFS-01", "facts": facts})])
    here = {"person": "P0001", "age_seconds": 120.0, "home_m": -3.0, "home_deg": 0.0, "radius95_m": 25.0}
    older = here | {"age_seconds": 7200.0}
    unknown = dict.fromkeys(here) | {"person": "P0002"}

    async def run(places):
        async with daemon_of(desk, places={"places": places}), client_of(desk) as client:
            return row_on((await client.get("/")).text, "a")

    newer = asyncio.run(run([unknown, here, older]))
    assert "在家中或家附近" in newer
    assert "2分钟前定位" in newer
    for other in (asyncio.run(run([unknown, older])), row_on(visit(desk, "/").text, "a")):
        assert "距家约3.2公里（东南）" in other
        assert "1小时00分前定位" in other


def test_a_row_says_who_what_since_when_how_far_and_until_when(desk):
    facts = FACTS | {"verify_by": NOW + 840, "home_m": 3180, "home_deg": 135, "placed": NOW - 300}
    facts |= {"battery_percent": 61}
    stored(desk, [alarm("a", **KNOWN | {"office": "SFS-01", "radius_m": 40.0, "facts": facts})])
    page = visit(desk, "/").text
    row = row_on(page, "a")
    said = (
        "重要", "P0001（SFS-01）", "未按时在家", "22:15起", "已33分钟", "未接收", "核实时限还有14分钟",
        "距家约3.2公里（东南）",        "误差约40米", "5分钟前定位", "电量61%", "未登记请假", "尚未联系本人",
    )  # fmt: skip
    assert [each for each in said if each not in row] == []
    assert f'datetime="{"2026-11-02T14:15:00Z"}"' in row
    assert "未办结 1" in page
    english = row_on(visit(desk, "/", language="en").text, "a")
    for each in (
        "Serious",
        "not home in time",
        "since 22:15",
        "about 3.2 km south-east of home",
        "No leave registered",
    ):
        assert each in english


def test_who_has_taken_it_stops_the_countdown_and_is_named(desk):
    facts = {"verify_by": NOW + 840}
    stored(desk, [alarm("a", facts=facts, acknowledged=NOW, acknowledged_by="D02", owner="D02", assigned="S01")])
    row = row_on(visit(desk, "/").text, "a")
    assert "D02 已接收" in row
    assert "交办 S01" in row
    assert "核实时限" not in row
    assert "data-take-over" in row
    assert "data-acknowledge" not in row


@pytest.mark.parametrize(
    ("expects", "verdict", "said"),
    [
        ("home", "", "约定23:30 到家"), ("home", "not_met", "约定时间已到，判断仍不在家"),
        ("home", "met", "约定时间已到，判断已在家"), ("home", "unknown", "约定时间已到，是否在家无法判断"),
        ("reports", "not_met", "约定时间已到，设备仍未上报"), ("visit", "unknown", "约定时间已到，请核对是否已上门"),
        ("calls", "unknown", "约定时间已到，请核对是否已来电"), ("reports", "met", "约定时间已到，设备已上报"),
        ("reports", "unknown", "约定时间已到，设备是否上报无法判断"),
    ],
)  # fmt: skip
def test_what_was_agreed_and_what_became_of_it(desk, expects, verdict, said):
    due = at(0, 22.75) if verdict else at(0, 23.5)
    agreed = FollowUp(due, expects, "D01", checked=due if verdict else None, verdict=verdict)
    stored(desk, [alarm("a", follow_up=agreed)])
    row = row_on(visit(desk, "/").text, "a")
    assert said in row
    assert ("is-due" in visit(desk, "/").text) is bool(verdict)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "已恢复 22:42，仍须办结"), ({"night_over": 1.0}, "宵禁时段结束 22:42，未见返回，仍须办结"),
        ({"on_leave": 1.0}, "因请假解除 22:42，仍须办结"), ({"handed_over": 1.0}, "不再观测 22:42，仍须办结"),
        ({"taken_away": 1.0}, "不再判断 22:42，仍须办结"),
    ],
)  # fmt: skip
def test_what_is_over_is_still_to_be_closed_and_counts_down_no_more(desk, facts, said):
    stored(desk, [alarm("a", ended=at(0, 22.7), facts=facts | {"verify_by": NOW + 60})])
    row = row_on(visit(desk, "/").text, "a")
    assert said in row
    assert "核实时限" not in row
    assert "data-since" not in row


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("no_answer", "联系本人：未接"),
        ("reached", "已联系到本人"),
        ("promised", "已联系到本人"),
        ("refused", "拒绝配合"),
    ],
)
def test_whether_the_wearer_was_spoken_to(desk, result, said):
    tried = ActLine(at(0, 22.6), "D01", "attempt", 2, whom="wearer", result=result)
    stored(desk, [alarm("a", acts=[tried])])
    row = row_on(visit(desk, "/").text, "a")
    assert said in row
    assert "22:36" in row


def test_order_is_by_what_asks_for_an_answer_then_severity_then_age():
    due = FollowUp(NOW - 60, "home", "D01", checked=NOW - 60, verdict="not_met")
    answered = ActLine(NOW - 10, "D01", "assign", 3, to="S01")
    taken = {"acknowledged": NOW - 900, "owner": "D01"}
    alarms = [
        alarm("rest", "battery_low", decided=NOW - 9000),
        alarm("old", **taken, decided=NOW - 8000),
        alarm("answered", follow_up=due, acts=[answered], decided=NOW - 7000, **taken),
        alarm("counting", facts={"verify_by": NOW + 600}),
        alarm("due", follow_up=due, **taken),
        alarm("held", "strap_cut", **taken),
        alarm("later", "sos", decided=NOW - 10),
        alarm("first", "strap_cut", decided=NOW - 20),
    ]
    expected = ["first", "later", "due", "counting", "held", "old", "answered", "rest"]
    assert [one.id.rstrip("0") for one in ordered(alarms, NOW)] == expected
    assert [one.id for one in ordered(alarms[::-1], NOW)] == [one.id for one in ordered(alarms, NOW)]


def test_an_agreed_time_that_nobody_has_looked_at_yet_is_due_too():
    one = alarm("a", acknowledged=NOW - 900, follow_up=FollowUp(NOW + 1, "calls", "D01"))
    assert urgency(one, NOW + 1) < urgency(one, NOW)


def test_new_is_what_was_not_seen_and_stays_new_until_it_is(desk):
    one, other = alarm("a"), alarm("b", person="P0002")
    stored(desk, [one, other])
    assert [visit(desk, "/").text.count('class="fresh">新') for _ in range(2)] == [2, 2]
    asyncio.run(desk.seen.mark("D01", {one.id: one.revision}))
    assert 'class="fresh"' not in row_on(visit(desk, "/").text, "a")
    assert "新" in row_on(visit(desk, "/").text, "b")
    assert visit(desk, "/", "D02").text.count('class="fresh">新') == 2
    stored(desk, [msgspec.structs.replace(one, revision=one.revision + 1)])
    assert "有更新" in row_on(visit(desk, "/").text, "a")


def test_all_that_was_on_the_page_is_marked_as_it_was_there(desk):
    one, other = alarm("a"), alarm("b", person="P0002")
    stored(desk, [one])
    revision = re.search(r'data-revision="(\d+)"', visit(desk, "/").text)[1]
    stored(desk, [other, msgspec.structs.replace(one, revision=one.revision + 1)])
    answer, _ = submit(desk, "/queue/seen", alarm=one.id, revision=revision)
    assert answer.status_code == 204
    page = visit(desk, "/").text
    assert "有更新" in row_on(page, "a")
    assert "新" in row_on(page, "b")


def test_an_officer_of_an_office_sees_its_own_people_alone(desk):
    stored(desk, [alarm("a"), alarm("b", office="SFS-02", person="P0003")])
    assert order_on(visit(desk, "/", "S01").text) == ["a"]
    assert order_on(visit(desk, "/queue/rows", "S02").text) == ["b"]
    assert order_on(visit(desk, "/", "L01").text) == ["a", "b"]


def test_an_auditor_reads_alarms_without_a_place_and_cannot_act(desk):
    stored(desk, [alarm("a", **KNOWN | {"office": "SFS-01"})])
    page = visit(desk, "/", "A01").text
    row = row_on(page, "a")
    assert "未按时在家" in row
    for place in ("距家", "误差", "前定位"):
        assert place not in row
    assert "data-acknowledge" not in page
    assert 'data-do="' not in page


def test_a_technician_answers_no_alarm(desk):
    stored(desk, [alarm("a")])
    page = visit(desk, "/", "T01").text
    assert "您的角色不处理报警" in page
    assert "P0001" not in page


def test_filters_stand_in_the_address_and_say_what_is_left_out(desk):
    others = [alarm("b", "strap_cut", office="SFS-02", level="general", person="P0002"), alarm("c", person="P0013")]
    stored(desk, [alarm("a"), *others])
    for query, expected in (
        ("office=SFS-02", ["b"]), ("level=strict", ["a", "c"]), ("kind=strap_cut", ["b"]), ("person=p0013", ["c"]),
        ("office=SFS-01&kind=curfew_late&person=P0001", ["a"]), ("office=&level=", ["b", "a", "c"]),
    ):  # fmt: skip
        assert order_on(visit(desk, f"/?{query}").text) == expected, query
    page = visit(desk, "/?office=SFS-02").text
    assert "未办结 3，显示其中 1" in page
    assert 'hx-get="/queue/rows?office=SFS-02"' in page
    assert "所选范围内没有未办结的报警" in visit(desk, "/?office=none").text


def test_a_query_that_is_markup_stays_text(desk):
    page = visit(desk, '/?person="><script>alert(1)</script>&office="><b>').text
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_names_that_are_markup_stay_text(desk):
    stored(desk, [alarm("a", person="<img src=x>", office="<b>o</b>", assigned="<i>s</i>", owner="<u>d</u>")])
    page = visit(desk, "/").text
    for markup in ("<img src=x", "<b>o<", "<i>s<", "<u>d<"):
        assert markup not in page


def test_an_empty_queue_says_so_in_both_languages(desk):
    assert "没有未办结的报警" in visit(desk, "/").text
    assert "Nothing is unresolved" in visit(desk, "/", language="en").text


def test_alarms_that_cannot_be_read_are_said_and_the_page_stands(desk):
    (desk.readings.directory / "state.db").write_bytes(b"no database" * 100)
    page = visit(desk, "/")
    assert page.status_code == 200
    assert "暂时读不到报警" in page.text


def test_what_is_critical_or_latched_is_not_for_a_batch(desk):
    stored(desk, [alarm("a"), alarm("b", "sos"), alarm("c", "off_body", person="P0002")])
    page = visit(desk, "/").text
    assert [name for name in "abc" if "disabled" in row_on(page, name)] == ["b", "c"]


def test_every_key_is_beside_its_button_and_on_the_page_of_help(desk):
    stored(desk, [alarm("a")])
    page, helped = visit(desk, "/").text, visit(desk, "/help").text
    page += visit(desk, f"/alarm/{'a':0<32}").text
    buttons = set(re.findall(r'data-(?:focus-)?key="(.)"', page))
    assert buttons == {signs.lower() for signs, _ in KEYS if len(signs) == 1}
    for signs, does in KEYS:
        for sign in signs.split():
            assert f"<kbd>{sign}</kbd>" in helped
        if len(signs) == 1:
            assert f"<kbd>{signs}</kbd>" in page
        assert TEXTS[does].zh in helped


def test_the_page_asks_for_its_rows_when_alarms_change_and_when_its_line_comes_up(desk):
    stored(desk, [alarm("a")])
    trigger = re.search(r'id="rows"[^>]*hx-trigger="([^"]*)"', visit(desk, "/").text)[1]
    assert {"sse:alarms", "htmx:sseOpen from:body"} <= set(trigger.split(", "))


def test_a_chosen_part_knows_whether_it_is_all():
    assert not Chosen.of({})
    assert Chosen.of({"kind": " sos "}) == Chosen(kind="sos")


def test_a_part_that_nobody_is_logged_in_for_leads_to_the_door(desk):
    async def run():
        async with client_of(desk, "") as client:
            return await client.get("/queue/rows", headers={"HX-Request": "true"})

    assert asyncio.run(run()).status_code == 401


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "未登记请假"),
        ({"leave_ended": at(0, 20)}, "请假已于20:00结束"),
        ({"leave_from": at(0, 21), "leave_until": at(1, 7), "leave_late": 1}, "补录请假21:00至07:00，不撤回本报警"),
        ({"leave_from": at(0, 23), "leave_until": at(1, 7)}, "已登记请假，23:00至07:00，尚未开始"),
    ],
)
def test_the_state_of_leave_stands_in_the_row_of_what_it_would_explain(desk, facts, said):
    stored(desk, [alarm("a", facts=facts), alarm("b", "strap_cut", facts=facts)])
    page = visit(desk, "/").text
    assert f"<span>{said}</span>" in row_on(page, "a")
    assert said not in row_on(page, "b")
