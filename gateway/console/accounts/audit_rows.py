"""The audit log as it is read: by staff, person, day, what and why, the latest first."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from gateway.console.accounts.audit import COLUMNS, Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from gateway.console.accounts.books import ConsoleConnection

ON_A_PAGE: Final = 200
IN_A_FILE: Final = 200_000
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t")
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rows; what is empty is not asked for.

    Attributes:
        number, person, what: as in :class:`Look`.
        day: a local date, ISO 8601.
        purpose: a part of it, or of an alarm's id.
        before: rows before this one alone.
    """

    number: str = ""
    person: str = ""
    what: str = ""
    day: str = ""
    purpose: str = ""
    before: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Sought:
        """Out of the address of the page."""
        return cls(**{one.name: query.get(one.name, "").strip() for one in fields(cls)})

    @property
    def said(self) -> str:
        """In one line, as it stands under an export."""
        return " ".join(f"{one.name}={getattr(self, one.name)}" for one in fields(self) if getattr(self, one.name))


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its place in the log."""

    id: int
    look: Look


def rows(db: ConsoleConnection, sought: Sought, zone: ZoneInfo, most: int = ON_A_PAGE) -> list[Row]:
    """Rows that fit, the latest first, so many at most.

    Raises:
        TransientFault: the log cannot be read now.
    """
    clauses, values = _where(sought, zone)
    where = " AND ".join(clauses) or "1"
    statement = f"SELECT id, {COLUMNS} FROM audit WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608  fixed words
    found = db.rows(statement, (*values, most))
    return list(map(_row, found))


def _row(found: tuple[Any, ...]) -> Row:
    identity, at, number, office, what, person, purpose, session, ip, ok = found
    return Row(identity, Look(at, number, office, what, person, purpose, session, ip, bool(ok)))


def _where(sought: Sought, zone: ZoneInfo) -> tuple[list[str], list[str | float]]:
    clauses, values = [], list[str | float]()
    for name in ("number", "person", "what"):
        if getattr(sought, name):
            clauses.append(f"{name} = ?")
            values.append(getattr(sought, name))
    if sought.purpose:
        clauses.append("instr(purpose, ?) > 0")
        values.append(sought.purpose)
    if sought.before.isdecimal():
        clauses.append("id < ?")
        values.append(int(sought.before[:18]))
    since = _day(sought.day, zone)
    if since is not None:
        clauses.append("at >= ? AND at < ?")
        values += since
    return clauses, values


def _day(text: str, zone: ZoneInfo) -> tuple[float, float] | None:
    """From when to when a local day lasts; None: it is none."""
    try:
        begins = datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
        return begins.timestamp(), (begins + timedelta(days=1)).timestamp()
    except (ValueError, OverflowError):
        return None


def as_csv(found: Iterable[Row], zone: ZoneInfo) -> str:
    """A table that spreadsheets open as it is meant: no cell of it is a formula."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["id", "time", *(one.name for one in fields(Look) if one.name != "at")])
    for row in found:
        time = datetime.fromtimestamp(row.look.at, zone).isoformat(timespec="seconds")
        others = [getattr(row.look, one.name) for one in fields(Look) if one.name != "at"]
        table.writerow([row.id, time, *map(_plain, others)])
    return _BOM + file.getvalue()


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell
