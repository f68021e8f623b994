"""Roll calls at the desk: the form, what will go out, the second person, lists that fill, the signature, the print."""

from __future__ import annotations

import asyncio

import pytest
from browser import assert_accessible
from opened_desk import client_of, daemon_of, desk_of, submit, visit, written
from playwright.sync_api import expect
from served_desk import served
from timeline import at

from gateway.console.visitor import COOKIE
from gateway.control.messages import Reply
from gateway.rollcall.reasons import LIST_OF, Listed, Reason
from gateway.rollcall.selection import Selection
from gateway.words.roll_call_words import LISTS, REASONS

NOW = at(0, 13)
ID = "0123456789ab"
LOOKED = {
    "offer": "offer1", "selection": {"level": "strict", "office": "", "percent": 100}, "seed": "", "of_all": False,
    "people": 40, "orders": 38, "left": {"leave": 1, "ended": 1},
}  # fmt: skip


def call(state="going", **changes):
    said = {
        "id": ID, "state": state, "by": "D01", "confirmed_by": "", "purpose": "weekly <check>", "seed": "",
        "selection": {"level": "strict", "office": "", "percent": 100}, "begun": NOW - 60, "people": 3, "orders": 2,
        "owed": 1, "finished": None, "lists_digest": "d" * 64,
    }  # fmt: skip
    return said | changes


def row(person, reason, **changes):
    said = {"person": person, "office": "SFS-01", "list": str(LIST_OF[reason]), "reason": str(reason)}
    return said | {"since": NOW - 40, "placed": NOW - 40, "zone": "", "minor": False} | changes


ROWS = [
    row("P0001", Reason.OUTSIDE, zone="县界 <b>"),
    row("P0002", Reason.WAITING, since=NOW - 60, placed=None, minor=True),
    row("P0003", Reason.LEAVE, since=NOW - 86_400, placed=None),
]  # fmt: skip


def told(request, calls=(), **changes):
    if not request.id:
        return {"calls": list(calls)}
    return {"call": call(**changes), "rows": ROWS, "now": NOW}


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def shown(desk, path, number="D01", language="zh", **answers):
    async def run():
        async with daemon_of(desk, **answers), client_of(desk, number, language) as client:
            return await client.get(path)

    return asyncio.run(run())


def test_every_list_and_reason_has_its_words_in_both_languages():
    assert set(LISTS) == set(Listed)
    assert list(LISTS) == list(Listed)
    assert set(REASONS) == set(Reason)
    assert all(one.zh and one.en for one in (*LISTS.values(), *REASONS.values()))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_offers_what_there_is_and_lists_what_there_was(desk, language):
    page = shown(desk, "/roll-call", language=language, roll_calls=lambda asked: told(asked, [call("signed")])).text
    for field in ("level", "office", "percent", "purpose"):
        assert f'<label for="roll-call-{field}">' in page
        assert f'name="{field}" id="roll-call-{field}"' in page
    assert '<option value="SFS-01">' in page
    assert 'href="/roll-call" aria-current="page"' in page
    assert f'href="/roll-call/{ID}"' in page
    assert "weekly &lt;check&gt;" in page
    assert ("已签署" if language == "zh" else "signed") in page


def test_an_office_is_offered_itself_alone(desk):
    page = shown(desk, "/roll-call", "S01", roll_calls=told).text
    assert '<option value="SFS-01">' in page
    assert "SFS-02" not in page


@pytest.mark.parametrize("number", ["A01", "T01"])
def test_who_looks_for_nobody_calls_nobody_and_that_is_written_down(desk, number):
    for path in ("/roll-call", f"/roll-call/{ID}", f"/roll-call/{ID}/lists"):
        assert shown(desk, path, number, roll_calls=told).status_code == 403
    for path in ("/roll-call", "/roll-call/look", f"/roll-call/{ID}/sign", f"/roll-call/{ID}/confirm"):
        answer, asked = submit(desk, path, number, {"roll_call": {}, "roll_calls": told})
        assert (answer.status_code, asked) == (403, [])
    assert "/roll-call" not in visit(desk, "/help", number).text


def test_the_look_says_how_many_orders_will_go_out_and_who_is_left_out(desk):
    answer, asked = submit(
        desk, "/roll-call/look", "D01", {"roll_call_look": LOOKED}, level="strict", office="", percent="", purpose="p"
    )
    assert asked[0].selection == Selection("strict", "", 100)
    assert "将发出 38 条定位指令" in answer.text
    assert "请假外出 1" in answer.text
    assert 'name="offer" value="offer1"' in answer.text
    assert "全体点验" not in answer.text
    seeded = LOOKED | {"seed": "abcd", "of_all": True}
    answer, asked = submit(desk, "/roll-call/look", "D01", {"roll_call_look": seeded}, percent="60")
    assert asked[0].selection == Selection(percent=60)
    assert "随机种子 abcd" in answer.text
    assert "须另一人确认" in answer.text


@pytest.mark.parametrize("percent", ["0", "x", "-3", "999"])
def test_a_share_that_is_none_is_refused_by_the_gateway_and_what_was_typed_stays(desk, percent):
    refusal = Reply(ok=False, error="比例为 1 到 100", refused=True)
    answers = {"roll_call_look": refusal, "roll_calls": told}
    answer, asked = submit(desk, "/roll-call/look", "D01", answers, percent=percent, purpose="每周")
    assert not asked[0].selection.is_sound
    assert 'id="roll-call-fault">比例为 1 到 100<' in answer.text
    assert f'value="{percent}"' in answer.text
    assert 'value="每周"' in answer.text


def test_what_is_asked_for_leads_to_its_lists_and_a_refusal_back(desk):
    done = {"state": "begun", "id": ID, "orders": 38}
    answer, asked = submit(desk, "/roll-call", "D01", {"roll_call": done}, offer="offer1", purpose="每周")
    assert (asked[0].id, asked[0].why, asked[0].for_staff) == ("offer1", "每周", True)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/roll-call/{ID}")
    refusal = Reply(ok=False, error="22:00 到 07:00 不点验", refused=True)
    answers = {"roll_call": refusal, "roll_calls": told}
    answer, _ = submit(desk, "/roll-call", "D01", answers, offer="offer1", purpose="每周", level="strict")
    assert "22:00 到 07:00 不点验" in answer.text
    assert '<option value="strict" selected>' in answer.text


def test_the_second_person_confirms_and_who_asked_cannot(desk):
    def waits(request):
        return told(request, state="waits", begun=None, finished=None, lists_digest="") | {"rows": []}

    assert "roll-call-confirm" not in shown(desk, f"/roll-call/{ID}", "D01", roll_calls=waits).text
    assert "roll-call-confirm" in shown(desk, f"/roll-call/{ID}", "L01", roll_calls=waits).text
    answer, asked = submit(desk, f"/roll-call/{ID}/confirm", "L01", {"roll_call_confirm": {"id": ID}})
    assert (asked[0].do, asked[0].id, asked[0].by) == ("roll_call_confirm", ID, "L01")
    assert answer.status_code == 303


def test_the_lists_stand_with_reason_age_and_zone_and_markup_stays_text(desk):
    page = shown(desk, f"/roll-call/{ID}", roll_calls=told).text
    assert page.count("<tbody>") == 3
    assert "不在规定的范围内 (县界 &lt;b&gt;)" in page
    assert "24小时" in page.replace(" ", "")
    assert f'hx-get="/roll-call/{ID}/lists" hx-trigger="every 3s"' in page
    assert f'form="sign" name="digest" value="{"d" * 64}"' in page
    assert "已发出 2 条指令，1 条尚无结果" in page
    assert page.index("位置异常") < page.index("未回应") < page.index("不能定位") < page.index("在位")


def test_minors_are_left_out_of_the_print_unless_asked_for(desk):
    page = shown(desk, f"/roll-call/{ID}", roll_calls=told).text
    assert page.count('class="minor"') == 1
    assert "打印时不含未成年人（1 人）" in page
    asked = shown(desk, f"/roll-call/{ID}?minors=1", roll_calls=told).text
    assert 'class="minor"' not in asked
    assert "打印时包括未成年人（1 人）" in asked
    assert f'href="/roll-call/{ID}">打印时不含<' in asked
    assert f'hx-get="/roll-call/{ID}/lists?minors=1"' in asked


def test_what_is_signed_is_shown_with_its_digest_and_asks_for_nothing_more(desk):
    signed = {"state": "signed", "signed_by": "D01", "signed": NOW, "digest": "a1" * 32, "lists_digest": ""}
    page = shown(desk, f"/roll-call/{ID}", roll_calls=lambda asked: told(asked, **signed)).text
    assert "a1" * 32 in page
    assert "hx-get" not in page.split('id="lists"')[1].split(">")[0]
    assert 'id="roll-call-sign"' not in page
    answer, asked = submit(desk, f"/roll-call/{ID}/sign", "D01", {"roll_call_sign": {"id": ID}}, digest="d" * 64)
    assert (asked[0].do, asked[0].id, asked[0].digest) == ("roll_call_sign", ID, "d" * 64)
    assert answer.status_code == 303
    changed = Reply(ok=False, error="名单刚刚变了", refused=True)
    answer, _ = submit(desk, f"/roll-call/{ID}/sign", "D01", {"roll_call_sign": changed, "roll_calls": told})
    assert "名单刚刚变了" in answer.text


@pytest.fixture
def lists():
    """The lists of the roll call that a browser follows, and whether they are signed."""
    return {"rows": ROWS, "signed": False}


@pytest.fixture
def running(desk, lists):
    frozen = {"state": "signed", "signed_by": "D01", "signed": NOW, "digest": "a1" * 32, "lists_digest": ""}

    def of(request):
        if not request.id:
            return {"calls": []}
        return {"call": call(**(frozen if lists["signed"] else {})), "rows": lists["rows"], "now": NOW}

    def sign(request):
        lists["signed"] = request.digest == "d" * 64
        return {"id": ID}

    answers = {"roll_call_look": LOOKED, "roll_call": {"state": "begun", "id": ID}, "roll_calls": of}
    with served(desk, answers | {"roll_call_sign": sign}) as one:
        yield one


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_roll_call_by_keyboard_alone(running, lists, visitor, language):
    watched = visitor(viewport={"width": 1280, "height": 900})
    cookies = {COOKIE: "D01", "language": language}
    watched.context.add_cookies([{"name": k, "value": v, "url": running.address} for k, v in cookies.items()])
    page = watched.context.new_page()
    page.goto(f"{running.address}/roll-call")
    assert_accessible(page)
    page.locator("#roll-call-level").focus()
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("weekly check")
    page.keyboard.press("Enter")
    expect(page.locator(".will")).to_contain_text("38")
    assert_accessible(page)
    page.locator("#roll-call-purpose").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#count-odd b")).to_have_text("1")
    assert_accessible(page)
    page.evaluate("window.stayed = true")
    lists["rows"] = [row("P0002", Reason.WITHIN), *ROWS[:1], *ROWS[2:]]
    expect(page.locator("#count-in_place b")).to_have_text("1")
    assert page.evaluate("window.stayed"), "the page was not loaded anew"
    page.locator("#roll-call-sign").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#signed")).to_contain_text("a1" * 32)
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".paper")).to_be_visible()
