"""The tables of state.db: one SQL file a version, one step up at a time."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault

if TYPE_CHECKING:
    import sqlite3

VERSION: Final = 3


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database up to this gateway's version; a new one gets all of it.

    Raises:
        OurFault: a newer gateway has written it; it is left as it is.
        sqlite3.Error: a step failed.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise OurFault(f"state.db has version {version}, this gateway knows {VERSION}: install a newer one")
    for step in range(version + 1, VERSION + 1):
        script = resources.files(__name__).joinpath(f"state_v{step}.sql").read_text("utf-8")
        db.executescript(f"BEGIN; {script}; PRAGMA user_version={step}; COMMIT;")
