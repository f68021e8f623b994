"""Tokens of programs that read an office's alarms: shown once, kept as a digest."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection

OCTETS: Final = 32
"""Of chance in a token: nobody guesses it, and its digest needs no salt."""


@dataclass(frozen=True, slots=True)
class Token:
    """Who may read: ``name``, as the audit log has it; whose people's alarms alone; whether with places; since when."""

    name: str
    office: str
    places: bool
    made: float


def fresh() -> str:
    """A token that nobody has had."""
    return secrets.token_urlsafe(OCTETS)


def digest_of(token: str) -> str:
    """What is kept of one: SHA-256, 64 hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def put(db: ConsoleConnection, one: Token, token: str) -> None:
    """Keep a new one; called inside a change."""
    row = (one.name, digest_of(token), one.office, one.places, one.made)
    db.execute("INSERT INTO token (name, digest, office, places, made) VALUES (?,?,?,?,?)", row)


def revoke(db: ConsoleConnection, name: str) -> bool:
    """It reads no more from now on; False: there is none of the name."""
    return db.execute("DELETE FROM token WHERE name = ?", (name,)).rowcount == 1


def listed(db: ConsoleConnection) -> list[Token]:
    """All, by name."""
    return [_read(row) for row in db.rows("SELECT name, office, places, made FROM token ORDER BY name")]


def holder(db: ConsoleConnection, token: str) -> Token | None:
    """Whose a token is; None: nobody's."""
    rows = db.rows("SELECT name, office, places, made FROM token WHERE digest = ?", (digest_of(token),))
    return _read(rows[0]) if rows else None


def _read(row: tuple[object, ...]) -> Token:
    name, office, places, made = row
    return Token(str(name), str(office), bool(places), float(made))  # type: ignore[arg-type]
