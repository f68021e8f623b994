"""A load over real sockets on loopback, against a tiny platform; and its county in the gateway's eyes."""

import asyncio
import json
import signal
import socket

import pytest
from rich.console import Console

from firmware_sim.firmware.messages import Message
from firmware_sim.load import Editions, Options, as_json, as_table, machine, perform, run, write_county
from firmware_sim.load.start import _until_signal
from firmware_sim.platform import IdealPlatform
from gateway.settings.load import inspect


class Door(asyncio.Protocol):
    """One connection of the platform; ``taken`` is asked with each report's bytes, and a False leaves it unanswered."""

    def __init__(self, peers, taken):
        self._peers, self._taken = peers, taken
        self._platform = IdealPlatform()

    def connection_made(self, transport):
        self._transport = transport
        self._peers.append(transport.get_extra_info("peername")[0])

    def data_received(self, data):
        before = len(self._platform.received)
        answers = self._platform.feed(data).split(b"\x7e\x7e")
        for frame, answer in zip(self._platform.received[before:], answers, strict=True):
            if frame.message != Message.LOCATION or self._taken(frame):
                self._transport.write(b"\x7e" + answer.strip(b"\x7e") + b"\x7e")


async def loaded(taken, start=run, stop=None, **options):
    """The result of a load, and the source addresses the platform saw."""
    peers = []
    server = await asyncio.get_running_loop().create_server(lambda: Door(peers, taken), "127.0.0.1", 0)
    async with server, asyncio.timeout(300):
        chosen = Options(port=server.sockets[0].getsockname()[1], ramp=0.0, seconds=0.1, **options)
        result = await (start(chosen) if stop is None else start(chosen, stop))
    return result, peers


@pytest.mark.parametrize("editions", Editions)
def test_everything_planned_is_sent_and_acknowledged(editions):
    seen = set()
    options = {"connections": 20, "rate": 2000.0, "editions": editions}
    result, peers = asyncio.run(loaded(lambda frame: not seen.add(frame), stop=asyncio.Event(), **options))
    assert (result.logged_in, result.failures, result.stopped) == (20, {}, False)
    assert (result.planned, result.sent, result.acknowledged, result.lost) == (200, 200, 200, 0)
    assert {frame.phone for frame in seen} == {str(13_900_000_000 + number) for number in range(20)}
    assert len({frame.edition for frame in seen}) == (2 if editions is Editions.MIXED else 1)
    assert 0.0 < result.latency_ms.p50 <= result.latency_ms.p99 <= result.latency_ms.max
    assert set(peers) == {"127.0.0.1"}
    assert json.loads(as_json(result))["acknowledged"] == 200


def test_what_is_not_answered_is_lost():
    options = {"connections": 10, "rate": 1000.0, "patience": 2.0}
    result, _ = asyncio.run(loaded(lambda frame: frame.serial % 2 == 0, stop=asyncio.Event(), **options))
    assert (result.sent, result.acknowledged, result.lost) == (100, 50, 50)


def test_a_stop_gives_the_figures_so_far():
    stop, seen = asyncio.Event(), []

    def taken(frame):
        seen.append(frame)
        if len(seen) == 5:
            stop.set()
        return len(seen) < 5

    result, _ = asyncio.run(loaded(taken, stop=stop, connections=5, rate=100.0))
    assert result.stopped
    assert result.acknowledged <= 4 < result.sent <= result.planned <= 10
    assert result.lost == result.sent - result.acknowledged


def test_an_interrupt_is_a_stop():
    def taken(_):
        signal.raise_signal(signal.SIGINT)
        return False

    result, _ = asyncio.run(loaded(taken, start=_until_signal, connections=1, rate=100.0))
    assert result.stopped
    assert 1 <= result.lost == result.sent <= result.planned <= 10


def test_connections_are_spread_over_source_addresses(monkeypatch):
    monkeypatch.setattr(machine, "PORTS_PER_SOURCE", 4)
    result, peers = asyncio.run(loaded(lambda _: True, stop=asyncio.Event(), connections=10, rate=1000.0))
    assert result.acknowledged == 100
    assert {peer: peers.count(peer) for peer in peers} == {"127.0.0.1": 4, "127.0.0.2": 3, "127.0.0.3": 3}


def test_nobody_listening_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = perform(Options(port=taken.getsockname()[1], connections=3, ramp=0.0))
    assert (result.logged_in, result.planned, result.failures) == (0, 0, {"not connected": 3})
    console = Console(record=True, width=100)
    console.print(as_table(result))
    assert "not connected" in console.export_text()


def test_the_gateway_finds_no_fault_in_the_county(tmp_path):
    write_county(tmp_path, 30, "13900000000", 7611, "state")
    configuration, faults = inspect(tmp_path, "en")
    assert faults == []
    assert len(configuration.devices) == 30
    (listener,) = configuration.listeners
    assert min(listener.max_connections, listener.limits.max_per_source, listener.limits.max_strangers) >= 30
