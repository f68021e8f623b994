"""An upstream with a real state.db and a real socket, whose time passes only when the test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripted_broker import ScriptedBroker

from gateway.clock import SystemClock, iso
from gateway.daemon.supervisor import end
from gateway.engine.episode import Episode
from gateway.journal.controls import Act
from gateway.settings.model import Credential, Delivery, Upstream, UpstreamKind
from gateway.store.state_db import Event, StateStore
from gateway.upstream.life import Life
from gateway.upstream.mqtt import MqttUpstream
from gateway.upstream.rows import OwnRows
from gateway.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.upstream.webhook import WebhookUpstream

COUNTY, NAME, KEY = "pressed", "city", "made-up-act-key-of-32-bytes-or-more"
PATIENCE = 60.0
ALARMS = f"bracelet/{COUNTY}/alarm"
ACT = f"bracelet/{COUNTY}/act"
ALIVE = f"bracelet/{COUNTY}/gateway/alive"
RARELY, QUICK = 1e9, 1e6
"""Seconds between signs of life, messages a second, where no test is about them."""


@dataclass
class SteppedTiming:
    """Seconds pass when ``advance`` is called."""

    time: float = 1000.0
    waiting: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    number: itertools.count[int] = field(default_factory=itertools.count)

    def now(self) -> float:
        return self.time

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        over = asyncio.get_running_loop().create_future()
        heapq.heappush(self.waiting, (self.time + seconds, next(self.number), over))
        stirred = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({over, stirred}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
            over.cancel()

    def advance(self, seconds: float) -> None:
        self.time += seconds
        while self.waiting and self.waiting[0][0] <= self.time:
            over = heapq.heappop(self.waiting)[2]
            if not over.done():
                over.set_result(None)


def quiet_life() -> Life:
    """Signs of life that say nothing."""
    return Life(COUNTY, lambda: {"healthy": True}, SystemClock().now)


def event(alarm: str, revision: int = 1, severity: str = "warning", size: int = 0) -> Event:
    identity = f"{alarm}.{revision}"
    body = json.dumps({"id": identity, "data": {"severity": severity}, "pad": "x" * size}).encode()
    episode = Episode(
        id=alarm, kind="sos", severity=severity, ends="person", person="P1", device="B1", office="", level="", zone="",
        zone_name="", rule="", basis="", onset=1.0, decided=1.0, received=1.0, retrospective=False, first_offset=0,
        last_offset=0, revision=revision,
    )  # fmt: skip
    return Event(identity, alarm, severity, body, episode)


@dataclass
class Room:
    """What a test has in hand."""

    upstream: MqttUpstream | WebhookUpstream
    store: StateStore
    writer: Writer
    timing: SteppedTiming
    refused: Counter[str]
    acts: list
    task: asyncio.Task[None] | None = None

    async def owe(self, *events: Event) -> None:
        await self.writer.run(self.store.commit, events, [(NAME, frozenset())], 0)
        self.upstream.notify()

    def start(self) -> None:
        self.task = asyncio.create_task(self.upstream.run())

    async def stop(self) -> None:
        if self.task is not None:
            await end([self.task], told_again=0.05)
            self.task = None

    async def owed(self) -> int:
        return (await self.writer.run(self.store.figures))["owed"]

    async def eventually(self, fulfilled, what: str, pace: float = 0.0) -> None:
        """Until it is so; the upstream's time passes ``pace`` seconds a look."""
        async with asyncio.timeout(PATIENCE):
            while True:
                done = fulfilled()
                if asyncio.iscoroutine(done):
                    done = await done
                if done:
                    return
                assert self.task is None or not self.task.done(), f"{what}: {self.task}"
                self.timing.advance(pace)
                await asyncio.sleep(0.002)

    async def delivered(self, pace: float = 0.0) -> None:
        async def nothing_owed():
            return await self.owed() == 0

        await self.eventually(nothing_owed, "everything is delivered", pace)

    async def quiet(self, broker) -> None:
        """Whatever had to follow has followed: messages go back and forth through listener, store and wire."""
        for number in range(3):
            mid = broker.say(f"{ALARMS}/nobody", json.dumps({"id": f"quiet{number}"}).encode())
            await self.eventually(lambda mid=mid: mid not in broker.unacknowledged, "judged")
            await self.writer.run(self.store.applied_offset)


@asynccontextmanager
async def room(path: Path, port: int, *, on_act=None, accept_acts: bool = True, **patience):
    store, writer, timing = StateStore(path / "state.db"), Writer(), SteppedTiming()
    refused: Counter[str] = Counter()
    acts: list = []

    async def take(act):
        acts.append(act)
        return "done"

    upstream = MqttUpstream(
        Upstream(
            NAME, UpstreamKind.MQTT, f"mqtt://127.0.0.1:{port}", Credential("", "", KEY), accept_acts,
            delivery=Delivery(**{"per_second": QUICK, "heartbeat": RARELY} | patience),
        ),
        COUNTY, OwnRows(NAME, store, writer, SystemClock()), SystemClock(), quiet_life(),
        on_act or take, lambda reason, _: refused.update((reason,)), timing=timing,
    )  # fmt: skip
    one = Room(upstream, store, writer, timing, refused, acts)
    try:
        yield one
    finally:
        await one.stop()
        writer.close()
        store.close()


def told(tmp_path, test, *, script=None, **patience):
    """Run ``test(broker, one)`` with a scripted broker and an upstream of patience as given."""

    async def run():
        async with ScriptedBroker(**(script or {})) as broker, room(tmp_path, broker.port, **patience) as one:
            await test(broker, one)

    asyncio.run(run())


def meant(identity):
    """An act of the platform for this county, now."""
    return Act(identity, "acknowledge", "a", "D07", county=COUNTY, time=iso(time.time()))
