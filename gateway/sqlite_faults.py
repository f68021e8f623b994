"""What an error of SQLite means for us: the store fails for now, or a bug of ours has shown."""

from __future__ import annotations

import sqlite3

from gateway.errors import GatewayFault, OurFault, TransientFault

ADVICE = "Restore it from the backup; where there is none, stop the gateway and run bracelet-gateway rebuild"
_TAKEN = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID,
}  # fmt: skip


def judged(what: str, fault: Exception) -> GatewayFault:
    """The fault to raise for one of SQLite or of the file system; ``what`` begins its text.

    A row that is already there is a bug, and to try again would fail for ever. Anything else may pass: a lock, a full
    disk, an I/O error, a file that somebody restores.
    """
    if getattr(fault, "sqlite_errorcode", None) in _TAKEN:
        return OurFault(f"{what}: {fault}. That is a bug; nothing more is acknowledged")
    return TransientFault(f"{what}: {told(fault)}")


def told(fault: Exception) -> str:
    """The words of a fault; with what to do where the file itself is damaged, which a lock or a full disk is not."""
    damaged = isinstance(fault, sqlite3.DatabaseError) and not isinstance(fault, sqlite3.OperationalError)
    return f"{fault}. {ADVICE}" if damaged else str(fault)
