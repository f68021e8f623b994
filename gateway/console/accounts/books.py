"""console.db: opened, brought up to this version, and owned by one thread."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from gateway.console.accounts import schema
from gateway.sqlite_faults import judged
from gateway.store.connection import StateConnection, owned
from gateway.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
FILE: Final = "console.db"
PATIENCE: Final = 5.0
"""Seconds to wait for a lock: an account is being made on the command line."""


class ConsoleConnection(StateConnection):
    """A connection to console.db."""

    NAME: ClassVar = FILE


def opened(path: Path) -> ConsoleConnection:
    """A console.db, made where there is none; for its owner alone.

    Raises:
        TransientFault: it cannot be opened now.
        OurFault: it is damaged, or of a newer version.
    """
    return owned(path, ConsoleConnection, schema, PATIENCE)


class Books:
    """The console.db in a directory, for the pages: opened when it is first needed, every use in one thread.

    Every method raises TransientFault where it cannot be used now, OurFault where it is damaged.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE
        self._writer = Writer()
        self._db: ConsoleConnection | None = None

    async def ask(self, question: Callable[[ConsoleConnection], T]) -> T:
        """The answer to a short question."""
        return await self._writer.run(self._asked, question)

    async def change(self, change: Callable[[ConsoleConnection], T]) -> T:
        """What a change returns, once it is on disk: all of it, or nothing."""
        return await self._writer.run(self._changed, change)

    async def look(self, question: Callable[[ConsoleConnection], T]) -> T:
        """The answer to a long question, which keeps nobody waiting: of a connection that only reads."""
        await self.ask(lambda _: None)  # there is a file
        return await asyncio.to_thread(self._looked, question)

    def _looked(self, question: Callable[[ConsoleConnection], T]) -> T:
        uri = f"{self.path.resolve().as_uri()}?mode=ro"
        try:
            db = sqlite3.connect(uri, uri=True, timeout=PATIENCE, factory=ConsoleConnection)
        except sqlite3.Error as fault:
            raise judged("open", self.path, fault) from fault
        with closing(db):
            return question(db)

    def _asked(self, question: Callable[[ConsoleConnection], T]) -> T:
        return question(self._opened())

    def _changed(self, change: Callable[[ConsoleConnection], T]) -> T:
        db = self._opened()
        with db.transaction():
            return change(db)

    def _opened(self) -> ConsoleConnection:
        if self._db is None:
            self._db = opened(self.path)
        return self._db

    def close(self) -> None:
        """Finish what was handed over, and close the file."""
        self._writer.close()
        if self._db is not None:
            with closing(self._db):
                self._db = None
