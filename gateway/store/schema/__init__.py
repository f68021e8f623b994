"""The tables of state.db: one SQL file a version, one step up at a time."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from gateway.store.connection import StateConnection

VERSION: Final = 6


def migrate(connection: StateConnection) -> None:
    """Bring a database up to this gateway's version, wholly or not at all; a new one gets all of it.

    Raises:
        OurFault: a newer gateway has written it; it is left as it is.
        sqlite3.Error: a step failed; the database is of the version it was.
    """
    brought(connection, VERSION, resources.files(__name__))


def brought(connection: StateConnection, known: int, steps: Traversable) -> None:
    """As :func:`migrate`, to a version that is ``known``, by the files in ``steps``: ``state_v1.sql`` and so on."""
    if _version(connection) == known:
        return
    with connection.whole():
        _climb(connection, known, steps)


def _climb(connection: StateConnection, known: int, steps: Traversable) -> None:
    """The steps are SQL: ``transform()`` of sqlite-utils would lose triggers, generated columns and collations."""
    from sqlite_utils import Database

    version, name = _version(connection), connection.NAME
    if version > known:
        raise OurFault(f"{name} has version {version}, this gateway knows {known}: install a newer one")
    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    for step in range(version + 1, known + 1):
        file = f"{name.removesuffix('.db')}_v{step}.sql"
        db.executescript(steps.joinpath(file).read_text("utf-8"))
        db.execute(f"PRAGMA user_version = {step}")


def _version(connection: StateConnection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
