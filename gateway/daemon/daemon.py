"""The daemon: puts the parts together, keeps time, starts and stops in good order."""

from __future__ import annotations

import asyncio
import gc
import math
import signal
import time
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from gateway.commands.dispatch import Dispatcher
from gateway.commands.own_orders import OwnOrders
from gateway.commands.patience import Patience
from gateway.control.desk import Desk
from gateway.control.offices import Offices
from gateway.control.places import Places
from gateway.daemon import wanted
from gateway.daemon.build import build
from gateway.daemon.canary import PATH, CanaryWatch
from gateway.daemon.compile_all import make_ready
from gateway.daemon.disk import DISK, watch_disk
from gateway.daemon.drill import NAME as DRILLS
from gateway.daemon.erasing import ERASURE, ErasureWork
from gateway.daemon.erasure_desk import ErasureDesk, erased_before
from gateway.daemon.event_log import EventLog, tell_refusal, tell_signal
from gateway.daemon.figures import status_of
from gateway.daemon.followers import following_of
from gateway.daemon.forwarded import FORWARD, watch_forwarded
from gateway.daemon.housekeeping import Housekeeping
from gateway.daemon.keeping import Keeping
from gateway.daemon.lock import Lock
from gateway.daemon.notify import notify
from gateway.daemon.passed import Passed
from gateway.daemon.pipeline import Pipeline
from gateway.daemon.readiness import OWED, in_words, not_ready, stands_still, watch_owed
from gateway.daemon.recovery import Recovery
from gateway.daemon.registers import standing
from gateway.daemon.sending import receivers, told_of, wind_down
from gateway.daemon.storage import check_whole, close, make, secret_of
from gateway.daemon.supervisor import end, supervise
from gateway.daemon.swap import keep_copy
from gateway.daemon.time_lines import tell_clock, tell_missing, tell_step
from gateway.daemon.towers import TOWERS, TowerWatch
from gateway.daemon.window import window
from gateway.engine import ENGINE
from gateway.history.days import DayHistory
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal import FileJournal
from gateway.journal.contract import last_received
from gateway.journal.controls import OF_CLOSED, Act, Configured, Start, Stop
from gateway.journal.entries import EntryKind
from gateway.listeners.descriptors import measured
from gateway.listeners.registry import ways_in
from gateway.listeners.tcp import share
from gateway.replay.reading import PolicyShelf
from gateway.settings.differences import for_two
from gateway.settings.model import PHONE_PROTOCOL
from gateway.sqlite_faults import in_our_words
from gateway.store.state_db import StateStore
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.upstream.cloudevents import event_of
from gateway.writer import Writers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from gateway.carrier.carriers import Carriers
    from gateway.clock import Clock
    from gateway.control.ledger import Ledger
    from gateway.daemon.drill import DrillWatch
    from gateway.daemon.file_watch import FileWatch
    from gateway.daemon.kept_start import KeptStart
    from gateway.daemon.log_server import LogServer
    from gateway.daemon.reload import ReloadDesk
    from gateway.daemon.roll_call_desk import RollCallDesk
    from gateway.engine import CommandRecord
    from gateway.listeners.listening import Listening
    from gateway.notices.sender import NoticeSender
    from gateway.ports import Trace
    from gateway.settings.contacts import Contacts
    from gateway.settings.model import Configuration
    from gateway.upstream.contract import Receiver

    Work = Callable[[], Awaitable[None]]

COLLECTED = 5_000, 1, 100
"""New objects until the collector looks at the newest, and how often it does so before it looks at older ones: a look
at all stops everything for 0.1 s where thousands are connected, and finds nothing, for who goes leaves no cycles."""
RECOVERED = 500
"""Entries stepped in a recovery beyond which a snapshot is worth it: lives too short for one must not add up."""
STRETCH_USEC = 600_000_000
"""Microseconds that the recovery may take for its next stretch."""

NO_MEANING = (signal.SIGUSR1, signal.SIGUSR2)
"""Signals that would end a program by themselves: a slip of the hand must not end supervision."""
METRICS, FILES, SIGNAL = "metrics", "files", "signal"
SOONER = 10.0
"""Real seconds between looks whether the log owes the count of what it left out."""

log = structlog.get_logger()


@dataclass(slots=True)
class Daemon:
    """One county's gateway."""

    given: Configuration
    """As it was read for the start."""
    clock: Clock
    refusals: Refusals = field(default_factory=Refusals)
    listeners: list[Listening] = field(default_factory=list)
    upstreams: list[Receiver] = field(default_factory=list)
    carriers: Carriers | None = None
    towers: TowerShelf = field(default_factory=lambda: TowerShelf(missing=tell_missing))
    tell: EventLog = field(default_factory=lambda: EventLog(log.info, time.monotonic))
    trace: Trace | None = None
    """Told of each frame, entry and message by stage; None: nobody follows them."""
    files: Callable[[], Configuration] | None = None
    """Reads the county's files anew, without what was done at the desk; None: they are nowhere."""
    contacts: Callable[[Configuration], Contacts] | None = None
    """Reads names and numbers anew, for notices alone; None: they are nowhere."""
    notices: NoticeSender | None = None
    """Tells people by SMS; None: the county has nothing to do so by."""
    log_server: LogServer | None = None
    """Tells a log server; None: the county has none."""
    kept: KeptStart | None = None
    """What the start goes by, and keeps for the next; None: nothing is kept."""
    passed: Passed = field(default_factory=Passed)
    """Sockets that whoever started us has opened."""
    in_force: InForce = field(init=False)
    watch: FileWatch | None = None
    """Sees that the files differ from what is in force; None: they are nowhere."""
    reloads: ReloadDesk | None = None
    """Where changed files come into force; None as above."""
    erasures: ErasureDesk | None = None
    """Where erasures are ordered and confirmed; None: nothing is asked yet."""
    roll_calls: RollCallDesk | None = None
    ledger: Ledger | None = None
    """Where roll calls are begun and followed; None as above."""
    canary: CanaryWatch | None = None
    """Proves that alarms arrive, where the county has a canary; None as above."""
    drills: DrillWatch | None = None
    """Has it ring once a month; None as above."""
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    alone: tuple[str, ...] = ()
    """Parts that this start changed and that else take a second person."""
    _hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.in_force = InForce(self.given)

    @property
    def configuration(self) -> Configuration:
        """In force now."""
        return self.in_force.configuration

    async def run(self, ready: asyncio.Event | None = None) -> None:
        """Run until ``stop`` or a signal.

        Raises:
            TransientFault: the store cannot be used now.
            OurFault: it is damaged, or a port cannot be had.
            UserFault: another daemon uses the same directory, or it is not for us.
        """
        directory = Path(self.configuration.storage.directory)
        make(directory)
        with Lock(directory / "lock"):
            check_whole(directory)
            close(directory)
            loop = asyncio.get_running_loop()
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, self.stop)
            loop.add_signal_handler(signal.SIGHUP, self._hung_up.set)
            for name in NO_MEANING:
                loop.add_signal_handler(name, tell_signal, name)
            await self._serve(directory, ready)

    def stop(self) -> None:
        """Ask for an orderly stop."""
        self._stop.set()

    async def _serve(self, directory: Path, ready: asyncio.Event | None) -> None:
        writers, self.towers.versions = Writers(), TowerVersions(directory)
        with in_our_words("use", directory):
            journal, store = FileJournal(directory / "journal"), StateStore(directory / "state.db")
            history = DayHistory(directory / "history")
        try:
            with in_our_words("use", directory):
                pipeline = await self._recover(directory, journal, store, history, writers)
            async with asyncio.TaskGroup() as tasks:
                await self._live(directory, pipeline, tasks, ready)
        finally:
            writers.close()
            journal.close()
            store.close()
            history.close()

    async def _recover(
        self, directory: Path, journal: FileJournal, store: StateStore, history: DayHistory, writers: Writers
    ) -> Pipeline:
        """State from snapshot and journal; what the tail still owes is committed before anything new happens."""
        shelf = PolicyShelf(journal, towers=self.towers)
        shelf.put(self.configuration, None if self.kept is None else self.kept.drawing(self.configuration))
        # A county is a million objects that stay: no collection need go through them as they are made, or later.
        gc.freeze()
        gc.set_threshold(*COLLECTED)
        gc.enable()
        county = self.configuration.county
        speak = partial(event_of, county=county.code, timezone=county.timezone, maps=county.maps)
        recovery = Recovery(store, journal, shelf, speak, _tell_progress, history=history)
        writer = writers.state
        spoken = {device.protocol for device in self.configuration.devices.values()}
        await writer.run(make_ready, self.configuration.families, spoken)
        state, tail = await writer.run(recovery.run)
        self.in_force.configuration = await writer.run(standing, self.configuration, journal, state.digest)
        if self.configuration is not self.given:
            await writer.run(shelf.put, self.configuration)
        if state.digest:
            self.alone = for_two(shelf(state.digest).configuration, self.configuration)
        known = Directory(self.configuration, secret_of(directory / "secret"), erased_before(state))
        intake = Intake(known, self.clock, self.refusals)
        last = max(state.now, await writer.run(last_received, journal))
        intake.resume(last, state.now if math.isfinite(state.now) else last)
        intake.on_step = tell_step
        intake.memory.on_clock = tell_clock
        intake.tell, intake.trace = self.tell, self.trace
        self.refusals.on_refusal = partial(tell_refusal, self.tell)
        intake.memory.remember(journal)
        pipeline = Pipeline(
            intake, journal, store, writers, state, history, shelf, shelf(self.configuration.digest),
            on_health=self._on_health, on_outcomes=self._on_outcomes,
            skipped=recovery.skipped, rebuild=recovery.run, prepare=shelf.put, tell=self.tell, towers=self.towers,
            trace=self.trace,
            insists=False,
        )  # fmt: skip
        intake.turns.on_failure = pipeline.note_turn
        await pipeline.commit(tail)
        await self._owe_unresolved(pipeline)
        if state.engine != ENGINE or state.offset - store.snapshot_offset() >= RECOVERED:
            await pipeline.save_snapshot()
        if state.engine != ENGINE:
            store.snapshots.forget_older()
        # What a county is made of lives as long as the process: no collection need go through it again.
        gc.freeze()
        gc.set_threshold(*COLLECTED)
        log.info("recovered", entries=state.offset, owed=len(tail.outcomes))
        await writer.run(journal.store_configuration, self.configuration.digest, self.configuration.sources)
        await writer.run(keep_copy, directory, self.configuration)
        if self.kept is not None:
            await writer.run(self.kept.keep, self.configuration, shelf(self.configuration.digest))
        return pipeline

    async def _owe_unresolved(self, pipeline: Pipeline) -> None:
        """An upstream that is new gets what is unresolved: nobody would tell it until the next change."""
        upstreams = [(one.name, frozenset(one.severities)) for one in self.configuration.upstreams]
        owed = await pipeline.writer.run(pipeline.store.owe_unresolved, upstreams)
        for name, count in owed.items():
            log.info("unresolved alarms are owed to an upstream that had none of them", upstream=name, alarms=count)

    async def _live(
        self, directory: Path, pipeline: Pipeline, tasks: asyncio.TaskGroup, ready: asyncio.Event | None
    ) -> None:
        """From the first entry to the last."""
        intake, pipeline.insists = pipeline.intake, True
        telling = await told_of(self, pipeline, directory)
        intake.control(
            EntryKind.START, msgspec.json.encode(Start(metadata.version("bracelet-gateway"), *build(), ENGINE))
        )
        intake.control(EntryKind.CONFIGURATION, msgspec.json.encode(Configured(self.configuration.digest)))
        pipeline.wake()
        watch = TowerWatch(pipeline, TowerVersions(directory), self.towers)
        await watch.look()
        desk = await self._desk(pipeline)
        await self._tell_people(pipeline, desk)
        durable, applying = tasks.create_task(pipeline.make_durable()), tasks.create_task(pipeline.apply())
        self.upstreams = receivers(self, pipeline, partial(self.act, pipeline))
        sending = _begin(tasks, pipeline, {f"upstream {one.upstream.name}": one.run for one in self.upstreams})
        following = following_of(pipeline, desk.offices)
        keeping = Keeping(pipeline, directory, self.configuration.storage, watch.forget)
        erasing = ErasureWork(pipeline, directory, keeping.one, self.tell)
        control = window(self, pipeline, desk, following, erasing)
        await self._listen(pipeline)
        if self.roll_calls is not None:
            await self.roll_calls.resume()
        control.passed = self.passed.for_control(control.path)
        await control.start()
        self.passed.close_rest()
        work = self._routine(keeping, desk, watch) | {ERASURE: erasing.run} | telling
        work |= {} if self.ledger is None else {"device ledger": self.ledger.read_on}
        routine = _begin(tasks, pipeline, work)
        notify("READY=1")
        if ready is not None:
            ready.set()
        await self._stop.wait()
        notify("STOPPING=1")
        for task in routine:
            task.cancel()
        control.close()
        following.close()
        await self._wind_down(pipeline, durable, applying)
        await end([*routine, *sending])

    async def _listen(self, pipeline: Pipeline) -> None:
        """Open every way in; together they leave descriptors for all else."""
        intake = pipeline.intake
        self.listeners = ways_in(self.configuration.listeners, intake, pipeline.wake)
        for listener in self.listeners:
            listener.remember(Path(self.configuration.storage.directory))
            listener.passed = self.passed.for_listener(listener.listener)
            await listener.start()
            log.info("listening", listener=listener.listener.name, port=listener.port)
        share(self.listeners, measured())

    def _routine(self, keeping: Keeping, desk: Desk, watch: TowerWatch) -> dict[str, Work]:
        """What goes on beside the data's way, by name."""
        pipeline, directory = keeping.pipeline, keeping.directory
        work = Housekeeping(pipeline, self.clock, directory, keeping).tasks()
        work[DISK] = partial(watch_disk, directory, self.configuration.storage, pipeline.intake.now, pipeline.health)
        self.canary = CanaryWatch(pipeline, self.clock, self.in_force, self.receivers)
        work |= {
            PATH: self.canary.run,
            OWED: partial(watch_owed, pipeline),
            TOWERS: watch.run,
            "commands": desk.run,
            "event log": self._look_at_log,
        }
        work |= self._metrics(pipeline, desk) | {SIGNAL: self._follow_signals}
        work |= {} if self.watch is None else {FILES: self.watch.run}
        work |= {} if self.drills is None else {DRILLS: self.drills.run}
        if self.configuration.forward is not None:
            work[FORWARD] = partial(watch_forwarded, pipeline)
        if self.notices is not None:
            reminders = wanted.Reminders(pipeline.view, pipeline.intake, pipeline.wake, self.clock)
            work |= {"notices": self.notices.run, "sms": self.notices.network.run, "reminders": reminders.run}
        return work if self.carriers is None else work | {"carriers": self.carriers.run}

    def _metrics(self, pipeline: Pipeline, desk: Desk) -> dict[str, Work]:
        """The page for Prometheus, where one is wanted."""
        address = self.configuration.control.metrics
        if address is None:
            return {}
        note = partial(pipeline.health.note, METRICS)
        probes = {"/healthz": partial(stands_still, pipeline), "/readyz": partial(not_ready, self, pipeline)}
        remarks = partial(in_words, pipeline)
        page = wanted.MetricsPage(*address, lambda: status_of(self, pipeline, desk), probes, note, remarks)
        return {METRICS: page.run}

    async def _wind_down(self, pipeline: Pipeline, durable: asyncio.Task[None], applying: asyncio.Task[None]) -> None:
        """Read no more, commit and answer what was read, bring out what is owed, snapshot."""
        for listener in self.listeners:
            await listener.stop_listening()
        pipeline.intake.control(EntryKind.STOP, msgspec.json.encode(Stop("asked to stop")))
        pipeline.close()
        await durable
        await applying
        for listener in self.listeners:
            listener.close()
        await pipeline.save_last()
        await wind_down(self.upstreams, pipeline)
        self.tell.flush()
        log.info("stopped", entries=pipeline.state.offset)

    async def _follow_signals(self) -> None:
        """At each SIGHUP the files are taken that a second person confirmed, for ever."""
        while True:
            await self._hung_up.wait()
            self._hung_up.clear()
            if self.reloads is None:
                log.warning("signal ignored: the files of the configuration are nowhere", signal="SIGHUP")
            else:
                await self.reloads.on_signal()

    async def _look_at_log(self) -> None:
        """Tell what the log left out, for ever."""
        while True:
            await asyncio.sleep(SOONER)
            self.tell.flush_old()

    async def _desk(self, pipeline: Pipeline) -> Desk:
        """Orders to devices: those that have not ended go on."""
        intake, store, writer = pipeline.intake, pipeline.store, pipeline.writer
        limits = self.configuration.commands
        patience = Patience(limits.answer_seconds, limits.repeats, limits.completion_seconds)
        patience = patience.stretched(1.0 / self.clock.real_seconds(1.0))
        dispatcher = Dispatcher(self.in_force, intake, patience, pipeline.wake)
        places = Places(
            pipeline.view, Path(self.configuration.storage.directory), pipeline.keep_history,
        )  # fmt: skip
        desk = Desk(
            self.in_force, self.clock, dispatcher, lambda identity: writer.run(store.command, identity),
            places=places, offices=Offices(lambda: pipeline.policy),
        )  # fmt: skip
        own = OwnOrders(self.in_force, dispatcher)
        pipeline.on_commands, pipeline.on_wishes = partial(self._committed, desk, own), own.take
        intake.correspondent = dispatcher
        if self.configuration.carriers:
            self.carriers = wanted.Carriers(self.in_force, intake, pipeline.wake, self.clock, dispatcher.ended)
            dispatcher.delegates[PHONE_PROTOCOL] = self.carriers
        dispatcher.give(await writer.run(partial(store.commands, pending=True)))
        return desk

    async def _tell_people(self, pipeline: Pipeline, desk: Desk) -> None:
        """Notices by SMS, where the county has something to send them by."""
        notices, contacts = self.configuration.notices, self.contacts
        if notices is None or contacts is None:
            return
        self.notices = await wanted.told_by(
            notices, self.in_force, pipeline, desk.dispatcher, lambda: contacts(self.configuration),
            partial(self.act, pipeline),
        )  # fmt: skip
        pipeline.on_notices = self.notices.committed

    async def act(self, pipeline: Pipeline, act: Act) -> str:
        """Journal an act, let the engine do it, answer when all is committed."""
        act = msgspec.structs.replace(act, episode=await self._closed(pipeline, act))
        future = pipeline.expect_act(act.id)
        pipeline.intake.control(EntryKind.ACT, msgspec.json.encode(act))
        pipeline.wake()
        # Whoever waits may go, and the same act may be waited for by another.
        result = await asyncio.shield(future)
        self.tell("act", act.do, act=act.do, id=act.id, alarm=act.alarm, result=result, via=act.origin)
        return result

    async def _closed(self, pipeline: Pipeline, act: Act) -> str:
        """The closed alarm that an act is about, as it is stored; empty: it is of no such one."""
        if act.do not in OF_CLOSED:
            return ""
        found = await pipeline.writer.run(pipeline.store.episode, act.alarm)
        return "" if found is None else msgspec.json.encode(found).decode()

    def _committed(self, desk: Desk, own: OwnOrders, records: Sequence[CommandRecord]) -> None:
        """Orders as they stand on disk: to the log and to whoever waits."""
        for record in records:
            order = record.command
            self.tell(
                "order given" if record.end is None else "order ended", order.device,
                order=order.id, kind=order.kind, device=order.device, entry=record.offset,
                **({} if record.end is None else {"end": record.end.value}),
            )  # fmt: skip
        own.committed(records)
        desk.committed(records)
        if self.roll_calls is not None:
            self.roll_calls.committed(records)
        if self.notices is not None:
            self.notices.orders_ended(records)

    def receivers(self) -> list[str]:
        """Names of the upstreams that are served."""
        return [one.upstream.name for one in self.upstreams]

    async def resend(self) -> dict[str, int]:
        """Send again what is set aside; how many messages, by upstream."""
        return {one.upstream.name: rows for one in self.upstreams if (rows := await one.resend())}

    def _on_health(self, healthy: bool) -> None:  # noqa: FBT001  a callback's one word
        for listener in self.listeners:
            listener.set_reading(reading=healthy)
        if self.carriers is not None:
            self.carriers.set_reading(reading=healthy)

    def _on_outcomes(self) -> None:
        for upstream in self.upstreams:
            upstream.notify()


def _tell_progress(applied: int, end: int) -> None:
    """A long recovery is no hang: systemd is asked for more time with each stretch."""
    notify(f"WATCHDOG=1\nEXTEND_TIMEOUT_USEC={STRETCH_USEC}\nSTATUS=recovering: {applied} of {end} entries")


def _begin(tasks: asyncio.TaskGroup, pipeline: Pipeline, work: Mapping[str, Work]) -> list[asyncio.Task[None]]:
    """Each by itself, begun again after a fault, which stands in the health under its name."""

    def note(name: str, trouble: str) -> None:
        pipeline.health.note(f"task {name}", trouble)

    return [tasks.create_task(supervise(name, each, note)) for name, each in work.items()]
