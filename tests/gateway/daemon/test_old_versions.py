"""Directories that older versions left behind: a snapshot at entry 1198, outcomes up to 1369, a journal to 1455.

They hold the story ``handover`` of one day over two files of the journal. ``first`` is of the first version, whose
snapshot lacks columns that were added since; ``before`` of the one before entries were checked for holes.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from gateway.daemon.recovery import Recovery
from gateway.journal import FileJournal, verify
from gateway.replay.reading import PolicyShelf, replay
from gateway.store.state_db import StateStore

OLD = Path(__file__).parent / "old"
SNAPSHOT, APPLIED, END = 1198, 1369, 1455
SAID = [
    ("comms_lost", "raised"), ("comms_lost", "cleared"), ("exclusion_enter", "raised"), ("exclusion_enter", "cleared"),
]  # fmt: skip


@pytest.fixture(params=["first", "before"])
def left(request, tmp_path) -> Path:
    with tarfile.open(OLD / f"{request.param}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def opened(left: Path) -> tuple[Recovery, StateStore]:
    store, journal = StateStore(left / "state.db"), FileJournal(left / "journal")
    return Recovery(store, journal, PolicyShelf(journal)), store


def test_it_is_opened_twice_and_goes_on_where_it_was(left):
    for _ in range(2):
        recovery, store = opened(left)
        state, tail = recovery.run()
        assert (state.offset, store.snapshot_offset(), store.applied_offset()) == (END, SNAPSHOT, APPLIED)
        assert tail.outcomes == []
        assert [json.loads(body)["data"]["kind"] for body in store.events()] == [kind for kind, _ in SAID]
        assert verify(recovery.journal).entries == END
        recovery.journal.close()
        store.close()


def test_it_is_opened_when_its_first_day_has_been_removed(left):
    """What every county older than ``keep_days`` looks like: only the snapshot knows of the days before."""
    whole = opened(left)
    wanted = whole[0].run()[0]
    whole[0].journal.close()
    whole[1].close()
    (left / "journal" / "2026-11-01.journal").unlink()
    recovery, _ = opened(left)
    state, _ = recovery.run()
    assert recovery.journal.begins > 0
    assert state.offset == END
    assert state.counts == wanted.counts
    for name, bank in wanted.banks.items():
        for column, values in ((name, bank[name]) for name in bank.spec):
            assert state.banks[name][column].tobytes() == values.tobytes(), (name, column)


def test_its_journal_still_says_what_it_said(left):
    journal = FileJournal(left / "journal", read_only=True)
    kinds = [(outcome.episode.kind, outcome.change.value) for _, outcome in replay(journal, PolicyShelf(journal))]
    assert kinds == SAID
