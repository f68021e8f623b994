from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import format1
import pytest
from gateway_entries import DAY, batch, contents
from journal_contract import JournalContract

from gateway.errors import OurFault, TransientFault
from gateway.journal import FileJournal, verify


class TestFileJournal(JournalContract):
    def opened(self, place, *, read_only=False):
        return FileJournal(place, read_only=read_only)


def test_a_day_is_a_segment_and_reading_crosses_them(tmp_path):
    journal = FileJournal(tmp_path)
    for day in range(3):
        journal.append(batch(day * DAY + 10.0))
    assert [path.name for path in journal.segments()] == [f"1970-01-0{n}.journal" for n in (1, 2, 3)]
    assert len(contents(journal)) == 3
    assert contents(journal, 1) == [f"frame {DAY + 10.0}".encode(), f"frame {2 * DAY + 10.0}".encode()]


def test_the_chain_shows_a_changed_row(tmp_path):
    journal = FileJournal(tmp_path)
    for time in (1.0, 2.0, 3.0):
        journal.append(batch(time))
    assert verify(journal).rows == 3
    journal.close()
    db = sqlite3.connect(tmp_path / "1970-01-01.journal")
    db.execute("UPDATE batch SET body = ? WHERE first = 1", (format1.encode(batch(2.5)),))
    db.commit()
    db.close()
    with pytest.raises(OurFault, match="broken at offset 1"):
        verify(FileJournal(tmp_path))


def test_a_store_that_fails_raises_and_takes_nothing(tmp_path):
    journal = FileJournal(tmp_path)
    journal.append(batch(1.0))
    db = sqlite3.connect(tmp_path / "1970-01-01.journal")
    db.execute("DROP TABLE batch")
    db.commit()
    db.close()
    with pytest.raises(TransientFault, match="cannot store"):
        journal.append(batch(2.0))
    assert journal.next_offset == 1
    journal.close()


def test_retiring_removes_old_segments_that_the_state_no_longer_needs(tmp_path):
    journal = FileJournal(tmp_path)
    for day in range(4):
        journal.append(batch(day * DAY + 10.0))
    assert journal.retire(1.5 * DAY, lambda: 1) == ["1970-01-01.journal"]
    assert journal.retire(1.5 * DAY, lambda: 4) == ["1970-01-02.journal"]
    assert journal.retire(100 * DAY, lambda: 4) == ["1970-01-03.journal"]
    assert contents(journal, 3) == [f"frame {3 * DAY + 10.0}".encode()]
    assert journal.begins == 3
    assert verify(FileJournal(tmp_path)).rows == 1
    assert FileJournal(tmp_path).next_offset == 4


def durability(db: sqlite3.Connection) -> tuple[str, int]:
    return (db.execute("PRAGMA journal_mode").fetchone()[0], db.execute("PRAGMA synchronous").fetchone()[0])


def test_what_is_stored_is_on_the_disk_before_it_is_said_to_be(tmp_path, monkeypatch):
    """In WAL mode SQLite waits for the disk at each commit with FULL (2) and with nothing less."""
    used = []

    class Watched(sqlite3.Connection):
        def close(self):
            used.append(durability(self))
            super().close()

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *values, **more: connect(*values, **more, factory=Watched))
    journal = FileJournal(tmp_path)
    journal.append(batch(1.0))
    journal.append(batch(DAY + 1.0))
    journal.close()
    journal.append(batch(DAY + 2.0))
    journal.store_configuration("d1", {})
    journal.close()
    again = FileJournal(tmp_path)
    again.append(batch(DAY + 3.0))
    again.close()
    assert len(used) > 6
    assert set(used) == {("wal", 2)}


def test_the_chain_shows_a_change_of_any_byte(tmp_path):
    journal = FileJournal(tmp_path)
    for time in (1.0, 2.0, 3.0):
        journal.append(batch(*(time + number / 16 for number in range(16))))
    journal.close()
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        body = db.execute("SELECT body FROM batch WHERE first = 16").fetchone()[0]
        for at in {*range(0, len(body), 37), len(body) - 1}:
            changed = body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :]
            db.execute("UPDATE batch SET body = ? WHERE first = 16", (changed,))
            with pytest.raises(OurFault, match=r"offset 16"):
                verify(FileJournal(tmp_path, read_only=True))
        db.execute("UPDATE batch SET body = ? WHERE first = 16", (body,))
    assert verify(FileJournal(tmp_path, read_only=True)).rows == 3


def test_a_journal_makes_its_folder_and_its_files_are_for_the_gateways_own_account_only(tmp_path):
    journal = FileJournal(tmp_path / "data" / "journal")
    journal.append(batch(1.0))
    journal.store_configuration("d1", {})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data" / "journal").iterdir()}
    assert {"1970-01-01.journal", "1970-01-01.journal-wal", "configurations"} <= set(modes)
    assert set(modes.values()) == {0o600}
