"""Presence on its way to state.db: with the offset, once, whatever was cut off when; nothing where nothing changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from slow_gateway import Gateway
from timeline import MINUTE, at
from virtual import Told, tell

from gateway.daemon.keeping import forget
from gateway.daemon.recovery import Recovery
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal import FileJournal
from gateway.replay.reading import PolicyShelf, stepped_anew
from gateway.store.state_db import Beside, StateStore

if TYPE_CHECKING:
    from gateway.intake.visit import Visit

ALL = "SELECT * FROM presence ORDER BY person, rule, duty, zone, since"


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    """A day of fifteen bracelets, and the night."""
    return tell(tmp_path_factory.mktemp("county"), "demo", seed=3, days=2, devices=15).between(at(1, 9.5), at(2, 9.5))


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory) -> FileJournal:
    return FileJournal(told.journaled(tmp_path_factory.mktemp("journal"), 200))


@pytest.fixture(scope="module")
def whole(told, tmp_path_factory) -> list[tuple]:
    """What stands of it all, stepped and stored without a break."""
    stepped = step(EngineState(), told.entries, lambda _: told.policy, first=0)
    store = StateStore(tmp_path_factory.mktemp("whole") / "state.db")
    store.commit([], [], len(told.entries), Beside(presence=stepped.presence))
    rows = store._db.rows(ALL)
    store.close()
    assert len(rows) > 12
    assert {row[2] for row in rows} == {"curfew", "area"}
    assert {row[-1] for row in rows} == {"home", "not_home", "unknown"}
    return rows


@pytest.mark.parametrize("snapshot", [0.0, 0.4])
@pytest.mark.parametrize("committed", [0.0, 0.5, 0.9])
def test_what_a_kill_cut_off_is_said_again_and_the_same_stands(told, journal, whole, tmp_path, committed, snapshot):
    """The state of a gateway that was killed when it had stepped, and not yet committed, what came after."""
    store, state = StateStore(tmp_path / "state.db"), EngineState()
    for share in sorted({snapshot, committed} - {0.0}):
        until = int(share * len(told.entries))
        if until <= int(committed * len(told.entries)):
            part = told.entries.slice(state.offset, until)
            stepped = step(state, part, lambda _: told.policy, first=state.offset)
            store.commit([], [], until, Beside(presence=stepped.presence))
        if share == snapshot and state.offset == until:
            store.save_snapshot(snapshot_of(state))
    for _ in range(2):  # the first recovery is killed, too, before its snapshot
        recovered, tail = Recovery(store, journal, PolicyShelf(journal)).run()
        store.commit([], [], store.applied_offset(), Beside(presence=tail.presence))
    store.commit([], [], recovered.offset, Beside(presence=tail.presence))
    assert store._db.rows(ALL) == whole
    _, nothing = Recovery(store, journal, PolicyShelf(journal)).run()
    assert nothing.presence == []
    store.close()


def test_a_replay_says_the_same_whatever_the_pieces(journal, whole, tmp_path):
    for number, most in enumerate((1_000_000, 64)):
        store = StateStore(tmp_path / f"{number}.db")
        for state, stepped in stepped_anew(journal, PolicyShelf(journal), most=most):
            store.commit([], [], state.offset, Beside(presence=stepped.presence))
        assert store._db.rows(ALL) == whole
        store.close()


def test_a_state_that_is_restored_at_the_end_has_nothing_more_to_say(told):
    state = EngineState()
    step(state, told.entries, lambda _: told.policy, first=0)
    again = restore(snapshot_of(state))
    assert again.presence.records.tobytes() == state.presence.records.tobytes()


def test_a_report_that_changes_nothing_writes_nothing(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying, commits, real = asyncio.create_task(gateway.pipeline.apply()), [], gateway.store.commit

            def commit(*said):
                commits.append(said)
                return real(*said)

            gateway.store.commit = commit
            visit, person = gateway.visit(), "P0001"
            await _reports(gateway, visit)
            said, now = len(commits), gateway.machine.now()
            assert [row.state for row in gateway.store.presence(person, 0.0, now) if row.duty == "area"][-1] == "home"
            await _reports(gateway, visit)
            assert len(commits) == said > 0
            await forget(gateway.pipeline, now - MINUTE)
            assert {row.since for row in gateway.store.presence(person, 0.0, now)} == {now - MINUTE}
            applying.cancel()

    asyncio.run(story())


async def _reports(gateway: Gateway, visit: Visit) -> None:
    """Some minutes at home."""
    for _ in range(8):
        gateway.machine.time += MINUTE
        gateway.say(visit, "B0001")
        offset = gateway.pipeline.state.offset
        await gateway.reached(lambda state, offset=offset: state.offset > offset)
