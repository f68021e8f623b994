"""A hand-over in a real browser, by keyboard alone: a line added, refused and sent again, two signatures; on paper."""

from __future__ import annotations

import pytest
from browser import assert_accessible
from opened_desk import desk_of, written
from playwright.sync_api import expect
from served_desk import served
from sheet_daemon import Sheets
from timeline import at

from gateway.console.visitor import COOKIE
from gateway.journal.controls import PaperAct, PaperLine

NOW = at(1, 8.2)
SHEET = "a1b2c3"
LATE = PaperLine("alarm-1", "unresolved", "P0001", "1" * 32, zh="未按时在家", en="not home in time", since=at(0, 22.25))


@pytest.fixture
def sheets(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    one = Sheets(desk)
    one.put(PaperAct(SHEET, "begin", 1, "D01", form="hand_over", since=at(0, 21.75), until=NOW, lines=(LATE,)))
    with served(desk, one.answers) as running:
        one.address = running.address
        yield one


def seat(visitor, address, number, language="zh"):
    """A member of staff at a computer."""
    watched = visitor(viewport={"width": 1280, "height": 900})
    cookies = {COOKIE: number, "language": language}
    watched.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    return watched.context.new_page()


def reach(page, identity):
    """With Tab alone."""
    for _ in range(100):
        if page.evaluate("document.activeElement.id") == identity:
            return
        page.keyboard.press("Tab")
    raise AssertionError(identity)


def press(page, identity):
    reach(page, identity)
    page.keyboard.press("Enter")


def test_by_keyboard_from_the_list_to_two_signatures(sheets, visitor):
    page = seat(visitor, sheets.address, "D01")
    page.goto(f"{sheets.address}/sheets")
    assert_accessible(page)
    press(page, f"sheet-{SHEET}")
    expect(page.locator("h1")).to_have_text("交接班单")
    reach(page, "add-said")
    page.keyboard.insert_text("钥匙在抽屉")
    # Somebody else changes it meanwhile.
    sheets.put(PaperAct(SHEET, "strike", 2, "D02", key="alarm-1", note="重复"))
    press(page, "add-submit")
    expect(page.locator("#sheet-fault")).to_contain_text("刚被别人改过")
    expect(page.locator("#add-said")).to_be_focused()
    expect(page.locator("#add-said")).to_have_value("钥匙在抽屉")
    assert_accessible(page)
    press(page, "add-submit")
    expect(page.locator(".lines .said").last).to_have_text("钥匙在抽屉")
    expect(page.locator("#add-said")).to_have_value("")
    press(page, "sign-ask-for")
    expect(page.locator("#sign-sure")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-done")).to_contain_text("D01 已签署")

    other = seat(visitor, sheets.address, "D02", "en")
    other.goto(f"{sheets.address}/sheets/{SHEET}?line=alarm-1")
    assert_accessible(other)
    press(other, "sign-ask-for")
    expect(other.locator("#sign-sure")).to_be_focused()
    other.keyboard.press("Enter")
    expect(other.locator("#sheet-done")).to_contain_text("closed")
    paper = sheets.one(SHEET)
    expect(other.locator("#digest")).to_have_text(paper.digest)
    assert paper.frozen
    assert_accessible(other)


def test_an_open_line_is_accessible_and_paper_has_lines_and_signatures_alone(sheets, visitor):
    page = seat(visitor, sheets.address, "D01")
    page.goto(f"{sheets.address}/sheets/{SHEET}")
    press(page, "open-alarm-1")
    expect(page.locator("#correct-said")).to_have_value("未按时在家")
    reach(page, "strike-note")
    page.keyboard.insert_text("重复")
    page.reload()
    expect(page.locator("#strike-note")).to_have_value("重复")
    expect(page.locator("#correct-said")).to_have_value("未按时在家")
    assert_accessible(page)
    page.emulate_media(media="print")
    for hidden in (".top", "#add", ".forms-of-line", "#sign-ask-for", "#print"):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in ("h1", ".lines", "#signatures", "#digest"):
        expect(page.locator(shown)).to_be_visible()
    face = page.evaluate("getComputedStyle(document.querySelector('main')).fontFamily")
    assert face.startswith('"Noto Sans CJK SC"')
