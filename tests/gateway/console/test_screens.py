"""A screen on the wall: it shows counts for weeks without a login, opens nothing else, and comes down at any time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import assert_accessible
from desk_accounts import REAL, admit, browser, csrf_in, enter, looks, real_desk, run
from made_episodes import episode
from opened_desk import Standing, desk_of, stored, written
from served_desk import served

from gateway.console.accounts.screens import LASTS
from gateway.console.visitor import COOKIE

NOW = 1_793_530_800.0
EVERY = ("/", "/wall/now", "/map", "/alarm/" + "1" * 32, "/person/P0001", "/screens", "/me", "/audit")


@pytest.fixture
def desk(tmp_path):
    desk = real_desk(tmp_path / "county", NOW)
    stored(desk, [episode(id="1" * 32, person="P0001", office="SFS-01", decided=NOW)])
    return desk


def later(desk, seconds):
    object.__setattr__(desk.sessions, "clock", Standing(REAL + seconds))


async def hung(desk, client, name="大厅"):
    await admit(desk, "L01")
    await enter(desk, client, "L01")
    form = {"csrf": csrf_in((await client.get("/screens")).text), "name": name}
    return await client.post("/screens", data=form)


def test_it_shows_counts_for_ninety_days_and_opens_nothing_else(desk):
    async def story():
        async with browser(desk) as client:
            answer = await hung(desk, client)
            assert (answer.status_code, answer.headers["location"]) == (303, "/wall")
            cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("screen="))
            assert all(
                word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/wall", "Max-Age=7776000")
            )
            assert COOKIE not in client.cookies
            for seconds in (0.0, 2 * 86_400.0, LASTS - 60.0):
                later(desk, seconds)
                assert '<b id="wall-count">1</b>' in (await client.get("/wall")).text
                found = {path: (await client.get(path)).status_code for path in EVERY}
                assert found == dict.fromkeys(EVERY, 303) | {"/wall/now": 200}
            later(desk, LASTS)
            assert (await client.get("/wall")).status_code == 303
        assert [(one.number, one.what, one.purpose) for one in await looks(desk)] == [
            ("L01", "login", ""), ("L01", "screen_hung", "大厅"), ("L01", "logout", ""),
        ]  # fmt: skip

    run(desk, story())


def test_any_leader_takes_it_down_and_it_goes_dark_with_whoever_hung_it(desk):
    async def story():
        async with browser(desk) as wall, browser(desk) as another:
            await hung(desk, wall, "一楼")
            token = wall.cookies["screen"]
            later(desk, 60.0)
            await hung(desk, another, "二楼")
            later(desk, 120.0)
            async with browser(desk) as leader:
                await enter(desk, leader, "L01")
                page = (await leader.get("/screens")).text
                assert page.count('aria-label="取下') == 2
                down = await leader.post("/screens/down", data={"csrf": csrf_in(page), "name": "一楼"})
                assert down.headers["location"] == "/screens"
            assert [(await one.get("/wall")).status_code for one in (wall, another)] == [303, 200]
            forged = {"screen": token[::-1]}
            async with browser(desk, cookies=forged) as stranger:
                assert (await stranger.get("/wall")).status_code == 303
            staff = {**desk.configuration.staff}
            desk.in_force.configuration = replace(
                desk.configuration, staff=staff | {"L01": replace(staff["L01"], roles=staff["D01"].roles)}
            )
            assert (await another.get("/wall")).status_code == 303
            desk.in_force.configuration = replace(desk.configuration, staff={k: staff[k] for k in staff if k != "L01"})
            assert (await another.get("/wall")).status_code == 303

    run(desk, story())


def test_one_of_a_name_hangs_and_it_takes_a_name_and_a_leader(desk):
    async def story():
        async with browser(desk) as first, browser(desk) as second, browser(desk) as duty:
            await hung(desk, first)
            later(desk, 60.0)
            await hung(desk, second)
            assert [(await one.get("/wall")).status_code for one in (first, second)] == [303, 200]
            later(desk, 120.0)
            unnamed = await hung(desk, first, " ")
            assert (unnamed.status_code, "请写名称" in unnamed.text) == (422, True)
            await admit(desk, "D01")
            await enter(desk, duty, "D01")
            form = {"csrf": csrf_in((await duty.get("/me")).text), "name": "x"}
            assert "/screens" not in (await duty.get("/me")).text
            refused = [
                await duty.get("/screens"),
                *[await duty.post(path, data=form) for path in ("/screens", "/screens/down")],
            ]
            assert [one.status_code for one in refused] == [403, 403, 403]

    run(desk, story())


def test_its_page_is_read_by_everybody_in_both_languages(tmp_path, visitor):
    desk = desk_of(written(tmp_path / "county"), NOW)
    with served(desk, {}) as running:
        for language in ("zh", "en"):
            watched = visitor(viewport={"width": 1280, "height": 900})
            cookies = {COOKIE: "L01", "language": language}
            watched.context.add_cookies([{"name": k, "value": v, "url": running.address} for k, v in cookies.items()])
            page = watched.context.new_page()
            page.goto(f"{running.address}/screens")
            assert_accessible(page)
            page.close()
