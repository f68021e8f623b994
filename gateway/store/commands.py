"""Orders to devices as the engine last said they stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.engine import CommandRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gateway.store.connection import StateConnection

_FOR: Final = "SELECT body FROM command WHERE json_extract(body, '$.command.reason') = ? ORDER BY log_offset"
_FORGET: Final = "DELETE FROM command WHERE ended < ? AND device NOT IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, records: Sequence[CommandRecord]) -> None:
        """Store how commands stand; called inside a commit."""
        self.db.executemany("INSERT OR REPLACE INTO command VALUES (?,?,?,?,?,?)", map(_row, records))

    def listed(self, device: str, *, pending: bool) -> list[CommandRecord]:
        """Commands in the order they were given: those to one device or to all, all or those that have not ended."""
        where = "(device = ? OR ? = '')" + (" AND ended IS NULL" if pending else "")
        statement = f"SELECT body FROM command WHERE {where} ORDER BY log_offset"  # noqa: S608  fixed words
        return [from_json(body, CommandRecord) for (body,) in self.db.rows(statement, (device, device))]

    def one(self, identity: str) -> CommandRecord | None:
        """One command, if there is such a one."""
        rows = self.db.rows("SELECT body FROM command WHERE id = ?", (identity,))
        return from_json(rows[0][0], CommandRecord) if rows else None

    def given_for(self, reason: str) -> list[CommandRecord]:
        """Commands that name this reason, in the order they were given."""
        rows = self.db.rows(_FOR, (reason,))
        return [from_json(body, CommandRecord) for (body,) in rows]

    def forget(self, horizon: float, held: Collection[str] = ()) -> int:
        """Drop commands that ended before ``horizon``, but for those to devices that are ``held``; returns how many."""
        devices = json.dumps(sorted(held))
        with self.db.transaction():
            return self.db.execute(_FORGET, (horizon, devices)).rowcount


def _row(record: CommandRecord) -> tuple[str, int, str, float, float | None, str]:
    command = record.command
    body = msgspec.json.encode(record).decode()
    return (command.id, record.offset, command.device, record.issued, record.ended, body)
