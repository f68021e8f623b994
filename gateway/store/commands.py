"""Orders to devices as the engine last said they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gateway.engine import CommandRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.store.connection import StateConnection


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
        return [msgspec.json.decode(body, type=CommandRecord) for (body,) in self.db.rows(statement, (device, device))]

    def one(self, identity: str) -> CommandRecord | None:
        """One command, if there is such a one."""
        rows = self.db.rows("SELECT body FROM command WHERE id = ?", (identity,))
        return msgspec.json.decode(rows[0][0], type=CommandRecord) if rows else None

    def forget(self, horizon: float) -> int:
        """Drop commands that ended before ``horizon``; returns how many."""
        with self.db.transaction():
            return self.db.execute("DELETE FROM command WHERE ended < ?", (horizon,)).rowcount


def _row(record: CommandRecord) -> tuple[str, int, str, float, float | None, str]:
    command = record.command
    body = msgspec.json.encode(record).decode()
    return (command.id, record.offset, command.device, record.issued, record.ended, body)
