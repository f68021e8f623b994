"""Screens on a wall that show counts for weeks: bound to one browser by its cookie, taken down by any leader.

Nobody is logged in on them: they open the wallboard, and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection

LASTS: Final = 90 * 86_400.0
"""Seconds after which a screen is to be hung anew."""
TOKEN_BYTES: Final = 32
STEP: Final = 3600.0
"""Seconds after which one is written down as seen again."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One that hangs. Times are UTC epoch seconds.

    Attributes:
        name: as it is called; no two that hang have one.
        by: staff number of the leader who hung it: it shows what is his, and goes dark with his number.
        made, seen: when it was hung, and last looked at to the hour.
    """

    name: str
    by: str
    made: float
    seen: float


def hang(db: ConsoleConnection, name: str, by: str, now: float) -> str:
    """Hang one: the token of its cookie, of which a digest is kept. Another of that name comes down. In a change."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.execute("DELETE FROM screen WHERE name = ? OR made <= ?", (name, now - LASTS))
    db.execute("INSERT INTO screen VALUES (?,?,?,?,?)", (_digest(token), name, by, now, now))
    return token


def of_token(db: ConsoleConnection, token: str, now: float) -> Screen | None:
    """The screen that shows a token; None: none hangs, or its time is over."""
    rows = db.rows(
        "SELECT name, by, made, seen FROM screen WHERE digest = ? AND made > ?",
        (_digest(token), now - LASTS),  # type: ignore[arg-type]
    )
    if not rows:
        return None
    found = Screen(*rows[0])
    if now - found.seen >= STEP:
        with db.transaction():
            db.execute("UPDATE screen SET seen = ? WHERE digest = ?", (now, _digest(token)))
    return found


def listed(db: ConsoleConnection, now: float) -> list[Screen]:
    """Those that hang, by name."""
    rows = db.rows("SELECT name, by, made, seen FROM screen WHERE made > ? ORDER BY name", (now - LASTS,))
    return [Screen(*row) for row in rows]


def take_down(db: ConsoleConnection, name: str) -> bool:
    """Take one down at once; False: none of that name hangs. Called inside a change."""
    return db.execute("DELETE FROM screen WHERE name = ?", (name,)).rowcount == 1


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
