"""What was erased is nowhere in the journal any more, and the journal is whole all the same."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import format1
import pytest
from gateway_entries import DAY, batch, listed
from timeline import HOME, Timeline, at

from gateway.daemon.recovery import Recovery
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.errors import OurFault, TransientFault
from gateway.journal import FileJournal, verify
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin, merge
from gateway.journal.erasure import ERASABLE, Erasure
from gateway.journal.faults import UnfitEntry
from gateway.journal.salvage import salvage
from gateway.journal.segment import create
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from pathlib import Path


class Careless(sqlite3.Connection):
    """SQLite as many build it: what is deleted stays on its page until something else is written there."""

    def __init__(self, *values, **more):
        super().__init__(*values, **more)
        super().execute("PRAGMA secure_delete=OFF").close()


@pytest.fixture(autouse=True)
def careless(monkeypatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *values, **more: connect(*values, **{"factory": Careless} | more))


def wordy(number: int, time: float, *, size: int = 40):
    """An entry whose payload and origin are found again wherever a byte of them is left."""
    gathering = Gathering()
    for part in range(3):
        origin = Origin(f"device-{number}-{part}", peer=f"peer-{number}-{part}")
        gathering.add(EntryKind.FRAME, time + part, origin, f"payload-{number}-{part} ".encode() * size)
    return gathering.batch()


def told(journal: FileJournal, offsets: list[int], time: float = 99.0) -> None:
    journal.erase(offsets, "an order of the court", by="甲", time=time)


def left_in(directory: Path) -> bytes:
    """Every byte of every file, what SQLite put beside them included."""
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir()))


@pytest.mark.parametrize("size", [1, 40, 400], ids=["small", "a page or so", "many pages"])
@pytest.mark.parametrize("is_open", [True, False])
def test_no_byte_is_left_and_all_else_is_as_it_was(tmp_path, size, is_open):
    journal = FileJournal(tmp_path, salts=lambda count: b"".join(b"salt%12d" % at for at in range(count // 16)))
    for number in range(60):
        journal.append(wordy(number, number * 10.0, size=size))
    before = listed(merge([one for _, one in journal.read(0)]))
    assert b"payload-20-1" in left_in(tmp_path)
    if not is_open:
        journal.close()
        journal = FileJournal(tmp_path)
    told(journal, [1, 61, 62, 90])  # the first ones stood in pages that were split since
    content = left_in(tmp_path)
    for gone in ("0-1", "20-1", "20-2", "30-0"):
        for word in ("payload", "device", "peer"):
            assert re.search(rf"{word}-{gone}\b".encode(), content) is None
    after = listed(merge([one for _, one in journal.read(0)]))
    for offset, (old, new) in enumerate(zip(before, after, strict=True)):
        if offset in {1, 61, 62, 90}:
            assert (new[0], *new[2:]) == (EntryKind.ERASED, NO_ORIGIN, b"")
        else:
            assert new == old
    assert (verify(journal).entries, verify(journal).erased) == (180, 4)
    assert journal.append(batch(700.0)) == 180
    assert verify(FileJournal(tmp_path)).entries == 181


def test_its_salt_goes_too(tmp_path):
    salts = iter([b"".join(bytes([number + 1]) * 16 for number in range(3))])
    journal = FileJournal(tmp_path, salts=lambda _: next(salts))
    journal.append(wordy(0, 1.0))
    told(journal, [1])
    content = left_in(tmp_path)
    assert [bytes([number + 1]) * 16 in content for number in range(3)] == [True, False, True]


def test_receive_time_stays_where_a_row_begins_and_ends_and_is_the_neighbours_between(tmp_path):
    journal = FileJournal(tmp_path)
    journal.append(batch(*map(float, range(10, 16))))
    told(journal, [4])
    told(journal, [0, 2, 3, 5])
    (found,) = [one for _, one in journal.read(0)]
    assert found.received.tolist() == [10.0, 11.0, 11.0, 11.0, 11.0, 15.0]
    assert journal.first_since(15.0) == 0
    assert verify(journal).erased == 5


def test_origins_that_others_have_stay(tmp_path):
    journal = FileJournal(tmp_path)
    journal.append(wordy(0, 1.0))
    journal.append(wordy(0, 5.0))
    told(journal, [0, 1, 4])
    devices = [one.origin_of(index).device for _, one in journal.read(0) for index in range(3)]
    assert devices == ["", "", "device-0-2", "device-0-0", "", "device-0-2"]
    assert b"device-0-1" not in left_in(tmp_path)
    journal.append(wordy(0, 9.0))
    assert [one.origin_of(1).device for _, one in journal.read(6)] == ["device-0-1"]
    assert verify(journal).erased == 3


def test_who_and_why_is_on_record_over_several_days_and_the_first_word_stands(tmp_path):
    journal = FileJournal(tmp_path)
    for day in range(3):
        journal.append(wordy(day, day * DAY))
    told(journal, [0, 4, 8])
    told(journal, [4, 5], time=100.0)
    assert FileJournal(tmp_path, read_only=True).erased() == {
        offset: Erasure(100.0 if offset == 5 else 99.0, "甲", "an order of the court") for offset in (0, 4, 5, 8)
    }
    assert verify(journal).erased == 4


KEPT = [kind for kind in EntryKind if kind not in ERASABLE]


@pytest.mark.parametrize("kind", KEPT, ids=lambda kind: kind.name.lower())
def test_what_others_cannot_be_read_without_is_never_erased(tmp_path, kind):
    journal, gathering = FileJournal(tmp_path), Gathering()
    gathering.add(EntryKind.FRAME, 1.0, Origin("B0001"), b"frame")
    gathering.add(kind, 2.0, NO_ORIGIN, b'{"offset":0,"fault":"f"}')
    journal.append(gathering.batch())
    with pytest.raises(UnfitEntry, match="never erased") as unfit:
        told(journal, [0, 1])
    assert (unfit.value.offset, unfit.value.why) == (1, "kept")
    assert (verify(journal).erased, journal.erased()) == (0, {})


@pytest.mark.parametrize("offset", [-1, 3, 4, 7, 400])
def test_what_is_not_there_is_not_erased_and_nothing_else_either(tmp_path, offset):
    journal = FileJournal(tmp_path)
    journal.append(batch(1.0, 2.0, 3.0))
    journal.close()
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute("INSERT INTO gap VALUES (3, 5, 'the disk')")
    journal = FileJournal(tmp_path)
    journal.append(batch(6.0, 7.0))
    with pytest.raises(UnfitEntry, match=f"no entry {offset}"):
        told(journal, [0, offset])
    assert verify(journal).erased == 0


def test_an_entry_of_an_older_version_is_one_piece_with_its_row(tmp_path):
    create(tmp_path / "1970-01-01.journal")
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute("INSERT INTO batch VALUES (0, 1, 1.0, 1.0, ?, ?)", (format1.encode(batch(1.0)), bytes(32)))
    journal = FileJournal(tmp_path)
    journal.append(batch(2.0))
    with pytest.raises(UnfitEntry) as unfit:
        told(journal, [0, 1])
    assert unfit.value.why == "older"
    told(journal, [1])
    assert journal.erased().keys() == {1}


def test_while_somebody_reads_it_is_said_that_the_bytes_are_still_there(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.journal.segment.PATIENCE", 0.05)
    journal = FileJournal(tmp_path)
    for number in range(3):
        journal.append(wordy(number, number * 10.0))
    reader = FileJournal(tmp_path, read_only=True).read(0)
    next(reader)
    with pytest.raises(TransientFault, match="while somebody reads"):
        told(journal, [3])
    assert len(list(reader)) == 2
    told(journal, [3])
    assert b"payload-1-0" not in left_in(tmp_path)
    assert len(journal.erased()) == 1


def test_where_no_file_can_be_made_anew_the_entrys_own_bytes_are_gone_all_the_same(tmp_path, monkeypatch):
    def execute(self, statement, *values):
        if statement == "VACUUM":
            raise sqlite3.OperationalError("database or disk is full")
        return sqlite3.Connection.execute(self, statement, *values)

    journal = FileJournal(tmp_path)
    for number in range(3):
        journal.append(wordy(number, number * 10.0, size=400))
    with monkeypatch.context() as full:
        full.setattr(Careless, "execute", execute, raising=False)
        with pytest.raises(TransientFault, match="disk is full"):
            told(journal, [4])
    assert verify(journal).erased == 1
    assert b"payload-1-1" not in left_in(tmp_path)
    told(journal, [4])


def test_a_row_that_was_changed_before_is_not_made_good_by_it(tmp_path):
    journal = FileJournal(tmp_path)
    journal.append(wordy(0, 1.0))
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        (body,) = db.execute("SELECT body FROM batch").fetchone()
        db.execute("UPDATE batch SET body = ?", (body.replace(b"payload-0-1", b"payload-0-x"),))
    told(journal, [0])
    with pytest.raises(OurFault, match="broken at offset 0"):
        verify(journal)


def test_an_erased_entry_is_not_journaled_anew(tmp_path):
    journal = FileJournal(tmp_path)
    journal.append(wordy(0, 1.0))
    told(journal, [1])
    (found,) = [one for _, one in journal.read(0)]
    with pytest.raises(OurFault, match="erased"):
        journal.append(found)
    assert journal.append(found.slice(2, 3)) == 3
    assert verify(journal).entries == 4


def test_salvage_keeps_what_is_erased_and_its_record(tmp_path):
    journal = FileJournal(tmp_path)
    for number in range(200):
        journal.append(wordy(number, number * 10.0))
    told(journal, [1, 5])
    journal.close()
    path = tmp_path / "1970-01-01.journal"
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    names, lost = salvage(tmp_path, 600)
    assert (names, [gap.until for gap in lost]) == ([path.name], [600])
    again = FileJournal(tmp_path)
    assert verify(again).erased == 2
    assert again.erased().keys() == {1, 5}
    assert len([one for _, one in again.read(0)]) == lost[0].first // 3


def test_the_engine_passes_over_it_and_counts(tmp_path):
    """As if it had not come, at the offset where it came."""
    story = Timeline.of()
    for minute in range(30):
        story.report(at(0, 13) + 60.0 * minute, HOME)
    entries = story.waiting.batch()
    journal = FileJournal(tmp_path / "journal")
    for first in range(0, len(entries), 7):
        journal.append(entries.slice(first, first + 7))
    told(journal, [12, 20])
    with closing(StateStore(tmp_path / "state.db")) as store:
        shelf = PolicyShelf(journal)
        shelf.compiled[story.policy.configuration.digest] = story.policy
        state, _ = Recovery(store, journal, shelf).run()
    twin = EngineState()
    step(twin, entries, story.policies, first=0, skipped={12, 20})
    assert state.counts.pop("entry_erased") == twin.counts.pop("entry_skipped") == 2
    assert (state.counts, state.offset) == (twin.counts, len(entries))
    for name, bank in twin.banks.items():
        for column, values in ((name, bank[name]) for name in bank.spec):
            assert state.banks[name][column].tobytes() == values.tobytes(), (name, column)
