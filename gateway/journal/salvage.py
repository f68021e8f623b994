"""After damage: what can still be read is kept, what cannot is declared lost, the damaged file is put aside.

A row that can be read and does not follow in the hash chain is no damage: ``verify`` names it, nothing here hides it.
In a file that is damaged one that is followed by none either is torn.
"""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gateway.errors import OurFault
from gateway.journal.origins import Shelf, digest_of
from gateway.journal.rows import format_of
from gateway.journal.segment import COMPANIONS, FORMAT, PLAIN, SCHEMA, create, is_segment, refuse_newer, say_format
from gateway.on_disk import rename, sync

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """Entries first <= offset < until that are gone, and the file that says so."""

    first: int
    until: int
    file: str


def salvage(directory: Path, ends: int) -> tuple[list[str], list[Lost]]:
    """Make a journal readable from end to end.

    Args:
        directory: the journal's; nobody else may use it meanwhile.
        ends: offset up to which entries were there for certain (those that were applied): later ones go on from it.

    Returns:
        Names of the files that were damaged, and the gaps that are declared now.

    Raises:
        NewerJournal: a newer version has written a file; nothing was done.
    """
    paths = sorted(path for path in directory.glob("*.journal") if is_segment(path))
    for path in paths:
        with suppress(sqlite3.Error), closing(_reading(path)) as db:
            refuse_newer(path, db)
    damaged = [path.name for path in paths if _repair(path)]
    return damaged, _declare(paths, ends)


def _repair(path: Path) -> bool:
    """Replace a file that cannot be read to its end by one of what can; whether it had to be."""
    if is_sound(path):
        return False
    new = path.with_name(path.name + ".salvaged")
    new.unlink(missing_ok=True)
    create(new)
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        copy(db, "origin", readable(path, "origin NOT INDEXED"))
        copy(db, "origin", readable(path, "origin INDEXED BY origin_again", "digest"))
        for table in ("skipped", "gap", "erased"):
            copy(db, table, readable(path, table))
        copy(db, "batch", _whole(readable(path, "batch"), Shelf(db, digest_of)))
        say_format(db, FORMAT)  # for it may have any kind
    put_aside(path)
    sync(new)
    rename(new, path)
    return True


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong in a database."""
    try:
        with closing(_reading(path)) as db:
            said: Row = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return bool(said[0] == "ok")


def readable(path: Path, table: str, key: str = "1") -> list[Row]:
    """Rows of a table of a damaged database, as far as they can be read by a key, from its beginning and its end."""
    rows: dict[object, Row] = {}
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(_reading(path)) as db:
            db.execute("PRAGMA writable_schema=ON")  # a file that is shorter than its header says is read all the same
            for row in db.execute(f"SELECT * FROM {table} ORDER BY {key} {order}"):  # noqa: S608  fixed words
                rows.setdefault(row, row)
    return list(rows.values())


def copy(db: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Put rows into a table of a new database; those that it has already are left as they are."""
    for row in rows:
        marks = ",".join("?" * len(row))
        with suppress(sqlite3.IntegrityError):
            db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608  fixed words


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _whole(rows: list[Row], digests: Shelf[bytes]) -> Iterator[Row]:
    """Rows that can be read and are not torn: what a page that was cut off still shows may be half a row and noughts.

    A torn one fits neither the row before it nor the one behind it; one that somebody has changed fits one of them.
    """
    found = [(row, link) for row in rows if (link := _link(row, digests)) is not None]
    found.sort(key=lambda pair: int(pair[0][0]))
    fits = [
        sha256(before[5] + link).digest() == row[5] if before[0] + before[1] == row[0] else None
        for (before, _), (row, link) in itertools.pairwise(found)
    ]
    for (row, _), neighbours in zip(found, itertools.pairwise([None, *fits, None]), strict=False):
        if True in neighbours or False not in neighbours:
            yield row


def _link(row: Row, digests: Shelf[bytes]) -> bytes | None:
    """What the chain goes over of a row; None where it is not whole, or an origin that it refers to is gone."""
    try:
        linked = format_of(row[4]).linked(row[4], row[0], digests)
    except (OurFault, ValueError, TypeError):
        return None
    return linked.link if linked.entries == row[1] and isinstance(row[5], bytes) else None


def put_aside(path: Path) -> Path:
    """Give a database and what belongs to it another name; nothing is thrown away. Returns the new path."""
    for number in itertools.count(1):
        aside = path.with_name(f"{path.name}.damaged-{number}")
        if not aside.exists():
            break
    for ending in COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    sync(path.parent)
    return aside


def _declare(paths: list[Path], ends: int) -> list[Lost]:
    """Declare every hole between the rows that are there, and from the last to ``ends``, in the file behind it."""
    ranges = sorted((first, until, path) for path in paths for first, until in _ranges(path))
    if not paths:
        return []
    known, lost = sorted(itertools.chain.from_iterable(map(_declared, paths))), list[Lost]()
    at, last = (ranges[0][0], ranges[-1][2]) if ranges else (0, paths[-1])
    for first, until, path in [*ranges, (ends, ends, last)]:
        at = _beyond(known, at)
        if first > at:
            lost.append(Lost(at, first, _write_gap(path, at, first)))
        at = max(at, until)
    return lost


def _ranges(path: Path) -> Iterator[tuple[int, int]]:
    """First offset and the one after the last of each row of a sound file."""
    with closing(_reading(path)) as db, suppress(sqlite3.OperationalError):
        yield from db.execute("SELECT first, first + count FROM batch ORDER BY first")


def _declared(path: Path) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in readable(path, "gap")]


def _beyond(known: list[tuple[int, int]], at: int) -> int:
    for first, until in known:
        at = until if first <= at < until else at
    return at


def _write_gap(path: Path, first: int, until: int) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA synchronous=FULL;" + SCHEMA)
        say_format(db, PLAIN)
        db.execute("INSERT OR REPLACE INTO gap VALUES (?, ?, 'damaged or missing file')", (first, until))
    return path.name
