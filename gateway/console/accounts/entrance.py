"""How somebody comes in: number, password and code; whoever is wrong is told the same, as late, whoever he is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.console.accounts import account, second_factor
from gateway.console.accounts.knocks import knock, unlock
from gateway.console.accounts.passwords import Passwords

if TYPE_CHECKING:
    from gateway.console.accounts.account import Account
    from gateway.console.accounts.audit import Audit
    from gateway.console.accounts.sessions import StoredSessions
    from gateway.console.visitor import Visitor

LONGEST_NUMBER: Final = 64
AT_ONCE: Final = 2
"""Passwords that are looked at together: each takes 64 MiB."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What somebody typed, and where from; ``former``: the token he came with."""

    number: str
    password: str
    code: str
    ip: str
    former: str = ""


class Outside(Exception):
    """He does not come in; ``key`` is a text of the console, with ``minutes`` where the number is locked."""

    def __init__(self, key: str, minutes: int = 0) -> None:
        super().__init__(key)
        self.key, self.minutes = key, minutes


def locked(left: float) -> Outside:
    """What is said where a number is locked for so many seconds more."""
    return Outside("login_locked", int(-(-left // 60)))


@dataclass(frozen=True, slots=True)
class Entrance:
    """Looks at what is typed; ``sessions`` are begun here, and their books hold the accounts."""

    sessions: StoredSessions
    audit: Audit
    passwords: Passwords = field(default_factory=Passwords)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def enter(self, typed: Knock) -> str:
        """The token of a new session.

        Raises:
            Outside: something is wrong, and nobody is told what; or the number is locked.
        """
        number, now = typed.number.strip()[:LONGEST_NUMBER], self.sessions.clock.now()
        books = self.sessions.books
        may, until = await books.change(lambda db: knock(db, number, now))
        if not may:
            # Not written down once more: whoever goes on fills no log.
            raise locked(until - now)
        if not await self._fits(number, typed, now):
            await self._refuse(number, typed.ip, until - now)
        await books.change(lambda db: unlock(db, number))
        await self.audit.done(number, "login", ip=typed.ip)
        return await self.sessions.begin(number, typed.ip, typed.former)

    async def _fits(self, number: str, typed: Knock, now: float) -> bool:
        books = self.sessions.books
        found = await books.ask(lambda db: account.one(db, number))
        if number not in self.sessions.in_force.configuration.staff:
            found = None
        fitting = await self.matches(found or account.NOBODY, typed.password)
        if found is None or not found.factor:
            return fitting
        step = second_factor.step_of(found.factor, typed.code, now, found.step)
        return fitting and step > 0 and await books.change(lambda db: account.take_step(db, number, step))

    async def matches(self, who: Account, password: str) -> bool:
        """Whether it is somebody's password; of nobody it takes as long."""
        async with self._turns:
            return await asyncio.to_thread(self.passwords.match, who.password, password)

    async def leave(self, visitor: Visitor, token: str) -> None:
        """Somebody goes."""
        await self.sessions.end(token)
        await self.audit.done(visitor.number, "logout", ip=visitor.ip)

    async def _refuse(self, number: str, ip: str, left: float) -> None:
        known = number in self.sessions.in_force.configuration.staff
        # What is no number of ours may be a password in the wrong field.
        await self.audit.failed(number if known else "", "locked" if left > 0 else "login", ip)
        raise locked(left) if left > 0 else Outside("login_wrong")
