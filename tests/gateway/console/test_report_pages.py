"""The pages of the monthly report: for whom they are, what is written down, and what is said where nothing is known."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest
from desk_accounts import looks
from opened_desk import client_of, daemon_of, desk_of, stored, submit, visit
from story_month import NOW, ZONE, alarms, written

from gateway.console.month_reports import case_rows
from gateway.control.messages import Reply
from gateway.engine import ActLine
from gateway.reports.cases import case_of
from gateway.reports.sheet import PARTS
from gateway.words.alarm_words import Words

FALSE = "/report/cases?month=2026-11&office=SFS-01&standing=false"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    opened = desk_of(written(tmp_path_factory.mktemp("november") / "county"), NOW)
    stored(opened, alarms())
    return opened


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.split("<main")[1]))


@pytest.mark.parametrize(
    ("number", "month", "load"),
    [("L01", 200, 200), ("A01", 200, 403), ("D01", 403, 403), ("S01", 403, 403), ("T01", 403, 403)],
)
def test_it_is_for_leaders_and_auditors_and_the_load_for_leaders_alone(desk, number, month, load):
    found = [visit(desk, path, number).status_code for path in ("/report", "/report/appraisal", FALSE, "/report/noise")]
    assert found == [month, month, month, load]
    assert ('href="/report"' in visit(desk, "/help", number).text) is (month == 200)
    assert ("/report/noise" in visit(desk, "/report", number).text) is (load == 200)


def test_without_a_month_it_is_the_last_that_is_over(desk):
    assert "月报 2026-11" in visit(desk, "/report", "L01").text
    assert "/report/month?month=2026-10" in visit(desk, "/report", "L01").text


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-09", "没有 2026-09 的记录（最早的记录：2026-10-20），不作统计。这不是零。"),
        ("2027-03", "2027-03 还没有开始，没有数字。"),
        ("2026-10", "记录自 2026-10-20 开始"),
        ("2026-12", "本期未结束，截至 2026-12-01 09:00。"),
        ("2026-13", "“2026-13”不是月份"),
        ("<b>", "“&lt;b&gt;”不是月份"),
    ],
)
def test_a_month_of_which_nothing_is_known_is_said_in_words(desk, month, said):
    page = visit(desk, f"/report?month={month}", "L01")
    assert said in words_of(page)
    assert ("<table" in page.text) is (month in {"2026-10", "2026-12"})


def test_a_part_that_is_none_is_not_there(desk):
    assert visit(desk, "/report/persons?month=2026-11", "L01").status_code == 404


@pytest.mark.parametrize("path", [*(f"/report/{part}?month=2026-11" for part in PARTS), "/report/cases?month=2026-11"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_names_the_minor(desk, path, language):
    page = visit(desk, path, "L01", language)
    assert page.status_code == 200
    assert "P0020" not in page.text
    assert "B0020" not in page.text


def test_behind_a_figure_stand_its_cases_with_note_and_cause_and_nobodys_id(desk):
    page = visit(desk, FALSE, "L01")
    said = words_of(page)
    assert "2026-11，3 条" in said
    assert "集市围栏偏西40米" in said
    assert "路过，围栏过大，＊ 在家" in said
    assert not re.search(r"P\d{4}", page.text)
    assert page.text.count('class="mark"') == 3
    assert 'class="mark"' not in visit(desk, FALSE, "A01").text
    assert 'class="mark"' not in visit(desk, "/report/cases?month=2026-11&standing=excused", "L01").text
    year = "/report/cases?month=2026-11&part=appraisal&office=SFS-02&asked=yes"
    assert "本年累计，17 条" in words_of(visit(desk, year, "L01"))
    assert 'href="/report/appraisal?month=2026-11"' in visit(desk, year, "L01").text
    assert "2026-11，0 条" in words_of(visit(desk, "/report/cases?month=2026-11&office=nowhere", "L01"))


def test_offices_are_called_as_they_are_described(tmp_path):
    directory = written(tmp_path / "county")
    desk = desk_of(directory, NOW)
    stored(desk, alarms())
    desk.contacts.directory = directory
    (directory / "offices.yaml").write_text("- {code: SFS-01, name: 城中司法所, name_en: Old Town}\n", "utf-8")
    (directory / "offices.yaml").chmod(0o600)
    for path in ("/report", "/report/necessity", "/report/appraisal", FALSE):
        assert "SFS-01 城中司法所" in visit(desk, path, "L01").text
        assert "SFS-01 Old Town" in visit(desk, path, "L01", "en").text


def test_a_cause_is_asked_of_the_daemon_and_the_list_comes_back(desk):
    (alarm,) = [one.id for one in alarms() if one.acts[-1].note == "定位漂移"]
    answer, asked = submit(
        desk, f"/report/cases/{alarm}?month=2026-11&standing=false", "L01", {"act": {}}, cause="device"
    )
    assert [(one.act.do, one.act.cause, one.by) for one in asked if one.do == "act"] == [("cause", "device", "L01")]
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"standing=false&marked={alarm[:8]}#mark-{alarm}")
    refused = Reply(ok=False, error="误报原因由领导标记", refused=True)
    answer, _ = submit(desk, f"/report/cases/{alarm}?month=2026-11", "L01", {"act": refused}, cause="device")
    assert "误报原因由领导标记" in answer.text
    answer, _ = submit(desk, f"/report/cases/{alarm}?month=2026-11", "D01", {"act": {}}, cause="device")
    assert answer.status_code == 403


def test_a_leader_begins_a_drill_with_a_reason_and_is_told_why_not_in_words(desk):
    begins = [
        "/report/drills/begin" in visit(desk, f"/report/{part}?month=2026-11", number).text
        for part, number in (("drills", "L01"), ("drills", "A01"), ("month", "L01"))
    ]
    assert begins == [True, False, False]
    begun = Reply(ok=True, data={"minutes": 30})
    answer, asked = submit(desk, "/report/drills/begin", "L01", {"drill": begun}, reason=" 新同事 ")
    assert [(one.why, one.by) for one in asked if one.do == "drill"] == [("新同事", "L01")]
    assert "等答复 30 分钟" in answer.text
    refused = Reply(ok=False, error="有未办结的特急报警", refused=True)
    answer, _ = submit(desk, "/report/drills/begin", "L01", {"drill": refused}, reason="<b>")
    assert (answer.status_code, "有未办结的特急报警" in answer.text, 'value="&lt;b&gt;"' in answer.text) == (
        422,
        True,
        True,
    )
    answer, asked = submit(desk, "/report/drills/begin", "A01", {"drill": begun}, reason="no leader")
    assert (answer.status_code, [one for one in asked if one.do == "drill"]) == (403, [])


@pytest.mark.parametrize(
    ("state", "due", "said"),
    [
        ("put_off", "2026-12-05T02:00:00Z", "因有未办结的特急报警推迟"),
        ("waiting", "2026-12-05T02:00:00Z", "下次按期演练：2026-12-05 10:00"),
        ("waiting", "", "没有（只由负责人发起）"),
        ("off", "", "没有设置 canary 设备"),
    ],
)
def test_the_page_of_drills_says_how_it_stands(desk, state, due, said):
    async def shown():
        status = {"alarm_path": {"drill": state, "drill_due": due}}
        async with daemon_of(desk, status=status), client_of(desk, "L01") as client:
            return (await client.get("/report/drills?month=2026-11")).text

    assert said in asyncio.run(shown())
    assert "drill-standing" not in visit(desk, "/report/drills?month=2026-11", "L01").text


def test_who_takes_a_file_or_sees_who_has_worn_one_for_long_is_written_down(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    stored(desk, alarms())
    visit(desk, "/report?month=2026-11", "L01")
    visit(desk, "/report/necessity?month=2026-11", "L01")
    answer, _ = submit(desk, "/report/month/csv?month=2026-11", "A01")
    assert answer.headers["content-disposition"] == 'attachment; filename="month-2026-11.csv"'
    visit(desk, "/report/noise", "A01")
    rows = [(one.number, one.what, one.purpose, one.ok) for one in asyncio.run(looks(desk))]
    assert rows == [
        ("L01", "report", "2026-11 necessity", True), ("A01", "report", "2026-11 month CSV", True),
        ("A01", "load", "", False),
    ]  # fmt: skip


def test_a_cause_that_was_marked_stands_in_the_list_with_both_notes():
    (drift,) = [one for one in alarms() if one.acts[-1].note == "定位漂移"]
    marks = [ActLine(NOW, "L01", "cause", 5, cause="device", note="P0002 换了腕带"), ActLine(NOW, "D01", "note", 6)]
    (row,) = case_rows(
        [case_of(msgspec.structs.replace(drift, acts=[*drift.acts, *marks]), ZONE)], ["P0002"], Words("zh", ZONE)
    )
    assert (row.cause, row.cause_said, row.note, row.may) == ("device", "设备", "定位漂移；＊ 换了腕带", True)
    (older,) = case_rows([case_of(msgspec.structs.replace(drift, acts=[]), ZONE)], [], Words("en", ZONE))
    assert (older.cause_said, older.note) == ("Not marked", "")
