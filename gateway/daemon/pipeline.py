"""The data's way, in one ordered list. Read this file first.

    listener -> session -> intake -> [gather] -> [journal] -> [release] -> [apply] -> [commit] -> [deliver]

Two tasks share it, joined by a short queue: one makes entries durable and releases the answers, the other steps the
engine and commits what it says. A batch is whatever waits when the writer is free; a small one waits 50 ms for
company (:mod:`gateway.daemon.company`). What is durable
goes to the engine within a quarter of a second, what is urgent at once (:mod:`gateway.daemon.durable`). Both end by a
flag, never by being cancelled: what was begun is carried through, so that an entry that is durable is also stepped.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import structlog

from gateway.backoff import Backoff
from gateway.daemon.company import Company
from gateway.daemon.durable import MOMENT, Durable
from gateway.daemon.event_log import trace_durable, trace_stepped
from gateway.daemon.health import Health
from gateway.daemon.held import NOTHING
from gateway.daemon.notify import notify
from gateway.engine import Image, compile_policy, no_towers
from gateway.engine.step import Stepped, steps
from gateway.errors import GatewayFault, OurFault, TransientFault
from gateway.history.file import HistoryDamaged
from gateway.kinds import TRIALS
from gateway.ports import untold
from gateway.store.state_db import Beside
from gateway.text import text_of
from gateway.upstream.cloudevents import event_of
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gateway.daemon.held import Held
    from gateway.engine import (
        CommandRecord,
        Drawn,
        EngineState,
        Episode,
        NoticeRecord,
        Outcome,
        Policies,
        Policy,
        TowersByDigest,
        Wished,
    )
    from gateway.history.days import DayHistory
    from gateway.intake.batching import Waiting
    from gateway.intake.intake import Intake
    from gateway.journal.contract import Journal
    from gateway.journal.controls import PaperAct
    from gateway.journal.entries import EntryBatch
    from gateway.ports import Tell, Trace
    from gateway.settings.model import Configuration
    from gateway.store.state_db import Event, StateStore
    from gateway.text import Text
    from gateway.writer import Writer, Writers

SLICE = 1024
"""Entries stepped at a time on the loop thread: some 4.3 us each, so that the next batch's answers wait 5 ms."""
BREATH = 0.008
"""Seconds of stepping after which the loop has its turn, where a past is decided anew."""
QUEUED = 8
"""Batches that may wait for the engine."""
LONGEST_RETRY = 5.0
"""Real seconds between attempts while a store fails, at most: it is served again so soon."""
PATIENCE = 10.0
"""Real seconds that a stop waits for a store that fails: what was not acknowledged stays with the bracelets."""
MOST_UNSAVED = 1_500_000
"""Entries whose reports the history may keep in memory alone, some 300 bytes each, beyond which it has to be saved."""
JOURNAL, STATE, HISTORY, TURNS = "journal", "state.db", "history", "turns"
STORES = JOURNAL, STATE, HISTORY
"""While one of them fails nobody is read."""

Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(slots=True)
class Pipeline:
    """Everything between intake and outbox.

    Attributes:
        skipped: entries that the engine cannot stand, by offset: passed over.
        at_first: of the configuration of the start; county and upstreams stay those.
        rebuild: the state anew without the entry that cannot be stepped, and what is owed then; while nobody writes.
    """

    intake: Intake
    journal: Journal
    store: StateStore
    writers: Writers
    state: EngineState
    history: DayHistory
    policies: Policies
    at_first: Policy
    on_health: Callable[[bool], None]
    on_outcomes: Callable[[], None]
    skipped: dict[int, str]
    rebuild: Callable[[], tuple[EngineState, Stepped]]
    on_commands: Callable[[Sequence[CommandRecord]], None] = lambda _: None
    on_notices: Callable[[Sequence[NoticeRecord]], None] = lambda _: None
    on_papers: Callable[[Sequence[PaperAct]], None] = lambda _: None
    """Told how commands and notices stand, and what was done about sheets of the office, once that is committed."""
    on_wishes: Callable[[Sequence[Wished]], None] = lambda _: None
    """Told what the engine would order by itself, once what it was stepped with is committed; live alone."""
    prepare: Callable[[Configuration, Drawn | None, Policy | None], Policy] = compile_policy
    """Compiles a configuration before it is in force, by what was drawn of it and the policy before; in a thread."""
    on_said: Callable[[Stepped], None] = lambda _: None
    """Told what each step has said, once that is committed, of steps that had nothing to say as well."""
    towers: TowersByDigest = no_towers
    """What is known of cells, by version."""
    tell: Tell = untold
    """Told of each alarm, once it is committed."""
    trace: Trace | None = None
    """Told of each entry as it is durable and as it is stepped; None: nobody follows entries."""
    health: Health = field(default_factory=Health)
    breath: float = BREATH
    insists: bool = True
    """Whether a store that fails is waited for. At a start it is not: whoever starts us again tries again."""
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with each commit of notices: what follows them may be due sooner than anything was."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _queue: asyncio.Queue[tuple[int, EntryBatch] | None] = field(default_factory=lambda: asyncio.Queue(QUEUED))
    _durable: Durable = field(default_factory=lambda: Durable(SLICE))
    _moment: asyncio.TimerHandle = field(init=False)
    """Ends what ``_durable`` waits for; there is one as long as anything is in it."""
    _company: Company = field(default_factory=Company)
    _acts: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    _digests: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _applied: asyncio.Event = field(default_factory=asyncio.Event)
    _saying: asyncio.Lock = field(default_factory=asyncio.Lock)
    _saving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _image: Image = field(default_factory=Image)
    """The state as it was saved last."""
    _closing: float = float("inf")
    """Loop time from which on a failing store is not waited for any more."""

    @property
    def writer(self) -> Writer:
        """Of state.db."""
        return self.writers.state

    @property
    def policy(self) -> Policy:
        """What the engine goes by now."""
        return self.policies(self.state.digest) if self.state.digest else self.at_first

    def view(self) -> tuple[EngineState, Policy, float]:
        """What the engine knows, by what it goes by, and the receive time now.

        Raises:
            TransientFault: it has not begun yet.
        """
        if not self.state.digest:
            raise TransientFault(phrase("not_begun"))
        return self.state, self.policy, self.intake.now()

    def wake(self) -> None:
        """Something was queued at intake."""
        self._wake.set()

    async def make_durable(self) -> None:
        """First half: gather, journal, release. Ends once ``close`` was called and nothing waits.

        Raises:
            TransientFault: the store failed to the last, in a stop.
        """
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self.intake.is_waiting and not self._company.keeps(self._patience(), self.wake):
                await self._one_batch(self.intake.next_batch())
                await self._hand_on()
            await self._hand_on()
            if self._closing < float("inf"):
                await self._queue.put(None)
                return

    def _patience(self) -> float:
        """Real seconds for which what waits may wait for more; in a stop for none."""
        return self.intake.company() if self._closing == math.inf else 0.0

    async def _hand_on(self) -> None:
        """What is due goes to the engine; for the rest we are woken."""
        if len(self._durable) and (self._durable.are_due or self._closing < float("inf")):
            await self._queue.put(self._taken())

    def _taken(self) -> tuple[int, EntryBatch]:
        """What is durable and waits, as one batch; nothing is waited for any more."""
        self._moment.cancel()
        return self._durable.pop(self.intake.monotonic())

    def _wait_a_moment(self) -> None:
        wait = self.intake.real_seconds(self._durable.wait(self.intake.monotonic()))
        self._moment = asyncio.get_running_loop().call_later(max(MOMENT, wait), self._moment_is_over)

    def _moment_is_over(self) -> None:
        self._durable.are_due = bool(len(self._durable))
        self.wake()

    def note_turn(self, fault: Exception) -> None:
        """A turn could not be read as columns: shown until the next start, for it is a bug."""
        self.health.note(TURNS, phrase("turn_failed", cause=str(fault)))

    def close(self) -> None:
        """Let both halves end after what waits; call when the listeners have stopped."""
        self._closing = asyncio.get_running_loop().time() + PATIENCE
        self._wake.set()

    async def _one_batch(self, waiting: Waiting) -> None:
        batch = waiting.entries.batch()
        if len(batch):
            with self.intake.writing():
                first = await self._insist(JOURNAL, lambda: self.writers.journal.run(self.journal.append, batch))
        self.intake.release(waiting)
        if not len(batch):
            return
        if self.trace is not None:
            trace_durable(self.trace, first, batch, waiting.frames)
        self.health.entries += len(batch)
        self.health.batches += 1
        self.health.largest_batch = max(self.health.largest_batch, len(batch))
        if not len(self._durable):
            self._wait_a_moment()
        self._durable.add(first, batch, is_urgent=waiting.is_urgent)

    async def _insist(self, name: str, write: Callable[[], Awaitable[Result]]) -> Result:
        """Write until it succeeds; meanwhile health is red and the listeners do not read, which is no silence."""
        since, backoff = self.intake.steady(), Backoff(LONGEST_RETRY)
        while True:
            try:
                result = await write()
            except TransientFault as fault:
                if name == JOURNAL and len(self._durable) and not self._queue.full():
                    self._queue.put_nowait(self._taken())
                self._note_failing(name, text_of(fault))
                if not self.insists or asyncio.get_running_loop().time() > self._closing:
                    raise
                await asyncio.sleep(backoff.next_wait())
            else:
                if self.health.note(name, None):
                    log.info("store works again", store=name)
                    notify(f"STATUS={name} works again")
                    self.intake.was_deaf(self.intake.steady() - since)
                    self._tell_health()
                return result

    def _note_failing(self, name: str, trouble: Text) -> None:
        """What is wrong with a store now. Whoever tries it again is alive, and no restart would change the cause."""
        if self.health.troubles.get(name) != trouble:
            log.error("store fails; nothing is acknowledged until it works again", store=name, fault=trouble.en)
        notify(f"WATCHDOG=1\nSTATUS={trouble.en}")
        if self.health.note(name, trouble):
            self._tell_health()

    @property
    def failing(self) -> list[str]:
        """The stores because of which nobody is read."""
        return [name for name in STORES if name in self.health.troubles]

    def _tell_health(self) -> None:
        """The listeners read while no store fails."""
        self.on_health(not self.failing)

    async def apply(self) -> None:
        """Second half: step the engine, commit what it says, tell the upstreams. Ends at the closing mark."""
        while (item := await self._queue.get()) is not None:
            first, batch = item
            self.health.stepping = float(batch.received[0])
            rows = math.ceil(len(batch) / math.ceil(len(batch) / SLICE))
            for begin in range(0, len(batch), rows):
                if self.state.offset - self.history.until > MOST_UNSAVED:
                    await self._insist(HISTORY, self._relieve)
                async with self._saying:
                    await self._apply(first + begin, batch.slice(begin, begin + rows))
                await asyncio.sleep(0)
            self.health.stepping = math.inf

    async def _apply(self, first: int, part: EntryBatch) -> None:
        """Step and commit a slice; one that cannot be stepped is left to the recovery, which finds the entry."""
        if first < self.state.offset:
            return  # the recovery has been here
        try:
            stepped = await self._stepped(first, part)
            events = [self.event_of(outcome) for outcome in stepped.outcomes]
        except (HistoryDamaged, TransientFault, OSError, sqlite3.Error) as fault:
            log.warning("the history cannot be used; state and history are rebuilt", first=first, why=str(fault))
            await self._begin_again()
        except GatewayFault:
            raise
        except Exception:
            log.exception("an entry cannot be stepped; the state is rebuilt without it", first=first, entries=len(part))
            await self._begin_again()
        else:
            await self._commit(stepped, events)
            if self.trace is not None:
                trace_stepped(self.trace, first, len(part))
            if stepped.wishes and self._closing == float("inf"):
                self.on_wishes(stepped.wishes)

    async def _stepped(self, first: int, part: EntryBatch) -> Stepped:
        """Step a slice; while a past is decided anew the loop goes on, and whoever wants the state waits."""
        stepped = Stepped()
        await self._in_turns(
            steps(self.state, part, self.policies, stepped, first=first, skipped=self.skipped, towers=self.towers)
        )
        return stepped

    async def _begin_again(self) -> None:
        """The state once more from snapshot and journal, and what is owed then."""
        self.state, stepped = await self._insist(JOURNAL, lambda: self.writers.run_alone(self.rebuild))
        self._image = Image()
        await self._commit(stepped, [self.event_of(outcome) for outcome in stepped.outcomes])
        for awaited in self._digests.values():
            awaited.set_exception(
                OurFault("an entry could not be processed; whether it is in force, the registers tell")
            )
        self._digests.clear()

    def event_of(self, outcome: Outcome) -> Event:
        """The message for an outcome, in the county's time."""
        county = self.at_first.configuration.county
        return event_of(outcome, county.code, county.timezone, county.maps)

    async def commit(self, stepped: Stepped) -> None:
        """Outcomes, commands and offset in one commit; then the officers' acts are answered."""
        await self._commit(stepped, [self.event_of(outcome) for outcome in stepped.outcomes])

    async def _commit(self, stepped: Stepped, events: list[Event]) -> None:
        beside = Beside(stepped.commands, stepped.presence, stepped.notices, stepped.papers)
        if events or any(beside):
            upstreams = [(up.name, frozenset(up.severities)) for up in self.at_first.configuration.upstreams]
            said = (events, upstreams, self.state.offset, beside)
            await self._insist(STATE, lambda: self.writer.run(self.store.commit, *said))
            self.on_papers([act for _, act in stepped.papers])
            self.health.outcomes += len(events)
            if events:
                self.on_outcomes()
            for outcome in stepped.outcomes:
                if outcome.episode.kind not in TRIALS:
                    self.health.notices.note(outcome.change.value, outcome.decided, outcome.episode)
                self._tell(outcome)
            self.on_commands(stepped.commands)
            self.on_notices(stepped.notices)
            if stepped.notices:
                self.told.set()
        for identity, result in stepped.acts.items():
            future = self._acts.pop(identity, None)
            if future is not None and not future.done():
                future.set_result(result)
        if (awaited := self._digests.pop(self.state.digest, None)) is not None and not awaited.done():
            awaited.set_result(None)
        self.on_said(stepped)
        self._applied.set()

    def _tell(self, outcome: Outcome) -> None:
        episode = outcome.episode
        self.tell(
            f"alarm {outcome.change.value}", episode.device, alarm=episode.id, kind=episode.kind,
            severity=episode.severity, device=episode.device,
            message=f"{episode.id}.{episode.revision}", entry=outcome.entry, first_entry=episode.first_offset,
        )  # fmt: skip

    def episode(self, identity: str) -> Episode | None:
        """An alarm that nobody has closed, as it stands; None: there is no such one."""
        return self.state.episodes.get(identity)

    def expect_act(self, identity: str) -> asyncio.Future[str]:
        """A future that gives the act's result once it is journaled, applied and committed."""
        return self._acts.setdefault(identity, asyncio.get_running_loop().create_future())

    def expect_configuration(self, digest: str) -> asyncio.Future[None]:
        """A future that is over once the engine goes by a configuration that it did not go by before."""
        return self._digests.setdefault(digest, asyncio.get_running_loop().create_future())

    async def applied(self) -> None:
        """Wait until the engine has taken another slice: the watchdog is fed from here."""
        self._applied.clear()
        await self._applied.wait()

    async def save_snapshot(self) -> None:
        """Snapshot the state as it is now: what has changed is copied here, and written in a thread of its own.

        Never between a step and the commit of what it said: a snapshot implies that its outcomes are stored.

        Raises:
            TransientFault: history or snapshot cannot be written now. Nothing is lost: the journal has it.
        """
        async with self._saving:
            try:
                await self._save()
            except HistoryDamaged as fault:
                log.warning("the history cannot be used; state and history are rebuilt", why=str(fault))
                async with self._saying:
                    await self._begin_again()
                await self._save()

    async def save_last(self) -> None:
        """As :meth:`save_snapshot`, at a stop; where it cannot be, the next start has more of the journal to step."""
        try:
            await self.save_snapshot()
        except TransientFault as fault:
            log.warning("no snapshot is saved", fault=str(fault))

    async def save_anew(self) -> None:
        """Snapshot all of the state, and let go of every older snapshot.

        Raises:
            TransientFault: as :meth:`save_snapshot`.
        """
        async with self._saving:
            self._image = Image()
        await self.save_snapshot()
        await self.writers.snapshots.run(self.store.snapshots.forget_older)

    async def _save(self) -> None:
        """A snapshot implies that the history before it is on disk."""
        image, self._image = self._image, Image()
        async with self._saying:
            await self._in_turns(image.follow(self.state, whole=self.store.wants_whole(image)))
            put_down = await self._handed_over()
        await put_down()
        await self._insist(STATE, lambda: self.writer.run(self.store.note_applied, image.offset))
        await self.writers.snapshots.run(self.store.save_image, image)
        self._image = image

    async def _in_turns(self, work: Iterator[None]) -> None:
        """Work on the state while the loop goes on, and whoever wants the state waits."""
        loop = asyncio.get_running_loop()
        since = self.health.went_on = loop.time()
        for _ in work:
            if loop.time() - since >= self.breath:
                await asyncio.sleep(0)
                since = self.health.went_on = loop.time()

    async def _handed_over(self) -> Callable[[], Awaitable[None]]:
        """What brings the history up to now onto the disk; the engine may go on meanwhile."""
        said = self.state.offset, tuple(self.state.epochs)
        await self.writers.snapshots.run(self.history.hand_over)
        return lambda: self.writers.snapshots.run(self.history.put_down, *said)

    async def keep_history(self) -> None:
        """Put down what has come: whoever reads the history's files finds all up to now.

        Raises:
            TransientFault: it cannot be written now.
            HistoryDamaged: it is; the next snapshot makes it anew.
        """
        async with self._saving:
            async with self._saying:
                put_down = await self._handed_over()
            await put_down()

    async def _relieve(self) -> None:
        """Take from memory what the history has not saved yet; raises as :meth:`save_snapshot`."""
        try:
            await self.keep_history()
        except HistoryDamaged:
            await self.save_snapshot()

    async def retire_history(self, now: float, keep_seconds: float, held: Held = NOTHING) -> list[str]:
        """Remove days of the history but what is held; nobody reads in them meanwhile. The names of what is gone."""
        async with self._saving, self._saying:
            return await self.writers.snapshots.run(self.history.retire, now, keep_seconds, held.spans)

    async def erase_history(self, devices: Collection[str], offsets: NDArray[np.int64]) -> int:
        """Take the reports of entries of devices out of the history, a file at a time; how many files were rewritten.

        The engine stands still while one is, for it reads in them.

        Raises:
            TransientFault: a file cannot be written now, or somebody reads it; to be tried again.
            HistoryDamaged: one was damaged; the next snapshot makes it anew.
        """
        run = self.writers.snapshots.run
        async with self._saving, self._saying:
            names = await run(self.history.files_of, devices)
        for name in names:
            async with self._saving, self._saying:
                await run(self.history.erase_in, name, devices, offsets)
        return len(names)
