"""Whatever is changed in a journal is found: each byte of each column, of both formats, erased entries too."""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from contextlib import closing
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING

import format1
import pytest
from effort import is_thorough
from gateway_entries import batch

from gateway.errors import OurFault
from gateway.journal import FileJournal, verify
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind, Gathering, Origin
from gateway.journal.segment import create
from gateway.journal.sqlite import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = {
    "batch": ["first", "count", "received_first", "received_last", "body", "chain"],
    "origin": ["id", "said", "digest"],
    "erased": ["offset"],
}
LONG, EACH = 40, 3
"""Bytes of a value of which each third is turned, where time matters."""
BODY2 = ["header", "kind", "received", "origin", "length", "references", "salts", "erased", "payload"]


def frames(*times: float) -> EntryBatch:
    gathering = Gathering()
    for number, time in enumerate(times):
        origin = Origin(f"B{number % 3}", peer="10.0.0.1") if number else NO_ORIGIN
        gathering.add(EntryKind.FRAME, time, origin, b"frame %d" % number)
    return gathering.batch()


@pytest.fixture
def kept(tmp_path) -> Iterator[sqlite3.Connection]:
    """A row of format 1, one of format 2, one of which entries were erased, and one of which all were."""
    path = tmp_path / "1970-01-01.journal"
    create(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        body = format1.encode(frames(1.0, 2.0))
        db.execute("INSERT INTO batch VALUES (0, 2, 1.0, 2.0, ?, ?)", (body, sha256(GENESIS + body).digest()))
    journal = FileJournal(tmp_path)
    for times in ((3.0, 4.0), (5.0, 6.0, 7.0, 8.0), (9.0, 10.0, 11.0)):
        journal.append(frames(*times))
    journal.erase([5, 7, 8, 9, 10], "an order of the court", by="甲", time=12.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        yield db


def walked(directory: Path):
    return verify(FileJournal(directory, read_only=True))


@pytest.mark.usefixtures("kept")
def test_it_says_how_many_are_erased(tmp_path):
    seen = walked(tmp_path)
    assert (seen.rows, seen.entries, seen.erased) == (4, 11, 5)


def flipped(value: object) -> Iterator[tuple[int, object]]:
    """A value with one bit of each of its bytes turned, each at another place of the byte; of a long one's thirds."""
    raw = {int: lambda v: struct.pack("<q", v), float: lambda v: struct.pack("<d", v), str: str.encode, bytes: bytes}
    back = {int: "<q", float: "<d"}
    content = raw[type(value)](value)
    for at in range(0, len(content), 1 if is_thorough() or len(content) < LONG else EACH):
        turned = content[:at] + bytes((content[at] ^ (1 << at % 8),)) + content[at + 1 :]
        yield at, struct.unpack(back[type(value)], turned)[0] if type(value) in back else turned


def part_of(body: bytes, at: int) -> str:
    """Which part of a body of format 2 a byte belongs to."""
    _, count, references, erased, _ = struct.unpack_from("<4sIIII", body)
    sizes = (20, count, 8 * count, 4 * count, 4 * count, 4 * references, 16 * (count - erased), 32 * erased)
    return BODY2[sum(at >= end for end in accumulate(sizes))]


def test_a_bit_of_any_column_is_missed_by_nobody(kept, tmp_path):
    met: Counter[str] = Counter()
    for table, names in COLUMNS.items():
        for row, *values in kept.execute(f"SELECT rowid, {','.join(names)} FROM {table}").fetchall():  # noqa: S608
            for name, value in zip(names, values, strict=True):
                change = f"UPDATE {table} SET {name} = {'CAST(? AS TEXT)' if isinstance(value, str) else '?'}"  # noqa: S608
                key = {"first": "first", "id": "id", "offset": "offset"}.get(name)
                for at, turned in flipped(value):
                    try:
                        kept.execute(f"{change} WHERE rowid = ?", (turned, row))
                    except sqlite3.IntegrityError:
                        continue  # that number is taken
                    with pytest.raises(OurFault):
                        walked(tmp_path)
                    now = turned if key else row
                    kept.execute(f"{change} WHERE rowid = ?", (value, now))
                    whole = name == "body" and value[:4] == b"BGE2"
                    met[f"{table}.{name}" + (f".{part_of(value, at)}" if whole else "")] += 1
    assert walked(tmp_path).entries == 11
    assert set(met) == {f"{table}.{name}" for table, names in COLUMNS.items() for name in names} | {
        f"batch.body.{part}" for part in BODY2
    }
    assert min(met.values()) >= 8 // EACH
    assert met["batch.body.erased"] >= 5 * 32 // EACH


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM batch WHERE first = 2",
        "DELETE FROM batch WHERE first = 4",
        "UPDATE batch SET first = first + 1 WHERE first > 0",
        "UPDATE batch SET first = -first; UPDATE batch SET first = 10 + first",
        "UPDATE origin SET id = -id; UPDATE origin SET id = 1 + -id % 3",
        "DELETE FROM origin",
        "DELETE FROM erased",
        "INSERT INTO erased VALUES (3, 1.0, 'nobody', 'no reason')",
    ],
)
def test_order_and_number_of_the_rows_are_held_to(kept, tmp_path, change):
    kept.executescript(change)
    with pytest.raises(OurFault):
        walked(tmp_path)


@pytest.mark.parametrize("columns", ["body", "body, chain", "count, received_first, received_last, body, chain"])
def test_two_rows_that_have_changed_places_are_found(tmp_path, columns):
    journal = FileJournal(tmp_path)
    for time in (1.0, 2.0, 3.0):
        journal.append(batch(time))
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        swapped = [db.execute(f"SELECT {columns} FROM batch WHERE first = ?", (first,)).fetchone() for first in (1, 2)]  # noqa: S608
        marks = ",".join("?" * len(swapped[0]))
        for first, row in zip((2, 1), swapped, strict=True):
            db.execute(f"UPDATE batch SET ({columns}) = ({marks}) WHERE first = ?", (*row, first))  # noqa: S608
    with pytest.raises(OurFault, match="broken at offset 1"):
        walked(tmp_path)


def test_a_journal_that_begins_later_is_held_to_its_offsets(tmp_path):
    """Of a first row whose predecessors were removed the chain says nothing; of the second one its root does."""
    journal = FileJournal(tmp_path)
    for day in range(2):
        for time in (1.0, 2.0):
            journal.append(batch(day * 86400.0 + time))
    journal.retire(86400.0, lambda: 4)
    with closing(sqlite3.connect(tmp_path / "1970-01-02.journal", isolation_level=None)) as db:
        db.execute("UPDATE batch SET first = first + 5")
    with pytest.raises(OurFault, match="broken at offset 8"):
        walked(tmp_path)


def test_salts_are_asked_for_by_the_entry_and_the_same_give_the_same_chain(tmp_path):
    asked = []

    def salts(size: int) -> bytes:
        asked.append(size)
        return bytes(range(size % 251)) + bytes(size - size % 251)

    for name in ("a", "b"):
        journal = FileJournal(tmp_path / name, salts=salts)
        journal.append(batch(1.0, 2.0))
        journal.append(batch(3.0))
    FileJournal(tmp_path / "c").append(batch(1.0, 2.0))
    assert asked == [32, 16, 32, 16]
    chains = []
    for name in "abc":
        with closing(sqlite3.connect(tmp_path / name / "1970-01-01.journal")) as db:
            chains.append(db.execute("SELECT chain FROM batch ORDER BY first LIMIT 1").fetchone())
    assert chains[0] == chains[1] != chains[2]
