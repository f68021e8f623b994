"""The data's way, in one ordered list. Read this file first.

    listener -> session -> intake -> [gather] -> [journal] -> [release] -> [apply] -> [commit] -> [deliver]

Two tasks share it, joined by a short queue: one makes entries durable and releases the answers, the other steps the
engine and commits what it says. A batch is whatever waits when the writer is free; there is no timer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.cloudevents import event_of
from gateway.engine.step import Stepped, step
from gateway.errors import OurFault
from gateway.snapshot import take

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gateway.engine.orders import CommandRecord
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.engine.step import Policies
    from gateway.entries import EntryBatch
    from gateway.intake import Intake, Waiting
    from gateway.journal import FileJournal
    from gateway.store import StateStore
    from gateway.writer import Writer

SLICE = 512
"""Entries stepped at a time on the loop thread: answers of the next batch come first."""
QUEUED = 8
"""Batches that may wait for the engine."""
RETRY = 1.0
"""Real seconds between attempts while the store fails."""

log = structlog.get_logger()


@dataclass(slots=True)
class Health:
    """What the status shows. ``store`` is empty while the store works, else what failed."""

    store: str = ""
    entries: int = 0
    batches: int = 0
    largest_batch: int = 0
    outcomes: int = 0


@dataclass(slots=True)
class Pipeline:
    """Everything between intake and outbox."""

    intake: Intake
    journal: FileJournal
    store: StateStore
    writer: Writer
    state: EngineState
    policies: Policies
    policy: Policy
    on_health: Callable[[bool], None]
    on_outcomes: Callable[[], None]
    on_commands: Callable[[Sequence[CommandRecord]], None] = lambda _: None
    """Told how commands stand, once that is committed."""
    health: Health = field(default_factory=Health)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _queue: asyncio.Queue[EntryBatch | None] = field(default_factory=lambda: asyncio.Queue(QUEUED))
    _acts: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    _applied: asyncio.Event = field(default_factory=asyncio.Event)
    _saying: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wake(self) -> None:
        """Something was queued at intake."""
        self._wake.set()

    async def make_durable(self) -> None:
        """First half: gather, journal, release. Ends when cancelled, after what it had begun."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self.intake.is_waiting:
                await self._one_batch(self.intake.take())

    async def _one_batch(self, waiting: Waiting) -> None:
        batch = waiting.entries.batch()
        if len(batch):
            await self._append(batch)
        for channel, answer in waiting.answers:
            channel.answer(answer)
        for release in waiting.releases:
            release()
        if not len(batch):
            return
        self.health.entries += len(batch)
        self.health.batches += 1
        self.health.largest_batch = max(self.health.largest_batch, len(batch))
        await self._queue.put(batch)

    async def _append(self, batch: EntryBatch) -> None:
        """Durable on return. While the store fails nothing is answered, nobody is read, and the batch is kept."""
        await self._insist(lambda: self.writer.run(self.journal.append, batch))

    async def _insist(self, write: Callable[[], Awaitable[object]]) -> None:
        """Write until it succeeds; meanwhile health is red and the listeners do not read."""
        while True:
            try:
                await write()
            except OurFault as fault:
                if not self.health.store:
                    log.error("store fails; nothing is acknowledged until it works again", fault=str(fault))
                self.health.store = str(fault)
                self.on_health(False)  # noqa: FBT003  healthy or not
                await asyncio.sleep(RETRY)
                continue
            if self.health.store:
                log.info("store works again")
                self.health.store = ""
                self.on_health(True)  # noqa: FBT003  as above
            return

    async def apply(self) -> None:
        """Second half: step the engine, commit what it says, tell the upstreams. Ends at the closing mark."""
        while (batch := await self._queue.get()) is not None:
            for first in range(0, len(batch), SLICE):
                async with self._saying:
                    await self.commit(step(self.state, batch.slice(first, first + SLICE), self.policies))
                await asyncio.sleep(0)

    async def commit(self, stepped: Stepped) -> None:
        """Outcomes, commands and offset in one commit; then the officers' acts are answered."""
        if stepped.outcomes or stepped.commands:
            county = self.policy.configuration.county
            events = [event_of(outcome, county.code, county.timezone) for outcome in stepped.outcomes]
            upstreams = [(up.name, frozenset(up.severities)) for up in self.policy.configuration.upstreams]
            said = (events, upstreams, self.state.offset, stepped.commands)
            await self._insist(lambda: self.writer.run(self.store.commit, *said))
            self.health.outcomes += len(events)
            if events:
                self.on_outcomes()
            self.on_commands(stepped.commands)
        for identity, result in stepped.acts.items():
            future = self._acts.pop(identity, None)
            if future is not None and not future.done():
                future.set_result(result)
        self._applied.set()

    def expect_act(self, identity: str) -> asyncio.Future[str]:
        """A future that gives the act's result once it is journaled, applied and committed."""
        return self._acts.setdefault(identity, asyncio.get_running_loop().create_future())

    async def applied(self) -> None:
        """Wait until the engine has taken another slice: the watchdog is fed from here."""
        self._applied.clear()
        await self._applied.wait()

    async def save_snapshot(self) -> None:
        """Snapshot the state as it is now; the copy is made here, the write in the writer thread.

        Never between a step and the commit of what it said: a snapshot implies that its outcomes are stored.
        """
        async with self._saying:
            snapshot = take(self.state)
            await self._insist(lambda: self.writer.run(self.store.save_snapshot, snapshot))

    async def forget_commands(self, horizon: float) -> None:
        """Drop commands that ended before ``horizon``."""
        await self._insist(lambda: self.writer.run(self.store.forget_commands, horizon))

    async def drain(self) -> None:
        """Let everything queued become durable and applied; call after the listeners have stopped."""
        while self.intake.is_waiting:
            await self._one_batch(self.intake.take())
        await self._queue.put(None)
