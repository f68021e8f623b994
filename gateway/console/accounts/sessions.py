"""Sessions: who is in, by the token of a cookie of which only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.console.accounts.account import is_expired
from gateway.console.visitor import Visitor

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.console.accounts.books import Books, ConsoleConnection
    from gateway.console.in_force import InForce

TOKEN_BYTES: Final = 32
STEP: Final = 30.0
"""Seconds after which a session is written down as seen again."""
_NAME: Final = 12


def csrf_of(token: str) -> str:
    """What a form has to show: it follows from the cookie's token, and does not lead back to it."""
    return hashlib.sha256(f"form of {token}".encode()).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Seat:
    """One of somebody's sessions, for himself to see."""

    name: str
    ip: str
    begun: float
    seen: float


@dataclass(frozen=True, slots=True)
class StoredSessions:
    """Sessions in console.db; who somebody is comes from the configuration in force.

    Attributes:
        books: where they are.
        in_force: the configuration: staff, and how long sessions last.
        clock: of the people at the desk: theirs is real also where the county's time is made up.
    """

    books: Books
    in_force: InForce
    clock: Clock

    async def visitor(self, token: str, *, by_hand: bool = True) -> Visitor | None:
        """Who that is; None: nobody, a session that has ended, or a number that is taken out of the staff.

        ``by_hand``: somebody did something; a page that looks for news by itself keeps no session open.
        """
        return await self.books.ask(lambda db: self._visitor(db, token, by_hand=by_hand))

    def _visitor(self, db: ConsoleConnection, token: str, *, by_hand: bool) -> Visitor | None:
        now, limits = self.clock.now(), self.in_force.configuration.console
        visitor, seen = self._seated(db, token)
        if visitor is None or seen <= now - limits.idle:
            return None
        if by_hand and now > seen + min(STEP, limits.idle / 4):
            with db.transaction():
                db.execute("UPDATE session SET seen = ? WHERE token = ?", (now, _digest(token)))
        return visitor

    async def resting(self, token: str) -> Visitor | None:
        """Who was in and has done nothing for too long: he is called, and the wallboard goes on; nothing else is."""
        visitor, seen = await self.books.ask(lambda db: self._seated(db, token))
        return visitor if seen <= self.clock.now() - self.in_force.configuration.console.idle else None

    def _seated(self, db: ConsoleConnection, token: str) -> tuple[Visitor | None, float]:
        """Whose session that is, if it is not over, and when he was last seen, however long ago."""
        statement = (
            "SELECT name, number, seen, must_change, chosen, begun FROM session JOIN account USING (number)"
            " WHERE token = ? AND ended IS NULL AND begun > ?"
        )
        begun = self.clock.now() - self.in_force.configuration.console.session
        rows = db.rows(statement, (_digest(token), begun))  # type: ignore[arg-type]
        member = self.in_force.configuration.staff.get(rows[0][1]) if rows else None
        if member is None:
            return None, 0.0
        name, number, seen, must_change, chosen, begun = rows[0]
        # Nobody is interrupted: what is too old is renewed when he comes in.
        is_old = is_expired(chosen, begun, self.in_force.configuration.console.password_days)
        visitor = Visitor(
            number, member.roles, member.office, session=name, csrf=csrf_of(token),
            must_change=bool(must_change) or is_old, is_expired=is_old and not must_change,
        )  # fmt: skip
        return visitor, seen

    async def begin(self, number: str, ip: str, former: str) -> str:
        """A session of somebody who has shown who he is: its token. What came in with ``former`` ends."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        name, now = _digest(token).hex()[:_NAME], self.clock.now()

        def begun(db: ConsoleConnection) -> None:
            _end(db, now, "token = ?", (_digest(former),))
            db.execute("INSERT INTO session VALUES (?,?,?,?,?,?,NULL)", (_digest(token), name, number, ip, now, now))
            longest = self.in_force.configuration.console.session
            db.execute("DELETE FROM session WHERE begun < ?", (now - 2 * longest,))

        await self.books.change(begun)
        return token

    async def end(self, token: str) -> None:
        """Whoever has this token is out."""
        now = self.clock.now()
        await self.books.change(lambda db: _end(db, now, "token = ?", (_digest(token),)))

    async def end_others(self, visitor: Visitor) -> int:
        """End the other sessions of somebody; returns how many there were."""
        now, who = self.clock.now(), (visitor.number, visitor.session)
        return await self.books.change(lambda db: _end(db, now, "number = ? AND name <> ?", who))

    async def seats(self, visitor: Visitor) -> list[Seat]:
        """The sessions of somebody that have not ended, the latest first."""
        now, limits = self.clock.now(), self.in_force.configuration.console
        statement = (
            "SELECT name, ip, begun, seen FROM session WHERE number = ? AND ended IS NULL AND begun > ? AND seen > ?"
            " ORDER BY begun DESC"
        )
        values = (visitor.number, now - limits.session, now - limits.idle)
        return [Seat(*row) for row in await self.books.ask(lambda db: db.rows(statement, values))]


def end_all(db: ConsoleConnection, number: str, now: float) -> None:
    """End all sessions of somebody; called inside a change."""
    _end(db, now, "number = ?", (number,))


def _end(db: ConsoleConnection, now: float, which: str, values: tuple[str | bytes, ...]) -> int:
    statement = f"UPDATE session SET ended = ? WHERE ended IS NULL AND {which}"  # noqa: S608  fixed words
    return db.execute(statement, (now, *values)).rowcount
