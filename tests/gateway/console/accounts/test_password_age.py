"""Passwords grow old: at the next login another is asked for, and none of the last ones will do."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib import resources

import pytest
from desk_accounts import PASSWORD, REAL, admit, browser, code, csrf_in, enter, real_desk, run
from opened_desk import STAFF, written

from gateway.console.accounts import account, schema
from gateway.console.accounts.account import DAY
from gateway.console.accounts.books import opened
from gateway.settings.load import inspect

NOW = 1_793_530_800.0
DAYS, LAST = 7, 3
SET = f"\nconsole: {{password_days: {DAYS}, password_history: {LAST}}}\n"


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW, STAFF + SET)


def at(desk, days):
    desk.sessions.clock.at = REAL + days * DAY


async def change(client, now, new):
    page = (await client.get("/password")).text
    return await client.post("/password", data={"csrf": csrf_in(page), "password": now, "new": new, "again": new})


@pytest.mark.parametrize(("days", "led"), [(DAYS - 0.01, None), (DAYS, "/password")])
def test_an_old_password_is_renewed_before_anything_is_shown(desk, days, led):
    async def story():
        await admit(desk, "D01")
        at(desk, days)
        async with browser(desk) as client:
            await enter(desk, client)
            before = (await client.get("/help")).headers.get("location")
            page = (await client.get("/password")).text
            await change(client, PASSWORD, "quite another 1")
            return before, page, (await client.get("/help")).status_code

    before, page, after = run(desk, story())
    assert (before, after) == (led, 200)
    assert (f"已用满 {DAYS} 天" in page) is (led is not None)
    assert "别人看到过" not in page


def test_nobody_is_interrupted_who_is_in_when_it_grows_old(desk):
    async def story():
        await admit(desk, "D01")
        at(desk, DAYS - 0.01)
        async with browser(desk) as client:
            await enter(desk, client)
            at(desk, DAYS - 0.005)
            await client.get("/help")
            at(desk, DAYS)
            inside = await client.get("/help")
            client.cookies.clear()
            await enter(desk, client, code=code(desk))
            return inside, await client.get("/help")

    inside, again = run(desk, story())
    assert inside.status_code == 200
    assert again.headers["location"] == "/password"


def test_none_of_the_last_ones_is_taken_and_the_one_before_them_is(desk):
    async def story():
        await admit(desk, "D01")
        said, now = [], PASSWORD
        async with browser(desk) as client:
            await enter(desk, client)
            for new in ("number one 1", "number two 2", PASSWORD, "number two 2", "number three 3"):
                desk.sessions.clock.at += 1
                answer = await change(client, now, new)
                said.append(answer.status_code)
                now = new if answer.status_code == 303 else now
            desk.sessions.clock.at += 1
            said.append((await change(client, now, PASSWORD)).status_code)
            refused = await change(client, PASSWORD, "number three 3")
            kept = await desk.books.ask(lambda db: account.former(db, "D01"))
        return said, refused, kept

    said, refused, kept = run(desk, story())
    assert said == [303, 303, 403, 403, 303, 303]
    assert f"最近用过的 {LAST} 个之一" in refused.text
    assert len(kept) == LAST - 1
    assert all(one.startswith("$argon2id$") for one in kept)


def test_a_first_login_asks_for_another_whatever_its_age(desk):
    async def story():
        await admit(desk, "D01", must_change=True)
        async with browser(desk) as client:
            await enter(desk, client)
            return (await client.get("/")).headers["location"], (await client.get("/password")).text

    there, page = run(desk, story())
    assert there == "/password"
    assert "别人看到过" in page


def test_accounts_of_an_older_version_have_their_days_from_the_upgrade_on(tmp_path):
    with closing(sqlite3.connect(tmp_path / "console.db", isolation_level=None)) as db:
        db.executescript(resources.files(schema).joinpath("console_v1.sql").read_text("utf-8"))
        db.execute("INSERT INTO account VALUES ('D01', 'kept', '', '', 0, 0)")
        db.execute("PRAGMA user_version = 1")
    with closing(opened(tmp_path / "console.db")) as db:
        found = account.one(db, "D01")
        now = db.rows("SELECT CAST(strftime('%s', 'now') AS REAL)")[0][0]
    assert found is not None
    assert not account.is_expired(found.chosen, now, 1)
    assert account.is_expired(found.chosen, now + DAY, 1)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("audit_days: 183", "write 184 or more"),
        ("password_days: 0", "write 1 or more"),
        ("password_days: 400", "write 365 or less"),
        ("password_history: 0", "write 1 or more"),
    ],
)
def test_what_may_not_be_is_refused_with_its_line_and_what_to_write(tmp_path, setting, says):
    configuration, faults = inspect(written(tmp_path / "county", f"{STAFF}\nconsole:\n  {setting}\n"), "en")
    assert configuration is None
    (said,) = map(str, faults)
    assert re.search(rf"gateway.yaml:\d+:\d+: .*{says}", said)
