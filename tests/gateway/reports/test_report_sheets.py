"""Reports as tables: story figures to the digit, cells that lead to their cases, and one set of words for all forms."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from story_month import NOW, ZONE, alarms, moment, written

from gateway.reports.cases import Sought
from gateway.reports.period import month_of
from gateway.reports.sheet import PARTS, Known, counting_behind, sheet_of
from gateway.reports.tables import as_csv
from gateway.reports.texts import TEXTS
from gateway.settings.load import load
from gateway.words.alarm_words import Words

NOVEMBER = month_of("2026-11", ZONE)
ZH, EN = Words("zh", ZONE), Words("en", ZONE)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    county = load(written(tmp_path_factory.mktemp("november") / "county"))
    return Known(county, NOW, moment("2026-10-20 12:00"), alarms(), frozenset({"P0001", "P0005"}))


def tables(sheet):
    return {table.key: [[cell.text for cell in row] for row in table.rows] for table in sheet.tables}


def test_the_figures_of_november_are_these(known):
    found = tables(sheet_of("month", NOVEMBER, known, ZH))
    assert dict(found["overview"]) == {
        "报警": "45条", "每设备月报警": "6.4条", "设备日（有依据的佩戴）": "210",
        "误报率（95%区间）": "4/45 8.9% [3.5, 20.7]", "15分钟内接收（95%区间）": "42/45 93.3% [82.1, 97.7]",
        "接收用时（中位数，九成以内）": "5分钟，5分钟", "办结用时（中位数，九成以内）": "2小时00分，2小时00分",
        "佩戴设备的未成年人": "<3", "有报警的未成年人": "<3",
        "报警演练（次数；被通知的人中有答复的）": "—",
    }  # fmt: skip
    assert found["by_office"] == [
        ["SFS-01", "40", "6", "18", "11", "3", "2", "0", "0", "0", "3", "3/40 7.5% [2.6, 19.9]",
         "37/40 92.5% [80.1, 97.4]"],
        ["SFS-02", "5", "1", "2", "1", "1", "0", "0", "0", "0", "0", "1/5 20.0% [3.6, 62.4] 样本少，不排名",
         "5/5 100% [56.6, 100]"],
        ["全县", "45", "7", "20", "12", "4", "2", "0", "0", "0", "3", "4/45 8.9% [3.5, 20.7]",
         "42/45 93.3% [82.1, 97.7]"],
    ]  # fmt: skip
    assert sum(int(count) for count in found["by_hour"][0][1:]) == 45
    assert sum(int(row[1]) for row in found["by_kind"]) == 45
    assert found["by_cause"][-1] == ["未标记", "4", "12"]


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_whole_in_both_languages_and_names_no_minor(known, part, words):
    sheet = sheet_of(part, NOVEMBER, known, words)
    said = str(sheet)
    assert sheet.tables
    assert all(len(row) == len(table.head) for table in sheet.tables for row in table.rows)
    assert sheet.foot == TEXTS["foot"].of(words.language)
    assert "{" not in said
    assert "P0020" not in said
    assert "B0020" not in said


@pytest.mark.parametrize(("part", "least"), [("month", 30), ("appraisal", 3)])
def test_a_number_leads_to_as_many_cases(known, part, least):
    counting, cells = counting_behind(part, NOVEMBER, known, ZH), 0
    for table in sheet_of(part, NOVEMBER, known, ZH).tables:
        for row in table.rows:
            for cell in (each for each in row if each.query and each.text.isdigit()):
                query = dict(part.split("=") for part in cell.query.split("&"))
                assert counting.count(Sought.of(query)) == int(cell.text), (table.key, cell)
                cells += 1
    assert cells >= least


@pytest.mark.parametrize("part", PARTS)
def test_a_file_has_the_same_words_and_no_person(known, part):
    sheet = sheet_of(part, NOVEMBER, known, ZH)
    text = as_csv("county", sheet.tables, (*sheet.lines, sheet.foot))
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    for table in sheet.tables:
        for row in table.rows:
            assert [cell.text for cell in row if not cell.person] in lines
    assert lines[-1] == [sheet.foot]
    assert not {f"P{number:04d}" for number in range(30)} & {cell for line in lines for cell in line}


def test_no_cell_of_a_file_is_a_formula(known):
    people = {key: replace(one, office="=1+1") for key, one in known.configuration.people.items()}
    odd = replace(known, configuration=replace(known.configuration, people=people))
    assert "\n'=1+1," in as_csv("x", sheet_of("month", NOVEMBER, odd, ZH).tables, ()).replace("\r", "")


@pytest.mark.parametrize(
    ("month", "days", "said"),
    [("2026-09", None, "没有 2026-09 的记录"), ("2027-02", None, "还没有开始"), ("2026-10", 30, "报警只保存 30 天")],
)
@pytest.mark.parametrize("part", PARTS)
def test_where_there_is_no_figure_there_is_a_sentence_and_no_zero(known, part, month, days, said):
    storage = replace(known.configuration.storage, alarm_days=days)
    less = replace(known, configuration=replace(known.configuration, storage=storage))
    sheet = sheet_of(part, month_of(month, ZONE), less, ZH)
    assert sheet.tables == ()
    assert said in sheet.lines[0]


def test_records_that_begin_within_a_month_count_device_days_from_there(known):
    found = sheet_of("month", month_of("2026-10", ZONE), known, EN)
    assert found.lines == ("Records begin on 2026-10-20: what was before is not in it.",)
    assert dict(tables(found)["overview"])["Device-days (worn with authority)"] == "92"


def test_the_alarm_counts_for_the_office_that_had_the_person_when_it_was_raised(known):
    """In the middle of the month everybody of the first office goes to a third one."""
    people = {
        key: replace(one, office="SFS-03") if one.office == "SFS-01" else one
        for key, one in known.configuration.people.items()
    }
    moved = replace(known, configuration=replace(known.configuration, people=people))
    rows = {row[0]: row[1] for row in tables(sheet_of("month", NOVEMBER, moved, ZH))["by_office"]}
    assert rows == {"SFS-01": "40", "SFS-02": "5", "SFS-03": "0", "全县": "45"}


def test_a_share_of_the_score_table_leads_to_the_cases_that_it_lacks(known):
    (table,) = sheet_of("appraisal", NOVEMBER, known, ZH).tables
    first = [(cell.text.split()[0], cell.query) for cell in table.rows[0]]
    assert first[1:4] == [
        ("40", "part=appraisal&office=SFS-01&asked=yes"), ("37/40", "part=appraisal&office=SFS-01&missed=acknowledged"),
        ("40/40", ""),
    ]  # fmt: skip
    counting = counting_behind("appraisal", NOVEMBER, known, ZH)
    assert counting.count(Sought(office="SFS-01", missed="acknowledged")) == 3


def test_a_score_table_has_its_weights_and_no_column_that_counts_nothing(known):
    weights = known.configuration.appraisal.weights | {"early": 0, "closed": 60}
    settings = replace(known.configuration.appraisal, weights=weights)
    sheet = sheet_of(
        "appraisal", NOVEMBER, replace(known, configuration=replace(known.configuration, appraisal=settings)), ZH
    )  # fmt: skip
    (table,) = sheet.tables
    assert table.head[2:5] == ("15分钟内接收（40分）", "24小时内办结（60分）", "联系或到场后才认定（20分）")
    assert len(table.head) == 7
    assert [row[1].text for row in table.rows] == ["40", "17", "4"]
    assert sheet.lines == ("只统计自 2026-10-21 起的报警：更早的没有记录，或已按保存天数删除。",)
    assert [row[-1].text for row in table.rows] == ["不分先后", "不分先后", "样本少，不排名"]
