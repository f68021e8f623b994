"""Notices in state.db: in the commit of what they come of, once each, the gravest first."""

from __future__ import annotations

import msgspec
import pytest

from gateway.engine import About, Notice, NoticeRecord, NoticeState
from gateway.store.state_db import Beside, StateStore


@pytest.fixture
def store(tmp_path):
    made = StateStore(tmp_path / "state.db")
    yield made
    made.close()


def record(identity: str, severity: str = "critical", state: NoticeState = NoticeState.OWED) -> NoticeRecord:
    told = About("strap_cut", severity, "P0001", "B0001", "SFS-01", 1.0)
    return NoticeRecord(Notice(identity, "alarm 1", "D01", 100.0, told, code="7F3A"), state)


def put(store, *records):
    store.commit([], [], 1, Beside(notices=records))


def test_the_gravest_wait_in_front_and_what_has_ended_waits_no_more(store):
    put(store, record("a", "warning"), record("b"), record("c", "serious"))
    assert [one.notice.id for one, _ in store.notices.waiting("owed")] == ["b", "c", "a"]
    put(store, record("b", state=NoticeState.SENT), record("c", state=NoticeState.WITHDRAWN))
    assert [one.notice.id for one, _ in store.notices.waiting("owed")] == ["a"]
    assert [one.notice.id for one, _ in store.notices.waiting("sent")] == ["b"]
    assert store.notices.figures() == {"owed": 1, "sent": 1, "withdrawn": 1}
    assert [one.notice.id for one in store.notices.of_alarm("alarm 1")] == ["a", "b", "c"]


def test_a_tail_that_is_stepped_again_owes_nothing_twice_and_forgets_no_try(store):
    put(store, record("a"))
    store.notices.attempt("a")
    put(store, record("a"))
    assert store.notices.waiting("owed") == [(record("a"), 1)]


def test_what_fails_with_it_is_not_owed(store):
    with pytest.raises(AttributeError):
        store.commit([], [], 1, Beside(presence=[None], notices=[record("a")]))
    assert store.notices.waiting("owed") == []
    assert store.applied_offset() == 0


def test_old_ones_go(store):
    put(store, record("a"), msgspec.structs.replace(record("b"), notice=record("b").notice))
    assert store.notices.forget(100.0) == 0
    assert store.notices.forget(101.0) == 2


def test_those_of_a_held_alarm_stay(store):
    put(store, record("a"))
    assert store.notices.forget(101.0, alarms={"alarm 1"}) == 0
    assert store.notices.forget(101.0, people={"P0001"}) == 1, "no alarm of that person is known"
