"""The tables of state.db: one SQL file a version, one step up at a time."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault

if TYPE_CHECKING:
    from gateway.store.connection import StateConnection

VERSION: Final = 4


def migrate(connection: StateConnection) -> None:
    """Bring a database up to this gateway's version, wholly or not at all; a new one gets all of it.

    Raises:
        OurFault: a newer gateway has written it; it is left as it is.
        sqlite3.Error: a step failed; the database is of the version it was.
    """
    if _version(connection) == VERSION:
        return
    with connection.whole():
        _climb(connection, _version(connection))


def _climb(connection: StateConnection, version: int) -> None:
    """The steps are SQL: ``transform()`` of sqlite-utils would lose triggers, generated columns and collations."""
    from sqlite_utils import Database

    if version > VERSION:
        raise OurFault(f"state.db has version {version}, this gateway knows {VERSION}: install a newer one")
    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    for step in range(version + 1, VERSION + 1):
        db.executescript(resources.files(__name__).joinpath(f"state_v{step}.sql").read_text("utf-8"))
        db.execute(f"PRAGMA user_version = {step}")


def _version(connection: StateConnection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
