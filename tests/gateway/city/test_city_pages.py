"""A city's pages: ten rows, one grey with its age, none of it a place; whose track is asked for is written down."""

from __future__ import annotations

import asyncio
import re

import pytest
from city_desk import CODES, CUT, FIRST, NEVER, client_of, desk_of, november, tell, written
from city_events import HOUR, NOW, alarm
from looked import found_in

from gateway.city.app import tell_who_is_cut

TRACK = f"/county/{FIRST}/track/P0001"


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "city"))


def browse(desk, *paths, number="C01", language="zh", told=None):
    async def run():
        try:
            await tell(desk, november() if told is None else told)
            async with client_of(desk, number, language) as client:
                return [await client.get(path) for path in paths]
        finally:
            desk.store.close()
            desk.books.close()

    return asyncio.run(run())


def cells(page, county):
    """The words of a county's row, cell by cell."""
    row = page.split(f'id="county-{county}"')[1].split("</tr>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)[:-1]]


def looks(desk):
    return [(one.said.number, one.said.what, one.said.person, one.said.purpose, one.said.ok)
            for one in found_in(desk.storage)]  # fmt: skip


def test_ten_rows_in_their_own_order_with_figures_and_the_age_of_the_data(desk):
    (answer,) = browse(desk, "/")
    page = answer.text
    assert re.findall(r'id="county-(\d+)"', page) == CODES
    row = cells(page, FIRST)
    assert row[0].endswith("甲县")
    assert row[1:] == ["1", "1", "0", "0", "1", "2小时00分", "40", "3/40 7.5% [2.6, 19.9]", "不到1分钟前"]
    assert cells(page, CODES[2])[1:] == ["0", "0", "0", "0", "0", "无", "0", "本月无办结", "不到1分钟前"]
    assert "不排名" in page


def test_a_county_that_is_cut_off_is_grey_with_its_age_and_keeps_what_it_told(desk):
    (zh,), page = browse(desk, "/"), None
    page = zh.text
    assert f'id="county-{CUT}" class="is-cut"' in page
    assert cells(page, CUT)[2] == "1"
    assert cells(page, CUT)[-1].startswith("数据中断 2小时14分 以下为")
    assert page.count('class="is-cut"') == 2


def test_of_a_county_that_was_never_heard_nothing_is_known_and_nothing_is_zero(desk):
    row = cells(browse(desk, "/")[0].text, NEVER)
    assert row[1:] == ["不明"] * 8 + ["从未收到数据"]


def test_the_same_in_english(desk):
    page = browse(desk, "/", language="en")[0].text
    assert "Sample City: alarms by county" in page
    assert cells(page, CUT)[-1].startswith("cut off for 2 h 14 min figures as of")
    assert "County 1" in page


def test_a_county_is_looked_into_without_a_place_or_a_word_that_staff_wrote(desk):
    (page,) = browse(desk, f"/county/{FIRST}")
    text = page.text
    for said in (
        "未办结 2 条",
        "自 2026-11-01 起接收",
        "本月办结 40 条",
        "城中司法所",
        "P0001",
        "D01 已接收",
        "联系 · 本人 · 未接",
        "0772-1111111",
    ):
        assert said in text, said
    assert 'href="https://first.example:8443/" target="_blank" rel="noopener noreferrer"' in text
    assert f'href="{TRACK}"' in text
    for place in ("网吧", "24.33", "109.41", "1874"):
        assert place not in text


@pytest.mark.parametrize("number", ["A01", "P01"])
def test_who_reads_alone_asks_for_no_track_and_the_attempt_is_written_down(desk, number):
    rows, county, form = browse(desk, "/", f"/county/{FIRST}", TRACK, number=number)
    assert (rows.status_code, county.status_code, form.status_code) == (200, 200, 403)
    assert f'href="{TRACK}"' not in county.text
    assert looks(desk) == [(number, "track", "P0001", "", False)]


def ask(desk, path=TRACK, number="C01", **form):
    async def run():
        try:
            async with client_of(desk, number) as client:
                return await client.post(path, data=form)
        finally:
            desk.store.close()
            desk.books.close()

    return asyncio.run(run())


def test_a_track_is_asked_of_the_county_written_down_first_and_looked_at_there(desk):
    page = ask(desk, purpose="查找下落", document="市局函2026-7").text
    there = "https://first.example:8443/person/P0001?for=%E6%9F%A5%E6%89%BE%E4%B8%8B%E8%90%BD+%E5%B8%82%E5%B1%80%E5%87%BD2026-7"
    assert f'href="{there}" target="_blank" rel="noopener noreferrer"' in page
    assert looks(desk) == [("C01", "track_asked", "P0001", f"{FIRST} 查找下落 市局函2026-7", True)]


@pytest.mark.parametrize("form", [{}, {"purpose": "查找下落"}, {"purpose": "x", "document": "7"}, {"document": "7"}])
def test_without_a_purpose_and_a_document_nothing_is_asked_and_what_was_typed_stays(desk, form):
    answer = ask(desk, **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in form.values())
    assert looks(desk) == []


def test_a_county_without_a_desk_is_called(desk):
    page = ask(desk, f"/county/{CUT}/track/P0001", purpose="查找下落", document="7").text
    assert "请电话联系" in page


def test_the_tree_counts_at_the_office_and_above_it_and_knows_what_it_does_not_know(desk):
    def at(page, code):
        row = page.split(f"<td>{code}</td>")[1].split("</tr>")[0]
        return " ".join(re.findall(r"<td[^>]*>([^<]*)</td>", row)[:1])

    page = browse(desk, "/offices")[0].text
    assert [at(page, code) for code in ("4502", FIRST, "SFS-01", CUT, "SFS-02", NEVER, "SFS-10")] == [
        "", "2", "2", "1", "1", "不明", "不明",
    ]  # fmt: skip
    assert page.count('class="is-cut"') == 4


def test_an_office_that_is_moved_stands_where_the_file_says_now(desk):
    path = desk.contacts.directory / "offices.yaml"
    path.write_text(path.read_text("utf-8").replace('Chengzhong, parent: "450201"', 'Chengzhong, parent: "450203"')
                    + '- {code: "450203", name: 丙县司法局, parent: "4502"}\n', "utf-8")  # fmt: skip
    tree, county = browse(desk, "/offices", f"/county/{FIRST}")
    assert tree.text.index("丙县司法局") < tree.text.index("城中司法所")
    assert "未办结 2 条" in county.text


def test_there_is_no_other_county_and_nobody_else_comes_in(desk):
    gone, nobody = browse(desk, "/county/450299", "/county/450299/track/P0001")
    assert (gone.status_code, nobody.status_code) == (404, 404)


def test_nobody_is_led_to_the_login_whose_page_rings_for_nobody(desk):
    rows, login, ring = browse(desk, "/", "/login", "/ring", number="")
    assert rows.headers["location"] == "/login?next=%2F"
    assert "市级总览" in login.text
    assert ring.status_code == 286


def test_the_audit_log_is_for_whoever_audits(desk):
    (mine,) = browse(desk, "/audit", number="A01")
    assert (mine.status_code, "一直保存" in mine.text) == (200, True)
    assert browse(desk_of(desk.contacts.directory), "/audit")[0].status_code == 403


def test_pages_are_told_when_a_county_is_cut_off_and_when_an_alarm_comes(desk):
    async def run():
        await tell(desk, november())
        watching = asyncio.create_task(tell_who_is_cut(desk, 0.01))
        news = desk.changes.news()
        try:
            async with asyncio.timeout(60):
                said = [await anext(news)]
                desk.clock.at = NOW + 61
                said.append(await anext(news))
                await desk.intake.take(FIRST, [alarm(FIRST, "d", onset=NOW + HOUR)])
                said.append(await anext(news))
        finally:
            watching.cancel()
            await news.aclose()
            cut = sum(one.is_cut for one in await desk.lines())
            desk.store.close()
        return said, cut

    assert asyncio.run(run()) == (["alarms"] * 3, 10)
