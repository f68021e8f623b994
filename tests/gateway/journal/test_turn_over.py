"""A file of the journal that is being written is left for another one of its day, so that it can be rewritten."""

from __future__ import annotations

import pytest
from gateway_entries import DAY, batch, contents

from gateway.journal import FileJournal, verify
from gateway.journal.erasure import Erasure, erase, finish, older_in, recorded


def names(directory) -> list[str]:
    return sorted(path.name for path in directory.glob("*.journal"))


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path)
    one.append(batch(10.0, 11.0))
    one.append(batch(20.0))
    yield one
    one.close()


def test_what_follows_goes_into_another_file_and_the_chain_goes_on(journal, tmp_path):
    journal.turn_over(1)
    assert journal.append(batch(30.0)) == 3
    assert names(tmp_path) == ["1970-01-01.1.journal", "1970-01-01.journal"]
    assert contents(journal) == [b"frame 10.0", b"frame 11.0", b"frame 20.0", b"frame 30.0"]
    assert verify(journal).entries == 4
    journal.append(batch(DAY + 1.0))
    assert names(tmp_path)[-1] == "1970-01-02.journal"


def test_it_is_done_once_for_an_entry_and_anew_for_a_later_one(journal, tmp_path):
    for _ in range(2):
        journal.turn_over(2)
        journal.append(batch(30.0))
    assert len(names(tmp_path)) == 2
    journal.turn_over(3)
    journal.append(batch(40.0))
    assert len(names(tmp_path)) == 3


def test_a_kill_before_the_first_entry_behind_it_costs_nothing(journal, tmp_path):
    journal.turn_over(2)
    journal.close()
    again = FileJournal(tmp_path)
    assert again.append(batch(30.0)) == 3
    again.turn_over(2)
    assert again.append(batch(31.0)) == 4
    assert verify(again).entries == 5
    assert len(names(tmp_path)) == 2


def test_the_file_that_was_left_is_rewritten_by_another_while_the_journal_goes_on(journal, tmp_path):
    journal.turn_over(2)
    journal.append(batch(30.0))
    left, record = tmp_path / "1970-01-01.journal", Erasure(99.0, "L01, L02", "0123 case 17")
    erase(left, [1], record)
    assert journal.append(batch(40.0)) == 4
    assert (verify(journal).entries, verify(journal).erased) == (5, 1)
    assert (recorded(left, record.why), recorded(left, "another")) == ([1], [])
    finish(left)
    assert older_in(left) == []
