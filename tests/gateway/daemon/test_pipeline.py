"""The data's way when something fails in it: what was begun is carried through, and what cannot go on says so."""

from __future__ import annotations

import asyncio
import math
import sqlite3

import pytest
from slow_gateway import LIMIT, Gateway
from structlog.testing import capture_logs
from timeline import HOUR, PHONES

from firmware_sim.firmware.measurement import Alarm
from gateway.daemon import pipeline as way
from gateway.daemon.pipeline import HISTORY, JOURNAL, STATE
from gateway.engine import step as engine
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.errors import OurFault, TransientFault
from gateway.history.file import HistoryDamaged
from gateway.journal.entries import EntryKind
from gateway.store.state_db import StateStore
from gateway.text import Text


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Failing stores are tried again at once; the log is not printed."""
    monkeypatch.setattr(way, "LONGEST_RETRY", 0.0)
    with capture_logs() as lines:
        yield lines


class Failing:
    """A write that fails so often, and then is what it was."""

    def __init__(self, write, times: int, fault: Exception) -> None:
        self.write, self.left, self.fault = write, times, fault

    def __call__(self, *args):
        self.left -= 1
        if self.left >= 0:
            raise self.fault
        return self.write(*args)


async def come_true(fulfilled) -> None:
    """What other tasks bring about, with nothing to wait for but their turns."""
    while not fulfilled():  # noqa: ASYNC110  the health is a plain record
        await asyncio.sleep(0)


def test_a_small_batch_goes_with_what_comes_in_a_moment_and_what_is_urgent_goes_at_once(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            visit = gateway.visit()
            gateway.machine.time += 1.0
            gateway.say(visit, "B0001")
            await come_true(lambda: len(visit.channel.heard) == 1)
            gateway.say(visit, "B0001")
            for _ in range(20):
                await asyncio.sleep(0)
            assert gateway.intake.is_waiting
            gateway.say(visit, "B0001")
            await come_true(lambda: len(visit.channel.heard) == 3)
            gateway.say(visit, "B0001", Alarm.SOS)
            for _ in range(20):
                await asyncio.sleep(0)
            assert not gateway.intake.is_waiting
            await come_true(lambda: len(visit.channel.heard) == 4)
            return [len(batch) for batch in gateway.journal.batches[1:]]

    assert asyncio.run(story()) == [2, 2, 1], "the first has the opening of the session"


def test_a_stop_carries_through_what_the_writer_has_in_hand(tmp_path):
    """The batch that is on its way to the disk when the stop comes is stepped as well, and so is what waits."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            applying = asyncio.create_task(gateway.pipeline.apply())
            visit = gateway.visit()
            for _ in range(3):
                gateway.say(visit, "B0001")
            gateway.say(visit, "B0001", Alarm.SOS)
            gateway.pipeline.close()
            gateway.journal.may.release(1000)
            await asyncio.wait_for(gateway.task, 60)
            await asyncio.wait_for(applying, 60)
            assert gateway.pipeline.state.offset == gateway.journal.next_offset == 7
            assert [one.kind for one in gateway.pipeline.state.episodes.values()] == ["sos"]
            assert gateway.store.figures()["events"] == 1
            assert len(visit.channel.heard) == 4

    asyncio.run(story())


def test_a_stop_does_not_wait_for_ever_for_a_store_that_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(way, "PATIENCE", 0.0)

    async def story():
        async with Gateway(tmp_path) as gateway:
            visit = gateway.visit()
            gateway.say(visit, "B0001")
            gateway.journal.append = Failing(gateway.journal.append, 10**9, TransientFault("disk full"))
            gateway.journal.may.release(1000)
            gateway.pipeline.close()
            with pytest.raises(TransientFault, match="disk full"):
                await asyncio.wait_for(gateway.task, 60)
            assert visit.channel.heard == []

    asyncio.run(story())


def test_a_bug_in_the_journal_ends_the_way_at_once(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            visit = gateway.visit()
            gateway.say(visit, "B0001")
            gateway.journal.append = Failing(gateway.journal.append, 1, OurFault("offset 2: UNIQUE"))
            gateway.journal.may.release(1000)
            with pytest.raises(OurFault, match="UNIQUE"):
                await asyncio.wait_for(gateway.task, 60)
            assert visit.channel.heard == []

    asyncio.run(story())


def test_a_batch_that_does_not_follow_ends_the_engine(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            gateway.pipeline.state = EngineState(offset=-1)
            await asyncio.wait_for(gateway.pipeline.apply(), 60)

    with pytest.raises(OurFault, match="do not follow"):
        asyncio.run(story())


def test_each_store_has_a_trouble_of_its_own(tmp_path):
    """A write to state.db that succeeds does not make the journal well."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            health, told = gateway.pipeline.health, []
            gateway.pipeline.on_health = told.append
            gateway.journal.append = Failing(gateway.journal.append, 3, TransientFault("disk full"))
            gateway.pipeline.store.note_applied = save = Failing(lambda _: None, 0, TransientFault("never"))
            gateway.say(gateway.visit(), "B0001")
            gateway.journal.may.release(1)
            async with asyncio.timeout(60):
                await come_true(lambda: JOURNAL in health.troubles)
                await gateway.pipeline.save_snapshot()
            assert save.left == -1
            assert told[0] is False
            gateway.journal.may.release(1000)
            async with asyncio.timeout(60):
                await come_true(lambda: health.is_well)
            assert told == [False, True]

    asyncio.run(story())


def test_what_is_durable_is_stepped_while_what_follows_cannot_be_written(tmp_path):
    """The engine waits for what is on its way, and not for a disk that fails."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            applying = asyncio.create_task(gateway.pipeline.apply())
            gateway.journal.may.release()
            await gateway.reached(lambda state: state.offset == 2)
            gateway.say(gateway.visit(), "B0001")
            await gateway.has_begun()
            gateway.say(gateway.visit(), "B0002")
            real, refused = gateway.journal.append, []

            def fails(batch):
                refused.append(len(batch))
                raise TransientFault("disk full")

            gateway.journal.append = fails
            gateway.journal.may.release()
            await gateway.reached(lambda state: state.offset == 4)
            assert refused
            gateway.journal.append = real
            gateway.journal.may.release(1000)
            await gateway.reached(lambda state: state.offset == 6)
            applying.cancel()

    asyncio.run(story())


def test_an_outage_of_the_store_is_no_silence(tmp_path):
    """For half an hour nobody is read; nobody is missed because of it, and who was silent before is told in time."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying = asyncio.create_task(gateway.pipeline.apply())
            gateway.say(gateway.visit(), "B0001")
            await gateway.reached(lambda state: state.offset == 4)

            real = gateway.journal.append

            def fails_for_long(_batch):
                gateway.journal.append = real
                gateway.machine.time += HOUR / 2
                raise TransientFault("disk full")

            gateway.journal.append = fails_for_long
            gateway.machine.time += LIMIT / 2
            gateway.say(gateway.visit(), "B0002")
            await gateway.reached(lambda state: state.offset >= 6)
            gateway.intake.control(EntryKind.TICK, b"")
            gateway.pipeline.wake()
            await gateway.reached(lambda state: state.offset >= 8)
            assert gateway.pipeline.state.episodes == {}
            gateway.machine.time += LIMIT / 2 + 1.0
            gateway.intake.control(EntryKind.TICK, b"")
            gateway.pipeline.wake()
            await gateway.reached(lambda state: state.episodes)
            assert [one.device for one in gateway.pipeline.state.episodes.values()] == ["B0001"]
            assert len(PHONES) == 2
            applying.cancel()

    asyncio.run(story())


def test_an_entry_that_cannot_be_stepped_costs_itself_alone(tmp_path, monkeypatch):
    """Live: the state is rebuilt without it, what follows is stepped, and a replay says the same to the byte."""
    real = engine.put_aside

    def put_aside(context, rows, arrival):
        if any(context.person(int(row)) == "P0002" for row in rows):
            raise ZeroDivisionError("P0002")
        return real(context, rows, arrival)

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying = asyncio.create_task(gateway.pipeline.apply())
            visits = {device: gateway.visit() for device in PHONES}
            gateway.say(visits["B0001"], "B0001")
            await gateway.reached(lambda state: state.offset == 4)
            monkeypatch.setattr(engine, "put_aside", put_aside)
            gateway.say(visits["B0002"], "B0002")
            gateway.say(visits["B0001"], "B0001", Alarm.SOS)
            gateway.pipeline.close()
            await asyncio.wait_for(applying, 60)
            state, journal = gateway.pipeline.state, gateway.journal
            assert list(journal.skipped().values()) == ["ZeroDivisionError"]
            assert {one.kind for one in state.episodes.values()} == {"sos", "entry_skipped"}
            assert state.offset == journal.next_offset
            twin = EngineState()
            for first, batch in journal.read(0):
                step(twin, batch, gateway.pipeline.policies, first=first, skipped=journal.skipped())
            assert twin.counts == state.counts
            assert gateway.store.figures()["events"] == 2

    asyncio.run(story())


@pytest.mark.parametrize("breath", [0.0, math.inf], ids=["a turn after each round", "no turn"])
def test_while_a_past_is_decided_the_loop_goes_on_and_a_snapshot_waits(tmp_path, monkeypatch, breath):
    """Five rounds: others have a turn after each, or none; and what is saved is never a half."""
    done, seen = [], []

    def steps(state, part, policies, _, *, first, **what):
        for round_ in range(5):
            done.append(round_)
            yield
        step(state, part, policies, first=first, **what)
        done.append("whole")

    async def watch():
        while "whole" not in done:
            seen.append(len(done))
            await asyncio.sleep(0)

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            gateway.pipeline.breath = breath
            monkeypatch.setattr(way, "steps", steps)
            applying = asyncio.create_task(gateway.pipeline.apply())
            await come_true(lambda: done)
            watching, saving = asyncio.create_task(watch()), asyncio.create_task(gateway.pipeline.save_snapshot())
            await saving
            assert "whole" in done
            assert gateway.store.snapshot_offset() == gateway.history.until == 2
            await watching
            gateway.pipeline.close()
            gateway.say(gateway.visit(), "B0001")
            await asyncio.wait_for(applying, 60)

    asyncio.run(asyncio.wait_for(story(), 120.0))
    assert len(set(seen) & {1, 2, 3, 4, 5}) >= 4 if breath == 0.0 else not seen


def test_a_history_that_is_found_damaged_is_made_anew_and_the_way_goes_on(tmp_path):
    """By a flush, and by a report: both times state and history are rebuilt, and nothing is said twice."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying, visit = asyncio.create_task(gateway.pipeline.apply()), gateway.visit()
            newest = tmp_path / "history" / "newest.history"
            gateway.say(visit, "B0001", Alarm.SOS)
            await gateway.reached(lambda state: state.offset == 4)
            await gateway.pipeline.save_snapshot()
            for spoilt in (1, 2):
                newest.write_bytes(b"no database" * 500)
                if spoilt == 1:
                    await gateway.pipeline.save_snapshot()
                else:
                    with pytest.raises(HistoryDamaged):
                        gateway.history.flush(gateway.pipeline.state.offset)
                gateway.say(visit, "B0001")
                await gateway.reached(lambda state, spoilt=spoilt: state.offset == 4 + spoilt)
                held = gateway.history.between(["B0001"], -math.inf, math.inf, 1 << 40)
                assert len(held) == 2, "the third says what the second has said"
                assert gateway.pipeline.state.history is gateway.history
            gateway.pipeline.close()
            await asyncio.wait_for(applying, 60)
            assert gateway.store.figures()["events"] == 1
            await gateway.pipeline.save_snapshot()
            assert gateway.history.until == gateway.pipeline.state.offset

    asyncio.run(story())


def test_state_db_has_a_trouble_too(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            holder = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            gateway.store._db.execute("PRAGMA busy_timeout = 0")
            saving = asyncio.create_task(gateway.pipeline.save_snapshot())
            async with asyncio.timeout(60):
                await come_true(lambda: STATE in gateway.pipeline.health.troubles)
                holder.execute("ROLLBACK")
                await saving
            assert gateway.pipeline.health.is_well
            holder.close()

    asyncio.run(story())
    assert StateStore(tmp_path / "state.db", read_only=True).snapshot_offset() == 0


def test_a_store_that_fails_keeps_the_watchdog_quiet_and_each_new_cause_is_said(tmp_path, monkeypatch, quick):
    """No restart would change it, and the one who asks is to read why."""
    told = []
    monkeypatch.setattr(way, "notify", told.append)

    async def story():
        async with Gateway(tmp_path) as gateway:
            real, causes = gateway.journal.append, [Text("满", "full"), Text("满", "full"), Text("只读", "read-only")]

            def append(batch):
                if causes:
                    raise TransientFault(causes.pop(0))
                return real(batch)

            gateway.journal.append = append
            gateway.say(gateway.visit(), "B0001")
            gateway.journal.may.release(1000)
            async with asyncio.timeout(60):
                await come_true(lambda: gateway.pipeline.health.entries >= 3)

    asyncio.run(story())
    assert told == [
        "WATCHDOG=1\nSTATUS=full", "WATCHDOG=1\nSTATUS=full", "WATCHDOG=1\nSTATUS=read-only",
        "STATUS=journal works again",
    ]  # fmt: skip
    assert [line["fault"] for line in quick if line["event"].startswith("store fails")] == ["full", "read-only"]


def test_at_a_start_a_store_that_fails_is_not_waited_for(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.pipeline.insists = False
            gateway.pipeline.store.note_applied = Failing(lambda _: None, 1, TransientFault("disk full"))
            with pytest.raises(TransientFault, match="disk full"):
                await gateway.pipeline.save_snapshot()
            assert STATE in gateway.pipeline.health.troubles

    asyncio.run(story())


def test_a_snapshot_that_cannot_be_written_keeps_nobody_from_being_answered(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            told, visit = [], gateway.visit()
            gateway.pipeline.on_health = told.append
            gateway.journal.may.release(1000)
            applying = asyncio.create_task(gateway.pipeline.apply())
            await gateway.reached(lambda state: state.offset == 2)
            real = gateway.store.save_image
            gateway.store.save_image = Failing(real, 2, TransientFault("disk full"))
            await gateway.pipeline.save_last()
            assert gateway.store.snapshot_offset() == 0
            with pytest.raises(TransientFault, match="disk full"):
                await gateway.pipeline.save_snapshot()
            gateway.say(visit, "B0001")
            await gateway.reached(lambda state: state.offset == 4)
            assert (len(visit.channel.heard), told, gateway.pipeline.failing) == (1, [], [])
            await gateway.pipeline.save_snapshot()
            assert gateway.store.snapshot_offset() == 4
            applying.cancel()

    asyncio.run(story())


def test_a_history_that_cannot_be_saved_has_its_bound_and_then_nobody_is_read_and_nobody_is_missed(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(way, "MOST_UNSAVED", 4)

    async def story():
        async with Gateway(tmp_path) as gateway:
            pipeline, visit, told = gateway.pipeline, gateway.visit(), []
            pipeline.on_health = told.append
            gateway.history.put_down = Failing(gateway.history.put_down, 10**9, TransientFault(Text("满", "full")))
            applying = asyncio.create_task(pipeline.apply())
            gateway.journal.may.release(10**6)
            for entries in (4, 5):
                gateway.say(visit, "B0001")
                await gateway.reached(lambda state, entries=entries: state.offset == entries)
            gateway.say(visit, "B0001")
            async with asyncio.timeout(60):
                await come_true(lambda: HISTORY in pipeline.failing)
            assert (told, pipeline.state.offset, gateway.history.until) == ([False], 5, 0)
            gateway.machine.time += 2 * LIMIT
            gateway.history.put_down.left = 0
            await gateway.reached(lambda state: state.offset == 6)
            assert (told, pipeline.failing, gateway.history.until) == ([False, True], [], 5)
            gateway.say(visit, "B0001")
            pipeline.close()
            await asyncio.wait_for(applying, 60)
            assert gateway.journal.batches[-1].kind.tolist() == [EntryKind.CLOCK, EntryKind.FRAME]
            assert gateway.store.figures()["events"] == 0

    asyncio.run(story())
