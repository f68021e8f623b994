"""`make city`: the whole city on this machine, who looks may kill what he likes, and what came of it is counted."""

from __future__ import annotations

import asyncio
import math
import signal
import tempfile
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live

from gateway.demo.city import words
from gateway.demo.city.answers import Answers
from gateway.demo.city.chaos import CUT, GAP, TURNS, Chaos
from gateway.demo.city.counting import counted, is_well, lines, table
from gateway.demo.city.screen import REMEMBERED, ZONE, CountyRow, draw
from gateway.demo.city.settling import CALM, settled
from gateway.demo.city.streams import SOURCES
from gateway.demo.city.supervised import RESTART
from gateway.demo.city.takeovers import Takeovers
from gateway.demo.city.town import Town
from gateway.errors import UserFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence

    from rich.console import RenderableType

    from gateway.demo.city.counting import CityCount
    from gateway.demo.city.county import County
    from gateway.demo.city.supervised import Supervised
    from gateway.words.texts import Text

EVERY: Final = 0.5
"""Real seconds between two drawings."""
PATIENCE: Final = 120.0
"""Real seconds for what is under way at the end."""


@dataclass(slots=True)
class City:
    """One telling.

    Attributes:
        town: what it is of.
        seconds: real ones of reports until the count; where blows are counted, at least.
        language: ``zh`` or ``en``.
        console: where it is told.
        turns: kinds of blows that the demo deals by itself, as long as there are more and time is left.
        counts_blows: all of ``turns`` are dealt, however long it takes.
        cuts: real seconds for which a line is cut, one after the other, round and round.
        gap: real seconds between two blows, at least.
        calm: real seconds from the last end of a process to the count's.
    """

    town: Town
    seconds: float
    language: str
    console: Console
    turns: Iterator[str] = field(default_factory=lambda: iter(()))
    counts_blows: bool = False
    cuts: Sequence[float] = (CUT,)
    gap: float = GAP
    calm: float = CALM
    takeovers: Takeovers = field(init=False)
    chaos: Chaos = field(init=False)
    answers: Answers = field(default_factory=Answers)
    counts: dict[tuple[str, str], CityCount] = field(default_factory=dict)
    _captions: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _last_end: float = -math.inf
    _is_complete: bool = True

    def __post_init__(self) -> None:
        self.takeovers = Takeovers(self.town.nodes)
        self.chaos = Chaos(self.town, self._is_calm, self._say, self.turns, self.cuts, self.gap)

    async def run(self) -> int:
        """Tell it; returns the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self._over.set)
        self.town.on_end, self.town.streams.on_look = self._ended, self._looked
        try:
            self._say(words.STARTING.filled(bracelets=self.town.bracelets))
            if await self._until_over(self.town.start()):
                await self._shown()
        finally:
            await self.town.stop()
        return self._summary()

    async def _until_over(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do something, or leave it where somebody ends the telling; whether it was done."""
        task, over = asyncio.ensure_future(work), asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            return task.done()
        finally:
            for each in (task, over):
                each.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _shown(self) -> None:
        """From the first report to the last alarm."""
        tasks = [asyncio.create_task(each) for each in (self.town.watch(), self.town.streams.run(), self._drawn())]
        try:
            await self.town.let_bracelets_come()
            said = {"speed": self.town.speed, "seconds": self.seconds, "restart": RESTART}
            self._say(words.BEGUN.filled(**said))
            await self._until_over(self._time_passes())
            self._say(words.SETTLING)
            if left := await settled(self.town, PATIENCE):
                self._say(words.UNSETTLED.filled(seconds=PATIENCE, names=" ".join(left)))
                self._is_complete = False
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _time_passes(self) -> None:
        """As long as it was to be, from when the counties' time began to go, with its blows; and then calm."""
        epochs = [county.clock.now() for county in self.town.counties]
        while any(county.clock.now() == epoch for county, epoch in zip(self.town.counties, epochs, strict=True)):  # noqa: ASYNC110  another process's
            await asyncio.sleep(EVERY)
        end = time.monotonic() + self.seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(None if self.counts_blows else max(0.0, self.seconds - self.calm)):
                await self.chaos.run()
        while time.monotonic() < max(end, self._last_end + self.calm):  # noqa: ASYNC110  time
            await asyncio.sleep(EVERY)

    def _is_calm(self) -> bool:
        return self.town.is_up and self.takeovers.is_calm

    def _ended(self, process: Supervised) -> None:
        self._last_end = time.monotonic()
        self._say(words.ENDED.filled(name=process.name))
        self.takeovers.begin(process.name, self.town.streams.seen, self.town.owners, self._last_end)

    def _looked(self) -> None:
        for county in self.town.counties:
            if county.status is not None:
                self.answers.look(county.code, county.status["answer_seconds"]["up_to"])
        for one in self.takeovers.look(self.town.streams.seen, time.monotonic()):
            seen = self.town.streams.seen[one.county, one.partition]
            who = words.ROLES["worker"].of(self.language) if one.role == "worker" else seen.leaders[0]
            said = {"name": one.name, "seconds": one.seconds, "county": one.county, "partition": one.partition}
            self._say(words.TAKEN.filled(who=who, **said))

    def _say(self, text: Text) -> None:
        said = text.of(self.language)
        self._captions.append(said)
        if not self.console.is_terminal:
            self.console.print(f"* {said}", markup=False, soft_wrap=True)

    async def _drawn(self) -> None:
        """Redraw; without a terminal captions alone are printed."""
        if not self.console.is_terminal:
            return
        with Live(self._screen(), console=self.console, refresh_per_second=4, transient=True) as live:
            while True:
                await asyncio.sleep(EVERY)
                live.update(self._screen())

    def _screen(self) -> RenderableType:
        pids = {one.name: one.pid for one in self.town.killable}
        streams = self.town.streams
        return draw(
            map(self._row, self.town.counties), streams.lines, streams.seen, pids, self._captions, self.language
        )

    def _row(self, county: County) -> CountyRow:
        now, told = county.clock.now(), self.town.streams.platforms
        return CountyRow(
            county.code, now, int((county.status or {}).get("connected_devices", 0)), county.bracelets,
            county.entries, county.forwarded, len(told[county.code, "county"].alarms),
            len(told[county.code, "worker"].alarms), sum(one.onset <= now for one in county.expected()),
        )  # fmt: skip

    def _summary(self) -> int:
        """Print the count; 0 only where it is complete, all was found, and nothing came twice."""
        self.counts = {
            (county.code, source): counted(
                county.expected(), self.town.streams.platforms[county.code, source], county.clock.now()
            )
            for county in self.town.counties if county.has_begun for source in SOURCES
        }  # fmt: skip
        self.console.print(table(self.counts, self.language))
        for line in lines(self.counts, self.takeovers.done, self.language, ZoneInfo(ZONE)):
            self.console.print(line, markup=False, soft_wrap=True)
        for said in self._blows():
            self.console.print(said.of(self.language), markup=False, soft_wrap=True)
        return 0 if self.counts and self._is_complete and is_well(self.counts) else 1

    def _blows(self) -> Iterator[Text]:
        dealt = self.chaos.dealt
        if dealt:
            kinds = ", ".join(f"{kind} {count}" for kind, count in dealt.items())
            yield words.DEALT.filled(count=dealt.total(), kinds=kinds)
        if self.answers.total:
            most, all_but_few = self.answers.within(0.999), self.answers.within(0.99)
            yield words.WAITED.filled(count=self.answers.total, most=most, all_but_few=all_but_few)


def run_city(
    seconds: float, bracelets: int, speed: float, chaos: bool, language: str, directory: Path | None  # noqa: FBT001
) -> int:  # fmt: skip
    """`bracelet-gateway demo-city`.

    Raises:
        UserFault: the directory is not empty.
    """
    with tempfile.TemporaryDirectory(prefix="bracelet-city-") as temporary:
        place = (directory or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        if directory is not None and any(place.iterdir()):
            raise UserFault(phrase("demo_directory", directory=directory))
        city = City(Town(place, bracelets, speed), seconds, language, Console(), cycle(TURNS) if chaos else iter(()))
        return asyncio.run(city.run())
