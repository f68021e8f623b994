"""One life of the real daemon, from its start to its orderly stop, in a time that the script tells."""

from __future__ import annotations

import asyncio
import ctypes
import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from outside_world import DEVICES, SINCE, Do, Known, Script, report
from plain_terminal import AUTHENTICATE, POSITION, REGISTER, authentication, registration
from pressed_county import device, phone

from firmware_sim.firmware.messages import Message, read_answer, read_register_answer
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from gateway.daemon.daemon import Daemon
from gateway.daemon.keeping import Keeping
from gateway.daemon.swap import Swap
from gateway.intake import batching
from gateway.intake.visit import Visit
from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from outside_world import Deed

    from gateway.daemon.pipeline import Pipeline
    from gateway.settings.model import Configuration

LAYER = ctypes.CDLL(None)
PATIENCE = 600.0
PLATFORM = "alarms.jsonl"
WAITED = 900.0
"""Seconds after which nothing waits for the rest of its upload."""


def note(what: str, name: object, said: object = "") -> None:
    """Into the records: the world outside has heard this."""
    text = json.dumps([what, name, said]).encode()
    LAYER.layer_note(text, ctypes.c_size_t(len(text)))


# By a clock that stands, a small batch would wait for company for ever.
batching.COMPANY = 0.0


@dataclass
class Told:
    """The clock: it stands until it is set on; nothing that waits by it wakes by itself."""

    time: float

    def now(self) -> float:
        return self.time

    monotonic = now

    def real_seconds(self, seconds: float) -> float:
        return seconds * 1000.0


class Inner(Daemon):
    """The daemon without doors: bracelets come straight to intake."""

    async def _listen(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline


@dataclass
class Bracelet:
    """One bracelet with one connection; it says no more before it has its answer."""

    number: int
    daemon: Inner
    visit: Visit = field(init=False)
    serial: int = 0
    answers: asyncio.Queue[tuple[int, bytes]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        session = self.daemon.pipeline.intake.families["jt808"].session("g10ls")
        self.visit = Visit(self, session, self.daemon.configuration.listeners[0], f"203.0.113.9:{4000 + self.number}")

    def answer(self, data: bytes) -> None:
        for one in FrameReader().feed(data):
            self.answers.put_nowait((one.message, one.body))

    def send(self, segments: object) -> None:
        """Orders are none of its business."""

    def supersede(self) -> None:
        raise AssertionError("nobody else speaks for it")

    async def come(self, codes: dict[int, bytes]) -> None:
        """Log in, by the code that it has; without one it registers."""
        if self.number not in codes:
            message, body = await self._ask(REGISTER, registration(2013))
            _, result, code = read_register_answer(body)
            assert (message, result) == (Message.REGISTER_ANSWER, 0)
            codes[self.number] = code
            note("code", self.number, code.hex())
        await self.say(AUTHENTICATE, authentication(2013, codes[self.number]))

    async def say(self, message: int, body: bytes) -> None:
        _, answer = await self._ask(message, body)
        assert read_answer(answer)[1:] == (message, 0), f"{device(self.number)}: {read_answer(answer)}"

    async def _ask(self, message: int, body: bytes) -> tuple[int, bytes]:
        self.serial += 1
        intake, raw = self.daemon.pipeline.intake, build_frame(
            message, phone(self.number), self.serial, body, Edition.Y2013
        )  # fmt: skip
        intake.hear(self.visit, self.visit.session.feed(raw, intake.now()))
        self.daemon.pipeline.wake()
        return await self.answers.get()


@dataclass
class Life:
    """What is done in it: all of the script that the world does not know to be done."""

    root: Path
    known: Known
    script: Script
    epoch: float
    rules: tuple[Configuration, Configuration]
    """Before and after the reload."""
    bracelets: dict[int, Bracelet] = field(default_factory=dict)

    async def run(self) -> None:
        """From start to stop.

        Raises:
            AssertionError: somebody was refused who must not be.
        """
        reloads = (deed.id for turn in self.script.turns for deed in turn if deed.do is Do.RELOAD)
        files = self.rules[any(one in self.known.begun for one in reloads)]
        self.clock = Told(max(self.epoch, self.known.reached) + 1.0)
        self.daemon, ready = Inner(self.placed(files), self.clock), asyncio.Event()
        running = asyncio.create_task(self.daemon.run(ready))
        living = asyncio.create_task(self._live(ready))
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait((running, living), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                living.cancel()
                await running
            self.daemon.stop()
            await running
        await living

    def placed(self, configuration: Configuration) -> Configuration:
        """The same, with what it keeps below the root."""
        (upstream,) = configuration.upstreams
        return replace(
            configuration,
            storage=replace(configuration.storage, directory=str(self.root / "data")),
            upstreams=(replace(upstream, url=str(self.root / PLATFORM)),),
        )

    async def _live(self, ready: asyncio.Event) -> None:
        await ready.wait()
        self.bracelets = {number: Bracelet(number, self.daemon) for number in range(DEVICES)}
        await asyncio.gather(*(one.come(self.known.codes) for one in self.bracelets.values()))
        times = self.script.times(self.epoch)
        for turn, time in zip(self.script.turns, times, strict=True):
            left = [deed for deed in turn if self.known.is_left(deed)]
            if left:
                self.clock.time = max(self.clock.time, time)
                await asyncio.gather(*(self._do(deed, time) for deed in left))
        await self._settled()

    async def _settled(self) -> None:
        """What waits because a rule was changed since is decided, and the platform has all."""
        pipeline = self.daemon.pipeline
        self.clock.time += WAITED
        note("begun", "end", self.clock.time)
        pipeline.intake.control(EntryKind.TICK, b"")
        pipeline.wake()
        while pipeline.state.now < self.clock.time or pipeline.state.waiting:  # noqa: ASYNC110  a plain record
            await asyncio.sleep(0.001)
        while (await pipeline.writer.run(pipeline.store.figures))["owed"]:  # noqa: ASYNC110  the store tells nobody
            await asyncio.sleep(0.001)

    async def _do(self, deed: Deed, time: float) -> None:
        note("begun", deed.id, self.clock.time)
        await _DOINGS[deed.do](self, deed, time)
        note("done", deed.id)

    async def _report(self, deed: Deed, time: float) -> None:
        await self.bracelets[deed.device].say(POSITION, report(time, deed.bits))

    async def _act(self, deed: Deed, _time: float) -> None:
        alarm = await self._alarm(deed)
        pipeline, closes = self.daemon.pipeline, deed.do is Do.CLOSE
        act = Act(deed.id, str(deed.do), alarm, "D01", "technical" if closes else "", "seen", account="root")
        said = await self.daemon.act(pipeline, act)
        assert said in {"done", "repeated"}, f"{deed.id}: {said}"

    async def _alarm(self, deed: Deed) -> str:
        """The SOS that an act is about, once the engine has said it."""
        pipeline, pressed = self.daemon.pipeline, self.script.times(self.epoch)[deed.turn - SINCE[deed.do]]
        wanted = device(deed.device), "sos", int(pressed)
        while True:
            for one in await pipeline.writer.run(partial(pipeline.store.episodes, unresolved=False)):
                if (one.device, one.kind, int(one.onset)) == wanted:
                    return one.id
            await asyncio.sleep(0.001)

    async def _reload(self, _deed: Deed, _time: float) -> None:
        wanted = self.placed(self.rules[1])
        if self.daemon.in_force.configuration.digest != wanted.digest:
            await Swap(self.daemon.in_force, self.daemon.pipeline, self.root / "data").put(wanted)

    async def _snapshot(self, _deed: Deed, _time: float) -> None:
        await self.daemon.pipeline.save_snapshot()

    async def _midnight(self, _deed: Deed, _time: float) -> None:
        """The clock has been set to the next day."""

    async def _retire(self, _deed: Deed, time: float) -> None:
        """All days that are over go, but what a start still needs."""
        storage = replace(self.daemon.configuration.storage, keep_days=0)
        await Keeping(self.daemon.pipeline, self.root / "data", storage).remove_old(time)


_DOINGS: dict[Do, Callable[[Life, Deed, float], Awaitable[None]]] = {
    Do.REPORT: Life._report, Do.ACKNOWLEDGE: Life._act, Do.CLOSE: Life._act, Do.RELOAD: Life._reload,
    Do.SNAPSHOT: Life._snapshot, Do.MIDNIGHT: Life._midnight, Do.RETIRE: Life._retire,
}  # fmt: skip
