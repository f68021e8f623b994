"""Documents in a real browser: reached by keyboard, shown by their own style, accessible, and numbered on paper."""

from __future__ import annotations

import re
import zlib

import pytest
from browser import PATIENCE_MS, assert_accessible
from opened_desk import Pasts, desk_of, written
from playwright.sync_api import expect
from served_desk import served

from gateway.console.lawful import lawful_people
from gateway.control.messages import Reply
from gateway.engine import Episode, Fix, Past, Told

NOW = 1_793_530_800.0
ALARM = "ab" * 16


@pytest.fixture(scope="module")
def served_one(tmp_path_factory):
    desk = desk_of(written(tmp_path_factory.mktemp("printing") / "county"), NOW)
    rows = [(NOW - 36_000 + 60.0 * at, 24.33 + 2e-5 * at, 109.41, 12.0) for at in range(300)]
    fixes = [Fix(*row, 0.0, "well", "gnss", "B1") for row in rows]
    told = [Told(*row, "gnss", "B1", row[0], used=True) for row in rows]
    desk.tracks = Pasts(Past(fixes, told=told), desk.configuration)
    with served(desk, {"where": Reply(ok=False, error="away", passes=True)}) as one:
        person = lawful_people(desk.configuration, NOW)[0]
        one.tell(Episode(
            ALARM, "curfew_late", "serious", "self", person, "B1", "SFS-01", "strict", "home", "home", "R1", "文书1号",
            NOW - 1800, NOW - 1700, NOW - 1700, 1, 1,
        ))  # fmt: skip
        yield one, person


def opened(visitor, address, language, number="L01"):
    watched = visitor(viewport={"width": 1280, "height": 900})
    cookies = [{"name": "desk", "value": number}, {"name": "language", "value": language}]
    watched.context.add_cookies([one | {"url": address} for one in cookies])
    return watched.context.new_page()


def pages_of(pdf: bytes) -> int:
    """Sheets of a PDF, of whose objects some are compressed."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    parts = [pdf]
    for one in streams:
        try:
            parts.append(zlib.decompress(one))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page[^s]", part)) for part in parts)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.torture)])
def test_a_statement_is_asked_for_by_keyboard_and_printed(visitor, served_one, language):
    one, person = served_one
    page = opened(visitor, one.address, language)
    page.goto(f"{one.address}/person/{person}?alarm={ALARM}")
    page.locator("#export-words").focus()
    page.keyboard.type("case 7")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    title = "轨迹情况说明" if language == "zh" else "Statement of a track"
    expect(page.locator("h1")).to_have_text(title, timeout=PATIENCE_MS)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).textAlign") == "center", "its style was taken"
    expect(page.locator(".mark")).to_contain_text("case 7")
    assert_accessible(page)
    assert pages_of(page.pdf(prefer_css_page_size=True)) >= 2


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.torture)])
def test_record_slip_and_notice_are_reached_by_keyboard(visitor, served_one, language):
    one, person = served_one
    page = opened(visitor, one.address, language)
    page.goto(f"{one.address}/alarm/{ALARM}")
    page.locator("#record").press("Enter")
    expect(page.locator("h1")).to_have_text("报警处置记录" if language == "zh" else "Record of an alarm's handling")
    assert_accessible(page)
    page.goto(f"{one.address}/registers")
    assert_accessible(page)
    page.locator("#print-person").select_option(person)
    page.locator("button[value=notice]").press("Enter")
    expect(page.locator("h1")).to_have_text(
        "电子定位告知书" if language == "zh" else "Notice of electronic positioning"
    )
    assert_accessible(page)


@pytest.mark.parametrize("language", [pytest.param("zh", marks=pytest.mark.torture), "en"])
def test_a_package_is_asked_for_and_approved_by_keyboard(visitor, served_one, language):
    one, person = served_one
    page = opened(visitor, one.address, language, "D01")
    page.goto(f"{one.address}/disclosures?person={person}")
    assert_accessible(page)
    page.locator("#disclosure-since").focus()
    page.keyboard.type("2026-10-31 00:00")
    page.locator("#disclosure-recipient").select_option("procuratorate")
    page.locator("#disclosure-purpose").select_option("supervision")
    page.locator("#disclosure-document").focus()
    page.keyboard.type(f"J-{language}")
    page.keyboard.press("Enter")
    expect(page.locator("#disclosure-done")).to_be_visible()
    other = opened(visitor, one.address, language)
    other.goto(f"{one.address}/disclosures")
    approve = "批准" if language == "zh" else "Approve"
    other.get_by_role("button", name=f"{approve} {person} J-{language}", exact=True).press("Enter")
    link = other.locator("tr", has_text=f"J-{language}").locator("a.take")
    expect(link).to_be_visible()
    assert_accessible(other)
    with other.expect_download() as taken:
        link.press("Enter")
    assert taken.value.suggested_filename.endswith(".zip")
