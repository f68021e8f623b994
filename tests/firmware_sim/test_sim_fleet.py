"""The fleet over real sockets on loopback."""

import asyncio
import socket
import time

import pytest

from firmware_sim import fleet as fleet_module
from firmware_sim.clock import ScaledClock
from firmware_sim.firmware.messages import Message
from firmware_sim.fleet import Address, Fleet, statistics
from firmware_sim.platform import IdealPlatform
from firmware_sim.story import build, reports

REPORTS = {Message.LOCATION, Message.LOCATION_BATCH}


class Server(asyncio.Protocol):
    """An ideal platform that cuts every connection after ``lifetime`` frames, its last answers unsent."""

    def __init__(self, taken, lifetime):
        self._taken, self._left = taken, lifetime
        self._platform = IdealPlatform()

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        answers = self._platform.feed(data)
        fresh, self._platform.received = self._platform.received, []
        self._left -= len(fresh)
        self._taken += fresh
        if self._left < 0:
            self._transport.abort()
        else:
            self._transport.write(answers)


async def told(story, speed, *, lifetime=10**9, stop_at=None, linger=0.0):
    """Run a fleet against a server; returns the fleet and the frames that the server took."""
    taken = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(taken, lifetime), "127.0.0.1", 0)
    stop = asyncio.Event()
    async with server:
        fleet = Fleet(story, Address(*server.sockets[0].getsockname()), ScaledClock(story.epoch, time.time(), speed))
        if stop_at is not None:
            loop.call_later(stop_at, stop.set)
        async with asyncio.timeout(30):
            await fleet.run(stop, linger)
    return fleet, taken


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


def test_a_stop_drains_and_logs_out():
    story = build("demo", seed=1, days=4, devices=13)
    fleet, taken = asyncio.run(told(story, speed=20_000.0, stop_at=0.5))
    totals = statistics(fleet)["totals"]
    assert 0 < totals["made"] == totals["acknowledged"] < 13 * 250
    assert sum(frame.message == Message.LOG_OUT for frame in taken) == 13


def test_lingering_bracelets_beat_but_report_nothing():
    story = build("demo", seed=1, days=1, devices=13)
    fleet, taken = asyncio.run(told(story, speed=120_000.0, linger=0.5))
    assert statistics(fleet)["totals"]["made"] == len(set(bodies(taken)))
    last_report = max(index for index, frame in enumerate(taken) if frame.message in REPORTS)
    beating = {frame.phone for frame in taken[last_report + 1 :] if frame.message == Message.HEARTBEAT}
    assert len(beating) == 13


def test_without_a_platform_everything_stays_stored(monkeypatch):
    monkeypatch.setattr(fleet_module, "DRAIN_WALL", 0.2)
    story = build("handover", seed=1, days=1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = Address(*closed.getsockname())
        fleet = Fleet(story, address, ScaledClock(story.epoch, time.time(), 400_000.0))
        asyncio.run(asyncio.wait_for(fleet.run(asyncio.Event()), 20))
    totals = statistics(fleet)["totals"]
    assert totals["stored"] == totals["made"] == fleet.stored > 200
    assert totals["connects"] == totals["sent"] == 0
