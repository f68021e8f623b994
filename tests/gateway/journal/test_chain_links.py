"""The chain as roots alone: it holds by itself, and what lies between entries that are far apart is left out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256

import format1
import pytest
from gateway_entries import DAY, batch

from gateway.errors import OurFault
from gateway.journal import FileJournal, Head, proof_of
from gateway.journal.faults import UnfitEntry
from gateway.journal.links import stretches
from gateway.journal.segment import create

ROWS = ((0.0, 1.0), (10.0,), (20.0, 21.0, 22.0), (30.0,), (40.0,), (500.0,), (DAY, DAY + 1.0), (DAY + 10.0,))
FIRSTS = (0, 2, 3, 6, 7, 8, 9, 11)


@pytest.fixture
def journal(tmp_path) -> FileJournal:
    """Eight rows over two days."""
    kept = FileJournal(tmp_path)
    for times in ROWS:
        kept.append(batch(*times))
    return kept


def chains(journal: FileJournal) -> list[bytes]:
    found = []
    for path in journal.segments():
        with closing(sqlite3.connect(path)) as db:
            found += [chain for (chain,) in db.execute("SELECT chain FROM batch ORDER BY first")]
    return found


@pytest.mark.parametrize(
    ("offsets", "until", "seconds", "most", "spans"),
    [
        ([0], 1e9, 0.0, 9, [(0, 2)]),
        ([0], 1e9, 30.0, 9, [(0, 7)]),
        ([0], 1e9, 30.0, 2, [(0, 6)]),
        ([0], 25.0, 30.0, 9, [(0, 6)]),
        ([4, 5], 1e9, 10.0, 9, [(3, 7)]),
        ([0, 3], 1e9, 10.0, 9, [(0, 7)]),
        ([0, 8], 1e9, 5.0, 9, [(0, 2), (8, 9)]),
        ([8, 10], 1e9, DAY, 9, [(8, 12)]),
        ([11], 0.0, 0.0, 0, [(11, 12)]),
    ],
)
def test_rows_with_the_entries_and_what_follows_them_soon_are_there(journal, offsets, until, seconds, most, spans):
    found = stretches(journal, offsets, until, seconds, most)
    assert [(one.first, one.until) for one in found] == spans
    ends = dict(zip((*FIRSTS[1:], 12), chains(journal), strict=True))
    for one in found:
        chain = one.before
        for _, root in one.rows:
            chain = sha256(chain + root).digest()
        assert chain == one.chain == ends[one.until]
    roots = {first + sum(count for count, _ in one.rows[:at]): root for one in found for first in (one.first,)
             for at, (_, root) in enumerate(one.rows)}  # fmt: skip
    assert all(roots[proof_of(journal, offset).first] == proof_of(journal, offset).root for offset in offsets)


def test_the_head_is_what_has_been_appended_last_here_and_beside(journal, tmp_path):
    assert journal.head == Head(12, chains(journal)[-1])
    beside = FileJournal(tmp_path, read_only=True)
    assert beside.head == journal.head
    journal.append(batch(DAY + 20.0))
    assert journal.head.offset == beside.head.offset + 1
    assert str(journal.head) == f"13:{chains(journal)[-1].hex()}"


def test_an_empty_journal_has_the_chain_that_all_begin_with(tmp_path):
    assert FileJournal(tmp_path).head == Head(0, bytes(32))


def test_a_stretch_ends_before_a_gap_and_before_what_is_of_the_older_format(tmp_path):
    kept = FileJournal(tmp_path)
    kept.append(batch(0.0))
    kept.append(batch(1.0))
    for path in kept.segments():
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE batch SET first = 5 WHERE first = 1")
            db.execute("INSERT INTO gap VALUES (1, 5, 'lost')")
    kept.close()
    read = FileJournal(tmp_path, read_only=True)
    (one,) = stretches(read, [0], 1e9, 60.0, 9)
    assert (one.first, one.until) == (0, 1)
    with pytest.raises(UnfitEntry, match="nothing ties"):
        stretches(read, [5], 1e9, 60.0, 9)


def test_what_was_rewritten_is_refused(journal):
    with closing(sqlite3.connect(journal.segments()[0])) as db, db:
        db.execute("UPDATE batch SET chain = zeroblob(32) WHERE first = 6")
    with pytest.raises(OurFault, match="broken at offset 6"):
        stretches(journal, [3], 1e9, 60.0, 9)


def test_behind_the_older_format_nothing_is_tied_on(tmp_path):
    path = tmp_path / "1970-01-01.journal"
    create(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO batch VALUES (0, 1, 0.0, 0.0, ?, zeroblob(32))", (format1.encode(batch(0.0)),))
    kept = FileJournal(tmp_path)
    kept.append(batch(1.0))
    (one,) = stretches(kept, [1], 1e9, 60.0, 9)
    assert (one.first, one.until, one.before) == (1, 2, bytes(32))
