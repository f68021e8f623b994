"""An open state.db: one transaction at a time, and faults in our own words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from gateway.private import given
from gateway.sqlite_faults import judged
from gateway.store.schema import brought

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


class StateConnection(sqlite3.Connection):
    """A connection to state.db, which the parts of the store share; owned by one thread.

    Attributes:
        NAME: of the file, in faults.
    """

    NAME: ClassVar = "state.db"

    def rows(self, statement: str, values: tuple[str | float, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            TransientFault: the database cannot be read now, or is just being made.
            OurFault: it is damaged.
        """
        try:
            return self.execute(statement, values).fetchall()
        except sqlite3.Error as fault:
            raise judged("read", self.NAME, fault) from fault

    def each(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a query, of which no more than one is in memory; what is written meanwhile by others is not in them.

        Raises:
            TransientFault, OurFault: as :meth:`rows`.
        """
        try:
            yield from self.execute(statement)
        except sqlite3.Error as fault:
            raise judged("read", self.NAME, fault) from fault

    def progress(self, name: str) -> int | None:
        """An offset that was committed under a name, if there is one."""
        rows = self.rows("SELECT value FROM progress WHERE name = ?", (name,))
        return int(rows[0][0]) if rows else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing.

        Raises:
            TransientFault: the database fails; nothing was stored.
            OurFault: a row contradicts the tables; nothing was stored.
        """
        try:
            with self.whole():
                yield
        except sqlite3.Error as cause:
            raise judged("store", self.NAME, cause) from cause

    @contextmanager
    def whole(self) -> Iterator[None]:
        """As :meth:`transaction`; what SQLite raises stays as it is."""
        try:
            self.execute("BEGIN IMMEDIATE")
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.execute("ROLLBACK")
            raise


Connection = TypeVar("Connection", bound=StateConnection)


def owned(path: Path, factory: type[Connection], schema: ModuleType, patience: float) -> Connection:
    """A database whose tables are a package of steps: made where there is none, brought up to this version.

    It is in WAL mode, synced at each commit, for its owner alone, and opened for a thread that owns it.

    Args:
        path: of the file, whose directory is made.
        factory: what it is opened as; its NAME is that of the steps.
        schema: the package with the steps, and their number as VERSION.
        patience: seconds to wait for a lock.

    Raises:
        TransientFault: it cannot be opened now.
        OurFault: it is damaged, or of a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        given(path)
        db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False, factory=factory)
    except (sqlite3.Error, OSError) as fault:
        raise judged("open", path, fault) from fault
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        brought(db, schema.VERSION, resources.files(schema))
    except BaseException as fault:
        db.close()
        if isinstance(fault, sqlite3.Error):
            raise judged("open", path, fault) from fault
        raise
    return db
