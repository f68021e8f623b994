"""Ideal platforms behind real doors on loopback, and a fleet that goes through one of them."""

from __future__ import annotations

import asyncio
import os
import time
import tty
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import aiomqtt

from firmware_sim.clock import ScaledClock, WaitingClock
from firmware_sim.firmware.device import Identity
from firmware_sim.firmware.equipment import Equipment
from firmware_sim.fleet import Fleet
from firmware_sim.links import Address
from firmware_sim.platform import PLATFORMS
from firmware_sim.story import build

IMEI = 86812014523360
ANYWHERE = Address("127.0.0.1", 9)


def story_of(family, link, devices=2, **more):
    """A day of the demo whose first bracelets speak so; the others are left out."""
    demo = build("demo", seed=1, days=1, devices=13)
    equipment = Equipment(family, link, **more)
    schedules = [replace(each, equipment=equipment) for each in demo.schedules[:devices]]
    if family in ("gt06", "r16h"):
        schedules = [
            replace(each, identity=Identity(f"{IMEI}{number}", each.device)) for number, each in enumerate(schedules)
        ]
    return replace(demo, schedules=tuple(schedules))


def fleet_of(story, address=ANYWHERE, speed=60_000.0, **more):
    """One whose clock waits for the platform."""
    return Fleet(story, address, WaitingClock(story.epoch, speed), **more)


def hasty_fleet_of(story, address=ANYWHERE, speed=60_000.0, **more):
    """One whose clock runs on, whoever answers."""
    return Fleet(story, address, ScaledClock(story.epoch, time.time(), speed), **more)


async def lived(fleet, patience=300):
    """The fleet's whole life; its counts."""
    async with asyncio.timeout(patience):
        await fleet.run(asyncio.Event())
    return fleet


class TcpDoor(asyncio.Protocol):
    """A platform a connection; a wait for nothing."""

    def __init__(self, family, taken):
        self._platform, self._taken = PLATFORMS[family](), taken

    def connection_made(self, transport):
        self._transport = transport
        self._taken.append(self._platform)

    def data_received(self, data):
        self._transport.write(self._platform.feed(data, 1793548800.0))


class UdpDoor(asyncio.DatagramProtocol):
    """A platform an address; every ``deaf``-th datagram is not heard."""

    def __init__(self, family, taken, deaf=0):
        self._family, self._taken, self._deaf, self._count = family, taken, deaf, 0
        self._platforms = {}

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        self._count += 1
        if self._deaf and self._count % self._deaf == 0:
            return
        if addr not in self._platforms:
            self._platforms[addr] = PLATFORMS[self._family]()
            self._taken.append(self._platforms[addr])
        answer = self._platforms[addr].feed(data, 1793548800.0)
        if answer:
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def tcp_door(family):
    taken = []
    server = await asyncio.get_running_loop().create_server(lambda: TcpDoor(family, taken), "127.0.0.1", 0)
    async with server:
        yield Address(*server.sockets[0].getsockname()), taken


@asynccontextmanager
async def udp_door(family, deaf=0):
    taken = []
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: UdpDoor(family, taken, deaf), local_addr=("127.0.0.1", 0)
    )
    yield Address(*transport.get_extra_info("sockname")), taken
    transport.close()


@asynccontextmanager
async def mqtt_door(family, port):
    """Hears every bracelet of a broker and answers each on its own topic."""
    platforms = {}

    async def listen(client):
        with suppress(aiomqtt.MqttError):
            async for message in client.messages:
                device = str(message.topic).split("/")[1]
                platform = platforms.setdefault(device, PLATFORMS[family]())
                answer = platform.feed(message.payload, 1793548800.0)
                if answer:
                    await client.publish(f"bracelet/{device}/down", answer, qos=1)

    async with aiomqtt.Client("127.0.0.1", port, identifier="platform") as client:
        await client.subscribe("bracelet/+/up", qos=1)
        listening = asyncio.create_task(listen(client))
        yield Address("127.0.0.1", port), platforms
        listening.cancel()


class SerialDoor:
    """Opens a terminal, reads and answers, closes it; more than once."""

    def __init__(self, family, path):
        self.platform, self.path = PLATFORMS[family](), path
        self._file = -1

    def open(self):
        self._file = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._file)
        asyncio.get_running_loop().add_reader(self._file, self._read)

    def close(self):
        if self._file >= 0:
            asyncio.get_running_loop().remove_reader(self._file)
            os.close(self._file)
            self._file = -1

    def _read(self):
        with suppress(BlockingIOError):
            os.write(self._file, self.platform.feed(os.read(self._file, 4096), 1793548800.0))
