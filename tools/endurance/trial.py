"""A county's whole daemon through months of virtual time, measured once a virtual day.

Nothing of it is replaced but the time: the files, sockets, threads, retention and platforms are those of a county. What
it would look at each second or minute it looks at more seldom (``SELDOM``), for there are fifteen million seconds.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from gateway.cli.county import contacts_of, files_of
from gateway.control import desk as control_desk
from gateway.control.address import socket_of
from gateway.daemon import daemon as daemons
from gateway.daemon import file_watch, housekeeping, readiness, towers
from gateway.daemon.kept_start import begun
from gateway.demo.broker import free_port
from gateway.listeners import listening
from gateway.words.phrases import LANGUAGE
from tools.endurance import measures, story
from tools.endurance.desk import Officer, Platform
from tools.endurance.fleet import Fleet
from tools.endurance.lines import Lines
from tools.endurance.virtual_time import LoopClock, VirtualLoop, of_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gateway.settings.model import Configuration

ALIVE = 3600.0
"""Virtual seconds between two signs of life."""
STRIDE = story.INTERVAL
"""Virtual seconds between two looks at the bracelets, which report as often."""
SELDOM = (
    (housekeeping, "TICK", 1800.0), (housekeeping, "LOOK_EVERY", 1800.0), (housekeeping, "SNAPSHOT_EVERY", 3600.0),
    (readiness, "LOOK_EVERY", 1800.0), (control_desk, "LOOK", 600.0), (daemons, "SOONER", 1800.0),
    (file_watch, "LOOK_EVERY", 3600.0), (towers, "LOOK_EVERY", 3600.0), (listening, "SWEEP", 1800.0),
)  # fmt: skip
"""Module, constant, seconds: in life 60, 2, 60, 10, 0.5, 10, 5, 5 and 1."""


@dataclass(frozen=True)
class Size:
    """Of a trial: virtual days, bracelets, days for which places and alarms are kept, days between two starts (0: none).

    Who looked at what is kept for as long as alarms: with the least that the files may say, 184 days, the journal would
    fill up all the time.
    """

    days: int = 180
    devices: int = 30
    keep: int = 30
    alarms: int = 45
    starts: int = 15
    seed: int = 1


@dataclass
class Trial:
    """One; ``daily``: what was measured, by name, a value a day; NaN: not on that day.

    Attributes:
        each_day: called after each day, with its number: what a test plants, and who shows how far it is.
    """

    size: Size
    work: Path
    each_day: Callable[[int], None] = lambda _: None
    daily: dict[str, list[float]] = field(default_factory=dict)
    done: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """Go through all of it; ``daily`` and ``done`` have what came of it."""
        fleet = Fleet(self.size.days, self.size.devices, self.size.seed)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner, of_loop(runner.get_loop()), _seldom():
                runner.run(self._whole(fleet, runner.get_loop()))
        finally:
            fleet.close()

    async def _whole(self, fleet: Fleet, loop: VirtualLoop) -> None:
        clock, platform, folder = LoopClock(loop, story.EPOCH), Platform(), self.work / "county"
        told = story.told(self.size.days, self.size.devices, self.size.seed)
        port = free_port()
        story.write(told, folder, (port, await platform.start()), (self.size.keep, self.size.alarms))
        start = begun(folder)
        start.configuration = _as_tried(start.configuration, self.size.alarms)
        LANGUAGE.set(start.configuration.county.language)
        daemon = daemons.Daemon(start.configuration, clock, files=partial(files_of, folder), kept=start)
        daemon.contacts = partial(contacts_of, folder)
        officer, ready = Officer(socket_of(start.configuration), clock), asyncio.Event()
        serving = asyncio.create_task(daemon.run(ready))
        waited = asyncio.create_task(ready.wait())
        await asyncio.wait((serving, waited), return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        lines = Lines(fleet, clock, port)
        for day in range(self.size.days):
            await self._day(day, lines, clock)
            await officer.work(day, self.size.devices)
            self._measure(day, folder, clock.now())
            self.each_day(day)
        await self._end(officer, platform, daemon, serving)

    async def _day(self, day: int, lines: Lines, clock: LoopClock) -> None:
        until = story.night_of(day)
        moment = until - story.DAY
        while (moment := moment + STRIDE) < until:
            await clock.wait_until(moment)
            await lines.go_on()

    def _measure(self, day: int, folder: Path, now: float) -> None:
        found = measures.of_process() | measures.of_directory(folder / "state")
        if self.size.starts and day % self.size.starts == self.size.starts - 1:
            found |= measures.start_of_copy(folder, self.work, now)
        for name, value in found.items():
            self.daily.setdefault(name, [float("nan")] * day).append(value)
        for series in self.daily.values():
            series.extend([float("nan")] * (day + 1 - len(series)))

    async def _end(self, officer: Officer, platform: Platform, daemon: daemons.Daemon, serving: asyncio.Task) -> None:
        status = await officer.status()
        self.done = {
            "entries": status["entries"], "alarms closed": officer.closed, "leaves granted": officer.entered,
            "orders given": officer.ordered, "messages taken by the platform": platform.taken,
        }  # fmt: skip
        daemon.stop()
        await serving
        await platform.close()


def _as_tried(configuration: Configuration, looks: int) -> Configuration:
    """What the files may not say: a sign of life to the platform every hour (30 s at most), looks kept for ``looks``."""
    upstreams = [replace(one, delivery=replace(one.delivery, heartbeat=ALIVE)) for one in configuration.upstreams]
    console = replace(configuration.console, audit_days=looks)
    return replace(configuration, upstreams=type(configuration.upstreams)(upstreams), console=console)


@contextmanager
def _seldom() -> Iterator[None]:
    """Look at things as seldom as SELDOM says."""
    before = [(module, name, getattr(module, name)) for module, name, _ in SELDOM]
    for module, name, seconds in SELDOM:
        setattr(module, name, seconds)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
