"""Outcomes and offset in one commit; what is stored is stored once; versions."""

from __future__ import annotations

import sqlite3
import stat

import pytest
from timeline import Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.engine import About, Notice, NoticeRecord
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.errors import OurFault, TransientFault
from gateway.store.outbox import Marks
from gateway.store.state_db import VERSION, Beside, Event, StateStore
from gateway.upstream.cloudevents import event_of

CITY, DESK = ("city", frozenset[str]()), ("desk", frozenset({"critical"}))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """A cut strap and its close, a low battery."""
    told = Timeline.of()
    told.report(at(0, 13), alarm=Alarm.REMOVAL)
    told.report(at(0, 13.1), battery=9)
    stepped = step(told.state, told.waiting.batch(), lambda _: told.policy, first=0)
    return [event_of(outcome, "demo", "Asia/Shanghai") for outcome in stepped.outcomes]


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def spoil(store: StateStore, on: str) -> None:
    """Make the disk fail in the middle of a commit: at the first row of a table."""
    store._db.execute(f"CREATE TRIGGER fault BEFORE INSERT ON {on} BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END")


def test_outcomes_offset_and_what_is_owed_are_stored_together(store, events):
    assert store.commit(events, [CITY, DESK], 17) == 2
    assert store.applied_offset() == 17
    assert store.events() == [event.body for event in events]
    assert [owed.id for owed in store.outbox.fresh("city", 9)] == [event.id for event in events]
    assert [owed.alarm for owed in store.outbox.fresh("desk", 9)] == [events[0].alarm]
    assert [episode.kind for episode in store.episodes(unresolved=True)] == ["strap_cut", "battery_low"]
    assert store.figures() == {"events": 2, "unresolved": 2, "owed": 3, "set_aside": 0}


@pytest.mark.parametrize("table", ["event", "episode", "outbox", "progress"])
def test_a_fault_in_the_middle_of_a_commit_leaves_nothing_behind(store, events, table):
    store.commit([], [], 5)
    spoil(store, table)
    with pytest.raises(TransientFault, match=r"state\.db cannot store: .*disk I/O error"):
        store.commit(events, [CITY], 17)
    assert (store.applied_offset(), store.events(), store.outbox.fresh("city", 9)) == (5, [], [])
    store._db.execute("DROP TRIGGER fault")
    assert store.commit(events, [CITY], 17) == 2
    assert store.applied_offset() == 17


def test_replaying_a_tail_adds_nothing(store, events):
    store.commit(events, [CITY], 17)
    store.outbox.note("city", Marks(delivered=[owed.seq for owed in store.outbox.fresh("city", 9)]), 1.0)
    assert store.commit(events, [CITY], 17) == 0
    assert store.events() == [event.body for event in events]
    assert store.outbox.fresh("city", 9) == []


def test_a_resolved_episode_is_no_longer_unresolved(store):
    told = Timeline.of()
    told.report(at(0, 13), battery=9)
    told.report(at(0, 14), battery=90)
    stepped = step(told.state, told.waiting.batch(), lambda _: told.policy, first=0)
    store.commit([event_of(outcome, "demo", "Asia/Shanghai") for outcome in stepped.outcomes], [], 5)
    assert store.episodes(unresolved=True) == []
    (episode,) = store.episodes(unresolved=False)
    assert (episode.kind, episode.revision, episode.ended) == ("battery_low", 2, at(0, 14))


def test_everything_is_there_after_reopening_read_only(tmp_path, events):
    path = tmp_path / "new" / "state.db"
    store = StateStore(path)
    store.commit(events, [CITY], 17)
    store.close()
    reader = StateStore(path, read_only=True)
    assert reader.applied_offset() == 17
    assert len(reader.episodes(unresolved=True)) == 2
    assert {one.id: one for one in reader.each_episode()} == {one.id: one for one in reader.episodes(unresolved=False)}
    with pytest.raises(TransientFault, match="readonly"):
        reader.commit([], [], 18)
    reader.close()


def test_the_version_is_written_and_kept(tmp_path):
    StateStore(tmp_path / "state.db").close()
    StateStore(tmp_path / "state.db").close()
    db = sqlite3.connect(tmp_path / "state.db")
    assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    db.close()


def test_a_newer_version_is_refused_in_words_and_left_alone(tmp_path):
    StateStore(tmp_path / "state.db").close()
    db = sqlite3.connect(tmp_path / "state.db")
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(OurFault, match=rf"version {VERSION + 1}, this gateway knows {VERSION}: install a newer one"):
        StateStore(tmp_path / "state.db")
    db = sqlite3.connect(tmp_path / "state.db")
    assert db.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    db.close()


def test_a_file_that_is_no_database_is_our_fault(tmp_path):
    (tmp_path / "state.db").write_bytes(b"not a database, " * 100)
    with pytest.raises(OurFault, match=r"cannot open .*state\.db"):
        StateStore(tmp_path / "state.db")


def test_no_snapshot_is_none(store):
    assert store.load_snapshot() is None


def test_a_snapshot_replaces_the_one_before_and_moves_the_applied_offset(store):
    told = Timeline.of()
    told.report(at(0, 13))
    told.run()
    store.save_snapshot(snapshot_of(EngineState()))
    store.save_snapshot(snapshot_of(told.state))
    loaded = store.load_snapshot()
    assert loaded is not None
    state = restore(loaded)
    assert state is not None
    assert state.offset == store.applied_offset() == 3
    assert state.device["heard"].tobytes() == told.state.device["heard"].tobytes()


def test_what_is_committed_is_on_the_disk(store):
    """In WAL mode SQLite waits for the disk at each commit with FULL (2) and with nothing less."""
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_what_is_stored_is_for_the_gateways_own_account_only(store, tmp_path, events):
    store.commit(events, [CITY], 17)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("state.db", "state.db-wal", "state.db-shm"), 0o600)


def test_alarms_whose_time_is_over_leave_with_all_that_was_sent_of_them(store, tmp_path):
    told = Timeline.of()
    told.report(at(0, 13), battery=9)
    told.report(at(0, 14), battery=90)
    told.report(at(0, 15), alarm=Alarm.REMOVAL)
    stepped = step(told.state, told.waiting.batch(), lambda _: told.policy, first=0)
    events = [event_of(outcome, "demo", "Asia/Shanghai") for outcome in stepped.outcomes]
    store.commit(events, [CITY, DESK], 5)
    over = events[0].alarm
    about = About("battery_low", "warning", "P0001", "B0001", "SFS-01", at(0, 13))
    for alarm in (over, events[-1].alarm):
        store.commit(
            [], [], 5, Beside(notices=[NoticeRecord(Notice(f"notice of {alarm}", alarm, "D01", at(0, 13), about))])
        )
    assert store.forget_alarms(at(1, 0)) == 0
    assert store.episode(over) is not None, "it is owed to an upstream"
    store.outbox.note("city", Marks(delivered=[owed.seq for owed in store.outbox.fresh("city", 9)]), 1.0)
    assert store.forget_alarms(at(0, 14)) == 0
    assert store.forget_alarms(at(1, 0), people={"P0001"}) == 0
    assert store.forget_alarms(at(1, 0), alarms={over}) == 0
    assert store.forget_alarms(at(1, 0)) == 1
    assert [episode.kind for episode in store.episodes(unresolved=False)] == ["strap_cut"]
    assert store.events() == [events[-1].body]
    assert (store.notices.of_alarm(over), len(store.notices.of_alarm(events[-1].alarm))) == ([], 1)
    assert store.forget_alarms(at(1, 0)) == 0
    store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
    assert over.encode() not in left
