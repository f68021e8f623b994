"""A damaged journal: what can be read is kept, what is lost is declared, and the next entry goes behind it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import format1
import pytest
from entry_rows import gathered
from gateway_entries import DAY, batch, contents

from gateway.errors import OurFault
from gateway.journal import FileJournal, verify
from gateway.journal.entries import EntryKind, Origin
from gateway.journal.salvage import Lost, salvage

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 4096
ROWS = 400


def filled(directory: Path, days: int = 2) -> None:
    """So many rows a day that a file has many pages."""
    journal = FileJournal(directory)
    for row in range(days * ROWS):
        journal.append(batch(row // ROWS * DAY + row % ROWS))
    journal.close()


def overwrite(path: Path, pages: slice) -> None:
    content = bytearray(path.read_bytes())
    first, until, _ = pages.indices(len(content) // PAGE)
    content[first * PAGE : until * PAGE] = b"\x55" * ((until - first) * PAGE)
    path.write_bytes(content)


def test_a_sound_journal_is_left_as_it_is(tmp_path):
    filled(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.journal")}
    assert salvage(tmp_path, 2 * ROWS) == ([], [])
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.journal")} == before


@pytest.mark.parametrize("damage", ["truncated", "a page in the middle", "the header", "emptied"])
@pytest.mark.parametrize("day", [0, 1])
def test_what_can_be_read_is_kept_and_the_rest_declared(tmp_path, damage, day):
    filled(tmp_path)
    path = tmp_path / f"1970-01-0{day + 1}.journal"
    # Some ten pages at the beginning are those of tables that are empty; rows stand behind them.
    amid = path.stat().st_size // PAGE * 3 // 4
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[: PAGE * amid + 100])
    elif damage == "a page in the middle":
        overwrite(path, slice(amid, amid + 1))
    elif damage == "the header":
        overwrite(path, slice(0, 1))
    else:
        path.write_bytes(b"")
    names, lost = salvage(tmp_path, 2 * ROWS)
    assert names == ([] if damage == "emptied" else [path.name])
    assert (tmp_path / f"{path.name}.damaged-1").exists() == bool(names)
    journal = FileJournal(tmp_path)
    assert journal.next_offset == 2 * ROWS
    assert journal.append(batch(DAY + ROWS)) == 2 * ROWS
    gone = sum(gap.until - gap.first for gap in lost)
    kept = 2 * ROWS - journal.begins - gone
    assert len(contents(journal, journal.begins)) == verify(journal).entries == kept + 1
    assert kept >= ROWS
    if damage in {"truncated", "a page in the middle"}:
        assert ROWS < kept < 2 * ROWS
        assert journal.begins == 0
    assert salvage(tmp_path, 2 * ROWS) == ([], [])


def test_a_missing_file_is_declared_once(tmp_path):
    filled(tmp_path, 3)
    (tmp_path / "1970-01-02.journal").unlink()
    assert salvage(tmp_path, 3 * ROWS) == ([], [Lost(ROWS, 2 * ROWS, "1970-01-03.journal")])
    assert salvage(tmp_path, 3 * ROWS) == ([], [])
    assert len(contents(FileJournal(tmp_path))) == 2 * ROWS


def test_where_nothing_can_be_read_all_is_declared_and_the_next_entry_goes_behind_it(tmp_path):
    filled(tmp_path, 1)
    overwrite(tmp_path / "1970-01-01.journal", slice(1, None))
    assert salvage(tmp_path, ROWS) == (["1970-01-01.journal"], [Lost(0, ROWS, "1970-01-01.journal")])
    journal = FileJournal(tmp_path)
    assert (journal.next_offset, journal.append(batch(1))) == (ROWS, ROWS)
    journal.close()


def test_days_removed_in_their_time_are_no_loss(tmp_path):
    filled(tmp_path, 3)
    (tmp_path / "1970-01-01.journal").unlink()
    assert salvage(tmp_path, 3 * ROWS) == ([], [])


def test_a_row_that_was_changed_is_not_hidden(tmp_path):
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute("UPDATE batch SET body = ? WHERE first = 7", (format1.encode(batch(7.5)),))
    assert salvage(tmp_path, 2 * ROWS) == ([], [])
    with pytest.raises(OurFault, match="broken at offset 7"):
        verify(FileJournal(tmp_path))


@pytest.mark.parametrize("name", ["origin", "origin_again"])
def test_a_damaged_page_of_the_origins_costs_no_entry(tmp_path, name):
    """Every row refers to them: they are kept twice."""
    filled(tmp_path)
    path = tmp_path / "1970-01-01.journal"
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    overwrite(path, slice(root - 1, root))
    assert salvage(tmp_path, 2 * ROWS) == ([path.name], [])
    assert verify(FileJournal(tmp_path)).entries == 2 * ROWS


def test_rows_whose_origins_are_gone_are_lost_and_declared(tmp_path):
    """Whose the frames were nobody could say; what is left of the file stands aside."""
    journal = FileJournal(tmp_path)
    for number in range(40):
        journal.append(gathered([(EntryKind.FRAME, float(number), Origin(f"B{number // 10}"), b"frame")]))
    journal.close()
    path = tmp_path / "1970-01-01.journal"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM origin WHERE id = 2")
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'opened'").fetchone()
    overwrite(path, slice(root - 1, root))
    assert salvage(tmp_path, 40) == ([path.name], [Lost(10, 20, path.name)])
    assert verify(FileJournal(tmp_path)).entries == 30


def test_a_row_that_the_cut_has_torn_is_lost_and_not_half_kept(tmp_path):
    """SQLite shows noughts for what is missing of a page: a row of them has the right size, and is none."""
    filled(tmp_path, 1)
    path = tmp_path / "1970-01-01.journal"
    content, kept = path.read_bytes(), set()
    for cut in range(len(content) // 2, len(content) // 2 + 2 * PAGE, 331):
        for each in tmp_path.iterdir():
            each.unlink()
        path.write_bytes(content[:cut])
        assert salvage(tmp_path, ROWS)[0] == [path.name]
        kept.add(verify(FileJournal(tmp_path, read_only=True)).entries)
    assert len(kept) > 3


def test_a_row_that_was_changed_in_a_damaged_file_is_not_hidden_either(tmp_path):
    filled(tmp_path, 1)
    path = tmp_path / "1970-01-01.journal"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE batch SET body = ? WHERE first = 7", (format1.encode(batch(7.5)),))
    path.write_bytes(path.read_bytes()[: PAGE * (path.stat().st_size // PAGE - 1)])
    assert salvage(tmp_path, ROWS)[0] == [path.name]
    with pytest.raises(OurFault, match="broken at offset 7"):
        verify(FileJournal(tmp_path))
