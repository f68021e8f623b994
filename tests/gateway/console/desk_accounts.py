"""Accounts of the desk's staff, and browsers that come in by the door."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pyotp
from argon2 import PasswordHasher
from looked import found_in
from opened_desk import Standing, written

from gateway.console.accounts import account
from gateway.console.accounts.books import opened
from gateway.console.accounts.passwords import Passwords
from gateway.console.app import application
from gateway.console.desk import Desk
from gateway.settings.load import inspect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PASSWORD = "well guarded 7"  # noqa: S105  nobody's
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  as above
QUICK = Passwords(PasswordHasher(1, 8, 1))
"""The same in a hundredth of the time."""
KEPT = QUICK.kept(PASSWORD)
REAL = 1_800_000_000.0
"""The time of the people at the desk, which is not the county's."""


def real_desk(directory: Path, now: float, more: str | None = None) -> Desk:
    """A desk whose sessions are those that are stored, its people's clock standing at :data:`REAL`."""
    configuration, faults = inspect(written(directory) if more is None else written(directory, more), "en")
    assert configuration is not None, faults
    desk = Desk.of(configuration, Standing(now))
    object.__setattr__(desk.sessions, "clock", Standing(REAL))
    object.__setattr__(desk.entrance, "passwords", QUICK)
    return desk


async def admit(desk: Desk, *numbers: str, must_change: bool = False, factor: str = SECRET) -> None:
    """Accounts with :data:`PASSWORD` and :data:`SECRET`."""
    for number in numbers:
        made = account.Account(number, KEPT, factor, must_change=must_change, chosen=REAL)
        await desk.books.change(lambda db, made=made: account.put(db, made))


def admitted(desk: Desk, *numbers: str, must_change: bool = False) -> None:
    """The same where a loop runs already, of which a browser has one."""
    with closing(opened(desk.books.path)) as db:
        for number in numbers:
            account.put(db, account.Account(number, KEPT, SECRET, must_change=must_change, chosen=REAL))


def code(desk: Desk, off: int = 0) -> str:
    """What the app shows now, or so many codes later."""
    return pyotp.TOTP(SECRET).at(int(desk.sessions.clock.now()) + 30 * off)


@asynccontextmanager
async def browser(desk: Desk, **more: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of nobody yet."""
    transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://desk", **more) as client:
        yield client


def csrf_in(page: str) -> str:
    """What the forms of a page show."""
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


async def enter(desk: Desk, client: httpx.AsyncClient, number: str = "D01", **typed: str) -> httpx.Response:
    """Fill in the form at the door and send it."""
    form = {"csrf": csrf_in((await client.get("/login")).text), "number": number, "password": PASSWORD} | typed
    return await client.post("/login", data=form if "code" in form else form | {"code": code(desk)})


class Look(NamedTuple):
    """What stands of a look in the audit log."""

    at: float
    number: str
    office: str
    what: str
    person: str
    purpose: str
    session: str = ""
    ip: str = ""
    ok: bool = True


async def looks(desk: Desk) -> list[Look]:
    """The audit log, the oldest first."""
    return looked_at(desk)


def looked_at(desk: Desk) -> list[Look]:
    """The same."""
    return [
        Look(one.at, said.number, said.office, said.what, said.person, said.purpose, said.session, said.ip, said.ok)
        for one in found_in(desk.storage) for said in [one.said]
    ]  # fmt: skip


def run(desk: Desk, story):
    """Run a story at a desk, and close its books."""

    async def told():
        try:
            return await story
        finally:
            desk.books.close()

    return asyncio.run(told())
