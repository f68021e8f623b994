"""What goes on beside the data's way: it stops nothing, and what it cannot do is said."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from gateway_entries import DAY, batch
from slow_gateway import Gateway
from structlog.testing import capture_logs

from gateway.daemon import housekeeping
from gateway.daemon.health import Health
from gateway.daemon.housekeeping import CHAIN, LEAST_TICK, RETIRING, SHORTEST_TICK, SNAPSHOTS, Housekeeping, _look
from gateway.daemon.keeping import Keeping
from gateway.errors import TransientFault
from gateway.history.days import DayHistory
from gateway.history.file import writing
from gateway.journal import FileJournal, verify
from gateway.journal.controls import ClockStep
from gateway.settings.model import Storage
from gateway.settings.windows import Console
from gateway.store.state_db import StateStore
from gateway.text import Text

DAYS = 5


class Stopped(BaseException):
    """The test has seen enough."""


@pytest.fixture(autouse=True)
def log():
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """How long each wait was to be; the third ends the work."""
    told: list[float] = []

    async def sleep(seconds):
        told.append(seconds)
        if len(told) == 3:
            raise Stopped

    monkeypatch.setattr(housekeeping.asyncio, "sleep", sleep)
    return told


class Writer:
    """Writes at once."""

    async def run(self, write, *args):
        return write(*args)


def keeping(pipeline, directory, keep_days=2, alarm_days=None) -> Keeping:
    return Keeping(pipeline, directory, Storage(str(directory), keep_days, alarm_days))


def nothing(*_):
    """Forgets nothing."""


@pytest.fixture
def kept(tmp_path):
    """Five days of a journal, all of them in the snapshot; kept for two days; it is the sixth."""
    journal = FileJournal(tmp_path / "journal")
    for day in range(DAYS):
        journal.append(batch(day * DAY + 10.0))
    writer = Writer()
    writers = SimpleNamespace(journal=writer, past=writer)
    store, history = StateStore(tmp_path / "state.db"), DayHistory(tmp_path / "history")
    clock = SimpleNamespace(time=DAYS * DAY + 5.0)

    def forget_alarms(alarms, *_):
        pipeline.forgotten[-1] = pipeline.forgotten[-1][0], alarms

    async def retire_history(now, keep_seconds, held):
        return pipeline.history.retire(now, keep_seconds, held.spans)

    pipeline = SimpleNamespace(
        intake=SimpleNamespace(now=lambda: clock.time, last_step=None),
        state=SimpleNamespace(now=clock.time - 60.0, digest="d", epochs=[]),
        journal=journal, writer=writer, writers=writers, health=Health(),
        retire_history=retire_history, history=history,
        policy=SimpleNamespace(
            configuration=SimpleNamespace(digest="d", holds=(), assignments=(), console=Console(), forward=None)
        ),
        store=SimpleNamespace(
            needed_offset=lambda: DAYS, forget_commands=lambda places, _: pipeline.forgotten.append((places, None)),
            forget_presence=nothing, forget_alarms=forget_alarms,
            notices=SimpleNamespace(forget=nothing), papers=SimpleNamespace(forget=nothing),
        ),
        forgotten=[],
    )  # fmt: skip
    yield Housekeeping(pipeline, None, tmp_path, keeping(pipeline, tmp_path)), clock
    journal.close()
    pipeline.history.close()
    store.close()


def days(one: Housekeeping) -> list[str]:
    return sorted(path.name[8:10] for path in (one.directory / "journal").glob("*.journal"))


def spoil(path) -> None:
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * 8192)


def test_ticks_do_not_sleep_over_what_falls_due_sooner_than_anything_did(kept):
    one, _ = kept

    async def story():
        asyncio.get_running_loop().call_soon(one.pipeline.told.set)
        async with asyncio.timeout(10):
            assert await one._is_sooner(3600.0)
        assert not await one._is_sooner(0.01)

    one.pipeline.told = asyncio.Event()
    asyncio.run(story())


def test_days_whose_time_is_over_are_removed(kept):
    one, _ = kept
    assert asyncio.run(one._retire()) is None
    assert days(one) == ["04", "05"]


def test_while_alarms_are_kept_days_stay_without_their_places(kept):
    one, clock = kept
    one.keeping = keeping(one.pipeline, one.directory, alarm_days=100)
    assert asyncio.run(one._retire()) is None
    assert days(one) == ["01", "02", "03", "04", "05"]
    journal = FileJournal(one.directory / "journal", read_only=True)
    assert journal.erased().keys() == {0, 1, 2}
    assert verify(journal).erased == 3
    assert one.pipeline.forgotten == [(clock.time - 2 * DAY, clock.time - 100 * DAY)]
    clock.time = one.last_before = one.began = 103 * DAY
    assert asyncio.run(one._retire()) is None
    assert days(one) == ["04", "05"]


def test_alarms_that_may_be_decided_anew_are_kept_however_short_their_days(kept):
    one, clock = kept
    one.keeping = keeping(one.pipeline, one.directory, alarm_days=2)
    assert asyncio.run(one._retire()) is None
    assert one.pipeline.forgotten == [(clock.time - 2 * DAY, clock.time - 9 * DAY)]


def test_days_of_the_history_go_too_but_not_those_that_may_be_decided_anew(kept):
    one, clock = kept
    directory = one.directory / "history"
    for name in ("1970-01-05.history", "1970-01-06.history"):
        with writing(directory / name):
            pass
    one.pipeline.history = DayHistory(directory)
    one.pipeline.history.cut(0)
    clock.time = one.last_before = one.began = 14 * DAY
    assert asyncio.run(one._retire()) is None
    assert sorted(path.name for path in directory.glob("*.history")) == ["1970-01-06.history", "newest.history"]


def test_a_day_that_cannot_be_read_is_said_tried_again_and_stops_nothing(kept, waits):
    one, _ = kept
    spoil(one.directory / "journal" / "1970-01-04.journal")
    one.pipeline.journal = FileJournal(one.directory / "journal")
    with pytest.raises(Stopped):
        asyncio.run(one.retire())
    assert "1970-01-04.journal cannot be read: the file is damaged" in one.pipeline.health.troubles[RETIRING].en
    assert days(one) == ["04", "05"]
    assert len(waits) == 3
    assert max(waits) < 3.0, "soon at first"
    assert waits[0] < waits[2] <= housekeeping.RETRY_EVERY
    one.pipeline.health.note("another", "stays")
    (one.directory / "journal" / "1970-01-04.journal").unlink()
    one.pipeline.journal.damaged.clear()
    waits.clear()
    with pytest.raises(Stopped):
        asyncio.run(one.retire())
    assert one.pipeline.health.troubles == {"another": Text("stays", "stays")}
    assert waits == [housekeeping.RETIRE_EVERY] * 3


@pytest.mark.parametrize("how", ["a step", "over a restart"])
def test_a_leap_of_the_clock_removes_nothing_for_a_day(kept, how):
    """A clock that is wrongly years ahead would make every day an old one."""
    one, clock = kept
    before, clock.time = clock.time, clock.time + 1000.0 * DAY
    if how == "a step":
        one.pipeline.intake.last_step = ClockStep(before, clock.time, 1.0)
    else:
        one = Housekeeping(one.pipeline, None, one.directory, one.keeping)
    assert asyncio.run(one._retire()) is None
    assert len(days(one)) == DAYS
    clock.time += DAY + 1.0
    assert asyncio.run(one._retire()) is None
    assert days(one) == ["05"]


def test_a_correction_of_the_clock_holds_nothing_up(kept):
    one, clock = kept
    one.pipeline.intake.last_step = ClockStep(clock.time - 3600.0, clock.time, 1.0)
    asyncio.run(one._retire())
    assert days(one) == ["04", "05"]


def test_a_changed_row_of_the_last_day_is_found_after_the_start(kept, log):
    one, _ = kept
    asyncio.run(one.look_at_chain())
    assert one.pipeline.health.is_well
    with closing(sqlite3.connect(one.directory / "journal" / "1970-01-05.journal", isolation_level=None)) as db:
        db.execute("UPDATE batch SET received_first = 1.0")
    asyncio.run(one.look_at_chain())
    assert "at offset 4" in one.pipeline.health.troubles[CHAIN].en
    assert [line["log_level"] for line in log] == ["error"]


def test_a_damaged_page_of_state_db_is_found_after_the_start(kept):
    one, _ = kept
    path = one.directory / "state.db"
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'command'").fetchone()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x55" * 4096
    path.write_bytes(content)
    assert "bracelet-gateway rebuild" in _look(one.directory).en


@pytest.mark.parametrize("moves", [False, True])
def test_a_clock_that_stands_still_before_a_timer_is_not_ticked_at_full_speed(tmp_path, waits, monkeypatch, moves):
    async def story():
        async with Gateway(tmp_path) as gateway:
            work = Housekeeping(gateway.pipeline, gateway.machine, tmp_path, keeping(gateway.pipeline, tmp_path))

            async def applied():
                gateway.machine.time += 1e-6 * moves

            monkeypatch.setattr(type(gateway.pipeline), "applied", lambda _: applied())
            monkeypatch.setattr(housekeeping, "next_due", lambda *_: gateway.machine.now() + 1e-9)
            with pytest.raises(Stopped):
                await work.tick()

    asyncio.run(story())
    assert waits == [SHORTEST_TICK, *[SHORTEST_TICK if moves else LEAST_TICK] * 2]


def test_a_snapshot_that_cannot_be_saved_is_said_and_tried_again(kept, log):
    one, _ = kept
    answers = [TransientFault(Text("磁盘已满", "the disk is full")), None]

    async def save_snapshot():
        if (fault := answers.pop(0)) is not None:
            raise fault

    one.pipeline.save_snapshot = save_snapshot
    assert asyncio.run(one._saved()) is False
    assert one.pipeline.health.troubles == {SNAPSHOTS: Text("磁盘已满", "the disk is full")}
    assert asyncio.run(one._saved()) is True
    assert one.pipeline.health.is_well
    assert [line["fault"] for line in log if "no snapshot" in line["event"]] == ["the disk is full"]
