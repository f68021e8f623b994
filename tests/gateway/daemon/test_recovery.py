"""After a crash: the state of the whole journal, and exactly what had not been committed yet."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from virtual import TICK, Told, tell

from gateway.daemon.recovery import Recovery
from gateway.engine.policy import compile_policy
from gateway.engine.snapshot import Snapshot, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import Stepped, step
from gateway.errors import OurFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay.reading import PolicyShelf, merged, replay
from gateway.store.state_db import Event, StateStore
from gateway.upstream.cloudevents import event_of

CUTS = (0.1, 0.5, 0.75, 0.8, 1.0)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    """A bracelet that changes hands, its two hours without cover and a barred cafe."""
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory) -> FileJournal:
    """The story journaled, 50 entries a batch."""
    return FileJournal(told.journaled(tmp_path_factory.mktemp("journal"), 50))


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def events_of(told: Told, outcomes: list) -> list[Event]:
    county = told.policy.configuration.county
    return [event_of(outcome, county.code, county.timezone) for outcome in outcomes]


def recover(store: StateStore, journal: FileJournal) -> tuple[EngineState, Stepped]:
    return Recovery(store, journal, PolicyShelf(journal)).run()


@pytest.fixture(scope="module")
def lived(told):
    """Snapshot and events of a gateway that got as far as an offset."""

    @cache
    def live(until: int) -> tuple[Snapshot, list[Event]]:
        state = EngineState()
        said = step(state, told.entries.slice(0, until), lambda _: told.policy, first=0)
        return snapshot_of(state), events_of(told, said.outcomes)

    return live


def test_from_nothing_everything_is_still_owed(told, journal, store):
    state, tail = recover(store, journal)
    assert state.offset == journal.next_offset == len(told.entries)
    assert [event.body for event in events_of(told, tail.outcomes)] == told.bodies()
    assert len(tail.outcomes) >= 3


@pytest.mark.parametrize("snapshot", [False, True], ids=["offset alone", "snapshot"])
@pytest.mark.parametrize("cut", CUTS)
def test_what_was_committed_is_not_said_again_and_the_rest_is(told, lived, journal, store, cut, snapshot):
    until = int(cut * len(told.entries))
    before, said = lived(until)
    store.commit(said, [], until)
    if snapshot:
        store.save_snapshot(before)
    state, tail = recover(store, journal)
    assert state.offset == len(told.entries)
    assert [event.body for event in said + events_of(told, tail.outcomes)] == told.bodies()


def test_a_snapshot_older_than_the_applied_offset_says_nothing_in_between(told, lived, journal, store):
    early, late = len(told.entries) // 3, 9 * len(told.entries) // 10
    store.save_snapshot(lived(early)[0])
    _, said = lived(late)
    store.commit(said, [], late)
    _, tail = recover(store, journal)
    assert [event.body for event in said + events_of(told, tail.outcomes)] == told.bodies()


def test_an_unusable_snapshot_is_rebuilt_from_the_journal(told, lived, journal, store):
    until = len(told.entries) // 2
    before, said = lived(until)
    store.commit(said, [], until)
    store.save_snapshot(before)
    store._db.execute("UPDATE snapshot SET data = x'00' WHERE name = 'track/x'")
    state, tail = recover(store, journal)
    assert state.offset == len(told.entries)
    assert [event.body for event in said + events_of(told, tail.outcomes)] == told.bodies()


def test_a_journal_shorter_than_what_was_applied_is_not_passed_over(told, journal, store):
    store.commit([], [], len(told.entries) + 1)
    with pytest.raises(OurFault, match="lost or replaced"):
        recover(store, journal)


def test_replay_says_what_was_said_whatever_the_pieces(told, journal):
    for most in (1_000_000, 64):
        outcomes = [outcome for _, outcome in replay(journal, PolicyShelf(journal), most=most)]
        assert [event.body for event in events_of(told, outcomes)] == told.bodies()


def test_replay_stops_at_a_time(journal):
    shelf = PolicyShelf(journal)
    (first, *_) = (outcome for _, outcome in replay(journal, shelf))
    until = [outcome for _, outcome in replay(journal, shelf, until=first.decided + TICK)]
    assert [outcome.episode.id for outcome in until] == [first.episode.id]
    assert list(replay(journal, shelf, until=first.decided - 60.0)) == []


def test_other_rules_may_be_asked(told, journal):
    configuration = told.policy.configuration
    lenient = compile_policy(type(configuration)(**{**_fields(configuration), "rules": ()}))
    kinds = {outcome.episode.kind for _, outcome in replay(journal, PolicyShelf(journal, override=lenient))}
    assert "exclusion_enter" not in kinds
    assert "comms_lost" in kinds


def test_a_configuration_that_the_journal_lost_is_our_fault(told, tmp_path, store):
    kept = FileJournal(tmp_path / "journal")
    kept.append(told.entries.slice(0, 10))
    kept.store_configuration("another", {})
    with pytest.raises(OurFault, match="is not in the journal"):
        recover(store, kept)
    kept.close()


@pytest.fixture(scope="module")
def numbered(tmp_path_factory) -> FileJournal:
    """Thirty ticks, the n-th received at n, in batches of 1, 2, 3 ..."""
    kept, time = FileJournal(tmp_path_factory.mktemp("ticks")), 0
    for size in range(1, 8):
        batch = Gathering()
        for _ in range(size):
            batch.add(EntryKind.TICK, float(time), Origin(), b"")
            time += 1
        kept.append(batch.batch())
    kept.close()
    return kept


@must_meet("nothing", "several parts", "one part")
@given(st.integers(0, 28), st.integers(0, 28), st.integers(1, 40))
@example(5, 5, 1)
@example(0, 28, 5)
@example(0, 28, 40)
def test_merging_gives_each_entry_of_a_stretch_once(numbered, met, first, until, most):
    parts = list(merged(numbered, first, until, most))
    assert [offset for offset, _ in parts] == [int(batch.received[0]) for _, batch in parts]
    times = [float(time) for _, batch in parts for time in batch.received]
    assert times == [float(time) for time in range(first, until)]
    met["several parts" if len(parts) > 1 else "one part" if parts else "nothing"] += 1


def _fields(configuration: object) -> dict[str, object]:
    return {name: getattr(configuration, name) for name in configuration.__dataclass_fields__}  # type: ignore[attr-defined]
