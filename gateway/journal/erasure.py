"""Erasing: what an entry was is taken out of its file; that it was there, and where, stays as certain as before.

Its salt goes with it, so that nobody can try out what it may have been. Who had it done, when and why is kept beside
it. What replay and recovery say of the entries around it may change: they know it no more.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from gateway.errors import OurFault, TransientFault
from gateway.journal import row2
from gateway.journal.entries import EntryKind
from gateway.journal.faults import UnfitEntry
from gateway.journal.leaves import is_sound, leaves_of, shown_times
from gateway.journal.origins import Shelf, digest_of, origin_said
from gateway.journal.segment import open_for_writing, reading, select
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.journal.entries import Origin

ERASABLE = frozenset({
    EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED, EntryKind.ACT, EntryKind.COMMAND,
    EntryKind.RESULT, EntryKind.ERASED, EntryKind.DEED, EntryKind.TEST, EntryKind.NOTICE, EntryKind.REMINDER,
    EntryKind.IMPORTED, EntryKind.PAPER,
})  # fmt: skip
"""What may hold a person's data; of the rest nothing is anybody's, and without it no entry behind it can be read."""
_ROW = "SELECT first, body FROM batch WHERE first <= ? AND first + count > ? ORDER BY first DESC LIMIT 1"


Spans: TypeAlias = "Mapping[str, Sequence[tuple[float, float]]]"
"""By device, between which receive times (UTC epoch seconds, both inclusive) its entries are meant."""


class Erasure(NamedTuple):
    """When an entry was erased (UTC epoch seconds), by whom, and why."""

    time: float
    by: str
    why: str


class _Wanted(NamedTuple):
    """A row, and the places in it of entries that are to go."""

    first: int
    one: row2.Columns
    places: list[int]


def look(path: Path, offsets: Sequence[int]) -> None:
    """See whether all of these entries of a file can be erased; nothing is changed.

    Raises:
        UnfitEntry: one is not there, is of format 1, or is of a kind that is never erased.
        OurFault: the file cannot be read, or a row is damaged.
    """
    with reading(path) as connection:
        for row in _rows(connection, offsets):
            for place in row.places:
                if int(row.one.kind[place]) not in ERASABLE:
                    raise UnfitEntry(row.first + place, "kept")


def erase(path: Path, offsets: Sequence[int], record: Erasure) -> None:
    """Take entries out of a file that were looked at; afterwards no byte of them is in it or beside it.

    Doing it again is no error, and ends what could not be ended the first time.

    Raises:
        TransientFault: the file cannot be written; or somebody reads it, so that the bytes are still beside it.
        OurFault: a row is damaged.
    """
    with _taking_out(path) as connection:
        _take_out(connection, _rows(connection, offsets), record)


def clear(path: Path, kinds: Collection[EntryKind], record: Erasure, held: Spans) -> bool:
    """Take all entries of some kinds out of a file, as :func:`erase`; those in rows of format 1 stay.

    Returns:
        Whether any stayed because it is held.

    Raises:
        TransientFault, OurFault: as :func:`erase`.
    """
    with _taking_out(path) as connection:
        _take_out(connection, _rows_of(connection, kinds, held), record)
        return next(_rows_of(connection, kinds, {}), None) is not None


@contextmanager
def _taking_out(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a file, after which nothing that it has deleted is left in the file or beside it."""
    try:
        with closing(open_for_writing(path)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
            # Pages that were split long ago may hold copies of what stood in them: a file made anew holds none.
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as fault:
        raise judged("write", f"journal file {path.name}", fault) from fault
    if busy:
        raise TransientFault(f"{path.name}: erased, but the bytes stay beside the file while somebody reads it; again")


def finish(path: Path) -> None:
    """End what could not be ended when something was taken out of a file: no page, nothing beside it keeps a byte.

    Raises:
        TransientFault: as :func:`erase`.
    """
    with _taking_out(path):
        pass


def recorded(path: Path, why: str) -> list[int]:
    """Offsets of the entries that were erased for a reason, ascending.

    Raises:
        OurFault: the file cannot be read.
    """
    with reading(path) as connection:
        found = connection.execute("SELECT offset FROM erased WHERE why = ? ORDER BY offset", (why,))
        return [offset for (offset,) in found]


def older_in(path: Path) -> list[tuple[int, int]]:
    """Rows of a file in which nothing can be erased, for an older version wrote them: first offset, and that behind.

    Raises:
        OurFault: the file cannot be read.
    """
    statement = f"SELECT first, first + count FROM batch WHERE substr(body, 1, 4) <> x'{row2.MAGIC.hex()}'"  # noqa: S608  ours
    return [(int(first), int(until)) for first, until in select(path, statement)]


def _take_out(connection: sqlite3.Connection, rows: Iterable[_Wanted], record: Erasure) -> None:
    digests = Shelf(connection, digest_of)
    for row in rows:
        leaves = leaves_of(row.one, digests(row.one.references.tolist()))
        body = row2.pack(_without(row.one, row.places, leaves))
        connection.execute("UPDATE batch SET body = ? WHERE first = ?", (body, row.first))
        lines = [(row.first + place, *record) for place in row.places]
        connection.executemany("INSERT OR IGNORE INTO erased VALUES (?,?,?,?)", lines)
    _forget_origins(connection)


def _rows_of(connection: sqlite3.Connection, kinds: Collection[EntryKind], held: Spans) -> Iterator[_Wanted]:
    """The rows of format 2 that have entries of some kinds that are not held; one at a time, for a day is large."""
    wanted, said = np.array(sorted(kinds), np.uint8), Shelf(connection, origin_said)
    for (first,) in connection.execute("SELECT first FROM batch ORDER BY first").fetchall():
        if (one := _one(connection, first)) is not None:
            gone = np.isin(one.kind, wanted) & ~_held(one, said, held)
            if gone.any():
                yield _Wanted(first, one, np.flatnonzero(gone).tolist())


def _held(one: row2.Columns, said: Shelf[Origin], held: Spans) -> NDArray[np.bool_]:
    """Which entries of a row are held: those of a device, received in one of its spans."""
    found = np.zeros(len(one.kind), np.bool_)
    for number, origin in enumerate(said(one.references.tolist()) if held else ()):
        for begin, end in held.get(origin.device, ()):
            found |= (one.origin == number) & (one.received >= begin) & (one.received <= end)
    return found


def _rows(connection: sqlite3.Connection, offsets: Sequence[int]) -> Iterator[_Wanted]:
    """The rows that hold these entries."""
    found = [(_first_of(connection, offset), offset) for offset in sorted(set(offsets))]
    for first, group in groupby(found, key=lambda pair: pair[0]):
        if (one := _one(connection, first)) is None:
            raise UnfitEntry(first, "older")
        yield _Wanted(first, one, [offset - first for _, offset in group])


def _one(connection: sqlite3.Connection, first: int) -> row2.Columns | None:
    """A row; None: it is of format 1."""
    (body,) = connection.execute("SELECT body FROM batch WHERE first = ?", (first,)).fetchone()
    if body[:4] != row2.MAGIC:
        return None
    one = row2.unpack(body)
    if not is_sound(one):
        raise OurFault(f"journal chain is broken at offset {first}: journal row contradicts itself")
    return one


def _first_of(connection: sqlite3.Connection, offset: int) -> int:
    row = connection.execute(_ROW, (offset, offset)).fetchone()
    if row is None:
        raise UnfitEntry(offset, "missing")
    return int(row[0])


def _without(one: row2.Columns, places: list[int], leaves: list[bytes]) -> row2.Columns:
    """A row of which some entries are nothing but their leaves."""
    before = one.kind == row2.ERASED
    gone = before.copy()
    gone[places] = True
    kept = ~gone
    used, place = np.unique(one.origin[kept], return_inverse=True)
    origin = np.full(len(gone), row2.NOWHERE, np.int32)
    origin[kept] = place
    ends = np.cumsum(one.length)
    payload = b"".join(one.payload[ends[at] - one.length[at] : ends[at]] for at in np.flatnonzero(kept).tolist())
    return row2.Columns(
        np.where(gone, np.uint8(row2.ERASED), one.kind), shown_times(one.received, gone), origin,
        np.where(gone, 0, one.length), one.references[used], _salts(one, kept[~before]),
        b"".join(leaves[at] for at in np.flatnonzero(gone).tolist()), payload,
    )  # fmt: skip


def _salts(one: row2.Columns, kept: NDArray[np.bool_]) -> bytes:
    return np.frombuffer(one.salts, f"V{row2.SALT}")[kept].tobytes()


def _forget_origins(connection: sqlite3.Connection) -> None:
    """Origins that no entry has any more name a device and an address for nothing."""
    used: set[int] = set()
    for (body,) in connection.execute("SELECT body FROM batch"):
        if body[:4] == row2.MAGIC:
            used.update(row2.unpack(body).references.tolist())
    known = [number for (number,) in connection.execute("SELECT id FROM origin")]
    connection.executemany("DELETE FROM origin WHERE id = ?", [(number,) for number in known if number not in used])
