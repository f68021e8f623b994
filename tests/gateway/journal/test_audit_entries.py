"""Who looked at what is found in the chain itself, stays there, and cannot be changed or taken out."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing

import msgspec
import pytest
from gateway_entries import DAY
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import OurFault
from gateway.journal import FileJournal, verify
from gateway.journal.audit import audited
from gateway.journal.controls import Audited, Sought
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.journal.erasure import ERASABLE, Erasure
from gateway.journal.expiry import expire
from gateway.journal.faults import UnfitEntry
from gateway.journal.past_days import PastDays
from gateway.journal.salvage import salvage

LOOKS = [
    Audited("where", "D01", "zhiban", ("duty",), door="cli", person="P0001", purpose="a call"),
    Audited("track", "D02", "root", door="console", person="P0002", since=1.0, until=2.0, purpose="案件“7”"),
    Audited("act", "D01", person="P0001", about="0123abcd", ok=False),
]


def row(*said: Audited, at: float):
    """Looks among frames that only look like them."""
    gathering = Gathering()
    gathering.add(EntryKind.FRAME, at, NO_ORIGIN, b"\x16" + msgspec.json.encode(LOOKS[0]))
    for one in said:
        gathering.add(EntryKind.AUDIT, at, NO_ORIGIN, msgspec.json.encode(one))
    gathering.add(EntryKind.TICK, at, NO_ORIGIN, b"")
    return gathering.batch()


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path)
    for number, look in enumerate(LOOKS):
        one.append(row(at=number * DAY))
        one.append(row(look, at=number * DAY + 1))
    yield one
    one.close()


def found(tmp_path, **sought):
    return [one.said for one in audited(tmp_path, Sought(**sought))]


def test_what_is_read_is_what_was_written_the_latest_first(journal, tmp_path):
    rows = list(audited(tmp_path, Sought()))
    assert [one.said for one in rows] == LOOKS[::-1]
    assert [(one.offset, one.at) for one in rows] == [(13, 2 * DAY + 1), (8, DAY + 1), (3, 1.0)]
    assert verify(journal).entries == journal.next_offset


@pytest.mark.parametrize(
    ("sought", "places"),
    [
        ({"person": "P0001"}, [2, 0]),
        ({"number": "D02"}, [1]),
        ({"what": "act"}, [2]),
        ({"words": "“7”"}, [1]),
        ({"words": "0123"}, [2]),
        ({"since": DAY}, [2, 1]),
        ({"until": DAY}, [0]),
        ({"before": 8}, [0]),
        ({"person": "P0001", "number": "D02"}, []),
        ({"person": "P000"}, []),
    ],
    ids=str,
)
@pytest.mark.usefixtures("journal")
def test_it_is_found_by_person_staff_kind_words_and_time(tmp_path, sought, places):
    assert found(tmp_path, **sought) == [LOOKS[each] for each in places]


@given(st.lists(st.lists(st.sampled_from(LOOKS), max_size=4), max_size=6))
def test_however_they_lie_in_the_rows_none_is_missed_and_none_is_told_twice(tmp_path_factory, rows):
    directory = tmp_path_factory.mktemp("journal")
    with closing(FileJournal(directory)) as journal:
        for number, looks in enumerate(rows):
            journal.append(row(*looks, at=number * DAY / 3))
    assert found(directory) == list(itertools.chain.from_iterable(rows))[::-1]


def test_what_was_written_down_elsewhere_has_the_time_of_then(tmp_path):
    with closing(FileJournal(tmp_path)) as journal:
        journal.append(row(msgspec.structs.replace(LOOKS[0], at=5.0), at=3 * DAY))
    assert [one.at for one in audited(tmp_path, Sought(until=6.0))] == [5.0]
    assert not found(tmp_path, since=6.0)


def test_a_changed_one_breaks_the_chain(journal, tmp_path):
    path = journal.segments()[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        first, body = db.execute("SELECT first, body FROM batch ORDER BY first DESC").fetchone()
        db.execute("UPDATE batch SET body = ? WHERE first = ?", (body.replace(b"D01", b"D09"), first))
    assert found(tmp_path, number="D09")
    with pytest.raises(OurFault, match="chain is broken"):
        verify(FileJournal(tmp_path, read_only=True))


def test_nobody_can_take_one_out_and_what_is_over_goes_round_them(journal, tmp_path):
    with pytest.raises(UnfitEntry):
        journal.erase([3], "no more wanted", by="D01", time=9.0)
    expire(PastDays(tmp_path), ERASABLE, 10 * DAY, journal.next_offset, Erasure(9.0, "gateway", "keep_days"))
    assert verify(journal).erased > 0
    assert found(tmp_path) == LOOKS[::-1]


def test_a_file_with_a_look_stays_as_long_as_looks_are_kept_and_those_behind_it(journal, tmp_path):
    end = journal.next_offset
    assert journal.retire(10 * DAY, lambda: end, looks=1.0) == []
    assert journal.retire(10 * DAY, lambda: end, looks=2.0) == ["1970-01-01.journal"]
    assert found(tmp_path) == LOOKS[:0:-1]
    assert verify(journal).begins == 5


def test_a_salvaged_file_tells_them(journal, tmp_path):
    journal.close()
    path = FileJournal(tmp_path, read_only=True).segments()[1]
    path.write_bytes(path.read_bytes()[:-4096])
    salvage(tmp_path, 15)
    assert LOOKS[0] in found(tmp_path)
    assert LOOKS[2] in found(tmp_path)


def test_a_file_of_an_older_version_has_none_and_gets_its_index_when_it_is_written_to(journal, tmp_path):
    path = journal.segments()[-1]
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP INDEX audited")
    assert found(tmp_path) == LOOKS[1::-1]
    with closing(FileJournal(tmp_path)):
        assert found(tmp_path) == LOOKS[::-1]
