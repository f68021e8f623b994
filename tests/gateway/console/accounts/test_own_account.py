"""One's own account: the password that has to be changed first, another one, another second factor, other sessions."""

from __future__ import annotations

import html
import re

import pyotp
import pytest
from desk_accounts import PASSWORD, QUICK, REAL, admit, browser, code, csrf_in, enter, looks, real_desk, run

from gateway.console.accounts import account
from gateway.console.visitor import COOKIE
from gateway.console.words.door import DOOR
from gateway.settings.model import Role

NOW = 1_793_530_800.0
NEW = "quite another 8"


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW)


async def post(client, path, page, **typed):
    """Send a form of a page."""
    return await client.post(path, data=typed | {"csrf": csrf_in((await client.get(page)).text)})


async def change(client, **typed):
    return await post(client, "/password", "/password", **{"password": PASSWORD, "new": NEW, "again": NEW} | typed)


def test_a_password_that_somebody_else_has_seen_is_changed_before_anything_is_shown(desk):
    async def story():
        await admit(desk, "D01", must_change=True)
        async with browser(desk) as client:
            await enter(desk, client)
            before = [(await client.get(path)).headers.get("location") for path in ("/", "/help", "/me", "/audit")]
            part = await client.get("/queue/rows", headers={"HX-Request": "true"})
            await change(client)
            return before, part, (await client.get("/help")).status_code

    before, part, after = run(desk, story())
    assert before == ["/password"] * 4
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/password")
    assert after == 200


def test_after_a_change_the_new_one_opens_and_the_old_one_does_not(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            await change(client)
            await post(client, "/logout", "/help")
            old = await enter(desk, client, code=code(desk, 1))
            new = await enter(desk, client, code=code(desk, 1), password=NEW)
            return old.status_code, new.status_code, [one.what for one in await looks(desk) if one.ok]

    assert run(desk, story()) == (403, 303, ["login", "password", "logout", "login"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "wrong"}, "password_wrong"),
        ({"password": ""}, "password_wrong"),
        ({"again": "quite another 9"}, "password_differs"),
        ({"new": "short 678", "again": "short 678"}, "password_short"),
        ({"new": "x" * 257, "again": "x" * 257}, "password_short"),
        ({"new": "my d01 is long", "again": "my d01 is long"}, "password_number"),
        ({"new": "aaaaaaaaaab", "again": "aaaaaaaaaab"}, "password_plain"),
        ({"new": PASSWORD, "again": PASSWORD}, "password_last"),
    ],
    ids=str,
)
def test_a_password_that_cannot_be_one_is_refused_in_words_and_the_old_one_stays(desk, typed, said):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            answer = await change(client, **typed)
            return answer, await desk.books.ask(lambda db: account.one(db, "D01"))

    answer, kept = run(desk, story())
    assert answer.status_code == 403
    assert DOOR[said].zh.format(count=5) in html.unescape(answer.text)
    assert QUICK.match(kept.password, PASSWORD)


def test_at_a_desk_that_was_left_open_a_password_is_guessed_at_five_times(desk):
    async def story():
        await admit(desk, "D01")
        said = []
        async with browser(desk) as client:
            await enter(desk, client)
            for _ in range(5):
                answer = await change(client, password="a guess")  # noqa: S106  nobody's
                said.append("不对" in answer.text)
            right = await change(client)
            return said, right

    said, right = run(desk, story())
    assert said == [True] * 5
    assert "已锁定" in right.text


def test_a_change_ends_the_other_sessions_and_not_this_one(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as here, browser(desk) as there:
            await enter(desk, here)
            await enter(desk, there, code=code(desk, 1))
            await change(here)
            return [(await one.get("/help")).status_code for one in (here, there)]

    assert run(desk, story()) == [200, 303]


def test_other_sessions_are_shown_and_ended(desk):
    async def story():
        await admit(desk, "D01", "D02")
        async with browser(desk) as here, browser(desk) as there, browser(desk) as another:
            await enter(desk, another, "D02")
            await enter(desk, there)
            desk.sessions.clock.at = REAL + 120
            await enter(desk, here, code=code(desk))
            page = (await here.get("/me")).text
            await post(here, "/me/sessions", "/me")
            left = [(await one.get("/help")).status_code for one in (here, there, another)]
            return page, left, [one.what for one in await looks(desk)][-1]

    page, left, last = run(desk, story())
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 2
    assert "2分钟前" in rows
    assert rows.count("（这里）") == 1
    assert (left, last) == ([200, 303, 200], "sessions")


def test_another_second_factor_is_in_force_once_a_code_of_it_was_typed(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            shown = await post(client, "/me/factor", "/me/factor", password=PASSWORD)
            secret = re.search(r"<code>(\w+)</code>", shown.text)[1]
            wrong = await post(client, "/me/factor/code", "/me/factor", code="000000")
            still = (await desk.books.ask(lambda db: account.one(db, "D01"))).factor
            new = pyotp.TOTP(secret).at(REAL)
            right = await post(client, "/me/factor/code", "/me/factor", code=new)
            kept = await desk.books.ask(lambda db: account.one(db, "D01"))
            client.cookies.delete(COOKIE)
            old, again = await enter(desk, client, code=code(desk, 1)), await enter(desk, client, code=new)
            later = await enter(desk, client, code=pyotp.TOTP(secret).at(REAL + 30))
            return shown, secret, wrong, still, right, kept, [one.status_code for one in (old, again, later)]

    shown, secret, wrong, still, right, kept, entered = run(desk, story())
    assert 'src="data:image/svg+xml' in shown.text
    assert wrong.status_code == 403
    assert secret in wrong.text
    assert still != secret
    assert right.headers["location"] == "/me"
    assert (kept.factor, kept.next_factor) == (secret, "")
    assert entered == [403, 403, 303]


def test_another_second_factor_takes_the_password(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            shown = await post(client, "/me/factor", "/me/factor", password="wrong")  # noqa: S106  nobody's
            proved = await post(client, "/me/factor/code", "/me/factor", code="")
            return shown, proved, await desk.books.ask(lambda db: account.one(db, "D01"))

    shown, proved, kept = run(desk, story())
    assert (shown.status_code, proved.status_code) == (403, 403)
    assert "<code>" not in shown.text
    assert kept.next_factor == ""


def test_every_role_has_words():
    assert {f"role_{role}" for role in Role} == {key for key in DOOR if key.startswith("role_")}
