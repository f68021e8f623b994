"""Packages of one case that were asked for at the desk: asked by one, approved by another, taken within a day."""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection

OPEN_FOR: Final = 86_400.0
"""Seconds after its approval for which a package may be taken: nobody has standing access."""
CITY: Final = "city"
"""Recipient of what is asked for by a signed request; ``by`` is then the city's code and a number of its staff."""
KEPT: Final = 30 * 86_400.0
"""Seconds for which one is listed; for good it stands in the audit log."""
_COLUMNS: Final = (
    "id, at, by, person, since, until, recipient, purpose, document, places, minor, decided, decided_by, approved"
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One that was asked for; times are UTC epoch seconds. ``decided`` None: it waits."""

    id: str
    at: float
    by: str
    person: str
    since: float
    until: float
    recipient: str
    purpose: str
    document: str
    places: bool
    minor: str
    decided: float | None = None
    decided_by: str = ""
    approved: bool = False

    def is_open(self, now: float) -> bool:
        """Whether it may be taken."""
        return self.approved and self.decided is not None and 0.0 <= now - self.decided < OPEN_FOR

    @property
    def said(self) -> str:
        """Recipient, purpose and document, as the audit log has them; of what a city asks, which request it is."""
        request = self.id if self.recipient == CITY else ""
        return " ".join(filter(None, (self.recipient, request, self.purpose, self.document, self.minor)))


def fresh_id() -> str:
    """One that nobody has had."""
    return secrets.token_hex(8)


def put(db: ConsoleConnection, one: Disclosure) -> None:
    """Somebody asks for one; those that are past are forgotten. Called inside a change."""
    db.execute("DELETE FROM disclosure WHERE at < ?", (one.at - KEPT,))
    marks = ",".join("?" * len(astuple(one)))
    db.execute(f"INSERT INTO disclosure ({_COLUMNS}) VALUES ({marks})", astuple(one))  # noqa: S608  fixed words


def decide(db: ConsoleConnection, identity: str, by: str, at: float, *, approved: bool) -> bool:
    """Approve or refuse one; False: it was decided before, or whoever decides has asked for it himself."""
    statement = (
        "UPDATE disclosure SET decided = ?, decided_by = ?, approved = ? WHERE id = ? AND decided IS NULL AND by <> ?"
    )
    return db.execute(statement, (at, by, approved, identity, by)).rowcount == 1


def found(db: ConsoleConnection, identity: str) -> Disclosure | None:
    """One, if there is such a one."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM disclosure WHERE id = ?", (identity,))  # noqa: S608  fixed words
    return _read(rows[0]) if rows else None


def listed(db: ConsoleConnection) -> list[Disclosure]:
    """All that are kept, the latest first."""
    return [_read(row) for row in db.rows(f"SELECT {_COLUMNS} FROM disclosure ORDER BY at DESC, id")]  # noqa: S608


def _read(row: tuple[object, ...]) -> Disclosure:
    values = list(row)
    values[9], values[13] = bool(values[9]), bool(values[13])
    return Disclosure(*values)  # type: ignore[arg-type]
