"""The door: who comes in, how long he stays, and what whoever is refused is told."""

from __future__ import annotations

import asyncio
import dataclasses
import re

import pytest
from desk_accounts import PASSWORD, REAL, admit, browser, code, csrf_in, enter, looks, real_desk, run
from made_episodes import episode
from opened_desk import stored

from gateway.console.accounts.knocks import LOCKED
from gateway.console.doors import DOOR
from gateway.console.visitor import COOKIE

NOW = 1_793_530_800.0
WRONG = "wrong wrong"


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW)


def at(desk, moment):
    desk.sessions.clock.at = REAL + moment


def test_number_password_and_code_open_the_page_that_was_asked_for(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            led = await client.get("/help?a=1")
            shown = await client.get(led.headers["location"])
            form = {"number": "D01", "password": PASSWORD, "code": code(desk), "csrf": csrf_in(shown.text)}
            answer = await client.post("/login", data=form | {"next": "/help?a=1"})
            return answer, await client.get("/help"), await looks(desk)

    answer, page, written = run(desk, story())
    assert (answer.status_code, answer.headers["location"]) == (303, "/help?a=1")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(COOKIE))
    assert {"HttpOnly", "Secure", "SameSite=strict"} <= set(cookie.split("; "))
    assert "D01" in page.text
    assert [(one.number, one.what, one.ip, one.ok) for one in written] == [("D01", "login", "192.0.2.7", True)]


@pytest.mark.parametrize(
    "typed",
    [{"password": "something else"}, {"code": "000000"}, {"code": ""}, {"number": "Z99"}, {"number": "D02"},
     {"password": ""}, {"number": ""}],
    ids=str,
)  # fmt: skip
def test_whoever_is_wrong_is_told_the_same_whatever_is_wrong(desk, typed):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            return await enter(desk, client, **typed), client.cookies.get(COOKIE), await looks(desk)

    answer, cookie, written = run(desk, story())
    assert (answer.status_code, cookie) == (403, None)
    assert "工号、密码或动态码不对" in answer.text
    assert [one.ok for one in written] == [False]


def test_a_number_that_is_nobodys_is_not_written_down_for_it_may_be_a_password(desk):
    async def story():
        async with browser(desk) as client:
            await enter(desk, client, number="my secret word")
            return await looks(desk)

    (row,) = run(desk, story())
    assert (row.number, row.person, row.purpose) == ("", "", "")


def test_an_account_whose_number_is_not_in_the_staff_is_nobodys(desk):
    async def story():
        await admit(desk, "Z99")
        async with browser(desk) as client:
            return await enter(desk, client, "Z99")

    assert run(desk, story()).status_code == 403


@pytest.mark.parametrize("number", ["D01", "Z99"])
def test_five_failures_lock_a_number_for_a_quarter_of_an_hour_whether_or_not_it_is_somebodys(desk, number):
    async def story():
        await admit(desk, "D01")
        said = []
        async with browser(desk) as client:
            for _ in range(6):
                answer = await enter(desk, client, number, password=WRONG)
                said.append(answer.text)
            said.append((await enter(desk, client, number)).text)
            at(desk, LOCKED + 1)
            answer = await enter(desk, client, number)
        return said, answer

    said, answer = run(desk, story())
    assert ["已锁定" in page for page in said] == [False] * 4 + [True] * 3
    assert "15 分钟后" in said[4]
    assert (answer.status_code == 303) is (number == "D01")


def test_many_attempts_at_once_are_no_more_than_five(desk):
    async def story():
        await admit(desk, "D01")
        tried = []
        fits = type(desk.entrance).matches

        async def matches(self, who, password):
            tried.append(password)
            return await fits(self, who, password)

        pytest.MonkeyPatch().setattr(type(desk.entrance), "matches", matches)
        async with browser(desk) as client, asyncio.TaskGroup() as group:
            form = {"csrf": csrf_in((await client.get("/login")).text), "number": "D01", "code": code(desk)}
            for guess in range(12):
                group.create_task(client.post("/login", data=form | {"password": f"guess {guess}"}))
        return tried

    assert len(run(desk, story())) == 5


def test_a_success_forgets_the_failures_before_it(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            for off in range(3):
                for _ in range(3):
                    await enter(desk, client, password=WRONG)
                at(desk, 30 * off)
                assert (await enter(desk, client)).status_code == 303
                client.cookies.clear()

    run(desk, story())


def test_a_code_is_taken_once_and_none_that_is_older(desk):
    async def story():
        await admit(desk, "D01")
        statuses = []
        async with browser(desk) as client:
            for typed in (code(desk), code(desk), code(desk, -1), code(desk, 1)):
                client.cookies.clear()
                statuses.append((await enter(desk, client, code=typed)).status_code)
        return statuses

    assert run(desk, story()) == [303, 403, 403, 303]


@pytest.mark.parametrize(("off", "status"), [(-2, 403), (-1, 303), (1, 303), (2, 403)])
def test_a_telephone_may_be_off_by_half_a_minute(desk, off, status):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            return (await enter(desk, client, code=code(desk, off))).status_code

    assert run(desk, story()) == status


def test_a_code_typed_with_a_space_or_full_width_is_a_code(desk):
    async def story():
        await admit(desk, "D01")
        typed = code(desk)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in typed[:3]) + " " + typed[3:]
        async with browser(desk) as client:
            return (await enter(desk, client, code=wide)).status_code

    assert run(desk, story()) == 303


def test_a_token_from_before_is_worth_nothing_after_the_login(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            client.cookies.set(COOKIE, "planted by somebody")
            client.cookies.set(DOOR, "planted too")
            await enter(desk, client)
            token = client.cookies.get(COOKIE, domain="desk.local") or next(
                each.value for each in client.cookies.jar if each.name == COOKIE and each.value != "planted by somebody"
            )
        async with browser(desk) as other:
            planted = await other.get("/help", headers={"cookie": f"{COOKIE}=planted by somebody"})
            own = await other.get("/help", headers={"cookie": f"{COOKIE}={token}"})
        return planted.status_code, own.status_code

    assert run(desk, story()) == (303, 200)


def test_whoever_logs_in_again_ends_the_session_he_came_with(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            first = client.cookies[COOKIE]
            form = {"number": "D01", "password": PASSWORD, "code": code(desk, 1)}
            await client.post("/login", data=form | {"csrf": csrf_in((await client.get("/help")).text)})
            second = client.cookies[COOKIE]
            return [await desk.sessions.visitor(token) for token in (first, second)]

    first, second = run(desk, story())
    assert first is None
    assert second.number == "D01"


@pytest.mark.parametrize("there", ["//elsewhere/x", "https://elsewhere/", "/\\elsewhere", "x", "/a\nb", ""])
def test_the_login_leads_to_our_own_pages_alone(desk, there):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            return (await enter(desk, client, next=there)).headers["location"]

    assert run(desk, story()) == "/"


def test_a_session_in_which_nobody_does_anything_ends(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            seen = []
            for moment in (800, 1600, 2400, 3301):
                at(desk, moment)
                seen.append((await client.get("/help")).status_code)
        return seen

    assert run(desk, story()) == [200, 200, 200, 303]


def test_a_page_that_looks_for_news_by_itself_keeps_no_session_open(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            seen = []
            for moment in (500, 899, 901):
                at(desk, moment)
                answer = await client.get("/link", headers={"X-By-Itself": "1", "HX-Request": "true"})
                seen.append(answer.status_code)
        return seen

    assert run(desk, story()) == [200, 200, 401]


def test_every_session_ends_after_twelve_hours_whatever_is_done_in_it(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            last = 0
            for moment in range(800, 43_201 + 800, 800):
                at(desk, moment)
                if (await client.get("/help")).status_code == 200:
                    last = moment
        return last

    assert run(desk, story()) == 43_200 - 43_200 % 800 - (800 if 43_200 % 800 == 0 else 0)


def test_a_number_that_is_taken_out_of_the_staff_has_no_session_any_more(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            before = (await client.get("/help")).status_code
            staff = {number: one for number, one in desk.configuration.staff.items() if number != "D01"}
            desk.in_force.configuration = dataclasses.replace(desk.configuration, staff=staff)
            return before, (await client.get("/help")).status_code

    assert run(desk, story()) == (200, 303)


def test_whoever_goes_is_out_with_that_token(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            token = client.cookies[COOKIE]
            answer = await client.post("/logout", data={"csrf": csrf_in((await client.get("/help")).text)})
            return answer, await desk.sessions.visitor(token), [one.what for one in await looks(desk)]

    answer, visitor, written = run(desk, story())
    assert (answer.headers["location"], visitor) == ("/login", None)
    assert written == ["login", "logout"]


@pytest.mark.parametrize("token", ["", "x", "D01", "../../etc/passwd", "é" * 3000])
def test_a_forged_token_is_nobodys(desk, token):
    async def story():
        await admit(desk, "D01")
        return await desk.sessions.visitor(token)

    assert run(desk, story()) is None


def test_no_token_and_no_password_lies_in_the_file(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            return client.cookies[COOKIE], csrf_in((await client.get("/help")).text)

    secrets = run(desk, story())
    kept = b"".join(path.read_bytes() for path in desk.books.path.parent.glob("console.db*"))
    assert b"D01" in kept
    assert [secret for secret in (*secrets, PASSWORD) if secret.encode() in kept] == []
    assert {path.stat().st_mode & 0o777 for path in desk.books.path.parent.glob("console.db*")} == {0o600}


def test_a_screen_that_nobody_works_on_rings_on_and_says_how_many_alarms_wait_and_nothing_else(desk):
    async def story():
        await admit(desk, "D01", "S02", "A01")
        told = {}
        for number in ("D01", "S02", "A01"):
            async with browser(desk) as client:
                at(desk, 0.0)
                await enter(desk, client, number=number)
                working = await client.get("/ring")
                at(desk, desk.configuration.console.idle + 1.0)
                quiet = await client.get("/ring")
                at(desk, desk.configuration.console.session + 1.0)
                over = await client.get("/ring")
                told[number] = (working.status_code, quiet.text, over.status_code)
        return told

    waiting = [
        episode(id=f"{at:032d}", office="SFS-01", acknowledged=taken, kind=kind)
        for at, (kind, taken) in enumerate([("strap_cut", None), ("strap_cut", NOW), ("battery_low", None)])
    ]
    stored(desk, waiting)
    told = run(desk, story())
    assert {(working, over) for working, _, over in told.values()} == {(286, 286)}, "in, or out for good"
    assert "有 1 条紧急报警无人接收" in told["D01"][1]
    assert "P0001" not in told["D01"][1]
    assert {re.search(r'data-waiting="(\d+)"', told[number][1])[1] for number in ("S02", "A01")} == {"0"}


def test_whoever_goes_out_hears_nothing_any_more(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            token = client.cookies[COOKIE]
            await client.post("/logout", data={"csrf": csrf_in((await client.get("/help")).text)})
            at(desk, desk.configuration.console.idle + 1.0)
            client.cookies.set(COOKIE, token)
            return await client.get("/ring")

    stored(desk, [episode(office="SFS-01")])
    assert run(desk, story()).status_code == 286
