"""Origins are stored once a file, in the transaction of the row that has them first, and few are held in memory."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from gateway_entries import DAY, contents

from gateway.errors import OurFault, TransientFault
from gateway.journal import FileJournal, origins, verify
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin


def frames(*devices: int, time: float = 1.0) -> EntryBatch:
    """A frame of each device, with an origin that is an object of its own."""
    gathering = Gathering()
    for device in devices:
        gathering.add(EntryKind.FRAME, time, Origin(f"B{device:04}", peer="10.0.0.1:4711"), b"frame")
    return gathering.batch()


def table(path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as db:
        return [(number, json.loads(said)["device"]) for number, said in db.execute("SELECT id, said FROM origin")]


def devices_of(journal: FileJournal) -> list[str]:
    return [one.origin_of(index).device for _, one in journal.read(0) for index in range(len(one))]


def test_each_is_stored_once_a_file_over_restarts_too(tmp_path):
    for _ in range(2):
        journal = FileJournal(tmp_path)
        journal.append(frames(1, 2, 1))
        journal.append(frames(2, 3))
        journal.close()
    journal.append(frames(3, time=DAY))
    assert table(tmp_path / "1970-01-01.journal") == [(1, "B0001"), (2, "B0002"), (3, "B0003")]
    assert table(tmp_path / "1970-01-02.journal") == [(1, "B0003")]
    assert devices_of(journal) == [f"B000{number}" for number in (1, 2, 1, 2, 3, 1, 2, 1, 2, 3, 3)]
    assert verify(journal).rows == 5


def test_a_row_of_many_connections_costs_no_json_the_second_time(tmp_path):
    journal = FileJournal(tmp_path)
    for _ in range(2):
        journal.append(frames(*range(500)))
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal")) as db:
        sizes = [size for (size,) in db.execute("SELECT length(body) FROM batch")]
    assert sizes[0] == sizes[1] < 500 * (17 + 16 + 4 + len(b"frame")) + 100


def test_few_are_held_in_memory_and_all_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(origins, "MOST_KNOWN", 4)
    journal, told = FileJournal(tmp_path), [*range(10), *range(10), 3, 3, 9]
    for first in range(0, len(told), 3):
        journal.append(frames(*told[first : first + 3]))
        assert len(journal._book._known) <= 4
    assert len(table(tmp_path / "1970-01-01.journal")) == 10
    assert devices_of(journal) == [f"B{number:04}" for number in told]
    assert verify(journal).entries == len(told)
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal")) as db:
        shelf = origins.Shelf(db, origins.origin_said)
        for first in range(0, 10, 2):
            assert [one.device for one in shelf([first + 1, first + 2])] == [f"B{first:04}", f"B{first + 1:04}"]
            assert len(shelf._known) <= 4


def test_what_was_rolled_back_is_not_known(tmp_path):
    """The row was refused after its origins were entered: a number that is nowhere would spoil the next row."""
    journal = FileJournal(tmp_path)
    journal.append(frames(1))
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT RAISE(FAIL, 'disk full'); END")
        with pytest.raises(TransientFault, match="disk full"):
            journal.append(frames(2))
        db.execute("DROP TRIGGER full")
    assert table(tmp_path / "1970-01-01.journal") == [(1, "B0001")]
    journal.append(frames(3))
    journal.append(frames(2))
    assert devices_of(journal) == ["B0001", "B0003", "B0002"]


def test_a_bug_behind_the_origins_leaves_nothing_of_them_either(tmp_path):
    salts = iter([b"s" * 16, b"too short", b"s" * 16])
    journal = FileJournal(tmp_path, salts=lambda _: next(salts))
    journal.append(frames(1))
    with pytest.raises(ValueError, match="buffer size"):
        journal.append(frames(2))
    journal.append(frames(2))
    assert devices_of(journal) == ["B0001", "B0002"]
    assert table(tmp_path / "1970-01-01.journal") == [(1, "B0001"), (2, "B0002")]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM origin WHERE id = 1", "refers to origin 1"),
        ("UPDATE origin SET said = '{'", "cannot be read"),
        ("DROP TABLE origin", "refers to origin 1, which cannot be read"),
    ],
)
def test_a_table_that_is_damaged_ends_the_reading_in_words(tmp_path, statement, words):
    FileJournal(tmp_path).append(frames(1))
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute(statement)
    with pytest.raises(OurFault, match=words):
        contents(FileJournal(tmp_path, read_only=True))
