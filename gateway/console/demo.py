"""`make run`: a local broker, the gateway, sixty bracelets and the platform's end, telling one story on one screen.

Everything is a process of its own, as in a county: the broker may be cut and the gateway killed while you look.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiomqtt
from rich.console import Console

from gateway.console.broker import LocalBroker, free_port
from gateway.console.lifeline import end_with_parent
from gateway.console.stage import Stage
from gateway.console.story import OVER, SCENES
from gateway.console.summary import summary
from gateway.console.tally import Count, Platform, count, read_expected
from gateway.console.view import View
from gateway.console.watch import Watcher
from gateway.errors import OurFault, UserFault
from gateway.phrases import phrase
from gateway.settings.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

EPOCH = "2026-11-02T13:45:00+08:00"
DAYS = 3
USUAL = 120
"""Seconds the story takes when nobody says."""
SHORTEST = 40
"""Seconds below which the story cannot be told: an answer takes real milliseconds however fast the clock runs."""
LEAD = 4.0
"""Real seconds from starting the processes to the story's first moment."""
CLOSING = 5.0
"""Real seconds at the end for draining and counting."""
MARGIN = 7200.0
"""Simulated seconds in which an alarm must have come, when the story is interrupted."""
SLOW = frozenset({"curfew_absent", "repeated_place"})
"""Kinds that are complete only when their last night is over."""
LAST_LOOK, LONGEST_SETTLING = 1.0, 6.0
"""Real seconds at the end for what is under way."""
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
    port: int = field(default_factory=free_port)
    platform: Platform = field(default_factory=Platform)
    _anchor: float = 0.0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def speed(self) -> float:
        """Simulated seconds a real second."""
        return DAYS * 86400.0 / (self.seconds - LEAD - CLOSING)

    async def run(self) -> int:
        """Tell it; returns the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self._over.set)
        broker = LocalBroker(self.directory / "broker", ends_with_us=True)
        broker.start()
        county = self.directory / "county"
        await self._write_county(county, broker)
        self._anchor = time.time() + LEAD
        configuration = load(county)
        stage = Stage(county, broker, self._clock(), self.platform, Path(configuration.storage.directory))
        watcher = Watcher(configuration, stage)
        view = View(self.console, self.language, configuration, self.platform, watcher, self._truth)
        try:
            await self._show(stage, watcher, view)
            await watcher.look()
        finally:
            await stage.stop()
            broker.stop()
        bracelets = json.loads(self._stats.read_text("utf-8"))["totals"] if self._stats.exists() else {}
        counted = self._count(min(self._now(), self._end()))
        return summary(self.console, self.language, counted, watcher, bracelets)

    async def _show(self, stage: Stage, watcher: Watcher, view: View) -> None:
        """Everything at once, until the story has been told."""
        async with asyncio.TaskGroup() as tasks:
            around = [tasks.create_task(each) for each in (self._subscribe(stage.broker), watcher.run(), view.run())]
            await stage.start_gateway()
            playing = tasks.create_task(self._play(stage, watcher, view))
            await self._tell(stage, view)
            await stage.stop()
            await asyncio.sleep(LAST_LOOK)
            for task in (*around, playing):
                task.cancel()

    def _now(self) -> float:
        epoch, anchor, speed = self._clock()
        return epoch + (time.time() - anchor) * speed

    def _end(self) -> float:
        return self._clock()[0] + DAYS * 86400.0

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

    def _clock(self) -> tuple[float, float, float]:
        return datetime.fromisoformat(EPOCH).timestamp(), self._anchor, self.speed

    async def _write_county(self, county: Path, broker: LocalBroker) -> None:
        arguments = [
            "county", "--story", "demo", "--epoch", EPOCH, "--days", str(DAYS), "--port", str(self.port),
            "--storage", str(self.directory / "state"), "--mqtt", f"mqtt://127.0.0.1:{broker.port}", str(county),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command("bracelet-sim", arguments), stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise OurFault(phrase("demo_county"))

    async def _tell(self, stage: Stage, view: View) -> None:
        """Start the bracelets; the story ends with its last hour, or with Ctrl-C.

        They stay connected until their last alarm is out: the clock runs on, and nobody is to fall silent meanwhile.
        """
        arguments = [
            "run", "--story", "demo", "--epoch", EPOCH, "--days", str(DAYS), "--port", str(self.port),
            "--anchor", str(self._anchor), "--speed", str(self.speed), "--linger", str(FOREVER),
            "--truth", str(self._truth), "--stats", str(self._stats),
        ]  # fmt: skip
        with (self.directory / "simulator.log").open("wb") as log:
            bracelets = await asyncio.create_subprocess_exec(
                *command("bracelet-sim", arguments),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        told, over = asyncio.create_task(bracelets.wait()), asyncio.create_task(self._over.wait())
        try:
            wait = self._clock()[1] + DAYS * 86400.0 / self.speed - time.time()
            await asyncio.wait((told, over), timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            if self.endless and not self._over.is_set():
                view.caption(OVER)
                await asyncio.wait((told, over), return_when=asyncio.FIRST_COMPLETED)
            await self._settle(stage)
        finally:
            over.cancel()
            if bracelets.returncode is None:
                bracelets.send_signal(signal.SIGTERM)
            await told

    async def _play(self, stage: Stage, watcher: Watcher, view: View) -> None:
        """The scenes, each at its hour; one that takes longer delays the next."""
        _, anchor, speed = self._clock()
        for scene in SCENES:
            await asyncio.sleep(max(0.0, anchor + scene.after_hours * 3600.0 / speed - time.time()))
            if scene.begins is not None:
                view.caption(scene.begins)
            said = await scene.play(stage, watcher)
            if said is not None:
                view.caption(said)

    async def _settle(self, stage: Stage) -> None:
        """Give the last reports and alarms their way."""
        for _ in range(int(LONGEST_SETTLING / LAST_LOOK)):
            await asyncio.sleep(LAST_LOOK)
            if await stage.nothing_owed():
                return

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
        try:
            self.platform.receive(payload)
        except (ValueError, LookupError, TypeError, RecursionError):
            self.platform.foreign += 1

    @property
    def _truth(self) -> Path:
        return self.directory / "truth.jsonl"

    @property
    def _stats(self) -> Path:
        return self.directory / "bracelets.json"


def command(name: str, arguments: Sequence[str]) -> list[str]:
    """One of our commands, from the environment that runs us."""
    return [str(Path(sys.executable).parent / name), *arguments]


def run_demo(seconds: int | None, language: str, directory: Path | None) -> int:
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
        demo = Demo(place, seconds or USUAL, language, endless=seconds is None, console=Console())
        return asyncio.run(demo.run())
