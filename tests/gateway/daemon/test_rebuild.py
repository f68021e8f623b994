"""`rebuild`: whatever is damaged, the gateway starts again with what is left, and what may be missing is said."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from virtual import Told, tell

from gateway.daemon.lock import Lock
from gateway.daemon.rebuild import rebuild
from gateway.daemon.recovery import Recovery
from gateway.engine.snapshot import snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.errors import OurFault, UserFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal, verify
from gateway.journal.controls import PaperAct
from gateway.replay.reading import PolicyShelf
from gateway.store.outbox import Marks
from gateway.store.state_db import Beside, StateStore
from gateway.upstream.cloudevents import event_of

PAGE = 4096
SNAPSHOT, APPLIED = 0.7, 0.9
SHEET = PaperAct("p1", "begin", 1, "D01", form="hand_over", since=3.0, until=9.0)
"""Of which the journal of the story knows nothing."""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def whole(told, tmp_path_factory):
    """A storage directory: a snapshot at seven tenths, outcomes up to nine, of which the first message is delivered."""
    directory, entries = tmp_path_factory.mktemp("storage"), told.entries
    journal = FileJournal(directory / "journal")
    journal.store_configuration(told.policy.configuration.digest, told.policy.configuration.sources)
    for first in range(0, len(entries), 25):
        journal.append(entries.slice(first, first + 25))
    journal.close()
    county = told.policy.configuration.county
    with closing(StateStore(directory / "state.db")) as store:
        state = EngineState()
        for until in (int(SNAPSHOT * len(entries)), int(APPLIED * len(entries))):
            if state.offset:
                store.save_snapshot(snapshot_of(state))
            said = step(state, entries.slice(state.offset, until), lambda _: told.policy, first=state.offset)
            events = [event_of(outcome, county.code, county.timezone) for outcome in said.outcomes]
            upstreams = [(one.name, frozenset(one.severities)) for one in told.policy.configuration.upstreams]
            store.commit(events, upstreams, until, Beside(papers=[(1.0, SHEET)]))
        (name, _), *_ = upstreams
        store.outbox.note(name, Marks(delivered=[store.outbox.fresh(name, 1)[0].seq]), 1.0)
    return directory


@pytest.fixture
def left(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "storage")


def outcome(left, told) -> tuple[Recovery, list[bytes], dict[str, int]]:
    """The gateway starts; its messages, what is owed and what is set aside."""
    with closing(StateStore(left / "state.db")) as store:
        journal = FileJournal(left / "journal")
        recovery = Recovery(store, journal, PolicyShelf(journal))
        state, tail = recovery.run()
        assert state.offset == journal.next_offset == verify(journal).ends
        county = told.policy.configuration.county
        events = [event_of(each, county.code, county.timezone) for each in tail.outcomes]
        store.commit(events, [(one.name, frozenset()) for one in told.policy.configuration.upstreams], state.offset)
        journal.close()
        return recovery, sorted(store.events()), store.figures()


def test_what_is_sound_is_left_as_it_is(left, told):
    before = (left / "state.db").read_bytes()
    done = rebuild(left, told.policy.configuration)
    assert (done.days, done.lost, done.aside, done.events) == ([], [], "", 0)
    assert (left / "state.db").read_bytes() == before


def test_not_while_the_gateway_runs(left, told):
    with Lock(left / "lock"), pytest.raises(UserFault, match="another gateway"):
        rebuild(left, told.policy.configuration)


def delivered(store: StateStore) -> int:
    (count,) = store._db.execute("SELECT count(*) FROM outbox WHERE delivered IS NOT NULL").fetchone()
    return count


def spoil(left, how: str) -> None:
    path = left / "state.db"
    if how == "gone":
        path.unlink()
    elif how == "no database":
        path.write_bytes(b"\x55" * path.stat().st_size)
    elif how == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "a page":
        content = bytearray(path.read_bytes())
        with closing(sqlite3.connect(path)) as db:
            (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'outbox'").fetchone()
        content[(root - 1) * PAGE : root * PAGE] = b"\x55" * PAGE
        path.write_bytes(content)
    else:
        for snapshot in (left / "snapshots").iterdir():
            snapshot.write_bytes(snapshot.read_bytes()[:-1])


def test_a_sheet_that_can_be_read_is_carried_over(left, told):
    spoil(left, "a page")
    rebuild(left, told.policy.configuration)
    with closing(StateStore(left / "state.db")) as store:
        assert store.papers.one("p1").since == SHEET.since


@pytest.mark.parametrize("how", ["gone", "no database", "truncated", "a page"])
def test_a_damaged_state_is_made_anew_and_nothing_is_sent_twice(left, told, how):
    spoil(left, how)
    if how != "gone":
        with pytest.raises(OurFault, match=r"state\.db.*bracelet-gateway rebuild"):
            outcome(left, told)
    done = rebuild(left, told.policy.configuration)
    assert bool(done.aside) == (how != "gone")
    _, events, figures = outcome(left, told)
    assert events == sorted(told.bodies())
    assert done.events == len(events)
    assert figures["set_aside"] == done.unconfirmed > 0
    (name, *_) = [one.name for one in told.policy.configuration.upstreams]
    with closing(StateStore(left / "state.db")) as store:
        assert figures["owed"] + figures["set_aside"] + delivered(store) == len(events)
        assert store.outbox.resend(name) == done.unconfirmed
        assert store.figures()["owed"] == len(events) - delivered(store)


def test_a_snapshot_that_cannot_be_used_is_no_end_where_days_are_gone(left, told):
    """The state begins with what is left of the journal; the alarms that are stored stay."""
    with closing(StateStore(left / "state.db")) as store:
        before = store.events()
    spoil(left, "snapshot")
    (left / "journal" / "2026-11-01.journal").unlink()
    with pytest.raises(OurFault, match="begins only at entry"):
        outcome(left, told)
    done = rebuild(left, told.policy.configuration)
    assert done.begins == FileJournal(left / "journal").begins > 0
    assert done.aside
    _, events, _ = outcome(left, told)
    assert set(before) <= set(events)


def kept(left) -> DayHistory:
    """The history of a gateway that has run there."""
    history = DayHistory(left / "history")
    with closing(StateStore(left / "state.db")) as store:
        journal = FileJournal(left / "journal")
        state, _ = Recovery(store, journal, PolicyShelf(journal), history=history).run()
        history.flush(state.offset)
        journal.close()
    history.close()
    return history


@pytest.mark.parametrize("state_db", ["sound", "gone"])
def test_reports_of_entries_that_are_lost_are_not_in_the_history_either(left, told, state_db):
    devices = list(told.policy.devices)
    newest = max((left / "journal").glob("*.journal"))
    before = kept(left).between(devices, -np.inf, np.inf, 1 << 40)
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
    if state_db == "gone":
        (left / "state.db").unlink()
    done = rebuild(left, told.policy.configuration)
    end = FileJournal(left / "journal", read_only=True).next_offset
    with closing(DayHistory(left / "history")) as history:
        assert history.until == (0 if state_db == "sound" else end)
    ends = any(one.until == end for one in done.lost)
    assert ends == (state_db == "sound"), "without state.db nobody knows that there was more behind"
    after = kept(left).between(devices, -np.inf, np.inf, 1 << 40)
    held = {
        offset for first, batch in FileJournal(left / "journal").read(0) for offset in range(first, first + len(batch))
    }
    assert 0 < len(after) < len(before)
    assert set(after["offset"].tolist()) <= held


def test_what_is_sound_costs_the_history_nothing(left, told):
    until = kept(left).until
    rebuild(left, told.policy.configuration)
    with closing(DayHistory(left / "history")) as history:
        assert history.until == until > 0


def test_a_truncated_newest_day_is_declared_and_the_gateway_goes_on_behind_it(left, told):
    newest = max((left / "journal").glob("*.journal"))
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
    with pytest.raises(OurFault, match=rf"{newest.name}.*bracelet-gateway rebuild"):
        outcome(left, told)
    done = rebuild(left, told.policy.configuration)
    applied = int(APPLIED * len(told.entries))
    assert done.days == [newest.name]
    assert done.lost[-1].until == applied
    recovery, _, _ = outcome(left, told)
    assert recovery.journal.next_offset == applied
    assert replace(done, days=[], lost=[]) == type(done)()


def test_the_whole_history_is_made_anew_where_it_is_asked_for(told, whole, tmp_path):
    """What lies behind the days that may still be decided anew comes back, too; it is what was written live."""
    directory = tmp_path / "storage"
    shutil.copytree(whole, directory)
    assert rebuild(directory, told.policy.configuration).reports is None
    lived, state = DayHistory(tmp_path / "lived"), EngineState()
    state.history = lived
    until = int(SNAPSHOT * len(told.entries))
    step(state, told.entries.slice(0, until), lambda _: told.policy, first=0)
    lived.flush(state.offset, state.epochs)
    done = rebuild(directory, told.policy.configuration, with_history=True)
    again = DayHistory(directory / "history")
    devices = told.policy.devices
    expected = lived.between(devices, -np.inf, np.inf, until)
    assert again.between(devices, -np.inf, np.inf, 1 << 40).tobytes() == expected.tobytes()
    assert done.reports == len(expected) > 100
    assert again.until == until
    again.close()
    assert rebuild(directory, told.policy.configuration, with_history=True).reports == done.reports
    lived.close()
