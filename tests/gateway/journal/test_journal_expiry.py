"""Days that are over lose their places and keep their acts, and the chain holds all the same."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from hashlib import sha256

import format1
import pytest
from gateway_entries import DAY, batch, contents

from gateway.journal import FileJournal, verify
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.journal.erasure import ERASABLE, Erasure
from gateway.journal.expiry import ACTS, PLACES, Kept, expire
from gateway.journal.past_days import PastDays
from gateway.journal.segment import create
from gateway.journal.sqlite import GENESIS

RECORD = Erasure(99.0, "gateway", "keep_days")


def day_of(number: int):
    """A frame, an act on an alarm, and a tick of a day."""
    gathering = Gathering()
    gathering.add(EntryKind.FRAME, number * DAY, Origin(f"device-{number}"), b"place-%d" % number)
    gathering.add(EntryKind.ACT, number * DAY + 1, NO_ORIGIN, b"act-%d" % number)
    gathering.add(EntryKind.TICK, number * DAY + 2, NO_ORIGIN, b"")
    return gathering.batch()


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path)
    for number in range(4):
        one.append(day_of(number))
    yield one
    one.close()


def left_in(directory) -> bytes:
    return b"".join(path.read_bytes() for path in directory.iterdir())


def test_what_tells_of_places_and_what_was_done_are_all_that_can_be_erased():
    assert PLACES | ACTS == ERASABLE
    assert not PLACES & ACTS
    assert EntryKind.ACT in ACTS


def test_places_of_days_that_are_over_go_and_acts_stay(journal, tmp_path):
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD) == ["1970-01-01.journal", "1970-01-02.journal"]
    assert contents(journal) == [
        b"",
        b"act-0",
        b"",
        b"",
        b"act-1",
        b"",
        b"place-2",
        b"act-2",
        b"",
        *[b"place-3", b"act-3", b""],
    ]
    assert verify(journal).erased == 2
    assert journal.erased() == {0: RECORD, 3: RECORD}
    left = left_in(tmp_path)
    assert not any(word in left for word in (b"place-0", b"device-0", b"place-1", b"device-1"))


def test_acts_of_the_same_days_can_go_later(journal, tmp_path):
    expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD)
    assert expire(PastDays(tmp_path), ERASABLE, DAY, 12, RECORD) == ["1970-01-01.journal"]
    assert contents(journal)[:5] == [b"", b"", b"", b"", b"act-1"]
    assert verify(journal).erased == 3


@pytest.mark.parametrize(
    ("below", "gone"), [(0, []), (5, ["1970-01-01.journal"]), (6, ["1970-01-01.journal", "1970-01-02.journal"])]
)
@pytest.mark.usefixtures("journal")
def test_what_may_still_be_needed_stays(tmp_path, below, gone):
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, below, RECORD) == gone


def test_the_day_that_is_being_written_stays(journal, tmp_path):
    assert expire(PastDays(tmp_path), PLACES, math.inf, 12, RECORD)[-1] == "1970-01-03.journal"
    journal.append(batch(3 * DAY + 9))
    assert verify(journal).erased == 3


@pytest.mark.usefixtures("journal")
def test_a_file_that_is_done_is_not_written_again(tmp_path):
    expire(PastDays(tmp_path), PLACES, DAY, 12, RECORD)
    before = (tmp_path / "1970-01-01.journal").read_bytes()
    assert expire(PastDays(tmp_path), PLACES, DAY, 12, Erasure(100.0, "gateway", "keep_days")) == []
    assert (tmp_path / "1970-01-01.journal").read_bytes() == before


def test_what_is_held_stays_until_it_is_held_no_more(journal, tmp_path):
    held = Kept({"device-0": ((-1.0, 0.0),), "device-1": ((0.0, DAY - 1),)}, "case 1")
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD, held) == ["1970-01-01.journal", "1970-01-02.journal"]
    assert contents(journal)[:6] == [b"place-0", b"act-0", b"", b"", b"act-1", b""]
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD, held) == []
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD, Kept(held.spans, "case 2")) == ["1970-01-01.journal"]
    assert contents(journal)[0] == b"place-0"
    assert expire(PastDays(tmp_path), PLACES, 2 * DAY, 12, RECORD) == ["1970-01-01.journal"]
    assert contents(journal)[0] == b""
    assert verify(journal).erased == 2


def test_what_was_erased_by_order_keeps_its_record(journal, tmp_path):
    journal.erase([0], "an order of the court", by="甲", time=50.0)
    expire(PastDays(tmp_path), PLACES, DAY, 12, RECORD)
    assert journal.erased() == {0: Erasure(50.0, "甲", "an order of the court")}
    assert verify(journal).erased == 1


def test_days_of_format_1_go_with_their_places_for_nothing_of_them_can_be_erased(tmp_path):
    path = tmp_path / "1970-01-01.journal"
    create(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        body = format1.encode(batch(1.0, 2.0))
        db.execute("INSERT INTO batch VALUES (0, 2, 1.0, 2.0, ?, ?)", (body, sha256(GENESIS + body).digest()))
    journal = FileJournal(tmp_path)
    for number in (1, 2):
        journal.append(batch(number * DAY))
    assert expire(PastDays(tmp_path), PLACES, DAY, 4, RECORD) == ["1970-01-01.journal"]
    assert verify(journal).erased == 0
    assert journal.retire(-math.inf, lambda: 4, 1.5) == []
    assert journal.retire(-math.inf, lambda: 4, 2 * DAY) == ["1970-01-01.journal"]
