"""One file of the history: chunks of rows, each of one device. There is one a day, and one for what came last."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.errors import GatewayFault, OurFault, TransientFault
from gateway.history.layout import OURS, packed, unpacked
from gateway.private import private
from gateway.sqlite_faults import is_damage, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT: Final = 2
"""What this version writes, and the newest that it reads; a file says it as its ``user_version``."""
WITH_EPOCHS: Final = 2
"""From which format on a file may tell epochs."""
PAGE: Final = 16_384
"""Bytes of a page: a chunk of some hundred reports has that many, and is written by pages, once and again."""
SCHEMA: Final = f"""
PRAGMA page_size={PAGE};
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS layout (
  id INTEGER PRIMARY KEY,
  columns TEXT NOT NULL UNIQUE    -- JSON: name and type of each column of a row, in the order in which they lie
) STRICT;
CREATE TABLE IF NOT EXISTS chunk (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  first REAL NOT NULL,            -- least and greatest order of its rows: UTC epoch seconds
  last REAL NOT NULL,
  count INTEGER NOT NULL,
  until INTEGER NOT NULL,         -- behind the last of the entries that its rows are of
  layout INTEGER NOT NULL,
  crc INTEGER NOT NULL,           -- CRC-32 of the rows
  rows BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS chunk_of_device ON chunk (device, last);
CREATE INDEX IF NOT EXISTS chunk_of_entry ON chunk (until);
CREATE TABLE IF NOT EXISTS progress (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL          -- an offset
) STRICT;
CREATE TABLE IF NOT EXISTS day (
  name TEXT PRIMARY KEY           -- a file that has been begun; whoever misses it knows that it is lost
) STRICT;
CREATE TABLE IF NOT EXISTS epoch (
  id INTEGER PRIMARY KEY,
  since REAL NOT NULL,            -- receive time, UTC epoch seconds, from which on its zones and rules are in force
  digest TEXT NOT NULL,           -- of a configuration
  UNIQUE (since, digest)
) STRICT;
PRAGMA user_version={FORMAT};
"""
PATIENCE: Final = 2.0
"""Seconds to wait for a lock; the pipeline tries again, and health turns red meanwhile."""
_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d|newest)\.history")
_CHUNKS: Final = "SELECT {} layout.columns, crc, rows FROM chunk JOIN layout ON layout.id = chunk.layout"
_PUT: Final = "INSERT INTO chunk (device, first, last, until, count, layout, crc, rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def is_unfinished(fault: Exception) -> bool:
    """Whether a file cannot be read because it was being made when the process, or the power, ended."""
    return getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK or "no such table" in str(fault)


def is_history(path: Path) -> bool:
    """Whether a file is one of the history's by its name."""
    return _NAME.fullmatch(path.name) is not None


class HistoryDamaged(OurFault):
    """A file of the history was not what had been written: what is missing is to be made anew from the journal."""


class NewerHistory(OurFault):
    """A file was written by a version that knows more than this one: nothing of it may be read, or added to it."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(
            f"history file {name} has format {found}, and this version knows none above {FORMAT}: it was written by a"
            " newer version of the gateway. Install that one again"
        )


def opened(path: Path) -> sqlite3.Connection:
    """A connection that reads, which any thread may use in its turn.

    Raises:
        NewerHistory: of a newer version.
        sqlite3.Error: it is not there, damaged, or cannot be opened.
    """
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE, check_same_thread=False)
    try:
        _format_of(path, db)
        db.execute("SELECT count(*), max(until) FROM chunk").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _format_of(path: Path, db: sqlite3.Connection) -> int:
    """What a file says it is; 0: it is just being made."""
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found > FORMAT:
        raise NewerHistory(path.name, found)
    return found


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a file, which is made where there is none: all of the block or nothing.

    Raises:
        TransientFault: it cannot be written now.
        HistoryDamaged: it is damaged, and was removed.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(private(path), timeout=PATIENCE, isolation_level=None)) as db:
            if _format_of(path, db) < FORMAT:
                db.executescript(SCHEMA)
            db.execute("PRAGMA synchronous=FULL")
            with db:
                db.execute("BEGIN IMMEDIATE")
                yield db
    except (sqlite3.Error, OSError, ValueError) as fault:
        raise trouble(path, fault) from fault


def trouble(path: Path, fault: Exception) -> GatewayFault:
    """What a fault of a file means for us. One that is damaged, or gone, is removed and made anew from the journal."""
    is_gone = isinstance(fault, sqlite3.Error) and not path.exists()
    if isinstance(fault, ValueError) or is_damage(fault) or is_gone:
        try:
            remove(path)
        except OSError as refused:
            return judged("write", f"history file {path.name}", refused)
        return HistoryDamaged(f"history file {path.name} was damaged ({fault}); it is made anew from the journal")
    return judged("use", f"history file {path.name}", fault)


def remove(path: Path) -> None:
    """Take away a file, and what SQLite has put beside it: another one of its name must not find that."""
    for beside in ("-journal", "", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def epochs_in(db: sqlite3.Connection) -> list[tuple[float, str]]:
    """Since when (receive time) the zones and rules of which configuration were in force, in their order.

    Raises:
        sqlite3.Error: the file is damaged or cannot be read.
    """
    if int(db.execute("PRAGMA user_version").fetchone()[0]) < WITH_EPOCHS:
        return []
    return db.execute("SELECT since, digest FROM epoch ORDER BY id").fetchall()


def chunks(
    db: sqlite3.Connection, where: str, values: Sequence[object] = (), column: str = "device"
) -> Iterator[tuple[str, NDArray[np.void]]]:
    """A column and the rows (PAST, in the order in which they were put) of the chunks of which a condition is true.

    Raises:
        sqlite3.Error, ValueError: the file is damaged or cannot be read.
    """
    for said, columns, crc, body in db.execute(f"{_CHUNKS.format(f'chunk.{column},')} WHERE {where}", values):
        yield said, unpacked(columns, crc, body)


def put(db: sqlite3.Connection, held: Sequence[tuple[str, NDArray[np.void]]]) -> None:
    """Add chunks: of each device its rows (PAST), one at least."""
    if not held:
        return
    order, offset = (np.concatenate([rows[name] for _, rows in held]) for name in ("order", "offset"))
    begins = np.cumsum([0, *(len(rows) for _, rows in held[:-1])])
    first, last = np.minimum.reduceat(order, begins), np.maximum.reduceat(order, begins)
    until = np.maximum.reduceat(offset, begins) + 1
    pieces = [packed(rows) for _, rows in held]
    said = zip((device for device, _ in held), first.tolist(), last.tolist(), until.tolist(), strict=True)
    db.execute("INSERT OR IGNORE INTO layout (columns) VALUES (?)", (OURS,))
    (layout,) = db.execute("SELECT id FROM layout WHERE columns = ?", (OURS,)).fetchone()
    db.executemany(
        _PUT, ((*one, len(rows), layout, *piece) for one, (_, rows), piece in zip(said, held, pieces, strict=True))
    )


def sift(db: sqlite3.Connection, since: int, wanted: Callable[[NDArray[np.void]], NDArray[np.bool_]]) -> None:
    """Of the chunks that reach behind an offset keep the rows of which ``wanted`` says so."""
    _sift(db, [identity for (identity,) in db.execute("SELECT id FROM chunk WHERE until > ?", (since,))], wanted)


def _sift(
    db: sqlite3.Connection, ids: Sequence[int], wanted: Callable[[NDArray[np.void]], NDArray[np.bool_]]
) -> None:  # fmt: skip
    for identity in ids:
        ((device, rows),) = chunks(db, "chunk.id = ?", (identity,))
        kept = rows[wanted(rows)]
        if len(kept) == len(rows):
            continue
        db.execute("DELETE FROM chunk WHERE id = ?", (identity,))
        if len(kept):
            put(db, [(device, kept)])


def erase(path: Path, offsets: NDArray[np.int64]) -> None:
    """Take the rows of entries out of a file; afterwards no byte of them is in it or beside it.

    Raises:
        TransientFault: it cannot be written now, or somebody reads it, so that the bytes are still beside it.
        HistoryDamaged: it was damaged, and is gone altogether.
    """
    with writing(path) as db:
        db.execute("PRAGMA secure_delete=ON")
        sift(db, int(offsets.min()), lambda rows: ~np.isin(rows["offset"], offsets))
    _made_anew(path)


def erase_of(path: Path, devices: Collection[str], offsets: NDArray[np.int64]) -> None:
    """As :func:`erase`, of entries that are all of these devices: the chunks of others are not looked at.

    Raises:
        TransientFault, HistoryDamaged: as :func:`erase`.
    """
    with writing(path) as db:
        db.execute("PRAGMA secure_delete=ON")
        statement = "SELECT id FROM chunk WHERE device IN (SELECT value FROM json_each(?))"
        ids = [identity for (identity,) in db.execute(statement, (json.dumps(sorted(devices)),))]
        _sift(db, ids, lambda rows: ~np.isin(rows["offset"], offsets))
    _made_anew(path)


def erase_devices(path: Path, devices: Collection[str]) -> None:
    """Take all rows of devices out of a file, as :func:`erase`.

    Raises:
        TransientFault, HistoryDamaged: as :func:`erase`.
    """
    with writing(path) as db:
        db.execute("PRAGMA secure_delete=ON")
        db.executemany("DELETE FROM chunk WHERE device = ?", [(device,) for device in sorted(devices)])
    _made_anew(path)


def _made_anew(path: Path) -> None:
    """No page of a file keeps what was deleted."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            db.execute("VACUUM")
            (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as fault:
        raise trouble(path, fault) from fault
    if busy:
        raise TransientFault(f"{path.name}: erased, but the bytes stay beside the file while somebody reads it; again")
