"""Rows joined are the rows one by one, whatever is in them; what is damaged is refused as it is of each."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from effort import examples
from gateway_entries import DAY, batch, listed
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.errors import OurFault
from gateway.journal import FileJournal, long_rows
from gateway.journal.entries import EntryKind, Gathering, Origin, merge
from gateway.journal.rows import decode

entry = st.tuples(st.sampled_from([EntryKind.FRAME, EntryKind.TICK]), st.integers(0, 5), st.binary(max_size=70))
rows = st.lists(st.lists(entry, min_size=1, max_size=5), min_size=1, max_size=8)


def kept(directory, told) -> FileJournal:
    journal, time = FileJournal(directory), 10.0
    for row in told:
        gathering, time = Gathering(), time + 1.0
        for kind, who, payload in row:
            gathering.add(kind, time, Origin(f"B{who}", peer=f"peer {who}"), payload)
        journal.append(gathering.batch())
    return journal


@must_meet("gathered", "cut", "erased", "all at once")
@settings(max_examples=examples(60))
@given(rows, st.integers(0, 20), st.integers(1, 60), st.booleans())
@example(told=[[(EntryKind.FRAME, 1, b"payload")]] * 4, first=0, most=2, erases=False)
@example(told=[[(EntryKind.FRAME, 1, b"payload")]] * 4, first=0, most=9, erases=True)
def test_they_are_what_is_read_one_by_one(met, tmp_path_factory, told, first, most, erases):
    with closing(kept(tmp_path_factory.mktemp("rows"), told)) as journal:
        first = min(first, journal.next_offset - 1)
        frames = [at for at, (kind, _, _) in enumerate(one for row in told for one in row) if kind == EntryKind.FRAME]
        if erases and frames and len(told) > 1:
            journal.erase(frames[:1], "why", by="who", time=99.0)
            met["erased"] += 1
        single, long = list(journal.read(first)), list(journal.read_long(first, most))
        assert listed(merge([part for _, part in long])) == listed(merge([part for _, part in single]))
        assert long[0][0] == first
        ends = [offset + len(part) for offset, part in long]
        assert [offset for offset, _ in long][1:] == ends[:-1]
        assert all(len(part) >= most for _, part in long[1:-1])
        met["cut"] += len(long) > 1
        met["all at once"] += len(long) == 1 and len(single) > 1
        met["gathered"] += not erases


def test_short_rows_are_gathered_and_long_ones_and_other_formats_are_not(tmp_path, monkeypatch):
    alone = []
    monkeypatch.setattr(long_rows, "decode", lambda body, origins: alone.append(body) or decode(body, origins))
    with closing(kept(tmp_path / "short", [[(EntryKind.FRAME, 1, b"x")]] * 40)) as journal:
        list(journal.read_long(0, 1000))
    assert alone == []
    with closing(kept(tmp_path / "long", [[(EntryKind.FRAME, 1, b"x")] * 64] * 3)) as journal:
        list(journal.read_long(0, 1000))
    assert len(alone) == 3


@pytest.mark.parametrize("place", range(0, 120, 7))
def test_a_row_that_was_changed_is_refused_or_read_as_it_stands(tmp_path, place):
    """The same as of each row alone: whoever reads does not walk the chain."""
    with closing(kept(tmp_path, [[(EntryKind.FRAME, number, b"payload")] for number in range(4)])) as journal:
        path = journal.segments()[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (body,) = db.execute("SELECT body FROM batch WHERE first = 2").fetchone()
        changed = bytearray(body)
        changed[place % len(body)] ^= 0x41
        db.execute("UPDATE batch SET body = ? WHERE first = 2", (bytes(changed),))

    def told(read) -> object:
        journal = FileJournal(tmp_path, read_only=True)
        try:
            return listed(merge([part for _, part in read(journal)]))
        except (OurFault, IndexError) as fault:
            return type(fault)

    assert told(lambda journal: journal.read_long(0, 99)) == told(lambda journal: journal.read(0))


def test_a_gap_and_a_day_stand_between_batches(tmp_path):
    with closing(FileJournal(tmp_path)) as journal:
        for time in (1.0, 2.0, DAY + 1.0, DAY + 2.0):
            journal.append(batch(time))
        assert [(offset, len(part)) for offset, part in journal.read_long(0, 99)] == [(0, 2), (2, 2)]
        path = journal.segments()[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM batch WHERE first = 1")
    with closing(FileJournal(tmp_path, read_only=True)) as journal, pytest.raises(OurFault, match="no entries 1 to 1"):
        list(journal.read_long(0, 99))
