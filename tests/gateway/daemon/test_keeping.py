"""Retention on real files: journal, history and state.db together, and what a legal hold keeps of them."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from gateway_entries import DAY, contents, days_opened
from timeline import county

from gateway.daemon.held import NOTHING, Held, held_at
from gateway.daemon.keeping import Keeping
from gateway.daemon.pipeline import Pipeline
from gateway.engine import PAST
from gateway.errors import OurFault
from gateway.forward.progress import Progress, note
from gateway.history.days import DayHistory
from gateway.history.files import number_of
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal, verify
from gateway.journal.controls import Imported, PaperAct
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.settings.holds import Hold
from gateway.settings.model import Assignment, Credential, Forward, Storage
from gateway.store.state_db import Beside, StateStore

DAYS, NOW = 4, 40 * DAY
WORN = (Assignment("B0001", "P0001", 0.0, 1.5 * DAY), Assignment("B0002", "P0002", 0.0, math.inf))
HOLD = Hold("P0001", "", "case 7", 0.0, math.inf)
BOTH = [b"B0001 places", b"B0002 places"]


class Writer:
    async def run(self, write, *args):
        return write(*args)


def day_of(number: int):
    gathering = Gathering()
    for device in ("B0001", "B0002"):
        gathering.add(EntryKind.FRAME, number * DAY, Origin(device), f"{device} places".encode())
    return gathering.batch()


def filled(directory) -> DayHistory:
    """Reports of both devices in the files of four days, and such of yesterday."""
    history = DayHistory(directory)
    for number in (*range(DAYS), 39):
        rows, first = np.zeros(2, PAST), 2 * min(number, DAYS)
        rows["device"], rows["offset"] = [0, 1], [first, first + 1]
        rows["order"] = rows["received"] = number * DAY
        history.add(["B0001", "B0002"], rows, first)
        history.flush(first + 2)
    return history


@pytest.fixture
def kept(tmp_path):
    """Four days of two devices, long over."""
    journal, store = FileJournal(tmp_path / "journal"), StateStore(tmp_path / "state.db")
    for number in range(DAYS):
        journal.append(day_of(number))
    history, writer = filled(tmp_path / "history"), Writer()
    configuration = replace(county(), assignments=WORN)
    pipeline = SimpleNamespace(
        journal=journal, store=store, history=history, writer=writer,
        policy=SimpleNamespace(configuration=configuration),
        state=SimpleNamespace(digest="now", epochs=[(0.0, "rules")]),
        writers=SimpleNamespace(journal=writer, snapshots=writer, past=writer),
        _saving=asyncio.Lock(), _saying=asyncio.Lock(),
    )  # fmt: skip
    pipeline.retire_history = lambda *said: Pipeline.retire_history(pipeline, *said)
    store.needed_offset = lambda: 2 * DAYS
    yield Keeping(pipeline, tmp_path, Storage(str(tmp_path), 2))
    for one in (journal, history, store):
        one.close()


def hold(keeping: Keeping, *holds: Hold) -> None:
    policy = keeping.pipeline.policy
    policy.configuration = replace(policy.configuration, holds=holds)


def days(keeping: Keeping, ending: str) -> list[str]:
    return sorted(path.name[8:10] for path in keeping.directory.rglob(f"19*.{ending}"))


def test_without_a_hold_all_days_that_are_over_go(kept):
    asyncio.run(kept.remove_old(NOW))
    assert (days(kept, "journal"), days(kept, "history")) == (["04"], [])


def test_what_the_city_has_not_got_stays_unless_the_county_lets_it_go(kept):
    policy = kept.pipeline.policy
    forward = Forward("nats://127.0.0.1", Credential(), "order 7")
    policy.configuration = replace(policy.configuration, forward=forward)
    asyncio.run(kept.remove_old(NOW))
    assert days(kept, "journal") == ["01", "02", "03", "04"]
    assert contents(kept.pipeline.journal, 0)[:2] == BOTH
    note(kept.directory, Progress(4, DAY))
    asyncio.run(kept.remove_old(NOW))
    assert days(kept, "journal") == ["03", "04"]
    policy.configuration = replace(policy.configuration, forward=replace(forward, hold=False))
    asyncio.run(kept.remove_old(NOW))
    assert days(kept, "journal") == ["04"]


def test_configurations_go_with_the_days_that_they_were_in_force(kept):
    journal, in_force = kept.pipeline.journal, kept.pipeline.policy.configuration.digest
    for digest in ("old", "now", "rules", in_force):
        journal.store_configuration(digest, {})
    journal.keep_configurations({"old"}, DAY)
    asyncio.run(kept.remove_old(NOW))  # the journal begins on the fourth day now
    for digest in ("now", "rules", in_force):
        assert journal.configuration(digest) == {}
    with pytest.raises(OurFault, match="not in the journal"):
        journal.configuration("old")


def test_a_configuration_stays_as_long_as_the_journal_has_its_day(kept):
    hold(kept, HOLD)
    kept.pipeline.journal.store_configuration("old", {})
    kept.pipeline.journal.keep_configurations({"old"}, DAY)
    asyncio.run(kept.remove_old(NOW))
    assert kept.pipeline.journal.configuration("old") == {}


def test_a_hold_keeps_what_is_somebodys_and_nothing_of_others(kept):
    hold(kept, HOLD)
    asyncio.run(kept.remove_old(NOW))
    assert days(kept, "journal") == ["01", "02", "03", "04"]
    assert contents(kept.pipeline.journal, kept.pipeline.journal.begins) == [b"B0001 places", b""] * 3 + BOTH
    assert verify(kept.pipeline.journal).erased == 3
    reader = HistoryReader(kept.directory / "history")
    assert len(reader.rows(["B0001"], -math.inf, math.inf)) == DAYS + 1
    assert reader.rows(["B0002"], -math.inf, math.inf)["received"].tolist() == [39 * DAY]
    left = {path.name: path.read_bytes() for path in (kept.directory / "history").glob("19*.history*")}
    assert [b"B0001" in said for name, said in left.items() if name.endswith(".history")] == [True] * DAYS
    assert not any(b"B0002" in said for said in left.values())
    asyncio.run(kept.remove_old(NOW + 60))
    assert contents(kept.pipeline.journal, kept.pipeline.journal.begins)[:2] == [b"B0001 places", b""]


def test_days_that_stay_without_their_places_are_not_opened_each_hour(kept, monkeypatch):
    longer = replace(kept, storage=Storage(str(kept.directory), 2, 200))
    for _ in range(2):
        asyncio.run(longer.remove_old(NOW))
    assert days(kept, "journal") == ["01", "02", "03", "04"]
    opened = days_opened(monkeypatch)
    asyncio.run(longer.remove_old(NOW))
    assert set(opened) == {"01"}  # whether the first may go


def test_when_the_hold_has_ended_all_goes(kept):
    hold(kept, replace(HOLD, until=NOW))
    asyncio.run(kept.remove_old(NOW - 1))
    assert days(kept, "journal") == ["01", "02", "03", "04"]
    asyncio.run(kept.remove_old(NOW))
    assert (days(kept, "journal"), days(kept, "history")) == (["04"], [])


def test_what_is_held_are_the_bracelets_of_the_time_with_what_they_may_send_late(kept):
    configuration, store = kept.pipeline.policy.configuration, kept.pipeline.store
    assert held_at(configuration, store, NOW) == NOTHING == Held()
    hold(kept, HOLD, Hold("", "0" * 32, "case 8", 0.0, math.inf))
    held = held_at(kept.pipeline.policy.configuration, store, NOW)
    assert (held.people, held.alarms, held.since) == ({"P0001"}, frozenset(), 0.0)
    ((begin, end),) = held.spans["B0001"]
    assert (begin, held.spans.keys()) == (0.0, {"B0001"})
    assert end >= 1.5 * DAY + 7 * DAY


def test_a_hold_of_an_alarm_keeps_the_day_before_it(kept):
    class Store:
        def episode(self, identity):
            return SimpleNamespace(id=identity, device="B0002", onset=9 * DAY, ended=9.5 * DAY, closed=None)

    hold(kept, Hold("", "0" * 32, "case 8", 0.0, math.inf))
    held = held_at(kept.pipeline.policy.configuration, Store(), NOW)
    assert (held.people, held.alarms, held.since) == (frozenset(), {"0" * 32}, 8 * DAY)
    assert held.label
    assert number_of(kept.directory / "1970-01-09.history") == 8


def looked(keeping: Keeping, number: int, say: bytes = b'{"what":"where"}') -> None:
    """Somebody looks on a day, and does something."""
    gathering = Gathering()
    gathering.add(EntryKind.ACT, number * DAY + 5, Origin(), b"an act")
    gathering.add(EntryKind.AUDIT, number * DAY + 5, Origin(), say)
    keeping.pipeline.journal.append(gathering.batch())
    keeping.pipeline.store.needed_offset = lambda: keeping.pipeline.journal.next_offset


def audit_days(keeping: Keeping, days: int) -> None:
    policy = keeping.pipeline.policy
    console = replace(policy.configuration.console, audit_days=days)
    policy.configuration = replace(policy.configuration, console=console)


def test_a_look_outlives_the_places_and_acts_of_its_day_and_goes_with_its_own_time(kept):
    looked(kept, DAYS)
    kept.pipeline.journal.append(day_of(39))
    audit_days(kept, 40)
    asyncio.run(kept.remove_old(NOW))
    left = [said for said in contents(kept.pipeline.journal, kept.pipeline.journal.begins) if said]
    assert left == [b'{"what":"where"}', *BOTH]
    assert days(kept, "journal")[-2:] == ["05", "09"]
    assert verify(kept.pipeline.journal).erased == 1
    asyncio.run(kept.remove_old((DAYS + 40) * DAY + 4))
    assert b'{"what":"where"}' in contents(kept.pipeline.journal, kept.pipeline.journal.begins)
    asyncio.run(kept.remove_old((DAYS + 40) * DAY + 6))
    assert contents(kept.pipeline.journal, kept.pipeline.journal.begins) == BOTH


def test_acts_stay_as_long_as_alarms_where_that_is_said(kept):
    looked(kept, DAYS)
    kept.pipeline.journal.append(day_of(39))
    audit_days(kept, 300)
    longer = replace(kept, storage=Storage(str(kept.directory), 2, 200))
    sheet = PaperAct("p1", "begin", 1, "D01", form="hand_over", since=0.0, until=DAYS * DAY)
    kept.pipeline.store.commit([], [], 0, Beside(papers=[(DAYS * DAY, sheet)]))
    asyncio.run(longer.remove_old(NOW))
    assert kept.pipeline.store.papers.one("p1") is not None
    assert b"an act" in contents(kept.pipeline.journal, kept.pipeline.journal.begins)
    asyncio.run(longer.remove_old((DAYS + 201) * DAY))
    assert kept.pipeline.store.papers.one("p1") is None
    assert b"an act" not in contents(kept.pipeline.journal, kept.pipeline.journal.begins)
    assert b'{"what":"where"}' in contents(kept.pipeline.journal, kept.pipeline.journal.begins)


def test_fixes_of_another_system_leave_by_their_own_day_and_not_by_that_of_the_import(kept):
    journal, said = kept.pipeline.journal, [Imported((36 + days) * DAY, 0.0, 1, 24.0) for days in range(4)]
    gathering = Gathering()
    for one in said:
        gathering.add(EntryKind.IMPORTED, 39.5 * DAY, Origin("B0001"), msgspec.json.encode(one))
    journal.append(gathering.batch())
    kept.pipeline.store.needed_offset = lambda: journal.next_offset
    journal.append(day_of(40))
    asyncio.run(kept.remove_old(NOW + 1.0))
    left = [msgspec.json.decode(text, type=Imported) for text in contents(journal, 2 * DAYS) if text[:1] == b"{"]
    assert left == said[2:]
