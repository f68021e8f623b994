"""`make run`: a local broker, the gateway, bracelets and the platform's end, telling one story on one screen.

Everything is a process of its own, as in a county: the broker may be cut and the gateway killed while you look.
"""

from __future__ import annotations

import asyncio
import json
import math
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiomqtt
from rich.console import Console

from gateway.clock import FollowedClock
from gateway.demo.broker import LocalBroker, free_port
from gateway.demo.desk import DemoDesk
from gateway.demo.lifeline import end_with_parent
from gateway.demo.programs import command
from gateway.demo.served import PATIENCE
from gateway.demo.stage import Stage
from gateway.demo.story import OVER, SCENES, SLOWER
from gateway.demo.summary import summary
from gateway.demo.tally import Count, Platform, count, read_expected
from gateway.demo.view import View
from gateway.demo.watch import Watcher
from gateway.errors import OurFault, UserFault
from gateway.settings.load import load
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Collection

EPOCH = "2026-11-02T13:45:00+08:00"
DAYS = 3
USUAL = 120
"""Seconds the story takes when nobody says."""
USUALLY_WORN = 60
"""Bracelets when nobody says."""
SHORTEST = 40
"""Seconds below which the story cannot be told: an answer takes real milliseconds however fast the clock runs."""
AROUND = 9.0
"""Real seconds for starting everything, and at the end for draining and counting."""
MARGIN = 7200.0
"""Simulated seconds in which an alarm must have come, when the story is interrupted."""
SLOW = frozenset({"curfew_absent", "repeated_place"})
"""Kinds that are complete only when their last night is over."""
LOOK = 0.1
"""Real seconds between looks at the story's clock."""
BROKEN_OFF = 6.0
"""Real seconds for what is under way when somebody ends the story before its time."""
FOREVER = 86_400
"""Real seconds that the bracelets stay when nobody says how long."""


@dataclass(slots=True)
class Demo:
    """One telling of the story."""

    directory: Path
    seconds: int
    language: str
    endless: bool
    console: Console
    bracelets: int = USUALLY_WORN
    port: int = field(default_factory=free_port)
    platform: Platform = field(default_factory=Platform)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def speed(self) -> float:
        """Simulated seconds a real second, at most."""
        return DAYS * 86400.0 / (self.seconds - AROUND)

    async def run(self) -> int:
        """Tell it; returns the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self._over.set)
        broker = LocalBroker(self.directory / "broker", ends_with_us=True)
        broker.start()
        try:
            return await self._with(broker)
        finally:
            broker.stop()

    async def _with(self, broker: LocalBroker) -> int:
        county = self.directory / "county"
        await self._write_county(county, broker)
        desk = DemoDesk(county, self.directory / "state")
        await asyncio.to_thread(desk.prepare)
        configuration = load(county)
        clock = FollowedClock.begin(self.directory / "clock", datetime.fromisoformat(EPOCH).timestamp(), self.speed)
        stage = Stage(county, clock, Path(configuration.storage.directory), broker, self.platform)
        watcher = Watcher(configuration, stage)
        view = View(self.console, self.language, configuration, self.platform, watcher, self._truth)
        view.desk = desk.way_in
        desk.open(clock)
        try:
            await self._show(stage, watcher, view)
            await watcher.look()
        finally:
            await asyncio.to_thread(desk.close)
            await stage.stop()
        bracelets = json.loads(self._stats.read_text("utf-8"))["totals"] if self._stats.exists() else {}
        return summary(self.console, self.language, self._count(clock.now()), watcher, bracelets)

    async def _show(self, stage: Stage, watcher: Watcher, view: View) -> None:
        """Everything at once, until the story has been told."""
        async with asyncio.TaskGroup() as tasks:
            around = [tasks.create_task(each) for each in (self._subscribe(stage.broker), watcher.run(), view.run())]
            await stage.start_gateway()
            playing = tasks.create_task(self._play(stage, watcher, view))
            await self._tell(stage, watcher, view)
            await stage.stop()
            for task in (*around, playing):
                task.cancel()

    def _count(self, now: float) -> Count:
        """The count up to now: an interrupted story is not blamed for what it had no time for."""
        counted = count(read_expected(self._truth) if self._truth.exists() else [], self.platform)
        counted.missing = [
            alarm
            for alarm in counted.missing
            if alarm.onset + MARGIN <= now and (alarm.kind not in SLOW or alarm.until <= now)
        ]
        counted.expected = len(counted.found) + len(counted.missing)
        return counted

    async def _write_county(self, county: Path, broker: LocalBroker) -> None:
        arguments = [
            "county", *self._story, "--storage", str(self.directory / "state"),
            "--mqtt", f"mqtt://127.0.0.1:{broker.port}", str(county),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command("bracelet-sim", arguments), stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise OurFault(phrase("demo_county"))

    async def _tell(self, stage: Stage, watcher: Watcher, view: View) -> None:
        """Start the bracelets; the story ends with its last hour, or with Ctrl-C.

        They stay connected until their last alarm is out; their clock stands meanwhile.
        """
        bracelets = await self._start_bracelets()
        told, over = asyncio.create_task(bracelets.wait()), asyncio.create_task(self._over.wait())
        try:
            await self._follow(stage, view, (told, over))
            if self.endless and not self._over.is_set():
                view.caption(OVER)
                await asyncio.wait((told, over), return_when=asyncio.FIRST_COMPLETED)
            await watcher.look()
            await stage.settle(watcher.offset, BROKEN_OFF if not stage.clock.is_over else PATIENCE)
        finally:
            over.cancel()
            if bracelets.returncode is None:
                bracelets.send_signal(signal.SIGTERM)
            await told

    async def _follow(self, stage: Stage, view: View, ends: Collection[asyncio.Task[Any]]) -> None:
        """Until the story is told, or one of the ends; say it when that takes longer than it was to."""
        begun, is_said = time.monotonic(), False
        while not stage.clock.is_over and not any(end.done() for end in ends):
            if not is_said and time.monotonic() - begun > self.seconds:
                view.caption(SLOWER.filled(seconds=self.seconds))
                is_said = True
            await asyncio.wait(ends, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)

    async def _start_bracelets(self) -> asyncio.subprocess.Process:
        arguments = [
            "run", *self._story, "--clock-file", str(self.directory / "clock"), "--speed", str(self.speed),
            "--linger", str(FOREVER), "--truth", str(self._truth), "--stats", str(self._stats),
        ]  # fmt: skip
        with (self.directory / "simulator.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *command("bracelet-sim", arguments),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    async def _play(self, stage: Stage, watcher: Watcher, view: View) -> None:
        """The scenes, each at its hour: the clock does not go beyond it before the scene has begun."""
        epoch = stage.clock.now()
        for scene, following in pairwise((*SCENES, None)):
            if scene is None:
                return
            await stage.reaches(epoch + scene.after_hours * 3600.0)
            if scene.begins is not None:
                view.caption(scene.begins)
            stage.clock.hold(math.inf if following is None else epoch + following.after_hours * 3600.0)
            said = await scene.play(stage, watcher)
            if said is not None:
                view.caption(said)

    async def _subscribe(self, broker: LocalBroker) -> None:
        """The platform's end: a persistent session, so that a cut loses it nothing."""
        while True:
            try:
                async with aiomqtt.Client(
                    "127.0.0.1", broker.port, identifier="platform", clean_session=False, timeout=5
                ) as client:
                    await client.subscribe("bracelet/+/alarm/#", qos=1)
                    async for message in client.messages:
                        if isinstance(message.payload, bytes):
                            self._receive(message.payload)
            except aiomqtt.MqttError:
                await asyncio.sleep(0.2)

    def _receive(self, payload: bytes) -> None:
        """Count one; what somebody else publishes there ends nothing."""
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            self.platform.receive(payload)

    @property
    def _story(self) -> list[str]:
        """What the simulator tells, and to which port."""
        told = ["--story", "demo", "--epoch", EPOCH, "--days", str(DAYS), "--devices", str(self.bracelets)]
        return [*told, "--port", str(self.port)]

    @property
    def _truth(self) -> Path:
        return self.directory / "truth.jsonl"

    @property
    def _stats(self) -> Path:
        return self.directory / "bracelets.json"


def run_demo(seconds: int | None, language: str, directory: Path | None, bracelets: int = USUALLY_WORN) -> int:
    """`bracelet-gateway demo`.

    Raises:
        UserFault: too few seconds for the story.
    """
    if seconds is not None and seconds < SHORTEST:
        raise UserFault(phrase("demo_short", seconds=seconds, days=DAYS, least=SHORTEST))
    with tempfile.TemporaryDirectory(prefix="bracelet-demo-") as temporary:
        place = (directory or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        if directory is not None and any(place.iterdir()):
            raise UserFault(phrase("demo_directory", directory=directory))
        demo = Demo(place, seconds or USUAL, language, endless=seconds is None, console=Console(), bracelets=bracelets)
        return asyncio.run(demo.run())
