"""What a connection costs in memory, as Python's allocator counts it: a guard against doubling, not a record."""

from __future__ import annotations

import asyncio
import gc
import socket
import tracemalloc

import pytest
import timeline
import uvloop
from doorway import Doorway, location
from timeline import FOREVER, HOME, at, authority, person

from gateway.settings.model import Assignment, Device, Limits, Listener, ListenerKind

COUNT = 200
MOST = {ListenerKind.UDP: 4500, ListenerKind.TCP: 6500}
"""Bytes a connection: measured 3,150 and 4,650, of TCP with asyncio's own transport, of both with the other end."""
NAMES = [f"B{number:04d}" for number in range(COUNT)]


def listener(kind: ListenerKind) -> Listener:
    return Listener("b", "jt808", "g10ls", "127.0.0.1", 0, kind=kind, limits=Limits(max_strangers=COUNT))


def people() -> dict[str, object]:
    wearers = [name.replace("B", "P") for name in NAMES]
    return {
        "devices": {name: Device(name, "jt808", timeline.PHONES[name].lstrip("0"), "g10ls") for name in NAMES},
        "people": {one: person(one, HOME) for one in wearers},
        "assignments": tuple(Assignment(*worn, at(-30, 0), FOREVER) for worn in zip(NAMES, wearers, strict=True)),
        "authorities": tuple(map(authority, wearers)),
    }


async def report(door: Doorway, device: str) -> socket.socket:
    """A connection whose first report has been answered."""
    loop, is_tcp = asyncio.get_running_loop(), door.listener.kind is ListenerKind.TCP
    line = socket.socket(type=socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)
    line.settimeout(0.0)
    await loop.sock_connect(line, ("127.0.0.1", door.port))
    await loop.sock_sendall(line, location(device))
    assert await loop.sock_recv(line, 100)
    return line


async def bytes_each(door: Doorway) -> float:
    lines = [await report(door, NAMES[0])]
    gc.collect()
    tracemalloc.start()
    try:
        lines += [await report(door, name) for name in NAMES[1:]]
        door.frames.clear()
        door.facts.clear()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / (COUNT - 1)
    finally:
        tracemalloc.stop()
        for line in lines:
            line.close()


@pytest.mark.parametrize("kind", MOST)
def test_a_connection_costs_no_more_than_so_many_bytes(kind, monkeypatch):
    for number, name in enumerate(NAMES):
        monkeypatch.setitem(timeline.PHONES, name, f"0139{number:08d}")

    async def counted() -> float:
        async with Doorway(listener(kind), people()) as door:
            found = await bytes_each(door)
            assert len(door.way.conversations) == COUNT
            return found

    assert asyncio.run(counted()) < MOST[kind]


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_answers_leave_at_once_without_anybody_asking_for_it(run):
    """Both loops turn Nagle's algorithm off; a socket object made to do so would stay as long as the connection."""

    async def is_off() -> int:
        async with Doorway(listener(ListenerKind.TCP)) as door:
            line = await report(door, "B0001")
            transport = next(iter(door.way.conversations))._transport
            found = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            line.close()
            return found

    assert run(is_off()) == 1
