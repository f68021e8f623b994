"""One county, every transport at once: TCP and UDP ports, a broker, a cable, and each report journaled once."""

from __future__ import annotations

import os
import socket
import threading
import time
import tty
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from gateway_process import PATIENCE, Gateway, eventually
from paho.mqtt.client import CallbackAPIVersion, Client
from plain_terminal import FLAG, POSITION, Terminal, position, unwrap
from pressed_county import device, phone, write_county

from gateway.demo.broker import LocalBroker, free_port
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORTS = 5
TCP, UDP, TOPIC, CABLE, SHARED, BOTH = range(6)


class Frames(Terminal):
    """A terminal's frames without its connection."""

    def __post_init__(self) -> None:
        """Nothing to connect."""


class Cable:
    """A pseudo-terminal under a fixed name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug()

    def plug(self) -> None:
        self.ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(self.ours, False)
        self.path.symlink_to(os.ttyname(theirs))
        os.close(theirs)

    def pull(self) -> None:
        self.path.unlink()
        os.close(self.ours)

    def read(self) -> bytes:
        with suppress(BlockingIOError):
            return os.read(self.ours, 4096)
        return b""


class County:
    """The daemon, its broker and its cable."""

    def __init__(self, directory: Path, broker: LocalBroker) -> None:
        self.broker = broker
        self.cable = Cable(directory / "tty")
        self.udp, self.shared = free_port(), free_port()
        county = write_county(directory / "county", free_port(), 6)
        file = county.directory / "gateway.yaml"
        ways = (
            f'  - {{name: bracelets, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{county.port}"}}',
            f'  - {{name: datagrams, protocol: jt808, profile: g10ls, udp: "127.0.0.1:{self.udp}"}}',
            f'  - {{name: topics, protocol: jt808, profile: g10ls, mqtt: "mqtt://127.0.0.1:{self.broker.port}"}}',
            f"  - {{name: cable, protocol: jt808, profile: g10ls, serial: {self.cable.path}}}",
            f'  - {{name: shared, protocol: auto, tcp: "127.0.0.1:{self.shared}"}}',
        )
        lines = file.read_text("utf-8").splitlines()
        at = next(index for index, line in enumerate(lines) if line.startswith("listeners:"))
        file.write_text("\n".join([*lines[:at], "listeners:", *ways, *lines[at + 1 :]]) + "\n", "utf-8")
        self.gateway = Gateway(county)

    def close(self) -> None:
        self.gateway.finish()
        self.cable.pull()

    def is_open(self, name: str) -> bool:
        return self.gateway.status()["listeners"][name] == "ok"


@contextmanager
def served(directory: Path) -> Iterator[County]:
    broker = LocalBroker(directory / "broker")
    broker.start()
    made = County(directory, broker)
    try:
        made.gateway.start()
        yield made
    finally:
        made.close()
        broker.stop()


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """A test's own."""
    with served(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Of the tests that leave it running, with all its ways open."""
    with served(tmp_path_factory.mktemp("ways")) as made:
        yield made
        assert made.gateway.stop() == 0


def frames_from(county: County, offset: int) -> list[tuple[str, str, bytes]]:
    """Device, listener and body of the frames journaled from an entry on."""
    entries = islice(county.gateway.journal(), offset, None)
    return [
        (origin.device, origin.listener, unwrap(raw)[12:])
        for kind, origin, _, raw in entries
        if kind is EntryKind.FRAME
    ]


def entries(county: County) -> int:
    return sum(1 for _ in county.gateway.journal())


def bodies(start: float) -> list[bytes]:
    return [position(start + 10 * number) for number in range(REPORTS)]


def answers(data: bytes) -> int:
    """Whole frames in what a device heard; each must be sound."""
    frames = [part for part in data.split(FLAG) if part]
    for frame in frames:
        unwrap(FLAG + frame + FLAG)
    return len(frames)


def by_tcp(port: int, number: int, start: float) -> None:
    with Terminal(port, phone(number)) as terminal:
        for body in bodies(start):
            terminal.ask(POSITION, body)


def by_udp(port: int, number: int, start: float) -> None:
    terminal = Frames(0, phone(number))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE)
        line.connect(("127.0.0.1", port))
        for body in bodies(start):
            line.send(terminal.frame(POSITION, body))
            assert answers(line.recv(4096)) == 1


def by_topic(port: int, start: float) -> None:
    terminal, heard = Frames(0, phone(TOPIC)), []
    client = Client(CallbackAPIVersion.VERSION2, client_id="bracelet")
    client.on_message = lambda *event: heard.append(event[2].payload)
    subscribed = threading.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe(f"bracelet/{phone(TOPIC)}/down", qos=1)
    assert subscribed.wait(PATIENCE)
    for count, body in enumerate(bodies(start)):
        client.publish(f"bracelet/{phone(TOPIC)}/up", terminal.frame(POSITION, body), qos=1).wait_for_publish(PATIENCE)
        eventually(lambda count=count: len(heard) > count, "the topic is answered")  # type: ignore[misc]
    client.disconnect()
    client.loop_stop()


def by_cable(cable: Cable, start: float) -> None:
    terminal, heard = Frames(0, phone(CABLE)), bytearray()
    for count, body in enumerate(bodies(start)):
        os.write(cable.ours, terminal.frame(POSITION, body))

        def is_answered(count: int = count) -> bool:
            heard.extend(cable.read())
            return heard.endswith(FLAG) and answers(bytes(heard)) > count

        eventually(is_answered, "the cable is answered")


def test_each_report_is_journaled_once_whichever_way_it_comes(shared: County) -> None:
    for name in ("topics", "cable"):
        eventually(lambda name=name: shared.is_open(name), f"{name} is open")  # type: ignore[misc]
    start, before = time.time() - 600, entries(shared)
    by_tcp(shared.gateway.county.port, TCP, start)
    by_udp(shared.udp, UDP, start)
    by_topic(shared.broker.port, start)
    by_cable(shared.cable, start)
    by_tcp(shared.shared, SHARED, start)
    came: dict[str, list[tuple[str, bytes]]] = {}
    for who, listener, body in frames_from(shared, before):
        came.setdefault(who, []).append((listener, body))
    ways = ("bracelets", "datagrams", "topics", "cable", "shared")
    assert came == {device(number): [(way, body) for body in bodies(start)] for number, way in enumerate(ways)}
    assert shared.gateway.tracebacks() == 0


def test_one_way_lost_stops_no_other_and_comes_back(shared: County) -> None:
    eventually(lambda: shared.is_open("cable") and shared.is_open("topics"), "all ways are open")
    start, before, lost = time.time() - 500, entries(shared), shared.gateway.refused("listener_lost")
    shared.broker.stop()
    shared.cable.pull()
    eventually(lambda: not shared.is_open("cable") and not shared.is_open("topics"), "two ways are missed")
    by_tcp(shared.gateway.county.port, TCP, start)
    by_udp(shared.udp, UDP, start)
    assert shared.gateway.status()["healthy"]
    shared.cable.plug()
    shared.broker.start()
    eventually(lambda: shared.is_open("cable") and shared.is_open("topics"), "they are back")
    by_topic(shared.broker.port, start)
    by_cable(shared.cable, start)
    assert shared.gateway.refused("listener_lost") == lost + 2
    came = sorted(who for who, *_ in frames_from(shared, before))
    assert came == sorted(device(number) for number in (TCP, UDP, TOPIC, CABLE) for _ in range(REPORTS))
    assert shared.gateway.tracebacks() == 0


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_retained_publish_is_journaled_once_over_a_new_start(county: County, end: str) -> None:
    raw = Frames(0, phone(TOPIC)).frame(POSITION, position(time.time() - 600))
    eventually(lambda: county.is_open("topics"), "the gateway listens")
    client = Client(CallbackAPIVersion.VERSION2, client_id="bracelet")
    client.connect("127.0.0.1", county.broker.port)
    heard: list[bytes] = []
    client.on_message = lambda _client, _data, message: heard.append(message.payload)
    client.loop_start()
    client.subscribe(f"bracelet/{phone(TOPIC)}/down", qos=1)
    client.publish(f"bracelet/{phone(TOPIC)}/up", raw, qos=1, retain=True).wait_for_publish(PATIENCE)
    eventually(lambda: heard, "the answer, and with it the acknowledgement before it, has reached the broker")
    client.disconnect()
    client.loop_stop()
    known = county.gateway.county.storage / "taken-topics.jsonl"
    eventually(lambda: known.exists() and known.read_bytes(), "it is durable")
    county.gateway.stop() if end == "stop" else county.gateway.kill()
    county.gateway.start()
    eventually(lambda: county.gateway.refused("publish_retained") == 1, "the broker says it again")
    assert county.gateway.status()["connected_devices"] == 0, "it is no sign of life"
    assert county.gateway.stop() == 0
    assert [frame for kind, _, _, frame in county.gateway.journal() if kind is EntryKind.FRAME] == [raw]


def test_the_newest_way_of_a_device_wins(shared: County) -> None:
    start, before = time.time() - 400, shared.gateway.refused("session_superseded")
    with Terminal(shared.gateway.county.port, phone(BOTH)) as terminal:
        terminal.ask(POSITION, position(start - 60))
        by_udp(shared.udp, BOTH, start)
        assert terminal.receive() is None, "the older way is closed"
    assert shared.gateway.refused("session_superseded") == before + 1
