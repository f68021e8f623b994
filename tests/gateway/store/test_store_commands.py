"""Commands in state.db: as the engine says they stand; an older database gets the table and keeps what it has."""

from __future__ import annotations

import sqlite3
from importlib import resources

import msgspec
import pytest
from timeline import Timeline, at

from gateway.daemon.recovery import Recovery
from gateway.engine.records import Command, CommandRecord, End, Ended
from gateway.errors import TransientFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import VERSION, Beside, StateStore


def record(identity: str, offset: int = 0, device: str = "B0001") -> CommandRecord:
    return CommandRecord(Command(identity, device, "text", "D01", 2000.0, {"text": "你好"}), 1000.0 + offset, offset)


def ended(given: CommandRecord, at: float) -> CommandRecord:
    return msgspec.structs.replace(given, end=End.DONE, ended=at, text="well")


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def test_what_stands_comes_back_in_the_order_it_was_given(store):
    second, first = record("b", 1), record("a", 0, "B0002")
    store.commit([], [], 7, Beside([second, first]))
    assert store.commands(pending=True) == [first, second]
    assert store.commands("B0001", pending=True) == [second]
    assert store.commands("B9999", pending=True) == []
    assert store.command("a") == first
    assert store.command("c") is None
    assert store.applied_offset() == 7


def test_an_ended_one_is_pending_no_more_and_is_kept(store):
    given = record("a")
    store.commit([], [], 1, Beside([given]))
    store.commit([], [], 2, Beside([ended(given, 1010.0)]))
    assert store.commands(pending=True) == []
    assert store.commands(pending=False) == [ended(given, 1010.0)]


def test_a_tail_said_again_changes_nothing(store):
    said = [record("a"), record("b", 1), ended(record("a"), 1010.0)]
    for _ in range(2):
        store.commit([], [], 9, Beside(said))
    assert [one.command.id for one in store.commands(pending=False)] == ["a", "b"]
    assert [one.command.id for one in store.commands(pending=True)] == ["b"]


def test_only_those_that_ended_long_ago_are_forgotten(store):
    store.commit([], [], 1, Beside([record("a"), ended(record("b", 1), 1500.0), ended(record("c", 2), 2500.0)]))
    assert store.forget_commands(2000.0) == 1
    assert [one.command.id for one in store.commands(pending=False)] == ["a", "c"]


def test_a_failing_commit_stores_neither_commands_nor_offset(store):
    store._db.execute("CREATE TRIGGER full BEFORE INSERT ON progress BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(TransientFault, match="full"):
        store.commit([], [], 5, Beside([record("a")]))
    assert store.commands(pending=False) == []
    assert store.applied_offset() == 0


def test_orders_that_were_journaled_and_not_committed_are_owed_after_a_crash(store, tmp_path):
    told = Timeline.of()
    journal = FileJournal(tmp_path / "journal")
    journal.store_configuration(told.policy.configuration.digest, {})
    for identity in "ab":
        given = Command(identity, "B0001", "text", "D01", at(0, 14))
        told.control(EntryKind.COMMAND, at(0, 13), given)
    told.control(EntryKind.RESULT, at(0, 13), Ended("a", End.DONE))
    journal.append(told.waiting.batch())
    shelf = PolicyShelf(journal)
    shelf.put(told.policy.configuration)
    for _ in range(2):
        state, tail = Recovery(store, journal, shelf).run()
        assert [(one.command.id, one.end) for one in tail.commands] == [("a", None), ("b", None), ("a", End.DONE)]
    store.commit([], [], state.offset, Beside(tail.commands))
    assert [one.command.id for one in store.commands(pending=True)] == ["b"] == list(state.commands)
    assert Recovery(store, journal, shelf).run()[1].commands == []
    journal.close()


def test_a_database_of_version_1_gets_the_table_and_keeps_what_it_has(tmp_path):
    db = sqlite3.connect(tmp_path / "state.db")
    db.executescript(resources.files("gateway.store.schema").joinpath("state_v1.sql").read_text("utf-8"))
    db.execute("INSERT INTO progress VALUES ('applied_offset', 41)")
    db.execute("INSERT INTO event (id, alarm, body) VALUES ('e.1', 'e', x'7B7D')")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    store = StateStore(tmp_path / "state.db")
    assert store.applied_offset() == 41
    assert store.events() == [b"{}"]
    store.commit([], [], 42, Beside([record("a")]))
    assert len(store.commands(pending=True)) == 1
    assert store._db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    store.close()


def test_those_to_a_held_device_stay(store):
    store.commit([], [], 7, Beside([ended(record("a", 0), 1500.0), ended(record("b", 1, "B0002"), 1500.0)]))
    assert store.forget_commands(2000.0, {"B0001"}) == 1
    assert [one.command.id for one in store.commands(pending=False)] == ["a"]
