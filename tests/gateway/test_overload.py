"""A slow disk under load: what calls for help is in the very next batch, through the pipeline that the daemon has."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

import msgspec
from timeline import HOME, PHONES, Timeline, alarm_policies, at, brief, county, record

from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, build_frame
from gateway import intake as limits
from gateway.directory import Directory
from gateway.engine.controls import Configured, Start
from gateway.entries import EntryKind
from gateway.intake import Intake
from gateway.journal import FileJournal
from gateway.pipeline import Pipeline
from gateway.recovery import PolicyShelf, Recovery
from gateway.refusals import Refusals
from gateway.store import StateStore
from gateway.visit import Visit
from gateway.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.engine.state import EngineState
    from gateway.entries import EntryBatch

NOW = at(0, 13)
CAP = 256
POSITIONS = 2000
LIMIT = 1200.0


class Machine:
    """Its clocks; the wall clock can be set."""

    def __init__(self) -> None:
        self.time, self.set_by = NOW, 0.0

    def now(self) -> float:
        return self.time + self.set_by

    def monotonic(self) -> float:
        return self.time

    def real_seconds(self, seconds: float) -> float:
        return seconds


class SlowJournal(FileJournal):
    """A journal whose disk takes one batch whenever the test says so."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.may = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.batches: list[EntryBatch] = []

    def append(self, batch: EntryBatch) -> int:
        self.batches.append(batch)
        self.begun.release()
        self.may.acquire()
        return super().append(batch)


class Line:
    """What a device hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def answer(self, data: bytes) -> None:
        self.heard.append(data)

    def supersede(self) -> None:
        self.heard.append(b"superseded")


class Gateway:
    """Intake, pipeline and a slow disk; use as ``async with``."""

    def __init__(self, directory: Path) -> None:
        self.configuration = county(alarms=alarm_policies(LIMIT))
        self.machine, self.writer = Machine(), Writer()
        self.journal, self.store = SlowJournal(directory), StateStore(directory / "state.db")
        self.intake = Intake(Directory(self.configuration, b"secret"), self.machine, Refusals())
        shelf = PolicyShelf(None)
        told = Timeline.of(None)
        self.pipeline = Pipeline(
            self.intake, self.journal, self.store, self.writer, told.state, shelf, shelf.put(self.configuration),
            on_health=lambda _healthy: None, on_outcomes=lambda: None,
            skipped={}, rebuild=Recovery(self.store, self.journal, shelf).run,
        )  # fmt: skip
        self.serial = 0

    async def __aenter__(self) -> Self:
        self.intake.control(EntryKind.START, msgspec.json.encode(Start("test")))
        self.intake.control(EntryKind.CONFIGURATION, msgspec.json.encode(Configured(self.configuration.digest)))
        self.pipeline.wake()
        self.task = asyncio.create_task(self.pipeline.make_durable())
        await self.has_begun()
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.journal.may.release(1000)
        self.task.cancel()
        await asyncio.wait((self.task,))
        self.writer.close()
        self.journal.close()
        self.store.close()

    async def has_begun(self) -> EntryBatch:
        """The next batch that the disk is given."""
        await asyncio.to_thread(self.journal.begun.acquire)
        return self.journal.batches[-1]

    async def reached(self, wanted: Callable[[EngineState], bool]) -> None:
        """The engine has come so far."""
        async with asyncio.timeout(60.0):
            while not wanted(self.pipeline.state):
                await self.pipeline.applied()

    def visit(self) -> Visit:
        session = self.intake.families["jt808"].session("g10ls")
        return Visit(Line(), session, self.configuration.listeners[0], "203.0.113.9:4000")

    def say(self, visit: Visit, device: str, alarm: Alarm = Alarm(0)) -> bytes:  # noqa: B008  a number
        self.serial += 1
        body = record(self.machine.now(), HOME, alarm=alarm)
        raw = build_frame(Message.LOCATION, PHONES[device], self.serial % 65536, body, Edition.Y2013)
        self.intake.take_events(visit, visit.session.feed(raw, self.intake.now()))
        self.pipeline.wake()
        return raw


def test_a_call_for_help_is_in_the_very_next_batch_of_a_slow_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", CAP)

    async def story():
        async with Gateway(tmp_path) as gateway:
            others = [gateway.visit() for _ in range(20)]
            waiting = [gateway.say(others[number % 20], "B0002") for number in range(POSITIONS)]
            visit = gateway.visit()
            before = gateway.say(visit, "B0001")
            call = gateway.say(visit, "B0001", Alarm.SOS)
            after = gateway.say(visit, "B0001")
            gateway.machine.time += 3.0
            assert gateway.intake.figures()["oldest_waiting_seconds"] == 3.0
            gateway.journal.may.release()
            batch = await gateway.has_begun()
            assert len(batch) == CAP
            assert [batch.bytes_of(index) for index in range(3)] == [b"", before, call]
            assert visit.channel.heard == []
            for _ in range(POSITIONS // CAP):
                gateway.journal.may.release()
                await gateway.has_begun()
            said = [raw for one in gateway.journal.batches for raw in map(one.bytes_of, range(len(one))) if raw]
            assert said[2:] == [before, call, *waiting, after]
            assert len(visit.channel.heard) == 2
            for one in gateway.journal.batches:
                assert len(set(one.received.tolist())) == 1

    asyncio.run(story())


def test_an_hour_forward_and_back_misses_nobody_and_time_goes_on(tmp_path):
    """The clock is set while devices report each five minutes; what the journal holds says it all again."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying = asyncio.create_task(gateway.pipeline.apply())
            visits = {device: gateway.visit() for device in PHONES}
            for minute in range(0, 240, 5):
                gateway.machine.set_by = {60: 3600.0, 120: 0.0, 180: -3600.0}.get(minute, gateway.machine.set_by)
                for device, visit in visits.items():
                    gateway.say(visit, device)
                await gateway.reached(lambda state: state.now == gateway.machine.now())
                gateway.machine.time += 300.0
            assert gateway.intake.figures()["clock_steps"] == 3
            assert gateway.pipeline.state.episodes == {}
            gateway.machine.time += LIMIT
            gateway.intake.control(EntryKind.TICK, b"")
            gateway.pipeline.wake()
            await gateway.reached(lambda state: len(state.episodes) == len(PHONES))
            assert {one.kind for one in gateway.pipeline.state.episodes.values()} == {"comms_lost"}
            applying.cancel()
            return [gateway.configuration, *gateway.journal.batches]

    configuration, *batches = asyncio.run(story())
    told = Timeline.of(None, alarms=configuration.alarms)
    for batch in batches:
        for index in range(len(batch)):
            kind, received = EntryKind(int(batch.kind[index])), float(batch.received[index])
            told.waiting.add(kind, received, batch.origin_of(index), batch.bytes_of(index))
    assert brief(told.run()) == [("raised", "comms_lost")] * 2
