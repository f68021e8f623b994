"""The daemon's history: after every start it is what decoding the journal anew gives, whatever became of its files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from structlog.testing import capture_logs
from virtual import Told, tell

from gateway.daemon.recovery import SAVE_EVERY, Recovery
from gateway.engine import ENGINE, MemoryHistory, snapshot_of
from gateway.engine import step as engine
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.journal.controls import Start
from gateway.journal.entries import EntryKind, Gathering
from gateway.replay.derive import derive
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.entries import EntryBatch


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    """A bracelet that changes hands; some of its reports come the newest first."""
    one = tell(tmp_path_factory.mktemp("county"), "handover", days=1)
    return replace(one, entries=newest_first(one.entries))


def newest_first(entries: EntryBatch) -> EntryBatch:
    """The frames of a stretch in the second half come the newest first; started by the engine that goes on."""
    frames = np.flatnonzero(entries.kind == EntryKind.FRAME)
    stretch = frames[int(0.7 * len(frames)) : int(0.8 * len(frames))]
    source, gathering = np.arange(len(entries)), Gathering()
    source[stretch] = stretch[::-1]
    for at, of in enumerate(source.tolist()):
        kind, said = int(entries.kind[at]), entries.bytes_of(of)
        said = msgspec.json.encode(Start("test", engine=ENGINE)) if kind == EntryKind.START else said
        gathering.add(kind, float(entries.received[at]), entries.origin_of(of), said)
    return gathering.batch()


@pytest.fixture(autouse=True)
def log():
    """What the log was told."""
    with capture_logs() as lines:
        yield lines


class Storage:
    """A gateway's files; ``live`` and ``save`` are what it does, and each ``recover`` is another start."""

    def __init__(self, directory: Path, told: Told) -> None:
        self.directory, self.told = directory, told
        self.journal = FileJournal(told.journaled(directory / "journal", 50))
        self.store, self.shelf = StateStore(directory / "state.db"), PolicyShelf(self.journal)
        self.history = DayHistory(directory / "history")
        self.state = EngineState(history=self.history)

    def live(self, until: int) -> None:
        for first in range(self.state.offset, until, 100):
            part = self.told.entries.slice(first, min(first + 100, until))
            step(self.state, part, self.shelf, first=first)
        self.store.commit([], [], until)

    def save(self) -> None:
        self.history.flush(self.state.offset)
        self.store.save_snapshot(snapshot_of(self.state))

    def recover(self) -> EngineState:
        self.history.close()
        self.history = DayHistory(self.directory / "history")
        self.state, _ = Recovery(self.store, self.journal, self.shelf, history=self.history).run()
        return self.state

    def held(self, history=None) -> np.ndarray:
        devices = list(self.told.policy.devices)
        return (history or self.history).between(devices, -np.inf, np.inf, 1 << 40)

    def anew(self) -> np.ndarray:
        again = MemoryHistory()
        derive(again, self.journal, self.shelf, self.state)
        return self.held(again)


@pytest.fixture(scope="module")
def counts(told):
    """What is counted of it all, stepped at once."""
    state = EngineState()
    step(state, told.entries, lambda _: told.policy, first=0)
    return state.counts


@pytest.fixture
def storage(tmp_path, told):
    one = Storage(tmp_path, told)
    yield one
    one.history.close()
    one.journal.close()
    one.store.close()


THIRD, HALF = 1 / 3, 1 / 2


def spoil_newest(one: Storage) -> None:
    (one.directory / "history" / "newest.history").write_bytes(b"no database" * 999)


def lose_a_day(one: Storage) -> None:
    min((one.directory / "history").glob("2*.history")).unlink()


def lose_all(one: Storage) -> None:
    for path in (one.directory / "history").iterdir():
        path.unlink()


def flushed_and_killed(one: Storage) -> None:
    """The history went on to disk, and the snapshot that was to follow did not."""
    one.live(one.state.offset + 300)
    one.history.flush(one.state.offset)


def snapshot_ahead(one: Storage) -> None:
    """A power cut took the end of the history, but not the snapshot."""
    until, path = one.state.offset, one.directory / "history" / "newest.history"
    before = path.read_bytes()
    one.live(until + 300)
    one.save()
    one.history.close()
    lose_beside(path)
    path.write_bytes(before)


def lose_beside(path: Path) -> None:
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)


@pytest.mark.parametrize(
    "what", [None, spoil_newest, lose_a_day, lose_all, flushed_and_killed, snapshot_ahead],
    ids=lambda what: what.__name__ if what else "nothing happens",
)  # fmt: skip
def test_after_a_start_it_is_what_the_journal_says(storage, told, counts, what):
    for share in (THIRD, HALF):
        storage.live(int(share * len(told.entries)))
        storage.save()
    storage.history.close()
    if what is not None:
        what(storage)
    state = storage.recover()
    assert state.history is storage.history
    assert state.counts == counts
    assert storage.held().tobytes() == storage.anew().tobytes()
    assert len(storage.held()) > 300
    assert storage.held()["late"].sum() > 10


def test_without_a_snapshot_it_is_filled_by_stepping(storage):
    storage.live(500)
    storage.history.flush(500)
    storage.recover()
    assert storage.held().tobytes() == storage.anew().tobytes()


def test_an_entry_that_is_passed_over_leaves_no_row(storage, told, monkeypatch):
    storage.live(900)
    storage.save()
    frames = np.flatnonzero(told.entries.kind == EntryKind.FRAME)
    frames = frames[frames > 950].tolist()
    poison, real = frames[20], engine.put_aside

    def put_aside(context, rows, arrival):
        if (context.reports.offset[rows] == poison).any():
            raise ZeroDivisionError
        return real(context, rows, arrival)

    monkeypatch.setattr(engine, "put_aside", put_aside)
    storage.recover()
    assert list(storage.journal.skipped()) == [poison]
    held = storage.held()
    assert poison not in held["offset"]
    assert {frames[19], frames[21]} <= set(held["offset"].tolist())
    assert held.tobytes() == storage.anew().tobytes()


def test_damage_that_is_found_only_while_stepping_is_mended_there(storage, told, monkeypatch, log):
    """The rows of a late report's stretch cannot be read: all is derived once more, and the start goes on."""
    for share in (THIRD, HALF):
        storage.live(int(share * len(told.entries)))
        storage.save()
    real, left = DayHistory.between, [1]

    def between(self, *args):
        left[0] -= 1
        if left[0] == 0:
            day = min((storage.directory / "history").glob("2*.history"))
            day.write_bytes(day.read_bytes()[:4096] + b"\x55" * 1_000_000)
            self.close()
        return real(self, *args)

    monkeypatch.setattr(DayHistory, "between", between)
    storage.recover()
    assert left[0] < 0
    assert storage.held().tobytes() == storage.anew().tobytes()
    assert [line["event"] for line in log].count("history is made anew") == 1


def test_a_long_recovery_keeps_the_history_with_each_snapshot(storage, told, monkeypatch):
    assert len(told.entries) < SAVE_EVERY
    monkeypatch.setattr("gateway.daemon.recovery.SAVE_EVERY", 400)
    monkeypatch.setattr("gateway.daemon.recovery.STRETCH", 200)
    storage.store.commit([], [], len(told.entries))
    storage.recover()
    saved = storage.store.snapshot_offset()
    assert saved > 400
    assert storage.history.until == saved


def test_what_is_said_over_many_restarts_is_what_one_run_says(tmp_path, told):
    """Stopped in order, killed, killed with a history that is ahead; late reports before and after each."""
    journal, store = FileJournal(tmp_path / "journal"), StateStore(tmp_path / "state.db")
    journal.store_configuration(told.policy.configuration.digest, told.policy.configuration.sources)
    history, said, at = DayHistory(tmp_path / "history"), [], 0
    state = EngineState(history=history)
    for turn, until in enumerate(np.linspace(0, len(told.entries), 30).astype(int).tolist()[1:]):
        part = told.entries.slice(at, until)
        journal.append(part)
        stepped, at = step(state, part, lambda _: told.policy, first=at), until
        said += stepped.outcomes
        store.commit([], [], until)
        if turn % 3 != 1:
            history.flush(until)
        if turn % 3 == 0:
            store.save_snapshot(snapshot_of(state))
        history.close()
        history = DayHistory(tmp_path / "history")
        state, tail = Recovery(store, journal, PolicyShelf(journal), history=history).run()
        assert tail.outcomes == []
    twin = EngineState()
    expected = step(twin, told.entries, lambda _: told.policy, first=0).outcomes
    assert said == expected
    assert state.counts == twin.counts
    assert twin.counts["report_decided_again"] > 100
    history.close()
    journal.close()
    store.close()
