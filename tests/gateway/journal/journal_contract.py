"""What every driver of the journal must do, whatever keeps it: one class, subclassed by the test of each driver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import inf
from typing import TYPE_CHECKING

import pytest
from gateway_entries import DAY, batch, contents, listed

from gateway.errors import OurFault
from gateway.journal import JournalHole
from gateway.journal.controls import Skipped
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin, merge

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal import Journal


def varied() -> Gathering:
    """Entries of several kinds and origins, one of them without a byte and one with all of them."""
    gathering = Gathering()
    first, second = Origin("B0001", "bracelets", "10.0.0.1:4711", "jt808", facts="+8"), Origin("B0002", "甲", "")
    for time, kind, origin, payload in [
        (1.0, EntryKind.START, NO_ORIGIN, b'{"version":"1"}'),
        (1.5, EntryKind.OPENED, first, b""),
        (2.0, EntryKind.FRAME, first, bytes(range(256))),
        (2.0, EntryKind.FRAME, second, b"\x00"),
        (2.25, EntryKind.FRAME, first, b"~\x00\x00~"),
    ]:
        gathering.add(kind, time, origin, payload)
    return gathering


class JournalContract(ABC):
    """Subclassed by the test of a driver, which says how one is opened."""

    @abstractmethod
    def opened(self, place: Path, *, read_only: bool = False) -> Journal:
        """The journal that is kept at a place, as somebody who opens it now finds it; an empty one where none is."""

    def kept(self, place: Path, *times: float) -> Journal:
        """A journal with a batch of one frame at each time."""
        journal = self.opened(place)
        for time in times:
            journal.append(batch(time))
        return journal

    def test_an_empty_one_begins_and_ends_at_nothing(self, tmp_path):
        journal = self.opened(tmp_path)
        assert (journal.begins, journal.next_offset, contents(journal)) == (0, 0, [])
        assert list(journal.backwards(0)) == []
        assert (journal.first_since(0.0), journal.gaps(), journal.skipped()) == (0, {}, {})

    def test_offsets_count_entries_from_nought(self, tmp_path):
        journal = self.opened(tmp_path)
        assert [journal.append(batch(*times)) for times in ((1.0, 2.0), (3.0,), (4.0, 5.0))] == [0, 2, 3]
        assert (journal.begins, journal.next_offset) == (0, 5)
        assert journal.head == (5, self.opened(tmp_path, read_only=True).head[1])
        assert [(first, len(entries)) for first, entries in journal.read(0)] == [(0, 2), (2, 1), (3, 2)]

    def test_entries_come_back_as_they_were(self, tmp_path):
        journal, entries = self.opened(tmp_path), varied().batch()
        journal.append(entries)
        journal.append(entries.slice(2, 4))
        found = [one for _, one in self.opened(tmp_path, read_only=True).read(0)]
        assert listed(merge(found)) == listed(entries) + listed(entries)[2:4]

    def test_a_second_reader_sees_what_append_has_returned(self, tmp_path):
        journal, reader = self.kept(tmp_path, 1.0), self.opened(tmp_path, read_only=True)
        journal.append(batch(2.0))
        assert contents(reader) == contents(self.opened(tmp_path, read_only=True)) == [b"frame 1.0", b"frame 2.0"]

    def test_it_goes_on_where_it_ended(self, tmp_path):
        self.kept(tmp_path, 1.0, 2.0).close()
        again = self.opened(tmp_path)
        assert (again.next_offset, again.append(batch(3.0))) == (2, 2)
        assert len(contents(again)) == 3

    def test_after_a_close_it_may_be_written_to_and_read(self, tmp_path):
        journal = self.kept(tmp_path, 1.0)
        journal.close()
        assert contents(journal) == [b"frame 1.0"]
        assert journal.append(batch(2.0)) == 1

    @pytest.mark.parametrize("day", [0, 1])
    def test_an_offset_that_is_taken_is_our_fault(self, tmp_path, day):
        """Two writers, or a bug: what the second one would acknowledge is nowhere."""
        first, second = self.kept(tmp_path, 1.0), self.opened(tmp_path)
        first.append(batch(2.0))
        with pytest.raises(OurFault):
            second.append(batch(day * DAY + 3.0))
        assert contents(first) == [b"frame 1.0", b"frame 2.0"]

    @pytest.mark.parametrize("first", range(6))
    def test_reading_begins_wherever_it_is_asked_to(self, tmp_path, first):
        journal = self.opened(tmp_path)
        for times in ((1.0, 2.0), (3.0,), (DAY + 4.0, DAY + 5.0)):
            journal.append(batch(*times))
        assert contents(journal, first) == contents(journal)[first:]
        assert next((offset for offset, _ in journal.read(first)), 5) == first

    @pytest.mark.parametrize("until", range(6))
    def test_backwards_gives_what_lies_wholly_before(self, tmp_path, until):
        journal = self.opened(tmp_path)
        for times in ((1.0, 2.0), (3.0,), (DAY + 4.0, DAY + 5.0)):
            journal.append(batch(*times))
        begins = [float(entries.received[0]) for entries in journal.backwards(until)]
        ends = {1.0: 2, 3.0: 3, DAY + 4.0: 5}
        assert begins == [begin for begin in (DAY + 4.0, 3.0, 1.0) if ends[begin] <= until]

    def test_the_first_batch_that_ends_at_or_after_a_time(self, tmp_path):
        journal = self.opened(tmp_path)
        for times in ((1.0, 2.0), (3.0,), (DAY + 4.0, DAY + 5.0)):
            journal.append(batch(*times))
        found = [journal.first_since(time) for time in (-inf, 0.0, 2.0, 2.5, 3.0, DAY, DAY + 5.0, DAY + 5.5, inf)]
        assert found == [0, 0, 0, 2, 2, 3, 3, 5, 5]

    def test_what_the_engine_skipped_is_known_before_it_is_read(self, tmp_path):
        journal, gathering = self.kept(tmp_path, 1.0, 2.0), Gathering()
        for one in (Skipped(1, "ValueError", "B0001"), Skipped(0, "KeyError")):
            said = f'{{"offset":{one.offset},"fault":"{one.fault}","device":"{one.device}"}}'
            gathering.add(EntryKind.SKIPPED, 3.0, NO_ORIGIN, said.encode())
        journal.append(gathering.batch())
        assert self.opened(tmp_path, read_only=True).skipped() == {0: "KeyError", 1: "ValueError"}

    def test_configurations_are_kept_once_by_digest(self, tmp_path):
        journal = self.opened(tmp_path)
        journal.store_configuration("d1", {"gateway.yaml": "county: 甲", "zones.csv": ""})
        journal.store_configuration("d1", {"gateway.yaml": "other"})
        found = self.opened(tmp_path, read_only=True).configuration("d1")
        assert found == {"gateway.yaml": "county: 甲", "zones.csv": ""}
        with pytest.raises(OurFault):
            journal.configuration("d2")

    def test_what_is_old_and_needed_by_nobody_goes_and_is_a_hole(self, tmp_path):
        """Neither what is young, nor what the state still needs, nor the last that is there."""
        journal = self.kept(tmp_path, *(day * DAY + 10.0 for day in range(4)))
        assert journal.retire(1.5 * DAY, lambda: 0) == []
        assert len(journal.retire(1.5 * DAY, lambda: 1)) == 1
        assert (journal.begins, len(journal.retire(1.5 * DAY, lambda: 4))) == (1, 1)
        assert (journal.retire(1.5 * DAY, lambda: 4), journal.begins) == ([], 2)
        assert (len(journal.retire(100 * DAY, lambda: 4)), journal.begins, journal.next_offset) == (1, 3, 4)
        for one in (journal, self.opened(tmp_path, read_only=True)):
            with pytest.raises(JournalHole) as hole:
                contents(one)
            assert (hole.value.wanted, hole.value.found) == (0, 3)
            assert contents(one, 3) == [f"frame {3 * DAY + 10.0}".encode()]
        assert self.opened(tmp_path).append(batch(3 * DAY + 20.0)) == 4
