"""The monthly meeting, by keyboard in a real browser: the report, its cases, necessity, appraisal, print and file."""

from __future__ import annotations

import csv
import io
import re

import pytest
from browser import assert_accessible
from opened_desk import desk_of, stored
from playwright.sync_api import expect
from served_desk import served
from story_month import FALSE_NOTES, NOW, alarms, written

from gateway.console.visitor import COOKIE

A4_WIDTH = 703
"""CSS pixels between the margins of a page."""
OVERVIEW = ("6.4", "4/45 8.9% [3.5, 20.7]", "42/45 93.3% [82.1, 97.7]", "<3")
OFFICES = (
    "3/40 7.5% [2.6, 19.9]", "37/40 92.5% [80.1, 97.4]", "5/5 100% [56.6, 100]",
)  # fmt: skip


@pytest.fixture
def running(tmp_path):
    one = desk_of(written(tmp_path / "county"), NOW)
    stored(one, alarms())
    with served(one) as desk:
        yield desk


def comes_in(desk, visitor, language):
    watched = visitor(viewport={"width": 1280, "height": 900})
    desk.watched = watched
    cookies = {COOKIE: "L01", "language": language}
    watched.context.add_cookies([{"name": key, "value": value, "url": desk.address} for key, value in cookies.items()])
    page = watched.context.new_page()
    page.goto(desk.address)
    return page


def follow(page, link):
    """A link by the keyboard alone: by Tab to it, and Enter."""
    expect(link).to_be_visible()
    for _ in range(120):
        if link.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")


def printed(page):
    """What a print has, on a page as wide as A4 is."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": 900})
    said, width = page.locator("body").inner_text(), page.evaluate("document.documentElement.scrollWidth")
    assert width <= A4_WIDTH
    assert not re.search(r"P\d{4}", said)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    return said


def cells(page):
    return [
        " ".join(text.split()) for text in page.locator("main td:not(.person), main th:not(.person)").all_inner_texts()
    ]


def taken(desk, page, part):
    """The cells of the file."""
    token = page.locator('main input[name="csrf"]').input_value()
    answer = page.request.post(f"{desk.address}/report/{part}/csv?month=2026-11", form={"csrf": token})
    assert answer.ok, answer.status
    return [cell for line in csv.reader(io.StringIO(answer.text().removeprefix("\ufeff"))) for cell in line]


WORDS = {
    "zh": {
        "report": "月报", "necessity": "必要性", "appraisal": "考评", "few": "样本少，不排名", "cause": "边界改画",
        "assess": "建议评估是否解除", "together": "不分先后", "foot": "本表考评工作，不评价社区矫正对象",
        "count": "45条", "marked": "已标记",
    },
    "en": {
        "report": "Monthly report", "necessity": "Necessity", "appraisal": "Appraisal", "few": "few cases, not ranked",
        "cause": "zone redrawn", "assess": "Assess whether to lift", "together": "no order",
        "foot": "This table is about work. It judges no person under supervision", "count": "45", "marked": "Marked",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_leader_holds_the_meeting(running, visitor, language):
    words, page = WORDS[language], comes_in(running, visitor, language)
    main = page.get_by_role("main")
    follow(page, page.get_by_role("link", name=words["report"], exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{words['report']} 2026-11")
    for said in (words["count"], *OVERVIEW, *OFFICES, f"1/5 20.0% [3.6, 62.4] {words['few']}", words["foot"]):
        expect(main).to_contain_text(said)
    assert_accessible(page)
    on_page, file, paper = cells(page), taken(running, page, "month"), " ".join(printed(page).split())
    assert set(on_page) <= set(file)
    assert all(each in paper for each in on_page)

    # The three false alarms of the first office, with their notes; two of them were a zone drawn badly.
    false = page.locator('table[data-table="by_office"] tbody tr').first.get_by_role("link", name="3", exact=True).first
    follow(page, false)
    expect(page.locator("tbody tr")).to_have_count(3)
    for note in (FALSE_NOTES[0], FALSE_NOTES[2]):
        expect(main).to_contain_text(note)
    assert_accessible(page)
    assert not re.search(r"P\d{4}", page.content())
    for number in (0, 1):
        choice = page.locator("select").nth(number)
        for _ in range(60):
            if choice.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        expect(choice).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(choice).to_have_value("redrawn")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("td .said").nth(number)).to_have_text(words["cause"])
        expect(page.locator("p[role=status]")).to_contain_text(words["marked"])
    marked = [running.episode(one.id) for one in alarms() if one.office == "SFS-01" and one.outcome == "false"]
    assert [one.cause for one in marked] == ["redrawn", "redrawn", ""]
    assert [(one.outcome, one.closed_by) for one in marked] == [("false", "D01")] * 3
    follow(page, page.locator('main a[href^="/report/month"]'))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{words['report']} 2026-11")
    causes = page.locator('table[data-table="by_cause"] tbody tr').first
    assert cells_of(causes) == [words["cause"], "2", "0"]

    follow(page, page.get_by_role("link", name=words["necessity"], exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{words['necessity']} 2026-11")
    for said in ("评估-01", "评估-02", "矫定-04", words["assess"], "P0002"):
        expect(main).to_contain_text(said)
    assert cells_of(page.locator('table[data-table="necessity_counts"]'))[1:8:2] == ["2", "1", "1", "1"]
    assert_accessible(page)
    assert set(cells(page)) <= set(taken(running, page, "necessity"))
    assert words["assess"] in printed(page)

    follow(page, page.get_by_role("link", name=words["appraisal"], exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{words['appraisal']} 2026-11")
    assert page.locator("tbody tr td:last-child").all_inner_texts() == [words["together"]] * 2 + [words["few"]]
    expect(main).to_contain_text(words["foot"])
    assert_accessible(page)
    assert set(cells(page)) <= set(taken(running, page, "appraisal"))
    assert words["foot"] in printed(page)


def cells_of(part):
    return [" ".join(text.split()) for text in part.locator("td").all_inner_texts()]
