"""An entry that the engine cannot stand: found, named in the journal, passed over, and said."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest
from structlog.testing import capture_logs
from timeline import ABROAD, HOME, Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.daemon.recovery import Recovery
from gateway.engine import passes
from gateway.engine.snapshot import snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.errors import OurFault, TransientFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.replay.reading import PolicyShelf, replay
from gateway.store.state_db import StateStore

POISON = 77
"""The battery percentage that the engine cannot stand here."""


@pytest.fixture(autouse=True)
def log():
    """What the log was told."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture(autouse=True)
def faulty(monkeypatch) -> None:
    """An engine with a bug: a stretch with a certain report fails, after the state has been changed."""
    real = passes.fuse

    def fuse(state, reports, rows):
        state.count("changed_before_it_failed")
        if (reports.battery_percent[rows] == POISON).any():
            raise ZeroDivisionError("battery")
        return real(state, reports, rows)

    monkeypatch.setattr(passes, "fuse", fuse)


def story(*poisoned: int) -> Timeline:
    """Ninety reports from home, then a flight and an SOS; the reports of some minutes cannot be stood."""
    told = Timeline.of()
    for minute in range(90):
        told.report(at(0, 13) + 60.0 * minute, HOME, battery=POISON if minute in poisoned else 80)
    told.stay(ABROAD, at(0, 15), at(0, 15.5), 60.0)
    told.report(at(0, 15.5), ABROAD, alarm=Alarm.SOS, device="B0002")
    return told


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def journaled(tmp_path, told: Timeline, every: int = 7) -> FileJournal:
    journal, entries = FileJournal(tmp_path / "journal"), told.waiting.batch()
    for first in range(0, len(entries), every):
        journal.append(entries.slice(first, first + every))
    return journal


def recovery(store: StateStore, journal: FileJournal, told: Timeline) -> Recovery:
    shelf = PolicyShelf(journal)
    shelf.compiled[told.policy.configuration.digest] = told.policy
    return Recovery(store, journal, shelf)


def kinds(outcomes: list) -> list[str]:
    return [f"{outcome.episode.kind} {outcome.change.value}" for outcome in outcomes]


def test_the_one_entry_is_found_named_and_passed_over(tmp_path, store, log):
    told = story(40)
    journal = journaled(tmp_path, told)
    end = journal.next_offset
    state, tail = recovery(store, journal, told).run()
    assert journal.skipped() == {42: "ZeroDivisionError"}  # a start and a configuration stand before
    assert state.offset == journal.next_offset == end + 1
    assert state.counts["entry_skipped"] == 1
    assert kinds(tail.outcomes) == ["inclusion_exit raised", "sos raised", "entry_skipped raised"]
    assert [(line["offset"], line["device"]) for line in log if line["log_level"] == "error"] == [(42, "B0001")]
    said = tail.outcomes[-1].episode
    assert (said.device, said.person, said.first_offset) == ("B0001", "P0001", 42)
    assert said.facts == {"offset": 42, "fault": "ZeroDivisionError"}


def test_the_state_is_as_if_it_had_not_come(tmp_path, store):
    told = story(40)
    entries = told.waiting.batch()
    journal = journaled(tmp_path, told)
    state, _ = recovery(store, journal, told).run()
    twin = EngineState()
    step(twin, entries, told.policies, first=0, skipped={42})
    for name, bank in twin.banks.items():
        for column, values in ((name, bank[name]) for name in bank.spec):
            assert state.banks[name][column].tobytes() == values.tobytes(), (name, column)
    assert state.counts == twin.counts


def test_a_second_start_and_a_replay_honour_it(tmp_path, store):
    told = story(40)
    journal = journaled(tmp_path, told)
    _, tail = recovery(store, journal, told).run()
    state, again = recovery(store, journal, told).run()
    assert kinds(again.outcomes) == kinds(tail.outcomes)
    assert len(journal.skipped()) == 1
    shelf = recovery(store, journal, told).policies
    for most in (1, 13, 65_536):
        replayed = [outcome for _, outcome in replay(journal, shelf, most=most)]
        assert kinds(replayed) == kinds(tail.outcomes)
    with pytest.raises(ZeroDivisionError):
        list(replay(journal, shelf, with_skipped=True))
    assert state.counts["entry_skipped"] == 1


def test_several_are_found_one_after_the_other_from_a_snapshot_on(tmp_path, store):
    told = story(50, 51, 77)
    entries = told.waiting.batch()
    journal = journaled(tmp_path, told)
    before = EngineState()
    step(before, entries.slice(0, 30), told.policies, first=0)
    store.save_snapshot(snapshot_of(before))
    state, tail = recovery(store, journal, told).run()
    assert sorted(journal.skipped()) == [52, 53, 79]
    assert kinds(tail.outcomes).count("entry_skipped raised") == 3
    assert state.counts["entry_skipped"] == 3


def test_what_fails_only_when_it_is_said_counts_too(tmp_path, store):
    """An outcome whose text cannot be made would fail at each start just the same."""
    told = story()
    journal = journaled(tmp_path, told)
    one = recovery(store, journal, told)

    def speak(outcome) -> None:
        if outcome.episode.kind == "sos":
            raise KeyError("words")

    one.attempt = speak
    _, tail = one.run()
    assert list(journal.skipped().values()) == ["KeyError"]
    assert kinds(tail.outcomes) == ["inclusion_exit raised", "entry_skipped raised"]


def test_where_nothing_can_be_stepped_it_ends_in_words(tmp_path, store, monkeypatch):
    told = story(*range(90))
    journal = journaled(tmp_path, told)
    monkeypatch.setattr("gateway.daemon.recovery.MOST_SKIPPED", 3)
    with pytest.raises(OurFault, match="3 entries cannot be stepped"):
        recovery(store, journal, told).run()


def test_an_officer_who_waits_for_a_skipped_act_is_told():
    told = Timeline.of()
    told.act(at(0, 13), "note", "nothing", name="act 1")
    entries = told.waiting.batch()
    at_act = int(np.flatnonzero(entries.kind == EntryKind.ACT)[0])
    stepped = step(EngineState(), entries, told.policies, first=0, skipped={at_act})
    assert stepped.acts["act 1"] == "not_processed"


def test_entries_that_do_not_follow_are_refused():
    told = Timeline.of()
    entries = told.waiting.batch()
    state = EngineState()
    with pytest.raises(OurFault, match="from 5 on do not follow the 0"):
        step(state, entries, told.policies, first=5)
    assert state.offset == 0


@pytest.mark.parametrize("when", ["as it is stepped", "as the entry is looked for"])
def test_no_entry_is_blamed_for_a_disk_that_cannot_be_read(tmp_path, store, monkeypatch, when):
    """An alarm passed over for the disk's sake would be lost: the fault passes, and then all is said."""
    told = story(40) if when == "as the entry is looked for" else story()
    journal, real, left = journaled(tmp_path, told), passes.fuse, [1]

    def fuse(state, reports, rows):
        is_looked_for = len(reports.battery_percent) < len(told.waiting.batch())
        if left and (is_looked_for or when == "as it is stepped"):
            left.pop()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(state, reports, rows)

    monkeypatch.setattr(passes, "fuse", fuse)
    one = recovery(store, journal, told)
    with pytest.raises(TransientFault, match="the disk fails to read or write"):
        one.run()
    assert journal.skipped() == {}
    _, tail = one.run()
    assert "sos raised" in kinds(tail.outcomes)
