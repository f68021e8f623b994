"""state.db: episodes, events, outbox, commands, snapshots, applied offset. Outcomes and offset commit together."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.engine import CommandRecord, Episode, Snapshot, SnapshotPart
from gateway.errors import OurFault
from gateway.private import private
from gateway.sqlite_faults import ADVICE, judged, told
from gateway.store.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

VERSION = 3
PATIENCE = 2.0
"""Seconds to wait for a lock; the pipeline tries again, and health turns red meanwhile."""


@dataclass(frozen=True, slots=True)
class Event:
    """One message owed to upstreams: CloudEvents id, the alarm it is about, its severity, and the exact bytes."""

    id: str
    alarm: str
    severity: str
    body: bytes
    episode: Episode


class StateStore:
    """The one owner of state.db. Not thread-safe: the writer thread owns it; readers open their own, read-only."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                private(path)
                self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                self._migrate()
        except sqlite3.Error as fault:
            raise OurFault(f"cannot open {path}: {told(fault)}") from fault
        except OSError as fault:
            raise OurFault(f"cannot open {path}: {fault.strerror}") from fault
        self.outbox = Outbox(self._db, self._transaction, self._rows)

    def _migrate(self) -> None:
        """One step up at a time; each version has its file."""
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise OurFault(f"state.db has version {version}, this gateway knows {VERSION}: install a newer one")
        for step in range(version + 1, VERSION + 1):
            script = resources.files("gateway.store.schema").joinpath(f"state_v{step}.sql").read_text("utf-8")
            self._db.executescript(f"BEGIN; {script}; PRAGMA user_version={step}; COMMIT;")

    def applied_offset(self) -> int:
        """Entries before it have had their outcomes committed."""
        return self._progress("applied_offset") or 0

    def snapshot_offset(self) -> int:
        """Entries before it are in the snapshot; 0 without one."""
        return self._progress("snapshot_offset") or 0

    def _progress(self, name: str) -> int | None:
        rows = self._rows("SELECT value FROM progress WHERE name = ?", (name,))
        return int(rows[0][0]) if rows else None

    def commit(
        self,
        events: Sequence[Event],
        upstreams: Iterable[tuple[str, frozenset[str]]],
        offset: int,
        commands: Sequence[CommandRecord] = (),
    ) -> int:
        """Store outcomes, what they owe each upstream (name, severities; empty: all), and the offset, in one commit.

        With them goes how commands stand now.

        An event already stored is left as it is: replaying a tail owes nothing twice. Returns the number of new ones.

        Raises:
            TransientFault: nothing was stored; it may be tried again.
            OurFault: a row contradicts the tables: a bug.
        """
        owed = [(name, severities) for name, severities in upstreams]
        with self._transaction():
            new = sum(self._add(event, owed) for event in events)
            self._db.executemany("INSERT OR REPLACE INTO command VALUES (?,?,?,?,?,?)", map(_command_row, commands))
            self._db.execute("INSERT OR REPLACE INTO progress VALUES ('applied_offset', ?)", (offset,))
        return new

    def _add(self, event: Event, owed: list[tuple[str, frozenset[str]]]) -> int:
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO event (id, alarm, body) VALUES (?,?,?)", (event.id, event.alarm, event.body)
        )
        if cursor.rowcount == 0:
            return 0
        for name, severities in owed:
            if not severities or event.severity in severities:
                self.outbox.add(name, cursor.lastrowid or 0, event.alarm, event.severity)
        episode = event.episode
        self._db.execute(
            "INSERT OR REPLACE INTO episode VALUES (?,?,?,?,?,?,?,?,?)",
            (
                episode.id, episode.kind, episode.severity, episode.person, episode.device, episode.onset,
                episode.decided, int(episode.resolved), msgspec.json.encode(episode).decode(),
            ),
        )  # fmt: skip
        return 1

    def episodes(self, *, unresolved: bool) -> list[Episode]:
        """Episodes, oldest first."""
        where = "WHERE resolved = 0" if unresolved else ""
        rows = self._rows(f"SELECT body FROM episode {where} ORDER BY decided, id")  # noqa: S608  fixed words
        return [msgspec.json.decode(body, type=Episode) for (body,) in rows]

    def commands(self, device: str = "", *, pending: bool) -> list[CommandRecord]:
        """Commands in the order they were given: those to one device or to all, all or those that have not ended."""
        where = "(device = ? OR ? = '')" + (" AND ended IS NULL" if pending else "")
        statement = f"SELECT body FROM command WHERE {where} ORDER BY log_offset"  # noqa: S608  fixed words
        return [msgspec.json.decode(body, type=CommandRecord) for (body,) in self._rows(statement, (device, device))]

    def command(self, identity: str) -> CommandRecord | None:
        """One command, if there is such a one."""
        rows = self._rows("SELECT body FROM command WHERE id = ?", (identity,))
        return msgspec.json.decode(rows[0][0], type=CommandRecord) if rows else None

    def forget_commands(self, horizon: float) -> int:
        """Drop commands that ended before ``horizon``; returns how many."""
        with self._transaction():
            return self._db.execute("DELETE FROM command WHERE ended < ?", (horizon,)).rowcount

    def events(self) -> list[bytes]:
        """Every event ever owed, in order, exactly as sent."""
        return [bytes(body) for (body,) in self._rows("SELECT body FROM event ORDER BY seq")]

    def figures(self) -> dict[str, int]:
        """Counts for the status: events, unresolved episodes, what is still owed, and what is set aside."""
        one = "SELECT count(*) FROM "
        return {
            "events": self._rows(one + "event")[0][0],
            "unresolved": self._rows(one + "episode WHERE resolved = 0")[0][0],
            "owed": self._rows(one + "outbox WHERE delivered IS NULL AND set_aside IS NULL")[0][0],
            "set_aside": self._rows(one + "outbox WHERE set_aside IS NOT NULL")[0][0],
        }

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Replace the snapshot; it implies that outcomes up to its offset are stored."""
        with self._transaction():
            self._db.execute("DELETE FROM snapshot")
            rows = [(part.name, part.dtype, json.dumps(part.shape), part.data) for part in snapshot.parts]
            self._db.executemany("INSERT INTO snapshot VALUES (?,?,?,?)", rows)
            self._db.execute("INSERT OR REPLACE INTO progress VALUES ('snapshot_offset', ?)", (snapshot.offset,))
            self._db.execute(
                "INSERT INTO progress VALUES ('applied_offset', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (snapshot.offset,),
            )

    def load_snapshot(self) -> Snapshot | None:
        """The last snapshot, if there is one."""
        offset = self._progress("snapshot_offset")
        if offset is None:
            return None
        rows = self._rows("SELECT name, dtype, shape, data FROM snapshot ORDER BY name")
        parts = tuple(
            SnapshotPart(name, dtype, tuple(json.loads(shape)), bytes(data)) for name, dtype, shape, data in rows
        )
        return Snapshot(offset, parts)

    @classmethod
    def look(cls, path: Path) -> str:
        """What is wrong inside a state.db, in words; empty: nothing. It may be in use."""
        store = cls(path, read_only=True)
        try:
            (said,) = store._rows("PRAGMA quick_check(1)")[0]
        finally:
            store.close()
        return "" if said == "ok" else f"state.db is damaged: {said}. {ADVICE}"

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _rows(self, statement: str, values: tuple[str | int, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; a database that cannot be read (or is just being made) is our fault."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as fault:
            raise OurFault(f"state.db cannot be read: {told(fault)}") from fault

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; a failing database is our fault, and nothing was stored."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as cause:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(cause, sqlite3.Error):
                raise judged("state.db cannot store", cause) from cause
            raise


def _command_row(record: CommandRecord) -> tuple[str, int, str, float, float | None, str]:
    command = record.command
    body = msgspec.json.encode(record).decode()
    return (command.id, record.offset, command.device, record.issued, record.ended, body)
