"""The wallboard: counts alone, for whoever reads alarms, on the wall for a whole session, by day and by night."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from browser import assert_accessible
from desk_accounts import REAL, admit, browser, enter, real_desk, run
from made_episodes import episode
from opened_desk import Standing, client_of, daemon_of, desk_of, stored, written
from playwright.sync_api import expect
from served_desk import served

from gateway.console.pages.wall import drawn, offices_of
from gateway.console.visitor import COOKIE
from gateway.console.wall import board
from gateway.words.alarm_words import Words

NOW = 1_793_530_800.0
PATH = {
    "state": "proven", "device": "B9001", "every_seconds": 300.0, "heard_seconds": 61.0, "committed_seconds": 20.0,
    "proven_seconds": {"city": 125.0}, "held_up": "",
}  # fmt: skip
DISTRICT = """
zones:
  - {id: SFS-01, name: 城中, datum: gcj02, longitude: 109.42, latitude: 24.33, radius_m: 2000}
"""


def alarm(number: int, kind: str = "strap_cut", age: float = 60.0, office: str = "SFS-01", **known: object):
    name = f"P{number:04d}"
    return episode(
        kind, id=f"{number:0>32}", person=name, device=f"B{number:04d}", office=office, decided=NOW - age, **known
    )


ALARMS = (
    alarm(1), alarm(2, age=4000.0, acknowledged=NOW), alarm(3, "comms_lost", 20_000.0, "SFS-02"),
    alarm(4, "mass_outage", 900.0, ""),
)  # fmt: skip


@pytest.fixture
def directory(tmp_path):
    return written(tmp_path / "county")


@pytest.fixture
def desk(directory):
    return desk_of(directory, NOW)


def browse(desk, *paths, number="D01", language="zh"):
    async def shown():
        async with daemon_of(desk, status={"alarm_path": PATH}), client_of(desk, number, language) as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(shown())


def test_alarms_are_counted_by_kind_age_and_office_the_gravest_first():
    found = board(ALARMS, ("SFS-01", "SFS-02", "SFS-03"), NOW)
    assert (found.count, found.untaken) == (4, 3)
    assert [(one.name, one.ages, one.untaken) for one in found.kinds] == [
        ("strap_cut", (1, 0, 1, 0), 1), ("mass_outage", (1, 0, 0, 0), 1), ("comms_lost", (0, 0, 0, 1), 1),
    ]  # fmt: skip
    assert [(one.name, one.count) for one in found.offices] == [("", 1), ("SFS-01", 2), ("SFS-02", 1), ("SFS-03", 0)]
    assert board((), (), NOW).kinds == ()
    drill = alarm(5, "drill", office="")
    assert board((*ALARMS, drill), ("SFS-01", "SFS-02", "SFS-03"), NOW) == found


def test_it_shows_counts_and_nobody_and_no_place(desk):
    desk.changes.here, desk.changes.now = True, NOW - 20.0
    named = [alarm(1, latitude=24.3312, longitude=109.4187, radius_m=30.0, level="strict")]
    stored(desk, [*named, *ALARMS[1:]])
    [page] = browse(desk, "/wall")
    assert page.status_code == 200
    assert '<b id="wall-count">4</b>' in page.text
    assert "报警通路 2分钟前正常" in page.text
    assert "数据 不到1分钟前" in page.text
    assert not re.search(r"P\d{4}|B000\d|24\.33|109\.41", page.text)
    assert "minor" not in page.text
    assert 'hx-trigger="every 5s"' in page.text
    assert "sse-connect" not in page.text, "no page that is led to the login while its session rests"


def test_who_may_see_it_and_of_whom(desk):
    mine = next(one.person for one in desk.configuration.people.values() if one.office == "SFS-01")
    stored(desk, [episode(id="1" * 32, person=mine, office="SFS-01", decided=NOW), ALARMS[2]])
    [refused] = browse(desk, "/wall", number="T01")
    assert refused.status_code == 403
    assert "处理报警" in refused.text
    [own] = browse(desk, "/wall/now", number="S01")
    assert '<b id="wall-count">1</b>' in own.text
    assert "SFS-02" not in own.text
    assert all('href="/wall"' in one.text for one in browse(desk, "/help", number="A01"))
    assert all('href="/wall"' not in one.text for one in browse(desk, "/help", number="T01"))


def test_without_the_daemon_it_says_so_and_what_cannot_be_read_is_no_zero(desk):
    [page] = browse(desk, "/wall/now")
    assert "网关没有应答" in page.text
    (desk.readings.directory / "state.db").write_bytes(b"no database" * 500)
    [page] = browse(desk, "/wall/now")
    assert "暂时读不到报警" in page.text
    assert "wall-count" not in page.text


def test_a_zone_with_an_offices_code_is_its_district_and_nothing_else_is_drawn(directory):
    before = desk_of(directory, NOW).configuration
    words = Words("zh", ZoneInfo("Asia/Shanghai"))
    bare = drawn(before, words, offices_of(before, ""))
    assert (len(bare.county), bare.districts) == (1, ())
    (directory / "rules" / "districts.yaml").write_text(DISTRICT, "utf-8")
    after = desk_of(directory, NOW).configuration
    found = drawn(after, words, offices_of(after, ""))
    of_one = replace(after.zones["SFS-01"], people=("P0001",))
    assert drawn(replace(after, zones={**after.zones, "SFS-01": of_one}), words, ("SFS-01",)).districts == ()
    [district] = found.districts
    assert district.office == "SFS-01"
    assert Counter(district.path)["M"] == 1
    assert 0.0 < district.x < 1000.0
    assert 0.0 < district.y < found.height


def test_a_session_in_which_nobody_does_anything_shows_it_on_and_nothing_else_until_it_is_over(tmp_path):
    desk = real_desk(tmp_path / "county", NOW)
    stored(desk, ALARMS)

    def later(seconds):
        object.__setattr__(desk.sessions, "clock", Standing(REAL + seconds))

    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            later(desk.configuration.console.idle + 60.0)
            wall, queue, part = [await client.get(path) for path in ("/wall", "/", "/queue/rows")]
            assert (wall.status_code, queue.status_code, part.status_code) == (200, 303, 303)
            assert '<b id="wall-count">4</b>' in wall.text
            later(desk.configuration.console.session + 1.0)
            assert (await client.get("/wall")).headers["location"] == "/login?next=%2Fwall"

    run(desk, story())


@pytest.fixture
def running(directory):
    (directory / "rules" / "districts.yaml").write_text(DISTRICT, "utf-8")
    desk = desk_of(directory, NOW)
    stored(desk, ALARMS)
    with served(desk, {"status": {"alarm_path": PATH}}) as one:
        yield one


def test_by_day_and_by_night_in_both_languages_by_keyboard_and_by_itself(running, visitor):
    watched = visitor(viewport={"width": 1920, "height": 1080})
    for language, look in (("zh", "dark"), ("en", "light")):
        cookies = {COOKIE: "D01", "language": language}
        watched.context.add_cookies([{"name": k, "value": v, "url": running.address} for k, v in cookies.items()])
        page = watched.context.new_page()
        page.goto(f"{running.address}/wall?look={look}")
        expect(page.locator("#wall-count")).to_have_text("4")
        assert_accessible(page)
    stored(running.desk, [alarm(5, "sos")])
    expect(page.locator("#wall-count")).to_have_text("5")
    page.keyboard.press("b")
    expect(page.locator("#alarm-path .good")).to_have_text("Alarm path proven 2 min ago")
    assert_accessible(page)
