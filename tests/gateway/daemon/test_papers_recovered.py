"""Sheets after a crash, and after state.db was lost: as the journal has them; a replay judges nothing by them."""

from __future__ import annotations

from contextlib import closing

from timeline import HOME, Timeline, at

from gateway.daemon.recovery import Recovery
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal import FileJournal
from gateway.journal.controls import PaperAct, PaperLine
from gateway.journal.entries import EntryKind
from gateway.journal.segment import FORMAT
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import Beside, StateStore

ACTS = (
    PaperAct("p1", "begin", 1, "D01", form="hand_over", since=at(0, 12), until=at(0, 13), lines=(PaperLine("a", "x"),)),
    PaperAct("p1", "tick", 2, "D01", key="a", note="seen"),
    PaperAct("p1", "tick", 3, "D02", key="a", note="seen again"),
)


def journaled(directory) -> tuple[Timeline, FileJournal]:
    """Two hours at home, and a sheet meanwhile."""
    story = Timeline.of()
    story.stay(HOME, at(0, 12), at(0, 13))
    for late, act in enumerate(ACTS):
        story.control(EntryKind.PAPER, at(0, 13) + late, act)
    story.stay(HOME, at(0, 13.1), at(0, 14))
    journal = FileJournal(directory / "journal")
    journal.store_configuration(story.policy.configuration.digest, story.policy.configuration.sources)
    journal.append(story.waiting.batch())
    return story, journal


def recovered(directory, story: Timeline, journal: FileJournal) -> StateStore:
    store = StateStore(directory / "state.db")
    state, tail = Recovery(store, journal, PolicyShelf(journal, override=story.policy)).run()
    store.commit([], [], state.offset, Beside(tail.commands, tail.presence, tail.notices, tail.papers))
    return store


def test_a_crash_between_journal_and_state_loses_no_act_and_does_none_twice(tmp_path):
    story, journal = journaled(tmp_path)
    entries, state = story.waiting.batch(), EngineState()
    first = next(at for at, kind in enumerate(entries.kind) if kind == EntryKind.PAPER)
    said = step(state, entries.slice(0, first + 2), lambda _: story.policy, first=0)
    with closing(StateStore(tmp_path / "state.db")) as store:
        store.commit([], [], state.offset, Beside(papers=said.papers))
        assert store.papers.one("p1").revision == 2
    with closing(recovered(tmp_path, story, journal)) as store:
        found = store.papers.one("p1")
    assert (found.revision, found.entries[0].ticked.by, found.entries[0].ticked.at) == (3, "D02", at(0, 13) + 2)


def test_without_state_db_they_come_out_of_the_journal(tmp_path):
    story, journal = journaled(tmp_path)
    with closing(recovered(tmp_path, story, journal)) as store:
        assert store.papers.one("p1").revision == 3
    assert FORMAT == 3


def test_nothing_is_judged_otherwise_with_them_than_without(tmp_path):
    story, _ = journaled(tmp_path)
    entries = story.waiting.batch()
    without = Timeline.of()
    without.stay(HOME, at(0, 12), at(0, 13))
    without.stay(HOME, at(0, 13.1), at(0, 14))
    states = EngineState(), EngineState()
    said = [
        step(state, batch, lambda _: story.policy, first=0)
        for state, batch in zip(states, (entries, without.waiting.batch()), strict=True)
    ]
    assert len(said[0].papers) == len(ACTS)
    assert [len(one.outcomes) for one in said] == [0, 0]
    assert states[0].now == states[1].now
    assert states[0].device["heard"][0] == states[1].device["heard"][0]
