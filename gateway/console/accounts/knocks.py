"""Attempts to come in, by the number that was typed, whether or not it is somebody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.console.accounts.books import ConsoleConnection

MOST: Final = 5
LOCKED: Final = 900.0
"""Seconds for which nobody comes in under a number after so many failures; failures are forgotten as fast."""


def knock(db: ConsoleConnection, number: str, now: float) -> tuple[bool, float]:
    """Count an attempt before it is looked at, so that many at once are counted too; called inside a change.

    Returns whether it may be looked at, and until when the number is locked unless it succeeds (0: it is not).
    """
    db.execute("DELETE FROM knock WHERE last < ? AND locked_until <= ?", (now - LOCKED, now))
    rows = db.rows("SELECT failed, locked_until FROM knock WHERE number = ?", (number,))
    failed, until = rows[0] if rows else (0, 0.0)
    if until > now:
        return False, until
    # A lock that is over begins to count anew.
    failed = 1 if until else failed + 1
    until = now + LOCKED if failed >= MOST else 0.0
    db.execute("INSERT OR REPLACE INTO knock VALUES (?,?,?,?)", (number, failed, now, until))
    return True, until


def unlock(db: ConsoleConnection, number: str) -> bool:
    """Forget the failures of a number; returns whether it was locked or had any."""
    return db.execute("DELETE FROM knock WHERE number = ?", (number,)).rowcount > 0


def locked(db: ConsoleConnection, now: float) -> Mapping[str, float]:
    """Which numbers are locked, and until when."""
    return dict(db.rows("SELECT number, locked_until FROM knock WHERE locked_until > ?", (now,)))
