"""The audit log: who looked at whose place or number, when, and for what; each row before what it is about is shown."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.clock import Clock
    from gateway.console.accounts.books import Books, ConsoleConnection
    from gateway.console.visitor import Visitor

COLUMNS: Final = "at, number, office, what, person, purpose, session, ip, ok"
LONGEST_PURPOSE: Final = 200
DAY: Final = 86_400.0
AGAIN: Final = 3600.0
"""Real seconds between two looks for what is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Look:
    """One row.

    Attributes:
        at: UTC epoch seconds of the county's clock.
        number: staff number of who looked; empty: nobody who is known.
        office: his office; empty: none.
        what: ``place``, ``track`` or ``number``, or what else is written down: a key of the console's texts.
        person: who was looked at; empty: nobody in particular.
        purpose: an alarm's id, or what he said.
        session: in which session.
        ip: from where.
        ok: False: it was refused.
    """

    at: float
    number: str
    office: str
    what: str
    person: str
    purpose: str
    session: str = ""
    ip: str = ""
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Audit:
    """Writes the log. Every method raises TransientFault where the row cannot be kept: then nothing may be shown."""

    books: Books
    clock: Clock

    async def look(self, visitor: Visitor, person: str, what: str, purpose: str) -> None:
        """Somebody is about to be shown a ``place``, ``track`` or ``number``; ``purpose``: an alarm's id, or words."""
        await self.looks(visitor, (person,), what, purpose)

    async def looks(self, visitor: Visitor, persons: Iterable[str], what: str, purpose: str) -> None:
        """The same of several at once: a row each, in one commit."""
        await self._write([self._of(visitor, person, what, purpose, ok=True) for person in persons])

    async def looks_for(self, visitor: Visitor, reasons: Iterable[tuple[str, str]], what: str) -> None:
        """The same of several, each (a person) for a purpose of its own."""
        await self._write([self._of(visitor, person, what, purpose, ok=True) for person, purpose in reasons])

    async def note(self, visitor: Visitor, person: str, what: str, purpose: str) -> None:
        """Somebody was refused a look."""
        await self._write([self._of(visitor, person, what, purpose, ok=False)])

    async def done(self, number: str, what: str, purpose: str = "", ip: str = "") -> None:
        """Something was done by or to an account."""
        await self._write([Look(self.clock.now(), number, "", what, "", purpose, ip=ip)])

    async def failed(self, number: str, what: str, ip: str) -> None:
        """Something was tried in vain from an address; ``number`` empty: by nobody who is known."""
        await self._write([Look(self.clock.now(), number, "", what, "", "", ip=ip, ok=False)])

    def _of(self, visitor: Visitor, person: str, what: str, purpose: str, *, ok: bool) -> Look:
        at, said = self.clock.now(), purpose[:LONGEST_PURPOSE]
        return Look(at, visitor.number, visitor.office, what, person, said, visitor.session, visitor.ip, ok)

    async def _write(self, looks: list[Look]) -> None:
        await self.books.change(lambda db: write(db, looks))

    async def keep(self, days: Callable[[], int]) -> None:
        """Forget what is older than so many days, again and again, for ever; one that fails is tried again."""
        while True:
            with suppress(GatewayFault):
                await self.books.change(partial(forget, now=self.clock.now(), kept=days() * DAY))
            await asyncio.sleep(AGAIN)


def forget(db: ConsoleConnection, now: float, kept: float) -> int:
    """Drop rows that are older than ``now``, and than the newest, by ``kept`` seconds; returns how many.

    A clock that is wrong by years takes nothing away.
    """
    statement = "DELETE FROM audit WHERE at < min(?, (SELECT max(at) FROM audit)) - ?"
    return db.execute(statement, (now, kept)).rowcount


def write(db: ConsoleConnection, looks: Iterable[Look]) -> None:
    """Append rows; called inside a change."""
    rows = [
        (one.at, one.number, one.office, one.what, one.person, one.purpose, one.session, one.ip, one.ok)
        for one in looks
    ]
    db.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", rows)  # noqa: S608  fixed words
