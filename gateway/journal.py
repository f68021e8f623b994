"""The journal: every input, append-only, durable on return. The truth from which everything else can be rebuilt.

One SQLite file a UTC day (WAL, synchronous=FULL); a batch is one row, so that the hash chain and retention cost next to
nothing. Configuration texts are stored once, by digest, in a file of their own.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from gateway.entries import EntryBatch
from gateway.errors import OurFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
  first INTEGER PRIMARY KEY,      -- offset of the batch's first entry
  count INTEGER NOT NULL,
  received_first REAL NOT NULL,
  received_last REAL NOT NULL,
  body BLOB NOT NULL,             -- gateway.entries.EntryBatch.encode
  chain BLOB NOT NULL             -- SHA-256(previous chain + body)
) STRICT;
"""
_CONFIGURATIONS = "CREATE TABLE IF NOT EXISTS configuration (digest TEXT PRIMARY KEY, sources TEXT NOT NULL) STRICT;"
_GENESIS = bytes(32)
PATIENCE = 2.0
"""Seconds to wait for a lock; the pipeline tries again, and health turns red meanwhile."""


class Journal(Protocol):
    """What the pipeline and replay need of a journal; local files and a replicated stream look the same."""

    @property
    def next_offset(self) -> int:
        """Offset the next entry will get."""
        ...

    def append(self, batch: EntryBatch) -> int:
        """Store a batch; durable on return. Returns the offset of its first entry."""
        ...

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        """Batches from offset ``first`` on, as (offset of the first entry, entries)."""
        ...


def _open(path: Path, schema: str, *, read_only: bool) -> sqlite3.Connection:
    try:
        if read_only:
            return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(schema)
    except sqlite3.Error as fault:
        raise OurFault(f"cannot open {path}: {fault}") from fault
    return connection


class FileJournal:
    """The journal of one machine: ``DIRECTORY/YYYY-MM-DD.journal`` files.

    Not thread-safe: the writer thread owns it. Readers in other threads or processes open their own, read-only.
    """

    def __init__(self, directory: Path, *, read_only: bool = False) -> None:
        self._directory = directory
        self._read_only = read_only
        if not read_only:
            directory.mkdir(parents=True, exist_ok=True)
        self._segment: sqlite3.Connection | None = None
        self._segment_name = ""
        self._next, self._chain = self._tail()

    @property
    def next_offset(self) -> int:
        """Offset the next entry will get."""
        return self._next

    def segments(self) -> list[Path]:
        """Segment files, oldest first."""
        return sorted(self._directory.glob("????-??-??.journal"))

    def append(self, batch: EntryBatch) -> int:
        """Store a batch as one row; durable on return.

        Raises:
            OurFault: the store failed; nothing of the batch may be acknowledged.
        """
        body = batch.encode()
        chain = hashlib.sha256(self._chain + body).digest()
        row = (self._next, len(batch), float(batch.received[0]), float(batch.received[-1]), body, chain)
        try:
            self._segment_for(float(batch.received[0])).execute("INSERT INTO batch VALUES (?,?,?,?,?,?)", row)
        except sqlite3.Error as fault:
            raise OurFault(f"journal cannot store: {fault}") from fault
        first, self._next, self._chain = self._next, self._next + len(batch), chain
        return first

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        """Batches from offset ``first`` on; the first one is cut so that it begins there."""
        for path in self._segments_from(first):
            for offset, body in self._rows(path, first):
                entries = EntryBatch.decode(body)
                skip = max(0, first - offset)
                yield offset + skip, entries.slice(skip, len(entries)) if skip else entries

    def store_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep a configuration's texts under their digest; storing one twice is no error."""
        connection = _open(self._directory / "configurations", _CONFIGURATIONS, read_only=False)
        try:
            text = json.dumps(dict(sources), ensure_ascii=False, sort_keys=True)
            connection.execute("INSERT OR IGNORE INTO configuration VALUES (?,?)", (digest, text))
        except sqlite3.Error as fault:
            raise OurFault(f"journal cannot store the configuration: {fault}") from fault
        finally:
            connection.close()

    def configuration(self, digest: str) -> dict[str, str]:
        """Texts of a configuration.

        Raises:
            OurFault: the digest is not stored.
        """
        connection = _open(self._directory / "configurations", _CONFIGURATIONS, read_only=True)
        try:
            row = connection.execute("SELECT sources FROM configuration WHERE digest = ?", (digest,)).fetchone()
        finally:
            connection.close()
        if row is None:
            raise OurFault(f"configuration {digest[:12]} is not in the journal")
        sources: dict[str, str] = json.loads(row[0])
        return sources

    def verify(self) -> int:
        """Walk the hash chain; returns the number of rows.

        Raises:
            OurFault: a row does not follow from the one before it, named by its offset.
        """
        rows, chain = 0, b""
        for path in self.segments():
            for offset, body, stored in self._select(path, "SELECT first, body, chain FROM batch ORDER BY first"):
                if rows == 0 and offset == 0:
                    chain = _GENESIS
                if chain and hashlib.sha256(chain + body).digest() != stored:
                    raise OurFault(f"journal chain is broken at offset {offset}")
                chain, rows = stored, rows + 1
        return rows

    def retire(self, horizon: float, below: Callable[[], int]) -> list[str]:
        """Remove segments all of whose entries were received before ``horizon`` and lie below an offset.

        ``below`` is asked in the writer thread. Returns the names of the removed files.
        """
        gone, limit = [], below()
        for path in self.segments():
            rows = self._select(path, "SELECT max(first + count), max(received_last) FROM batch")
            until, last = next(rows, (None, None))
            if path.name == self._segment_name or until is None or until > limit or last >= horizon:
                break
            path.unlink()
            gone.append(path.name)
        return gone

    def close(self) -> None:
        """Close the open segment."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None

    def _tail(self) -> tuple[int, bytes]:
        for path in reversed(self.segments()):
            for first, count, chain in self._select(
                path, "SELECT first, count, chain FROM batch ORDER BY first DESC LIMIT 1"
            ):
                return first + count, chain
        return 0, _GENESIS

    def _segment_for(self, received: float) -> sqlite3.Connection:
        name = f"{datetime.fromtimestamp(received, UTC):%Y-%m-%d}.journal"
        if self._segment is None or name != self._segment_name:
            self.close()
            self._segment = _open(self._directory / name, _SCHEMA, read_only=False)
            self._segment_name = name
        return self._segment

    def _segments_from(self, first: int) -> list[Path]:
        """Segments from the one that holds ``first`` on."""
        paths = self.segments()
        for index in range(len(paths) - 1, -1, -1):
            head = next(self._select(paths[index], "SELECT min(first) FROM batch"), (None,))[0]
            if head is not None and head <= first:
                return paths[index:]
        return paths

    def _rows(self, path: Path, first: int) -> Iterator[tuple[int, bytes]]:
        yield from self._select(path, "SELECT first, body FROM batch WHERE first + count > ? ORDER BY first", (first,))

    def _select(self, path: Path, statement: str, values: tuple[int, ...] = ()) -> Iterator[tuple]:  # type: ignore[type-arg]
        connection = _open(path, _SCHEMA, read_only=True)
        try:
            yield from connection.execute(statement, values)
        except sqlite3.Error as fault:
            raise OurFault(f"journal segment {path.name} cannot be read: {fault}") from fault
        finally:
            connection.close()
