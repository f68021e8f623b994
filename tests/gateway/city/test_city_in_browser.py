"""Ten counties in a real browser, one grey with the age of its data: by keyboard, in both languages."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from browser import assert_accessible
from city_desk import CUT, FIRST, KEY, NAMES, NEVER, STREAMED, desk_of, november, served, tell, written
from city_events import NOW, alarm
from playwright.sync_api import expect

from gateway.city.desk import Standing
from gateway.console.visitor import COOKIE
from gateway.signing import headers


@pytest.fixture
def desk(tmp_path):
    one = desk_of(written(tmp_path / "city"))
    with ThreadPoolExecutor(1) as beside:  # the browser has a loop in this thread
        beside.submit(asyncio.run, tell(one, [*november(), (STREAMED, alarm(STREAMED, "a"), NOW - 1)])).result()
    return one


@pytest.mark.parametrize("language", ["zh", "en"])
def test_ten_rows_one_grey_and_down_to_the_countys_own_desk_by_keyboard(desk, visitor, language):
    chinese = language == "zh"
    with served(desk) as address:
        watched = visitor(viewport={"width": 1280, "height": 900})
        watched.context.add_cookies([
            {"name": COOKIE, "value": "C01", "url": address}, {"name": "language", "value": language, "url": address},
        ])  # fmt: skip
        page = watched.context.new_page()
        page.goto(f"{address}/")
        expect(page.locator("tbody tr")).to_have_count(10)
        expect(page.locator(f"#county-{CUT}")).to_contain_text(
            "数据中断 2小时14分" if chinese else "cut off for 2 h 14 min"
        )
        expect(page.locator(f"#county-{CUT}")).to_have_class("is-cut")
        expect(page.locator(f"#county-{NEVER}")).to_contain_text("不明" if chinese else "unknown")
        assert_accessible(page)

        posted = alarm(FIRST, "d", kind="sos", onset=NOW)
        answer = page.request.post(f"{address}/from/{FIRST}", data=posted, headers=headers(KEY, "id", posted, NOW))
        assert answer.status == 204
        expect(page.locator(f"#county-{FIRST} td").first).to_have_text("2")
        desk.clock.at = NOW + 61
        expect(page.locator("tr.is-cut")).to_have_count(10)

        page.get_by_role("link", name=f"{NAMES[0]}县" if chinese else "County 1", exact=True).press("Enter")
        page.wait_for_url(f"**/county/{FIRST}")
        page.locator("details summary").first.press("Enter")
        expect(page.locator("details li").first).to_contain_text("D01")
        assert_accessible(page)

        page.get_by_role("link", name=re.compile("P0001")).first.press("Enter")
        assert_accessible(page)
        for typed in ("查找下落", "市局函2026-7"):
            page.keyboard.insert_text(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="市局函2026-7")).to_be_visible()
        there = page.locator("main a[target=_blank]")
        expect(there).to_have_attribute("href", re.compile(r"https://first\.example:8443/person/P0001\?for="))
        assert_accessible(page)

        page.goto(f"{address}/county/{STREAMED}/alarm/{'a':0<32}")
        assert_accessible(page)

        known = desk.configuration.counties
        away = replace(known[FIRST], desk="https://127.0.0.1:1")
        desk.in_force = Standing(replace(desk.configuration, counties={**known, FIRST: away}))
        page.goto(f"{address}/county/{FIRST}/record/P0001")
        assert_accessible(page)
        for typed in ("2026-11-01 08:00", "2026-11-01 20:00"):
            page.keyboard.insert_text(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.insert_text("市局函2026-8")
        page.keyboard.press("Enter")
        page.wait_for_url("**/records")
        expect(page.locator("#records tbody tr")).to_contain_text("没有应答" if chinese else "does not answer")
        assert_accessible(page)

        page.goto(f"{address}/offices")
        expect(page.locator("tbody tr")).to_have_count(7)
        assert_accessible(page)
        page.close()
