"""`bracelet-gateway drill`: a simulated county without a platform, whose desk says on every page that nothing is real.

At its end it is told how fast each alarm was answered.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
from rich.console import Console

from gateway.clock import FollowedClock
from gateway.demo.broker import free_port
from gateway.demo.desk import AUDITOR, DemoDesk
from gateway.demo.lifeline import end_with_parent
from gateway.demo.programs import command
from gateway.demo.responses import lines, responses, table
from gateway.demo.served import PATIENCE, Served
from gateway.errors import OurFault
from gateway.settings.load import load
from gateway.store.state_db import StateStore
from gateway.words.phrases import phrase
from gateway.words.texts import Text

if TYPE_CHECKING:
    from gateway.demo.responses import Response
    from gateway.settings.model import Configuration

EPOCH: Final = "2026-11-02T10:00:00+08:00"
STORY: Final = ("--story", "drill", "--devices", "20", "--days", "1", "--epoch", EPOCH)
STAFF: Final = ("D01", "D02", "L01", AUDITOR)
LOOK: Final = 0.25
"""Real seconds between looks at the county's clock."""
UNANSWERED: Final = 1
"""Exit code where nobody took an alarm that somebody had to take."""
BEGUN: Final = Text(
    "演练开始，{minutes:g} 分钟后结束（Ctrl-C 提前结束）；县里时间是实际的 {speed:g} 倍速，"
    "不向任何上级平台发送。\n值班台：{desk}",
    "The drill begins and ends after {minutes:g} minutes (Ctrl-C: before); the county's time goes {speed:g} times as"
    " fast, nothing is sent to any platform.\nDuty desk: {desk}",
)


@dataclass(slots=True)
class Drill:
    """One drill, for ``minutes`` of real time, with all its files below ``directory``."""

    directory: Path
    minutes: float
    speed: float
    language: str
    console: Console
    port: int = field(default_factory=free_port)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _walked: list[tuple[float, float]] = field(default_factory=list)
    """What the county's clock showed at which real second of the machine's."""

    async def run(self) -> int:
        """Hold it; returns the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self.end)
        county = self.directory / "county"
        await self._write_county(county)
        desk = DemoDesk(county, self.directory / "state", numbers=STAFF, options=("--drill",))
        await asyncio.to_thread(desk.prepare)
        configuration = load(county)
        check_minors(configuration)
        found = await self._held(county, desk, configuration)
        self.console.print(table(found, self.language))
        for line in lines(found, self.language):
            self.console.print(line, markup=False, soft_wrap=True)
        return UNANSWERED if any(one.is_unanswered for one in found) else 0

    def end(self) -> None:
        """Before its time."""
        self._over.set()

    async def _held(self, county: Path, desk: DemoDesk, configuration: Configuration) -> list[Response]:
        epoch = datetime.fromisoformat(EPOCH).timestamp()
        clock = FollowedClock.begin(self.directory / "clock", epoch, self.speed)
        storage = Path(configuration.storage.directory)
        gateway = Served(county, clock, storage)
        desk.open(clock)
        try:
            await gateway.start_gateway()
            said = BEGUN.of(self.language).format(minutes=self.minutes, speed=self.speed, desk=desk.way_in)
            self.console.print(said, markup=False, soft_wrap=True)
            await self._bracelets(clock)
        finally:
            await asyncio.to_thread(desk.close)
            await gateway.stop()
        with closing(StateStore(storage / "state.db", read_only=True)) as store:
            episodes = list(store.each_episode())
        zone = ZoneInfo(configuration.county.timezone)
        return responses(episodes, epoch, self.elapsed, zone)

    async def _bracelets(self, clock: FollowedClock) -> None:
        """They report until the time is over, somebody ends the drill, or they end by themselves."""
        words = ["run", *STORY, "--port", str(self.port), "--speed", str(self.speed)]
        words += ["--clock-file", str(self.directory / "clock")]
        with (self.directory / "simulator.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *command("bracelet-sim", words), stdout=log, stderr=log, start_new_session=True,
                preexec_fn=end_with_parent,
            )  # fmt: skip
        ended, over = asyncio.create_task(process.wait()), asyncio.create_task(self._over.wait())
        try:
            while not (ended.done() or over.done()) and self.lasted(clock) < self.minutes * 60.0:
                await asyncio.wait((ended, over), timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            if process.returncode is None:
                process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended, PATIENCE)

    def lasted(self, clock: FollowedClock) -> float:
        """Real seconds since the county's time began to go: it stands until the bracelets are there."""
        now = clock.now()
        if not self._walked and now <= datetime.fromisoformat(EPOCH).timestamp():
            return 0.0
        self._walked.append((now, time.monotonic()))
        return self._walked[-1][1] - self._walked[0][1]

    def elapsed(self, since: float, until: float) -> float:
        """Real seconds between two moments of the county's clock, which waits where this machine is busy."""
        if not self._walked:
            return 0.0
        moments, real = zip(*self._walked, strict=True)
        return float(np.interp(until, moments, real) - np.interp(since, moments, real))

    async def _write_county(self, county: Path) -> None:
        words = ["county", *STORY, "--port", str(self.port), "--storage", str(self.directory / "state"), str(county)]
        process = await asyncio.create_subprocess_exec(
            *command("bracelet-sim", words), stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise OurFault(phrase("demo_county"))


def check_minors(configuration: Configuration) -> None:
    """No minor takes part in a drill, not even one that is made up.

    Raises:
        OurFault: one does.
    """
    if any(one.minor for one in configuration.people.values()):
        raise OurFault(phrase("drill_minor"))


def run_drill(minutes: float, speed: float, language: str) -> int:
    """`bracelet-gateway drill`; what it wrote is gone with it."""
    with tempfile.TemporaryDirectory(prefix="bracelet-drill-") as place:
        return asyncio.run(Drill(Path(place).resolve(), minutes, speed, language, Console()).run())
