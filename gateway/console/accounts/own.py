"""What somebody who is in does about his own account: another password, another second factor, no other sessions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.console.accounts import account, second_factor
from gateway.console.accounts.entrance import Outside, locked
from gateway.console.accounts.knocks import knock, unlock

if TYPE_CHECKING:
    from gateway.console.accounts.account import Account
    from gateway.console.accounts.books import Books
    from gateway.console.accounts.entrance import Entrance
    from gateway.console.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Own:
    """The account of whoever asks; every method raises Outside with the key of a text where it is refused."""

    entrance: Entrance

    async def change(self, visitor: Visitor, password: str, new: str, again: str) -> None:
        """Another password; his other sessions end."""
        found, passwords, books = await self._known(visitor, password), self.entrance.passwords, self._books
        if new != again:
            raise Outside("password_differs")
        before = await books.ask(lambda db: account.former(db, visitor.number))
        fault = await asyncio.to_thread(passwords.fault, new, visitor.number, [found.password, *before])
        if fault:
            raise Outside(fault)
        kept, now = await asyncio.to_thread(passwords.kept, new), self.entrance.sessions.clock.now()
        most = self.entrance.sessions.in_force.configuration.console.password_history
        await books.change(lambda db: account.set_password(db, visitor.number, kept, now, most))
        await self.entrance.sessions.end_others(visitor)
        await self._done(visitor, "password")

    async def renew(self, visitor: Visitor, password: str) -> str:
        """The secret of another second factor, in force once a code of it is shown."""
        await self._known(visitor, password)
        secret = second_factor.new_secret()
        await self._books.change(lambda db: account.offer_factor(db, visitor.number, secret))
        return secret

    async def prove(self, visitor: Visitor, code: str) -> None:
        """The second factor that was offered is in force, and the one before is none any more."""
        number, now = visitor.number, self.entrance.sessions.clock.now()
        found = await self._books.ask(lambda db: account.one(db, number)) or account.NOBODY
        step = second_factor.step_of(found.next_factor, code, now, 0) if found.next_factor else 0
        if not step:
            raise Outside("factor_wrong")
        await self._books.change(lambda db: account.take_factor(db, number, step))
        await self.entrance.sessions.end_others(visitor)
        await self._done(visitor, "factor")

    async def offered(self, visitor: Visitor) -> str:
        """The secret that was offered and is not in force yet; empty: none was."""
        found = await self._books.ask(lambda db: account.one(db, visitor.number))
        return found.next_factor if found else ""

    async def end_others(self, visitor: Visitor) -> None:
        """His other sessions end."""
        await self.entrance.sessions.end_others(visitor)
        await self._done(visitor, "sessions")

    async def _known(self, visitor: Visitor, password: str) -> Account:
        """His account, once his password is right: a desk that was left open is guessed at no longer than the door."""
        number, now = visitor.number, self.entrance.sessions.clock.now()
        may, until = await self._books.change(lambda db: knock(db, number, now))
        if not may:
            raise locked(until - now)
        found = await self._books.ask(lambda db: account.one(db, number)) or account.NOBODY
        if not await self.entrance.matches(found, password):
            await self.entrance.audit.failed(number, "password", visitor.ip)
            raise Outside("password_wrong")
        await self._books.change(lambda db: unlock(db, number))
        return found

    @property
    def _books(self) -> Books:
        return self.entrance.sessions.books

    async def _done(self, visitor: Visitor, what: str) -> None:
        await self.entrance.audit.done(visitor.number, what, ip=visitor.ip)
