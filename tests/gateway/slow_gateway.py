"""Intake, pipeline and a disk that is as slow as a test wants it, with clocks that a test sets."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

import msgspec
from timeline import HOME, PHONES, Timeline, alarm_policies, at, county, record

from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.daemon.pipeline import Pipeline
from gateway.daemon.recovery import Recovery
from gateway.history.days import DayHistory
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.intake.visit import Visit
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryKind
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore
from gateway.writer import Writers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch

NOW = at(0, 13)
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
        self.machine, self.writers = Machine(), Writers()
        self.journal, self.store = SlowJournal(directory), StateStore(directory / "state.db")
        self.intake = Intake(Directory(self.configuration, b"secret"), self.machine, Refusals())
        shelf = PolicyShelf(None)
        told = Timeline.of(None)
        told.state.history = self.history = DayHistory(directory / "history")
        self.pipeline = Pipeline(
            self.intake, self.journal, self.store, self.writers, told.state, self.history, shelf,
            shelf.put(self.configuration),
            on_health=lambda _healthy: None, on_outcomes=lambda: None,
            skipped={}, rebuild=Recovery(self.store, self.journal, shelf, history=self.history).run,
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
        self.writers.close()
        self.journal.close()
        self.store.close()
        self.history.close()

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
        self.intake.hear(visit, visit.session.feed(raw, self.intake.now()))
        self.pipeline.wake()
        return raw
