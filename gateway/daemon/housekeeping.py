"""What the daemon does beside the data's way: ticks, snapshots, the removal of old days, a look at the chain.

None of it may stop the way: each goes on by itself, and what it cannot do stands in the status in words.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from gateway.backoff import Backoff
from gateway.daemon.drifts import DRIFTS, look_for_drifts
from gateway.daemon.notify import notify
from gateway.engine import next_due
from gateway.errors import GatewayFault, TransientFault
from gateway.journal import FileJournal, verify
from gateway.journal.entries import EntryKind
from gateway.sqlite_faults import words_of
from gateway.store.state_db import StateStore
from gateway.text import text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gateway.clock import Clock
    from gateway.daemon.keeping import Keeping
    from gateway.daemon.pipeline import Pipeline
    from gateway.text import Text

TICK = 60.0
"""Clock seconds between ticks when nothing is due: bounds what a crash leaves unknown of our own downtime."""
LEAST_TICK = 1.0
SHORTEST_TICK = 0.01
"""Real seconds between such ticks, however fast the clock runs; and before a timer that is due."""
SNAPSHOT_EVERY = 60.0
SNAPSHOT_ENTRIES = 100_000
"""Real seconds, or entries, between snapshots: bounds the replay after a crash to a few seconds."""
LOOK_EVERY = 2.0
RETIRE_EVERY = 3600.0
"""Real seconds between looks for days whose time of keeping is over; a failing one is tried again sooner."""
RETRY_EVERY = 60.0
"""At the longest."""
LEAP = 86400.0
"""Seconds: a step of the clock that is no correction, and how long it is waited until the new time is believed."""
RETIRING, CHAIN, SNAPSHOTS = "old days", "chain", "snapshots"

log = structlog.get_logger()


@dataclass(slots=True)
class Housekeeping:
    """One daemon's.

    Attributes:
        directory: where journal and state.db are, for a look at them from a thread of their own.
        keeping: removes what is over.
    """

    pipeline: Pipeline
    clock: Clock
    directory: Path
    keeping: Keeping
    began: float = field(init=False)
    """Clock time of the start, and of the log's last entry before it."""
    last_before: float = field(init=False)

    def __post_init__(self) -> None:
        self.began, self.last_before = self.pipeline.intake.now(), self.pipeline.state.now

    def tasks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """All of it by name, each a coroutine function that goes on for ever, but for the look at the chain."""
        return {
            "ticks": self.tick, SNAPSHOTS: self.snapshot, RETIRING: self.retire, CHAIN: self.look_at_chain,
            DRIFTS: partial(look_for_drifts, self.pipeline, self.directory),
        }  # fmt: skip

    async def tick(self) -> None:
        """When a timer is due and no entry comes, journal a tick; the watchdog is fed once it has gone all the way."""
        pipeline, before = self.pipeline, -math.inf
        while True:
            now = pipeline.intake.now()
            due = next_due(pipeline.state, pipeline.policy)
            wait = self.clock.real_seconds(min(due - now, TICK))
            # A made-up clock may stand still just before a timer is due.
            floor = SHORTEST_TICK if due - now < TICK and now > before else LEAST_TICK
            before = now
            if await self._is_sooner(max(wait, floor)):
                continue
            pipeline.intake.control(EntryKind.TICK, b"")
            pipeline.wake()
            await pipeline.applied()
            if not pipeline.failing:
                notify("WATCHDOG=1")

    async def _is_sooner(self, wait: float) -> bool:
        """Wait; True: somebody was told meanwhile, so that something may be due before that."""
        told = self.pipeline.told
        waits = [asyncio.ensure_future(asyncio.sleep(wait)), asyncio.ensure_future(told.wait())]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        for each in done:
            each.result()
        is_sooner = told.is_set()
        told.clear()
        return is_sooner

    async def snapshot(self) -> None:
        """Snapshot when enough entries or enough time have passed since the last one."""
        loop, pipeline, backoff = asyncio.get_running_loop(), self.pipeline, Backoff(RETRY_EVERY)
        at, offset, wait = loop.time(), pipeline.state.offset, LOOK_EVERY
        while True:
            await asyncio.sleep(wait)
            new = pipeline.state.offset - offset
            if new < SNAPSHOT_ENTRIES and (not new or loop.time() - at < SNAPSHOT_EVERY):
                continue
            if await self._saved():
                backoff.reset()
                at, offset, wait = loop.time(), pipeline.state.offset, LOOK_EVERY
            else:
                wait = backoff.next_wait()

    async def _saved(self) -> bool:
        """Try once. Where it cannot be done now all else goes on: a start has more of the journal to step."""
        trouble = None
        try:
            await self.pipeline.save_snapshot()
        except TransientFault as fault:
            trouble = text_of(fault)
        if self.pipeline.health.note(SNAPSHOTS, trouble) and trouble:
            log.error("no snapshot can be saved; all else goes on", fault=trouble.en)
        return trouble is None

    async def retire(self) -> None:
        """Drop what is older than the county keeps it; what the state still needs stays."""
        backoff = Backoff(RETRY_EVERY)
        while True:
            trouble = await self._retire()
            if self.pipeline.health.note(RETIRING, trouble) and trouble:
                log.error("old days cannot be removed; all else goes on", fault=str(trouble))
            if not trouble:
                backoff.reset()
            await asyncio.sleep(backoff.next_wait() if trouble else RETIRE_EVERY)

    async def _retire(self) -> Text | None:
        """Try once; what prevented it, in words; None: nothing did."""
        if self._may_be_wrong(now := self.pipeline.intake.now()):
            log.warning("the clock has leapt; no day is removed before a day has passed by it", now=now)
            return None
        try:
            gone = await self.keeping.remove_old(now)
        except (GatewayFault, OSError) as fault:
            return words_of(fault)
        if gone:
            log.info("old days removed", files=gone)
        return None

    def _may_be_wrong(self, now: float) -> bool:
        """Whether the time was leapt to less than a day ago: a wrong clock must not make every day an old one."""
        step, leaps = self.pipeline.intake.last_step, [(self.last_before, self.began)]
        if step is not None:
            leaps.append((step.old, step.new))
        return any(math.isfinite(old) and new - old > LEAP and now - new < LEAP for old, new in leaps)

    async def look_at_chain(self) -> None:
        """Once, in a thread: whether the last day's chain holds and state.db is sound."""
        trouble = await self.pipeline.writers.past.run(_look, self.directory)
        if self.pipeline.health.note(CHAIN, trouble):
            log.error("what is stored is not what was written", fault=str(trouble))


def _look(directory: Path) -> Text | None:
    try:
        verify(FileJournal(directory / "journal", read_only=True), last_file=True)
        return StateStore.look(directory / "state.db")
    except GatewayFault as fault:
        return text_of(fault)
