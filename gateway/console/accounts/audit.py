"""The audit log: who looked at whose place or number, when, and for what; each entry before what it is about is shown.

Entries stand in the journal. The daemon makes them; where none runs, the desk appends them itself.
"""

from __future__ import annotations

import asyncio
import getpass
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.control.messages import Request
from gateway.errors import GatewayFault, TransientFault
from gateway.journal.aside import append_aside
from gateway.journal.controls import Audited
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gateway.clock import Clock
    from gateway.console.accounts.books import Books, ConsoleConnection
    from gateway.console.link import Link
    from gateway.console.visitor import Visitor

LONGEST_PURPOSE: Final = 200
DAY: Final = 86_400.0
AGAIN: Final = 3600.0
"""Real seconds between two looks for what is to be forgotten, or is to be carried over."""
AT_ONCE: Final = 50
"""Entries of one request."""
DOOR: Final = "console"
_OLDER: Final = (
    "SELECT id, at, number, office, what, person, purpose, session, ip, ok FROM audit"
    " WHERE id > (SELECT coalesce(max(last), 0) FROM carried) ORDER BY id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Audit:
    """Writes the log. Every method raises TransientFault where an entry cannot be kept: then nothing may be shown.

    Attributes:
        link: to the daemon; None: none ever runs here, and entries are appended by the desk itself.
        books: of a desk that kept the log itself.
        clock: of the county.
    """

    link: Link | None
    books: Books
    clock: Clock
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self, visitor: Visitor, person: str, what: str, purpose: str) -> None:
        """Somebody is about to be shown a ``place``, ``track`` or ``number``; ``purpose``: an alarm's id, or words."""
        await self.looks(visitor, (person,), what, purpose)

    async def looks(self, visitor: Visitor, persons: Iterable[str], what: str, purpose: str) -> None:
        """The same of several at once: an entry each."""
        await self._write([self._of(visitor, person, what, purpose, ok=True) for person in persons])

    async def looks_for(self, visitor: Visitor, reasons: Iterable[tuple[str, str]], what: str) -> None:
        """The same of several, each (a person) for a purpose of its own."""
        await self._write([self._of(visitor, person, what, purpose, ok=True) for person, purpose in reasons])

    async def note(self, visitor: Visitor, person: str, what: str, purpose: str) -> None:
        """Somebody was refused a look."""
        await self._write([self._of(visitor, person, what, purpose, ok=False)])

    async def done(self, number: str, what: str, purpose: str = "", ip: str = "", office: str = "") -> None:
        """Something was done by or to an account, or a token; ``office``: whose it is."""
        await self._write([Audited(what, number, office=office, door=DOOR, purpose=purpose, ip=ip)])

    async def failed(self, number: str, what: str, ip: str) -> None:
        """Something was tried in vain from an address; ``number`` empty: by nobody who is known."""
        await self._write([Audited(what, number, door=DOOR, ip=ip, ok=False)])

    @staticmethod
    def _of(visitor: Visitor, person: str, what: str, purpose: str, *, ok: bool) -> Audited:
        return Audited(
            what, visitor.number, roles=tuple(sorted(visitor.roles)), office=visitor.office, door=DOOR, person=person,
            purpose=purpose[:LONGEST_PURPOSE], session=visitor.session, ip=visitor.ip, ok=ok,
        )  # fmt: skip

    async def _write(self, looks: list[Audited]) -> None:
        for some in _parts(looks):
            if self.link is None or not await self._told(self.link, some):
                await self._aside(some)

    @staticmethod
    async def _told(link: Link, looks: tuple[Audited, ...]) -> bool:
        """Whether the daemon has entered them; it may be away."""
        try:
            await link.ask(Request("audit_enter", looks=looks, door=DOOR))
        except TransientFault:
            return False
        return True

    async def _aside(self, looks: tuple[Audited, ...]) -> None:
        here = [msgspec.structs.replace(one, account=getpass.getuser()) for one in looks]
        async with self._one:
            try:
                await asyncio.to_thread(append_aside, self.books.path.parent, here, self.clock.now())
            except TransientFault as fault:
                raise TransientFault(phrase("audit_unstored")) from fault

    async def keep(self, days: Callable[[], int]) -> None:
        """Bring over what an older version kept in console.db, and forget it there after so many days, for ever."""
        while True:
            with suppress(GatewayFault):
                await self.carry_over()
                await self.books.change(partial(forget, now=self.clock.now(), kept=days() * DAY))
            await asyncio.sleep(AGAIN)

    async def carry_over(self) -> None:
        """Enter the rows that an older version kept in console.db; a kill between may enter some twice.

        Raises:
            TransientFault: they cannot be entered now; to be tried again.
        """
        while rows := await self.books.ask(lambda db: db.rows(_OLDER, (AT_ONCE,))):
            await self._write([_carried(*row[1:]) for row in rows])
            await self.books.change(partial(_mark, last=rows[-1][0]))


def forget(db: ConsoleConnection, now: float, kept: float) -> int:
    """Drop rows that are older than ``now``, and than the newest, by ``kept`` seconds; returns how many.

    A clock that is wrong by years takes nothing away.
    """
    statement = "DELETE FROM audit WHERE at < min(?, (SELECT max(at) FROM audit)) - ?"
    return db.execute(statement, (now, kept)).rowcount


def _mark(db: ConsoleConnection, last: int) -> None:
    db.execute("INSERT INTO carried VALUES (?)", (last,))


def _carried(  # noqa: PLR0913, PLR0917  a row's columns
    at: float, number: str, office: str, what: str, person: str, purpose: str, session: str, ip: str, ok: int
) -> Audited:
    return Audited(
        what, number, office=office, door=DOOR, person=person, purpose=purpose, session=session, ip=ip, ok=bool(ok),
        at=at,
    )  # fmt: skip


def _parts(looks: list[Audited]) -> Iterator[tuple[Audited, ...]]:
    for first in range(0, len(looks), AT_ONCE):
        yield tuple(looks[first : first + AT_ONCE])
