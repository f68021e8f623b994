"""The journal's files: made whole or not at all, in the order of their offsets, and what is missing is said."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gateway_entries import DAY, batch, contents

from gateway.errors import OurFault, TransientFault
from gateway.journal import FileJournal, JournalHole, verify
from gateway.journal.segment import create, oldest_day

if TYPE_CHECKING:
    from pathlib import Path


def filled(directory: Path, *days: float) -> FileJournal:
    """An entry a day, closed."""
    journal = FileJournal(directory)
    for day in days:
        journal.append(batch(day * DAY + 10.0))
    journal.close()
    return journal


def declare(path: Path, first: int, until: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT INTO gap VALUES (?, ?, 'the disk')", (first, until))


@pytest.mark.parametrize("left", ["1970-01-02.journal.new", "1970-01-02.journal"])
def test_killed_while_a_day_file_is_made_the_next_start_goes_on(tmp_path, left):
    """A file of no bytes, or without its tables, is an empty one; an unfinished one is made anew."""
    filled(tmp_path, 0)
    (tmp_path / left).touch()
    journal = FileJournal(tmp_path)
    assert journal.append(batch(DAY + 10.0)) == 1
    assert [path.name for path in journal.segments()] == ["1970-01-01.journal", "1970-01-02.journal"]
    assert len(contents(journal)) == 2
    assert not list(tmp_path.glob("*.new"))


def test_a_file_has_its_name_only_once_it_has_its_tables(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.journal.segment.SCHEMA", "CREATE TABLE half (a); no statement;")
    with pytest.raises(sqlite3.Error):
        create(tmp_path / "1970-01-01.journal")
    assert not (tmp_path / "1970-01-01.journal").exists()


def test_a_file_that_cannot_be_made_may_be_made_later(tmp_path):
    journal = filled(tmp_path, 0)
    (tmp_path / "1970-01-02.journal.new").mkdir()
    with pytest.raises(TransientFault, match="cannot store"):
        journal.append(batch(DAY + 10.0))
    (tmp_path / "1970-01-02.journal.new").rmdir()
    assert journal.append(batch(DAY + 10.0)) == 1


def test_a_clock_that_goes_back_begins_a_file_of_its_own(tmp_path):
    journal = filled(tmp_path, 5, 9, 5, 9, 5)
    names = ["1970-01-06", "1970-01-10", "1970-01-06.1", "1970-01-10.1", "1970-01-06.2"]
    assert [path.name for path in journal.segments()] == [f"{name}.journal" for name in names]
    again = FileJournal(tmp_path)
    assert again.append(batch(5 * DAY + 20.0)) == 5
    assert [entries.received[0] // DAY for _, entries in again.read(0)] == [5, 9, 5, 9, 5, 5]
    assert len(again.segments()) == 5
    assert verify(again).rows == 6


def test_a_hole_is_not_read_over(tmp_path):
    filled(tmp_path, 0, 1, 2, 3)
    (tmp_path / "1970-01-02.journal").unlink()
    journal = FileJournal(tmp_path, read_only=True)
    with pytest.raises(JournalHole, match="no entries 1 to 1") as hole:
        contents(journal)
    assert (hole.value.wanted, hole.value.found) == (1, 2)
    assert contents(journal, 2) == [f"frame {day * DAY + 10.0}".encode() for day in (2, 3)]
    with pytest.raises(OurFault, match="hole at offset 1"):
        verify(journal)


def test_what_was_removed_in_its_time_is_a_hole_for_whoever_asks_for_it(tmp_path):
    journal = filled(tmp_path, 0, 1, 2)
    journal.retire(1.5 * DAY, lambda: 3)
    assert journal.begins == 2
    with pytest.raises(JournalHole, match="no entries 0 to 1"):
        contents(journal)


def test_a_declared_gap_is_passed_and_counted(tmp_path):
    filled(tmp_path, 0, 1, 2, 3)
    (tmp_path / "1970-01-02.journal").unlink()
    declare(tmp_path / "1970-01-03.journal", 1, 2)
    journal = FileJournal(tmp_path)
    assert [offset for offset, _ in journal.read(0)] == [0, 2, 3]
    assert [offset for offset, _ in journal.read(1)] == [2, 3]
    assert verify(journal).gaps == 1


def test_a_gap_at_the_end_is_where_the_next_entry_goes(tmp_path):
    filled(tmp_path, 0)
    declare(tmp_path / "1970-01-01.journal", 1, 7)
    journal = FileJournal(tmp_path)
    assert journal.append(batch(20.0)) == 7
    assert [offset for offset, _ in journal.read(0)] == [0, 7]


def test_offsets_that_overlap_are_found(tmp_path):
    filled(tmp_path / "a", 0, 1)
    filled(tmp_path / "b", 2, 3)
    for name in ("1970-01-03.journal", "1970-01-04.journal"):
        (tmp_path / "b" / name).rename(tmp_path / "a" / name)
    with pytest.raises(OurFault, match=r"overlap|broken|hole"):
        verify(FileJournal(tmp_path / "a", read_only=True))


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("day", [0, 1])
def test_an_offset_that_is_taken_ends_it_at_once(tmp_path, before, day):
    """Two writers, or a bug: to try again for ever would acknowledge nothing, and say nothing."""
    filled(tmp_path, *[0] * before)
    first, second = FileJournal(tmp_path), FileJournal(tmp_path)
    first.append(batch(10.0))
    with pytest.raises(OurFault, match=r"UNIQUE|beyond"):
        second.append(batch(day * DAY + 12.0))
    assert len(contents(first)) == before + 1


def test_a_damaged_newest_file_is_one_plain_sentence(tmp_path):
    filled(tmp_path, 0, 1)
    path = tmp_path / "1970-01-02.journal"
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * 8192)
    with pytest.raises(
        OurFault, match=r"1970-01-02\.journal cannot be read: the file is damaged.*bracelet-gateway rebuild"
    ):
        FileJournal(tmp_path)


def test_an_old_file_that_cannot_be_opened_now_stops_nothing_and_is_there_again(tmp_path):
    filled(tmp_path, 0, 1, 2, 3)
    path = tmp_path / "1970-01-02.journal"
    path.rename(tmp_path / "away")
    path.mkdir()
    journal = FileJournal(tmp_path)
    assert journal.append(batch(3 * DAY + 20.0)) == 4
    with pytest.raises(TransientFault, match=r"1970-01-02\.journal cannot be read: "):
        verify(journal)
    path.rmdir()
    (tmp_path / "away").rename(path)
    assert len(contents(journal)) == 5


def test_a_damaged_old_file_stops_nothing_but_who_needs_it(tmp_path):
    filled(tmp_path, 0, 1, 2, 3)
    path = tmp_path / "1970-01-02.journal"
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * 8192)
    journal = FileJournal(tmp_path)
    assert journal.append(batch(3 * DAY + 20.0)) == 4
    assert len(contents(journal, 2)) == 3
    with pytest.raises(JournalHole, match="no entries 1 to 1"):
        contents(journal)
    with pytest.raises(OurFault, match=r"1970-01-02\.journal cannot be read: the file is damaged"):
        verify(journal)
    with pytest.raises(OurFault, match=r"1970-01-02\.journal cannot be read: the file is damaged"):
        journal.retire(1.5 * DAY, lambda: 5)
    assert [one.name for one in journal.segments()] == ["1970-01-03.journal", "1970-01-04.journal"]
    assert path.exists()
    assert journal.retire(2.5 * DAY, lambda: 2) == ["1970-01-02.journal"]
    assert not path.exists()


def test_a_day_that_goes_leaves_nothing_beside_it_though_it_was_read(tmp_path):
    filled(tmp_path, 0, 1, 2)
    with closing(FileJournal(tmp_path)) as journal:
        assert len(contents(FileJournal(tmp_path, read_only=True))) == 3
        assert len(list(tmp_path.glob("1970-01-01.*"))) > 1  # who only reads cannot clear up
        assert journal.retire(1.5 * DAY, lambda: 3) == ["1970-01-01.journal", "1970-01-02.journal"]
        assert list(tmp_path.glob("1970-01-0[12].*")) == []


def test_what_older_versions_left_beside_days_that_are_gone_goes_with_a_start_and_is_never_taken_for_anothers(tmp_path):
    filled(tmp_path, 1)
    left = [tmp_path / f"{day}.journal{ending}" for day in ("1970-01-01", "1970-01-03") for ending in ("-wal", "-shm")]
    for path in left:
        path.write_bytes(b"left")
    aside = tmp_path / "1970-01-01.journal.damaged-1-wal"
    aside.write_bytes(b"put aside by a person")
    FileJournal(tmp_path).close()
    assert not any(path.exists() for path in left)
    assert aside.exists()
    left[0].write_bytes(b"left")
    create(tmp_path / "1970-01-01.journal")
    assert not left[0].exists()


PROGRAM = """
import os, pathlib, signal, sys
from gateway_entries import batch
from gateway.journal import FileJournal
directory, deed = pathlib.Path(sys.argv[1]), sys.argv[2]
journal = FileJournal(directory)
if deed == "append":
    journal.append(batch(20.0))
    index = directory / "1970-01-01.journal-shm"
    before = index.read_bytes()
    journal.append(batch(30.0))
    # As if the kill had come between the sync of the frames and the update of the index.
    with index.open("r+b") as out:
        out.write(before[:96])
print(journal.next_offset, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(directory: Path, deed: str) -> int:
    """Another process opens the journal, does something and is killed; where it had got to."""
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(directory), deed], check=False, env=path, stdout=subprocess.PIPE
    )
    assert run.returncode == -signal.SIGKILL
    return int(run.stdout)


@pytest.mark.parametrize("again", [False, True], ids=["goes on", "killed at once"])
def test_a_batch_that_a_kill_has_hidden_does_not_come_back(tmp_path, again):
    """While another process reads, the last row is hidden; once it has left, the row would be there again."""
    filled(tmp_path, 0)
    address = (tmp_path / "1970-01-01.journal").as_uri() + "?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as reader:
        assert reader.execute("SELECT count(*) FROM batch").fetchone() == (1,)
        assert killed(tmp_path, "append") == 3
        assert reader.execute("SELECT count(*) FROM batch").fetchone() == (2,), "the last row is hidden"
        end = killed(tmp_path, "look") if again else FileJournal(tmp_path).append(batch(40.0)) + 1
    journal = FileJournal(tmp_path)
    assert journal.next_offset == end
    assert journal.append(batch(50.0)) == end
    assert len(contents(journal)) == end + 1
    assert verify(journal).entries == end + 1


def test_the_oldest_day_of_a_journal_is_that_of_its_first_file(tmp_path):
    assert oldest_day(tmp_path / "none") is None
    for name in ("2026-11-02.journal", "2026-11-01.1.journal", "2026-10-01.journal-wal", "configurations"):
        (tmp_path / name).touch()
    assert oldest_day(tmp_path) == datetime(2026, 11, 1, tzinfo=UTC).timestamp()
