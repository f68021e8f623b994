"""The fleet over real sockets on loopback."""

import asyncio
import math
import socket
import time

import pytest

from firmware_sim import fleet as fleet_module
from firmware_sim.clock import ScaledClock, WaitingClock
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import FrameReader
from firmware_sim.fleet import Address, Fleet, statistics
from firmware_sim.platform import IdealPlatform
from firmware_sim.story import build, reports

REPORTS = {Message.LOCATION, Message.LOCATION_BATCH}


class Server(asyncio.Protocol):
    """An ideal platform that cuts every connection after ``lifetime`` frames, its last answers unsent."""

    def __init__(self, taken, lifetime, on_taken):
        self._taken, self._left, self._on_taken = taken, lifetime, on_taken
        self._platform = IdealPlatform()

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        answers = self._platform.feed(data)
        fresh, self._platform.received = self._platform.received, []
        self._left -= len(fresh)
        self._taken += fresh
        self._on_taken()
        if self._left < 0:
            self._transport.abort()
        else:
            self._transport.write(answers)


async def told(story, speed, *, lifetime=10**9, stop_when=lambda _: False, linger=0.0, waits=False):
    """Run a fleet against a server until it has taken what is wanted; returns the fleet and the frames taken."""
    taken = []
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def look():
        if stop_when(taken):
            stop.set()

    server = await loop.create_server(lambda: Server(taken, lifetime, look), "127.0.0.1", 0)
    async with server:
        clock = WaitingClock(story.epoch, speed) if waits else ScaledClock(story.epoch, time.time(), speed)
        fleet = Fleet(story, Address(*server.sockets[0].getsockname()), clock)
        async with asyncio.timeout(300):
            await fleet.run(stop, linger)
    return fleet, taken


def all_beat(frames):
    """Whether thirteen bracelets have beaten since the last report."""
    beating = set()
    for frame in reversed(frames):
        if frame.message in REPORTS:
            break
        beating |= {frame.phone} if frame.message == Message.HEARTBEAT else set()
    return len(beating) == 13


def bodies(frames):
    """The 0200 bodies that frames carry, each with its sender."""
    for frame in frames:
        if frame.message == Message.LOCATION:
            yield frame.phone, frame.body
        elif frame.message == Message.LOCATION_BATCH:
            rest = frame.body[3:]
            while rest:
                length = int.from_bytes(rest[:2])
                yield frame.phone, rest[2 : 2 + length]
                rest = rest[2 + length :]


@pytest.mark.parametrize("lifetime", [10**9, 40])
def test_everything_arrives_and_is_acknowledged(lifetime):
    story = build("demo", seed=1, days=1, devices=13)
    fleet, taken = asyncio.run(told(story, speed=60_000.0, lifetime=lifetime))
    totals = statistics(fleet)["totals"]
    assert totals["made"] == totals["acknowledged"] == len(set(bodies(taken)))
    assert (totals["stored"], totals["overflowed"]) == (0, 0)
    assert (totals["connects"] > 13) == (lifetime == 40)
    assert totals["sent"] >= totals["made"] > 13 * 250


def test_sockets_and_virtual_time_carry_the_same_reports():
    story = build("handover", seed=3, days=1)
    _, taken = asyncio.run(told(story, speed=120_000.0))
    virtual = IdealPlatform()
    for frame in reports("handover", 3, 1):
        virtual.feed(frame.frame_bytes)
    assert set(bodies(taken)) == set(bodies(virtual.received))


@pytest.mark.parametrize("upload", ["live_first", "newest_first", "shuffled"])
def test_whatever_is_uploaded_first_the_same_reports_come(upload):
    story = build("handover", seed=3, days=1, upload=upload)
    fleet, taken = asyncio.run(told(story, speed=120_000.0, waits=True))
    usual = IdealPlatform()
    for frame in reports("handover", 3, 1):
        usual.feed(frame.frame_bytes)
    assert set(bodies(taken)) == set(bodies(usual.received))
    assert fleet.stored == 0


class Written:
    """A line that stands and keeps what is written."""

    is_open, lost = True, 0

    def __init__(self):
        self.frames = []

    def due(self):
        return math.inf

    def write(self, frames):
        self.frames += frames

    def close(self):
        self.is_open = False

    def release(self):
        pass


def test_a_backlog_that_waits_for_a_live_report_goes_out_at_the_storys_end(monkeypatch):
    monkeypatch.setattr(fleet_module, "DRAIN_WALL", 0.0)
    story = build("handover", seed=3, days=1, upload="live_first")
    fleet = Fleet(story, Address("127.0.0.1", 1), WaitingClock(story.epoch, 1.0))
    (terminal,), platform, line = fleet.terminals, IdealPlatform(), Written()
    device, terminal.line = terminal.bracelet, line
    device.tick(story.epoch + 3600.0)
    frames = device.connected(story.epoch + 3600.0)
    while frames:
        frames = device.receive(platform.feed(b"".join(frames)), story.epoch + 3600.0)
    stop = asyncio.Event()
    stop.set()
    asyncio.run(fleet.run(stop))
    (batch, *_) = FrameReader().feed(b"".join(line.frames))
    assert batch.message == Message.LOCATION_BATCH


def test_a_stop_drains_and_logs_out():
    story = build("demo", seed=1, days=4, devices=13)
    fleet, taken = asyncio.run(told(story, speed=20_000.0, stop_when=lambda taken: len(taken) > 200, waits=True))
    totals = statistics(fleet)["totals"]
    assert 0 < totals["made"] == totals["acknowledged"] < 13 * 250
    assert sum(frame.message == Message.LOG_OUT for frame in taken) == 13


def test_lingering_bracelets_beat_but_report_nothing():
    story = build("demo", seed=1, days=1, devices=13)
    fleet, taken = asyncio.run(told(story, speed=120_000.0, stop_when=all_beat, linger=30 * 86_400.0))
    assert statistics(fleet)["totals"]["made"] == len(set(bodies(taken)))
    assert all_beat(taken)


def test_without_a_platform_everything_stays_stored(monkeypatch):
    monkeypatch.setattr(fleet_module, "DRAIN_WALL", 0.2)
    story = build("handover", seed=1, days=1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = Address(*closed.getsockname())
        fleet = Fleet(story, address, ScaledClock(story.epoch, time.time(), 400_000.0))
        asyncio.run(asyncio.wait_for(fleet.run(asyncio.Event()), 300))
    totals = statistics(fleet)["totals"]
    assert totals["stored"] == totals["made"] == fleet.stored > 200
    assert totals["connects"] == totals["sent"] == 0
