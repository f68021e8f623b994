"""Sheets in state.db: committed with the offset, once however often the journal is stepped, and forgotten."""

from __future__ import annotations

from contextlib import closing

import pytest

from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.paper import digest_of
from gateway.store.state_db import Beside, StateStore

LINES = (PaperLine("a", "unresolved", "P0001"), PaperLine("b", "unresolved", "P0002"))
BEGIN = PaperAct("p1", "begin", 1, "D01", form="hand_over", since=0.0, until=100.0, lines=LINES)
TICK = PaperAct("p1", "tick", 2, "D01", key="a", note="seen")


@pytest.fixture
def store(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as one:
        yield one


def commit(store, *acts, offset=1):
    store.commit([], [], offset, Beside(papers=acts))


def test_acts_are_kept_with_the_offset_and_a_tail_stepped_again_does_nothing_twice(store):
    for _ in range(3):
        commit(store, (110.0, BEGIN), (120.0, TICK), offset=7)
    found = store.papers.one("p1")
    assert (found.revision, found.entries[0].ticked.at, store.applied_offset()) == (2, 120.0, 7)
    sign = PaperAct("p1", "sign", 3, "D01", digest=digest_of(found))
    commit(store, (130.0, sign), (140.0, PaperAct("p1", "sign", 4, "D02", digest=digest_of(found))), offset=8)
    assert store.papers.one("p1").frozen == 140.0


def test_an_act_on_a_sheet_that_there_is_not_makes_none(store):
    commit(store, (120.0, TICK))
    assert store.papers.one("p1") is None


def test_they_are_listed_by_form_the_latest_first_and_forgotten_by_their_time(store):
    later = PaperAct("p2", "begin", 1, "D01", form="hand_over", office="SFS-01", since=100.0, until=200.0)
    daily = PaperAct("p3", "begin", 1, "D01", form="daily", since=0.0, until=50.0)
    commit(store, (110.0, BEGIN), (210.0, later), (60.0, daily))
    assert [one.id for one in store.papers.listed("hand_over", 0.0, 9)] == ["p2", "p1"]
    assert [one.id for one in store.papers.listed("hand_over", 150.0, 9)] == ["p2"]
    assert [one.id for one in store.papers.listed("hand_over", 0.0, 1)] == ["p2"]
    heads = store.papers.heads("hand_over", 0.0, 9)
    assert [(one.id, one.entries, count) for one, count in heads] == [("p2", (), 0), ("p1", (), 2)]
    assert [one.id for one in store.papers.of_office("hand_over", "", 9)] == ["p1"]
    assert [one.id for one in store.papers.of_office("hand_over", "SFS-01", 9)] == ["p2"]
    assert store.papers.forget(150.0) == 2
    assert [store.papers.one(name) is None for name in ("p1", "p2", "p3")] == [True, False, True]
