"""The ledger's page: for whom it is, its states, what it says of each bracelet; nothing of where anybody is."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest
from browser import assert_accessible
from desk_accounts import looked_at
from opened_desk import client_of, daemon_of, desk_of, visit, written
from playwright.sync_api import expect
from served_desk import served

from gateway.console.visitor import COOKIE
from gateway.control.device_rows import STATES, DeviceRow

NOW = 1_793_530_800.0
FLAT = DeviceRow(
    "B0001", "jt808", "standard", "worn", "P0001", "SFS-01", NOW - 9e5, contact=NOW - 60, battery=31, hours=24.0,
    hours_before=41.0, aged=True, charged_at=1200, flat_at=NOW + 9600, replace_by=NOW + 3 * 86_400, measured=True,
)  # fmt: skip
LOST = DeviceRow("B0002", "jt808", "standard", "lost", "P0002", "SFS-01", NOW - 5e5, contact=NOW - 5e5)
TOLD = {
    "now": NOW, "counts": dict.fromkeys(STATES, 0) | {"worn": 1, "lost": 1}, "left": 0,
    "rows": msgspec.to_builtins([FLAT, LOST]),
}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def shown(desk, path="/devices", number="T01", language="zh", **told):
    async def run():
        async with daemon_of(desk, devices=TOLD | told) as daemon, client_of(desk, number, language) as client:
            return (await client.get(path)).text, daemon.asked

    page, asked = asyncio.run(run())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1])), asked


def test_each_bracelet_is_a_row_that_says_what_is_to_be_done(desk):
    page, asked = shown(desk)
    assert (asked[0].do, asked[0].kind, asked[0].by) == ("devices", "", "T01")
    assert "B0001 standard 佩戴中 P0001" in page
    assert "31% 24 41 20:00" in page
    assert re.search(r"按习惯\d\d:\d\d没电；请在周.前更换", page)
    assert "全部 (2)" in page
    assert "佩戴中 (1)" in page
    assert "失联 P0002" in page
    assert "不详 不详 不详" in page
    english, _ = shown(desk, language="en", left=3)
    assert re.search(r"flat at \d\d:\d\d by its habits; replace by \w+day", english)
    assert "Of 3 more, past charges are being read" in english


def test_the_filter_is_of_one_state_and_one_that_there_is_none_of_shows_nothing(desk):
    assert shown(desk, "/devices?state=lost")[1][0].kind == "lost"
    page, asked = shown(desk, "/devices?state=eaten")
    assert ("没有这样的设备" in page, asked) == (True, [])


def test_who_may_not_is_told_so_in_words_and_it_is_written_down(desk):
    refused = visit(desk, "/devices", "A01")
    assert (refused.status_code, "technician" in refused.text) == (403, True)
    assert [(one.what, one.ok) for one in looked_at(desk)] == [("devices", False)]
    assert 'href="/devices"' not in visit(desk, "/help", "A01").text
    for number in ("T01", "D01", "S01", "L01"):
        assert 'href="/devices"' in visit(desk, "/help", number).text


def test_in_a_browser_a_state_is_chosen_by_keyboard_also_in_a_drill(desk, visitor):
    desk.drill = True
    with served(desk, {"devices": TOLD}) as running:
        watched = visitor(viewport={"width": 1280, "height": 900})
        watched.context.add_cookies([
            {"name": COOKIE, "value": "T01", "url": running.address},
            {"name": "language", "value": "en", "url": running.address},
        ])  # fmt: skip
        page = watched.context.new_page()
        page.goto(f"{running.address}/devices")
        assert_accessible(page)
        expect(page.get_by_text("DRILL, not real alarms")).to_be_visible()
        page.get_by_role("combobox").focus()
        page.keyboard.type("silent")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{running.address}/devices?state=lost")
        page.emulate_media(media="print")
        expect(page.get_by_text("DRILL, not real alarms")).to_be_visible()
        page.close()
