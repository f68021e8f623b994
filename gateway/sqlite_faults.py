"""What an error of SQLite or of the file system means for us: it may pass, the file is damaged, or a bug has shown."""

from __future__ import annotations

import sqlite3
from typing import Final

from gateway.errors import GatewayFault, OurFault, TransientFault

ADVICE: Final = "Restore it from the backup; where there is none, stop the gateway and run bracelet-gateway rebuild"
_DATATYPE = 3091
"""SQLITE_CONSTRAINT_DATATYPE, which the module does not name: a value that a STRICT table does not take."""
_BUGS: Final = frozenset({
    sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID,
    sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, _DATATYPE,
})  # fmt: skip
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY: Final = 0xFF
"""The low byte of an extended code is the code that it refines."""


def passes(fault: Exception) -> bool:
    """Whether the same may succeed later: a lock, a full disk, an I/O error; not a damaged file, not a bug."""
    return not is_bug(fault) and not is_damage(fault)


def is_bug(fault: Exception) -> bool:
    """Whether a row contradicts the tables, or the database was used as it must not be.

    A table that is not there is none: the file may just be made.
    """
    if isinstance(fault, sqlite3.ProgrammingError):
        return True
    code = getattr(fault, "sqlite_errorcode", None)
    return code in _BUGS or (code == sqlite3.SQLITE_ERROR and "no such table" not in str(fault))


def is_damage(fault: Exception) -> bool:
    """Whether the file itself is damaged."""
    return getattr(fault, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGE


def judged(what: str, fault: Exception) -> GatewayFault:
    """The fault to raise for one of SQLite or of the file system; ``what`` begins its text."""
    if is_bug(fault):
        return OurFault(f"{what}: {fault}. That is a bug; nothing more is acknowledged")
    return (OurFault if is_damage(fault) else TransientFault)(f"{what}: {told(fault)}")


def told(fault: Exception) -> str:
    """The words of a fault; with what to do where the file itself is damaged, which a lock or a full disk is not."""
    words = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return f"{words}. {ADVICE}" if is_damage(fault) else words
