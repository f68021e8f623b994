"""Acts from the pages: what the daemon is asked, what a refusal leaves standing, and who may not."""

from __future__ import annotations

import asyncio
import re

import pytest
from made_episodes import episode
from opened_desk import OFFICES, client_of, daemon_of, desk_of, stored, submit, visit, written
from timeline import DAY, at

from gateway.console.act_forms import CODES, FORMS, SEVERAL, act_of, moment_of
from gateway.console.words.acts import ACTS
from gateway.control.messages import Reply
from gateway.errors import UserFault
from gateway.journal.controls import DOINGS, EXPECTS, RESULTS, VERIFIED_BY, WHOM

NOW = at(0, 22.8)
ID = f"{'a':0<32}"
CLOSE = {"do": "close", "id": "x" * 32, "outcome": "technical", "note": "clasp loose in the shower"}


@pytest.fixture
def desk(tmp_path):
    opened = desk_of(written(tmp_path / "county"), NOW)
    stored(opened, [alarm("a")])
    return opened


def alarm(name: str, kind: str = "curfew_late", **known):
    return episode(kind, id=f"{name:0<32}", **{"office": "SFS-01"} | known)


def done(request):
    del request
    return {}


def refused(request):
    del request
    return Reply(ok=False, error="备注要说明情况", refused=True)


def passing(request):
    del request
    return Reply(ok=False, error="busy", passes=True)


def part(desk, **form):
    """A form that htmx sends, to a daemon that does it."""

    async def run():
        async with daemon_of(desk, act=done) as daemon, client_of(desk) as client:
            answer = await client.post(f"/alarm/{ID}/act", data=form, headers={"HX-Request": "true"})
            return answer, daemon.asked

    return asyncio.run(run())


def value_on(page: str, field: str) -> str:
    return re.search(rf'name="{field}" value="([^"]*)"', page)[1]


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"do": "acknowledge"}, {}),
        ({"do": "take_over", "note": "mine now"}, {"note": "mine now"}),
        ({"do": "note", "note": " seen "}, {"note": "seen"}),
        (
            {"do": "attempt", "whom": "wearer", "result": "reached", "note": "称20分钟到家"},
            {"whom": "wearer", "result": "reached", "note": "称20分钟到家"},
        ),
        ({"do": "follow_up", "time": "23:30", "expects": "home"}, {"at": at(0, 23.5), "expects": "home"}),
        ({"do": "assign", "to": "S01"}, {"to": "S01"}),
        ({"do": "arrived"}, {}),
        (
            {"do": "close", "outcome": "confirmed", "verified_by": "visit", "note": "n"},
            {"outcome": "confirmed", "verified_by": "visit", "note": "n"},
        ),
    ],
)
def test_a_form_becomes_the_act_that_the_daemon_is_asked_for_in_the_visitors_name(desk, form, fields):
    answer, asked = part(desk, id="7" * 32, **form)
    assert (answer.status_code, answer.text, answer.headers["hx-trigger"]) == (200, "", "acted")
    act = asked[0].act
    assert (asked[0].do, asked[0].by, asked[0].for_staff) == ("act", "D01", True)
    assert (act.id, act.alarm, act.do) == ("7" * 32, ID, form["do"])
    expected = {
        "note": "",
        "whom": "",
        "result": "",
        "at": 0.0,
        "expects": "",
        "to": "",
        "outcome": "",
        "verified_by": "",
    }
    assert {name: getattr(act, name) for name in expected} == expected | fields


@pytest.mark.parametrize("do", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_opens_in_both_languages_with_its_own_fields(desk, do, language):
    page = visit(desk, f"/alarm/{ID}/form/{do}", language=language).text
    assert ACTS[f"do_{do}"].of(language) in page
    assert value_on(page, "do") == do
    assert len(value_on(page, "id")) == 32
    assert 'name="note"' in page
    for name in CHOSEN.get(do, ()):
        assert all(f'value="{code}"' in page for code in CODES[name])
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    assert labelled == {each for each in re.findall(r'id="(act-\w+)"', page) if each.removeprefix("act-") in FIELDS}


CHOSEN = {
    "attempt": ("whom", "result"), "follow_up": ("expects",), "close": ("outcome", "verified_by"), "cause": ("cause",),
}  # fmt: skip
FIELDS = frozenset({"note", "whom", "result", "time", "expects", "to", "outcome", "verified_by", "cause"})


def test_two_forms_are_two_acts_and_a_double_submit_is_one(desk):
    first, second = (visit(desk, f"/alarm/{ID}/form/note").text for _ in range(2))
    assert value_on(first, "id") != value_on(second, "id")


def test_a_refusal_is_said_beside_the_form_with_what_was_typed_under_a_new_id(desk):
    """The engine remembers a refused act by its id and takes the same one again for a repetition."""
    answer, _ = submit(desk, f"/alarm/{ID}/act", answers={"act": refused}, **CLOSE)
    page = answer.text
    assert answer.status_code == 200
    assert "hx-trigger" not in answer.headers
    assert 'role="alert" id="act-fault">备注要说明情况' in page
    assert "clasp loose in the shower</textarea>" in page
    assert '<option value="technical" selected>' in page
    assert value_on(page, "id") != CLOSE["id"]
    assert "data-again" in page


def test_one_that_may_have_arrived_keeps_its_id(desk):
    answer, _ = submit(desk, f"/alarm/{ID}/act", answers={"act": passing}, **CLOSE)
    assert value_on(answer.text, "id") == CLOSE["id"]
    assert "clasp loose" in answer.text


def test_the_daemon_away_is_said_and_what_was_typed_stays(desk):
    async def run():
        async with client_of(desk) as client:
            return await client.post(f"/alarm/{ID}/act", data=CLOSE)

    answer = asyncio.run(run())
    assert answer.status_code == 200
    assert "网关没有运行" in answer.text
    assert "已填写的内容保留在这里" in answer.text
    assert "clasp loose in the shower</textarea>" in answer.text
    assert value_on(answer.text, "id") == CLOSE["id"]


def test_a_refused_acknowledge_is_said_though_it_has_no_form(desk):
    answer, _ = submit(desk, f"/alarm/{ID}/act", answers={"act": refused}, do="acknowledge", id="1" * 32)
    assert 'role="alert">备注要说明情况' in answer.text


def test_an_alarm_that_is_closed_says_so_on_its_forms(desk):
    stored(desk, [alarm("a", revision=1, closed=NOW, outcome="false")])
    assert "已经办结或撤回" in visit(desk, f"/alarm/{ID}/form/note").text
    stored(desk, [alarm("a", revision=2, retracted=True)])
    assert "已经办结或撤回" in visit(desk, f"/alarm/{ID}/form/note").text


def test_a_wearer_objects_to_how_an_alarm_was_closed(desk):
    assert "已经办结或撤回" in visit(desk, f"/alarm/{ID}/form/dispute").text
    stored(desk, [alarm("a", revision=1, closed=NOW, outcome="false")])
    form = visit(desk, f"/alarm/{ID}/form/dispute").text
    assert "由领导复核后办结" in form
    assert "已经办结或撤回" not in form
    _, daemon = submit(desk, f"/alarm/{ID}/act", answers={"act": done}, do="dispute", id="1" * 32, note="在卫生院")
    assert [(one.act.do, one.act.note) for one in daemon if one.do == "act"] == [("dispute", "在卫生院")]


def test_a_leader_says_why_a_closed_alarm_was_none(desk):
    assert "已经办结或撤回" in visit(desk, f"/alarm/{ID}/form/cause", "L01").text
    stored(desk, [alarm("a", revision=1, closed=NOW, outcome="excused")])
    assert "已经办结或撤回" in visit(desk, f"/alarm/{ID}/form/cause", "L01").text
    assert 'id="do-cause"' not in visit(desk, f"/alarm/{ID}", "L01").text
    stored(desk, [alarm("a", revision=2, closed=NOW, outcome="false")])
    form = visit(desk, f"/alarm/{ID}/form/cause", "L01").text
    assert "边界改画" in form
    assert "已经办结或撤回" not in form
    assert 'id="do-cause"' in visit(desk, f"/alarm/{ID}", "L01").text
    assert 'id="do-cause"' not in visit(desk, f"/alarm/{ID}").text
    _, daemon = submit(desk, f"/alarm/{ID}/act", "L01", {"act": done}, do="cause", id="1" * 32, cause="redrawn")
    assert [(one.act.do, one.act.cause) for one in daemon if one.do == "act"] == [("cause", "redrawn")]


def test_taking_over_asks_and_names_who_has_it(desk):
    stored(desk, [alarm("a", revision=1, acknowledged=NOW, acknowledged_by="D02", owner="D02")])
    assert "D02 已接收这条报警。由您接手吗？" in visit(desk, f"/alarm/{ID}/form/take_over").text


def test_markup_that_was_typed_stays_text(desk):
    answer, _ = submit(
        desk,
        f"/alarm/{ID}/act",
        answers={"act": refused},
        do="assign",
        id='"><b>',
        to='"><script>',
        note="</textarea><b>",
    )
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text.replace('<p class="about">', "")


@pytest.mark.parametrize("number", ["A01", "T01"])
def test_who_answers_no_alarms_does_nothing(desk, number):
    for path, form in ((f"/alarm/{ID}/act", CLOSE), ("/queue/act", CLOSE | {"alarm": ID})):
        answer, asked = submit(desk, path, number, {"act": done}, **form)
        assert (answer.status_code, asked) == (403, [])
    assert visit(desk, f"/alarm/{ID}/form/note", number).status_code == 403


def test_another_offices_alarm_is_refused_before_the_daemon_is_asked(desk):
    assert OFFICES["S02"] != "SFS-01"
    answer, asked = submit(desk, f"/alarm/{ID}/act", "S02", {"act": done}, **CLOSE)
    assert (answer.status_code, asked) == (403, [])
    assert visit(desk, f"/alarm/{ID}/form/note", "S02").status_code == 403
    answer, asked = submit(desk, "/queue/act", "S02", {"act": done}, do="acknowledge", id="1" * 32, alarm=ID)
    assert "没有这条未办结的报警" in answer.text
    assert asked == []


def test_no_such_alarm_and_no_such_form(desk):
    assert visit(desk, "/alarm/nothing/form/note").status_code == 404
    assert visit(desk, f"/alarm/{ID}/form/acknowledge").status_code == 404
    assert visit(desk, f"/alarm/{ID}/form/..%2Fframe").status_code == 404


def several(desk, do, names, answers, **form):
    """One act about several alarms; what the browser sends has each of them as a field of its own."""

    async def run():
        async with daemon_of(desk, **answers) as daemon, client_of(desk) as client:
            data = {"do": do, "id": "5" * 32, "alarm": [f"{name:0<32}" for name in names]} | form
            return await client.post("/queue/act", data=data), daemon.asked

    return asyncio.run(run())


def test_several_at_once_are_an_act_each_and_never_of_critical_or_latched_ones(desk):
    stored(desk, [alarm("a"), alarm("b", person="P0002"), alarm("c", "sos"), alarm("d", "off_body", person="P0003")])
    answer, asked = several(desk, "assign", "abcd", {"act": done}, to="S01", note="please")
    assert [one.act.alarm[0] for one in asked] == ["a", "b"]
    assert len({one.act.id for one in asked}) == 2
    assert {(one.act.to, one.act.note) for one in asked} == {("S01", "please")}
    assert "已处理 2 条" in answer.text
    assert answer.text.count("不能成批处理") == 2
    assert "P0003" in answer.text


def test_a_refused_one_of_several_is_named_with_its_reason(desk):
    stored(desk, [alarm("b", person="P0002")])

    def one_only(request):
        return refused(request) if request.act.alarm.startswith("b") else {}

    answer, _ = several(desk, "note", "ab", {"act": one_only}, note="n")
    assert "已处理 1 条" in answer.text
    assert "P0002 未按时在家：备注要说明情况" in answer.text


def test_only_some_acts_are_done_about_several(desk):
    for do in set(DOINGS) - set(SEVERAL):
        answer, asked = several(desk, do, "a", {"act": done})
        assert (answer.status_code, asked) == (404, []), do


def test_the_form_for_several_names_how_many_and_carries_each(desk):
    stored(desk, [alarm("b", person="P0002")])
    page = visit(desk, f"/queue/form/note?alarm={ID}&alarm={'b':0<32}").text
    assert "对所选的 2 条报警" in page
    assert re.findall(r'name="alarm" value="(\w)', page) == ["a", "b"]
    assert 'hx-post="/queue/act"' in page
    assert "没有选择报警" in visit(desk, "/queue/form/note?alarm=none").text


def test_a_time_is_the_next_such_time_of_the_county(desk):
    assert moment_of("23:30", NOW, desk.zone) == at(0, 23.5)
    assert moment_of("9:05", NOW, desk.zone) == at(1, 9) + 300
    assert moment_of("22：50", NOW, desk.zone) == at(0, 22) + 3000
    assert moment_of("22:48", NOW, desk.zone) == NOW + DAY


@pytest.mark.parametrize("typed", ["", "soon", "24:00", "22:60", "2245:", "-1:00", "22:4"])
def test_what_is_no_time_is_refused_in_words(desk, typed):
    with pytest.raises(UserFault):
        moment_of(typed, NOW, desk.zone)
    if typed:
        answer, asked = submit(
            desk, f"/alarm/{ID}/act", answers={"act": done}, do="follow_up", id="1", time=typed, expects="home"
        )
        assert "时间请写成 时:分" in answer.text
        assert asked == []


def test_every_code_of_an_act_can_be_chosen_and_has_words():
    assert set(FORMS) | {"acknowledge"} == set(DOINGS)
    expected = {"whom": WHOM, "result": RESULTS, "expects": EXPECTS, "verified_by": VERIFIED_BY}
    assert {name: tuple(CODES[name]) for name in expected} == expected


def test_what_a_form_does_not_have_stays_empty(desk):
    act = act_of({"do": "note", "id": "1", "note": "x", "account": "root", "by": "L01"}, ID, NOW, desk.zone)
    assert (act.by, act.account, act.origin) == ("", "", "")


def test_a_form_that_the_browser_sends_by_itself_leads_to_the_alarm(desk):
    """Without scripts, or before they have come."""
    answer, asked = submit(desk, f"/alarm/{ID}/act", answers={"act": done}, do="note", id="1", note="n")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/alarm/{ID}")
    assert len(asked) == 1
    page = visit(desk, f"/alarm/{ID}/form/note").text
    assert re.search(r'<form [^>]*method="post" action="([^"]*)"', page)[1] == f"/alarm/{ID}/act"
    assert 'name="csrf"' in page
