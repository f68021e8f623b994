"""One file of the journal: how it is made, opened and read. It is there with its tables, or it is not there at all."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from gateway.journal.entries import EntryKind
from gateway.journal.faults import NewerJournal
from gateway.journal.row2 import HEADER
from gateway.on_disk import rename, sync
from gateway.private import private
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN, FORMAT = 2, 3
"""Formats of a file, which says it as its ``user_version`` (one of 1 says 0): that of every file that this version
writes to; and the newest that it reads, of files with entries of kinds that an older version does not know."""
NEEDS = np.full(256, PLAIN, np.uint8)
"""By entry kind: the format of a file that has one."""
NEEDS[[EntryKind.IMPORTED, EntryKind.AUDIT, EntryKind.PAPER]] = FORMAT
_HAS = f"instr(substr(body, {HEADER.size + 1}, count), x'{{:02x}}') > 0"
HAS_AUDIT, HAS_IMPORTED = _HAS.format(EntryKind.AUDIT), _HAS.format(EntryKind.IMPORTED)
HAS_CONFIGURATION = _HAS.format(EntryKind.CONFIGURATION)
"""In SQL; of a row of format 1 it means nothing."""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS origin (
  id INTEGER PRIMARY KEY,         -- bodies refer to it
  said TEXT NOT NULL,             -- gateway.journal.entries.Origin as JSON
  digest BLOB NOT NULL            -- SHA-256(said); the leaves of its entries contain it
) STRICT;
-- Finds an origin by its digest, and is a second copy of all of them: a damaged page costs none.
CREATE UNIQUE INDEX IF NOT EXISTS origin_again ON origin (digest, said);
CREATE TABLE IF NOT EXISTS batch (
  first INTEGER PRIMARY KEY,      -- offset of the batch's first entry
  count INTEGER NOT NULL,
  received_first REAL NOT NULL,
  received_last REAL NOT NULL,
  body BLOB NOT NULL,             -- gateway.journal.row2; of an older version gateway.journal.row1
  chain BLOB NOT NULL             -- SHA-256(previous chain + root of the row, or of an older version its body)
) STRICT;
-- Rows that have AUDIT entries, fixes of another system, configurations: kinds stand first in a body, a byte each.
CREATE INDEX IF NOT EXISTS audited ON batch (first) WHERE {HAS_AUDIT};
CREATE INDEX IF NOT EXISTS imported ON batch (first) WHERE {HAS_IMPORTED};
CREATE INDEX IF NOT EXISTS configured ON batch (first) WHERE {HAS_CONFIGURATION};
CREATE TABLE IF NOT EXISTS erased (
  offset INTEGER PRIMARY KEY,     -- of an entry whose content is gone
  time REAL NOT NULL,             -- when that was done, UTC epoch seconds
  by TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS opened (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  times INTEGER NOT NULL          -- how often a writer has opened the file
) STRICT;
CREATE TABLE IF NOT EXISTS skipped (
  offset INTEGER PRIMARY KEY,     -- of an entry that the engine cannot stand; said by a SKIPPED entry of this file
  fault TEXT NOT NULL             -- class of the exception
) STRICT;
CREATE TABLE IF NOT EXISTS gap (
  first INTEGER PRIMARY KEY,      -- entries first <= offset < until were lost, and a person has said so
  until INTEGER NOT NULL,
  why TEXT NOT NULL
) STRICT;
-- Of which kinds a file has no entry any more, for their time was over; when that was done, UTC epoch seconds; what
-- was held then, by its digest, and stayed (empty: nothing).
CREATE TABLE IF NOT EXISTS cleared (
  kind TEXT PRIMARY KEY, time REAL NOT NULL, held TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
_INDEXED = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = '{}'"
_OPENED = "INSERT INTO opened VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1"
_NAME = re.compile(r"\d{4}-\d\d-\d\d(\.\d+)?\.journal")
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""Endings of the files that belong to one SQLite database."""
UNFINISHED = ".new"
"""Behind the name of a file that is just being made, or was when a fault or a kill broke it off."""
PATIENCE = 2.0
"""Seconds to wait for a lock; the pipeline tries again, and health turns red meanwhile."""


def day_of(path: Path) -> float:
    """When the day of a file begins, by its name, UTC epoch seconds."""
    return datetime.strptime(path.name[:10], "%Y-%m-%d").replace(tzinfo=UTC).timestamp()


def oldest_day(directory: Path) -> float | None:
    """When the first day begins that a journal has a file of; None: it has none."""
    return min(map(day_of, filter(is_segment, directory.glob("*.journal"))), default=None)


def is_segment(path: Path) -> bool:
    """Whether a file is one of the journal's by its name: ``YYYY-MM-DD.journal``, or the day's second (``.1``)."""
    return _NAME.fullmatch(path.name) is not None


def create(path: Path) -> None:
    """Make an empty file with its tables under another name, and only then give it its own.

    Raises:
        sqlite3.Error, OSError: it cannot be made; nothing of that name is there.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    remove(unfinished)
    if not path.exists():
        remove(path)  # the log that another of its name has left would be taken for its own
    with closing(sqlite3.connect(private(unfinished), isolation_level=None)) as connection:
        # Whole before it has a log: a fault on closing would leave what it holds in the log of another name.
        connection.executescript(
            f"PRAGMA synchronous=FULL; BEGIN; {SCHEMA} PRAGMA user_version={PLAIN}; COMMIT; PRAGMA journal_mode=WAL"
        )
    sync(unfinished)
    rename(unfinished, path)


def remove(path: Path) -> None:
    """Take away a file, if it is there, and what SQLite has put beside it: whoever only reads leaves that."""
    for ending in COMPANIONS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def sweep(directory: Path) -> None:
    """Take away what SQLite has put beside files of a journal that are gone."""
    for ending in COMPANIONS[1:]:
        for path in directory.glob(f"*.journal{ending}"):
            if not path.with_name(path.name.removesuffix(ending)).exists():
                path.unlink(missing_ok=True)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that appends; from here on the end of the file is what it will stay.

    A kill between the sync of a WAL frame and the update of the WAL index hides the last row from everybody as long as
    another process holds the file open, and it would come back once that has left. A commit of our own settles it: the
    row is seen or, never having been acknowledged, written over.

    Raises:
        sqlite3.Error: it cannot be opened, or is damaged.
        NewerJournal: a newer version has written it.
    """
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        refuse_newer(path, connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(SCHEMA)
        say_format(connection, PLAIN)
        connection.execute(_OPENED)
    except (sqlite3.Error, NewerJournal):
        connection.close()
        raise
    return connection


def say_format(connection: sqlite3.Connection, least: int) -> None:
    """From here on an open file says a format, or the later one that it says already; in a transaction, with that.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found < least:
        connection.execute(f"PRAGMA user_version={least}")


def refuse_newer(path: Path, connection: sqlite3.Connection) -> None:
    """Look at the format of an open file before anything else.

    Raises:
        NewerJournal: this version does not know it.
        sqlite3.Error: it is damaged.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > FORMAT:
        raise NewerJournal(path.name, found, FORMAT)


def has_index(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a version has written to an open file that finds some entries by an index: ``audited``, ``imported``."""
    return connection.execute(_INDEXED.format(name)).fetchone() is not None


def is_indexed(connection: sqlite3.Connection) -> bool:
    """Whether a version has written to an open file that knows AUDIT entries: without that it has none."""
    return has_index(connection, "audited")


def has_audit(path: Path, since: float) -> bool:
    """Whether a file has a row with AUDIT entries that ends at a receive time (UTC epoch seconds) or later.

    Raises:
        OurFault: the file is damaged or cannot be read.
    """
    statement = f"SELECT 1 FROM batch INDEXED BY audited WHERE {HAS_AUDIT} AND received_last >= ?"  # noqa: S608  ours
    with reading(path) as connection:
        if not is_indexed(connection):
            return False
    return next(select(path, statement, (since,)), None) is not None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A file open for reading; a missing table ends the block (a kill while the file was made; an older version).

    Raises:
        TransientFault: the file cannot be read now.
        OurFault: it is damaged.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            refuse_newer(path, connection)
            yield connection
    except sqlite3.Error as fault:
        if "no such table" not in str(fault):
            raise judged("read", f"journal file {path.name}", fault) from fault


def select(path: Path, statement: str, values: tuple[float, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a query; none where the file has no such table yet.

    Raises:
        TransientFault, OurFault: as :func:`reading`.
    """
    with reading(path) as connection:
        yield from connection.execute(statement, values)
