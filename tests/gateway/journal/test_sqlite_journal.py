from __future__ import annotations

import sqlite3

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
