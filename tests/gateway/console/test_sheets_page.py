"""The sheets of the office on the desk: whose they are, what is typed and refused, what two do at once, signatures."""

from __future__ import annotations

import asyncio
import re
from zoneinfo import ZoneInfo

import msgspec
import pytest
from opened_desk import client_of, daemon_of, desk_of, written
from sheet_daemon import Sheets
from timeline import at

from gateway.console.sheet_forms import Typed, act_of
from gateway.console.sheet_view import ON_A_PAGE
from gateway.console.words.sheets import SHEETS
from gateway.control.messages import Reply
from gateway.errors import UserFault
from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.forms import FORMS
from gateway.papers.paper import begun, digest_of

NOW = at(1, 8.2)
SHEET = "a1b2c3"
LATE = PaperLine(
    "alarm-1", "agreed", "P0001", "1" * 32, "B0001", "未按时在家", "not home in time", at(0, 22.25), NOW + 900
)
AWAY = PaperLine("leave-P0002-0", "leave", "P0002", zh="请假，至 <20:00>", en="on leave until <20:00>", due=at(1, 20))
SAID = {"said": "钥匙在 <抽屉>", "person": "P0001", "due": "09:30", "owner": "D02"}


def begin(form="hand_over", office="", lines=(LATE, AWAY)) -> PaperAct:
    return PaperAct(
        SHEET, "begin", 1, "D01", form=form, office=office, since=at(0, 21.75), until=NOW - 60, lines=tuple(lines)
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


@pytest.fixture
def sheets(desk):
    return Sheets(desk)


def asked(desk, *steps, number="D01", language="zh", answers=None):
    """Pages, one after the other: a path, or a path and a form; the last answer."""

    async def run():
        found = Sheets(desk).answers if answers is None else answers
        async with daemon_of(desk, **found) as daemon, client_of(desk, number, language) as client:
            for path, *form in steps:
                answer = await (client.post(path, data=form[0]) if form else client.get(path))
            return answer, daemon.asked

    return asyncio.run(run())


def form_of(page: str, name: str) -> dict[str, str]:
    """Hidden fields of a form of a page."""
    part = page.split(f'id="{name}"', 1)[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part))


def shown(desk, number="D01", query="", language="zh") -> str:
    answer, _ = asked(desk, (f"/sheets/{SHEET}{query}",), number=number, language=language)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_list_has_every_form_and_who_signed_and_a_new_one_goes_on_where_the_last_ended(desk, sheets):
    sheets.put(begin())
    digest = digest_of(sheets.one(SHEET))
    sheets.put(*(PaperAct(SHEET, "sign", n, by, digest=digest) for n, by in ((2, "D02"), (3, "D01"))))
    page = asked(desk, ("/sheets",))[0].text
    assert re.findall(r'id="form-(\w+)"', page) == list(FORMS)
    assert page.count('class="mark">D0') == 2
    assert "已封存" in page
    assert 'value="2026-11-03 08:11"' in page
    answer, requests = asked(desk, ("/sheets", {"form": "hand_over", "since": "2026-11-03 08:11"}))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sheets/new")
    assert (requests[-1].paper.do, requests[-1].paper.form, requests[-1].paper.since) == (
        "begin",
        "hand_over",
        NOW - 60,
    )


def test_a_beginning_that_is_refused_keeps_what_was_typed(desk):
    refusal = Reply(ok=False, error="已有一张还没有签完", refused=True)
    answers = Sheets(desk).answers | {"paper_act": refusal}
    answer, requests = asked(desk, ("/sheets", {"form": "hand_over", "since": "yesterday"}), answers=answers)
    assert SHEETS["sheet_moment_wrong"].zh in answer.text
    assert 'value="yesterday"' in answer.text
    assert [one.do for one in requests] == ["papers"]
    answer, _ = asked(desk, ("/sheets", {"form": "hand_over", "since": "2026-11-03 07:00"}), answers=answers)
    assert "已有一张还没有签完" in answer.text
    assert 'value="2026-11-03 07:00"' in answer.text


def test_lines_stand_under_their_headings_in_the_visitors_language_and_markup_stays_text(desk, sheets):
    sheets.put(begin())
    page = shown(desk)
    assert page.index("约定和回访") < page.index("未按时在家") < page.index("请假，至 &lt;20:00&gt;")
    assert 'href="/alarm/11111111' in page
    english = shown(desk, language="en")
    assert "not home in time" in english
    assert "Handing over" in english
    auditor = shown(desk, "A01")
    assert '<form class="sheet-form' not in auditor
    assert 'href="/person/' not in auditor


def test_a_line_is_added_corrected_and_struck_out_and_says_by_whom(desk, sheets):
    sheets.put(begin())
    typed = form_of(shown(desk), "add") | SAID
    assert asked(desk, (f"/sheets/{SHEET}", typed))[0].status_code == 303
    page = shown(desk, query="?line=alarm-1")
    better = form_of(page, "correct") | {"said": "已到家", "due": "", "owner": "S01"}
    assert (
        asked(desk, (f"/sheets/{SHEET}", better))[0].headers["location"] == f"/sheets/{SHEET}?leaf=alarm-1#line-alarm-1"
    )
    struck = form_of(shown(desk, query="?line=leave-P0002-0"), "strike") | {"note": "已销假"}
    asked(desk, (f"/sheets/{SHEET}", struck))
    first, second, third = sheets.one(SHEET).entries
    assert (first.line.zh, first.line.due, first.line.owner, first.was) == ("已到家", 0.0, "S01", (LATE,))
    assert second.struck.note == "已销假"
    assert (third.line.section, third.line.person, third.line.due) == ("added", "P0001", at(1, 9.5))
    page = shown(desk)
    assert "更正，原为：未按时在家" in page
    assert "划去：已销假" in page
    assert "钥匙在 &lt;抽屉&gt;" in page


def test_a_correction_of_the_owner_alone_leaves_both_languages_as_they_are(desk, sheets):
    sheets.put(begin())
    typed = form_of(shown(desk, query="?line=alarm-1"), "correct") | {
        "said": LATE.zh, "due": "2026-11-03 08:27", "owner": "D02",
    }  # fmt: skip
    asked(desk, (f"/sheets/{SHEET}", typed))
    assert sheets.one(SHEET).entries[0].line == msgspec.structs.replace(LATE, owner="D02")


def test_who_comes_second_is_told_and_what_he_typed_is_kept_and_goes_through_then(desk, sheets):
    sheets.put(begin())
    typed = form_of(shown(desk), "add") | SAID
    sheets.put(PaperAct(SHEET, "tick", 2, "D02", key="alarm-1"))
    answer, _ = asked(desk, (f"/sheets/{SHEET}", typed))
    assert answer.status_code == 200
    assert "刚被别人改过" in answer.text
    for value in SAID.values():
        assert value.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    again = typed | form_of(answer.text, "add")
    assert asked(desk, (f"/sheets/{SHEET}", again))[0].status_code == 303
    assert len(sheets.one(SHEET).entries) == 3


def test_what_was_typed_for_a_sheet_that_is_signed_meanwhile_is_still_to_be_read(desk, sheets):
    sheets.put(begin())
    typed = form_of(shown(desk), "add") | SAID
    sheets.put(PaperAct(SHEET, "sign", 2, "D02", digest=digest_of(sheets.one(SHEET))))
    page = asked(desk, (f"/sheets/{SHEET}", typed))[0].text
    assert 'id="add"' not in page
    assert "钥匙在 &lt;抽屉&gt;</textarea>" in page


def test_the_daemon_away_keeps_what_was_typed(desk, sheets):
    sheets.put(begin())
    typed = form_of(shown(desk), "add") | SAID

    async def run():
        async with client_of(desk) as client:
            return await client.post(f"/sheets/{SHEET}", data=typed)

    page = asyncio.run(run()).text
    assert "网关没有运行" in page
    assert "钥匙在 &lt;抽屉&gt;</textarea>" in page


def test_two_sign_and_the_digest_that_is_shown_is_the_one_that_is_stored(desk, sheets):
    sheets.put(begin())
    digest = digest_of(sheets.one(SHEET))
    page = shown(desk)
    assert f"签署（校验值 {digest[:12]}…）" in page
    assert 'id="sign"' not in page
    sign = form_of(shown(desk, query="?ask=sign"), "sign")
    asked(desk, (f"/sheets/{SHEET}", sign))
    held = shown(desk)
    assert 'id="sign-ask-for"' not in held
    assert "D01 已签署，内容不能再改" in held
    second = form_of(shown(desk, "D02", "?ask=sign"), "sign")
    asked(desk, (f"/sheets/{SHEET}", second), number="D02")
    paper = sheets.one(SHEET)
    assert [one.by for one in paper.signatures] == ["D01", "D02"]
    frozen = shown(desk)
    assert f'<code id="digest">{paper.digest}</code>' in frozen
    assert paper.digest == digest
    assert "签完封存" in frozen
    assert '<form class="sheet-form' not in frozen


def test_a_signature_is_void_once_somebody_reopens_it_with_a_reason(desk, sheets):
    sheets.put(begin(), PaperAct(SHEET, "sign", 2, "D01", digest="x"))
    reopen = form_of(shown(desk, "D02"), "reopen")
    assert "请写明原因" in asked(desk, (f"/sheets/{SHEET}", reopen), number="D02")[0].text
    asked(desk, (f"/sheets/{SHEET}", reopen | {"note": "漏了P0007"}), number="D02")
    page = shown(desk)
    assert "D01 的签名作废：D02" in page
    assert "漏了P0007" in page
    assert 'id="add"' in page


def test_the_queue_says_who_signed_the_last_hand_over_of_the_visitors_office_or_county(desk, sheets):
    assert 'id="shift"' not in asked(desk, ("/",))[0].text
    sheets.put(begin())
    assert "上班次交接班单还没有签" in asked(desk, ("/",))[0].text
    sheets.put(PaperAct(SHEET, "sign", 2, "D02", digest="x"))
    page = asked(desk, ("/queue/rows",))[0].text
    assert f'href="/sheets/{SHEET}">上班次 D02 已签 08:12</a>' in page
    sheets.put(PaperAct(SHEET, "sign", 3, "D01", digest="x"))
    english = asked(desk, ("/",), language="en")[0].text
    assert "Last shift: signed by D02 08:12, taken over by D01 08:12" in english
    assert 'id="shift"' not in asked(desk, ("/",), number="S01")[0].text


def test_a_list_that_is_looked_through_says_what_is_left_and_ticks_with_a_note(desk, sheets):
    sheets.put(begin("daily"))
    page = shown(desk)
    assert "还有 2 行没有标" in page
    tick = form_of(shown(desk, query="?line=alarm-1"), "tick")
    asked(desk, (f"/sheets/{SHEET}", tick | {"note": "电话核实"}))
    assert "已查：电话核实" in shown(desk)
    assert 'id="tick-leave-P0002-0"' in shown(desk)
    assert 'id="tick-alarm-1"' not in shown(desk)


def test_a_long_sheet_has_leaves_and_a_line_is_found_again_on_its_own(desk, sheets):
    lines = [PaperLine(f"track-{n}", "track_unseen", "P0001", zh=f"第{n}行") for n in range(2 * ON_A_PAGE + 1)]
    sheets.put(begin("weekly", lines=lines))
    page = shown(desk)
    assert page.count('class="said"') == ON_A_PAGE
    assert re.findall(r'id="leaf-(\d)"', page) == ["1", "2", "3"]
    assert "第400行" in shown(desk, query="?leaf=3")
    last = shown(desk, query="?line=track-400")
    answer = asked(desk, (f"/sheets/{SHEET}", form_of(last, "tick")))[0]
    assert answer.headers["location"] == f"/sheets/{SHEET}?leaf=track-400#line-track-400"
    assert "已查" in shown(desk, query="?leaf=track-400").split("<tbody>")[1]
    assert "第0行" in shown(desk, query="?leaf=none")
    assert "第400行" in shown(desk, query="?leaf=99")


def test_a_roll_call_is_signed_on_its_own_page(desk, sheets):
    sheets.put(begin("roll_call"))
    page = shown(desk)
    assert f'id="signed-elsewhere"><a href="/roll-call/{SHEET}"' in page
    assert 'id="sign-ask-for"' not in page


def test_a_task_is_done_a_courtesy_without_a_note_and_what_is_left_keeps_nobody_from_signing(desk, sheets):
    talk = PaperLine("courtesy-1", "courtesy", "P0001", zh="每月谈话", en="Monthly talk", due=at(4, 0), owner="SFS-01")
    review = PaperLine("review-1", "review", "P0002", zh="复核", en="review", due=at(5, 0))
    sheets.put(begin("tasks", lines=(talk, review)))
    opened = shown(desk, query="?line=courtesy-1")
    assert "还有 2 项未办；签署后转入下一张" in opened
    assert 'id="tick-submit"' not in opened
    assert "已办，附说明" in shown(desk, query="?line=review-1")
    asked(desk, (f"/sheets/{SHEET}", form_of(opened, "correct") | {"do": "tick"}))
    assert sheets.one(SHEET).entries[0].ticked.by == "D01"
    assert re.search(r"D01 [\d: -]+ 已办", shown(desk))
    assert 'id="sign-ask-for"' in shown(desk)
    assert "已办 D01" in asked(desk, (f"/print/paper/{SHEET}",))[0].text
    assert "done by D01" in asked(desk, (f"/print/paper/{SHEET}",), language="en")[0].text


def test_who_may_not_is_refused_in_words_and_the_menu_does_not_lead_there(desk, sheets):
    sheets.put(begin(office="SFS-01"))
    for path in ("/sheets", f"/sheets/{SHEET}"):
        answer, requests = asked(desk, (path,), number="T01")
        assert (answer.status_code, requests) == (403, [])
        assert SHEETS["sheets_forbidden"].zh in answer.text
    answer, requests = asked(desk, (f"/sheets/{SHEET}",), number="S02")
    assert (answer.status_code, requests) == (403, [])
    assert "/sheets" not in asked(desk, ("/help",), number="T01")[0].text
    assert 'href="/sheets"' in asked(desk, ("/help",), number="A01")[0].text
    assert asked(desk, ("/sheets/none",))[0].status_code == 404
    assert asked(desk, ("/sheets?form=poem",))[0].status_code == 404
    assert shown(desk, "S01").count("SFS-01") >= 1


def typed(**form):
    return Typed(form, begun(begin(), NOW), "zh", ZoneInfo("Asia/Shanghai"), NOW)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "burn", "revision": "4"}, "sheet_form_unknown"),
        ({"do": "add", "revision": "four"}, "sheet_form_unknown"),
        ({"do": "correct", "revision": "4", "key": "gone"}, "sheet_form_unknown"),
        ({"do": "add", "revision": "4", "said": " "}, "sheet_said_missing"),
        ({"do": "add", "revision": "4", "said": "x", "due": "25:00"}, "sheet_moment_wrong"),
        ({"do": "add", "revision": "4", "said": "x", "due": "2026-02-30 08:00"}, "sheet_moment_wrong"),
    ],
)
def test_a_form_that_is_not_whole_is_refused_in_words(form, words):
    with pytest.raises(UserFault) as fault:
        act_of(typed(**form))
    assert fault.value.args[0] == SHEETS[words]
