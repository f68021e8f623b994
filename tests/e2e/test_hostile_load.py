"""A hostile crowd beside good bracelets: these are answered and kept, each refusal is counted, all stays bounded."""

from __future__ import annotations

import os
import resource
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from hostile_crowd import KINDS, Crowd
from plain_terminal import POSITION, DatagramTerminal, Terminal, position
from pressed_county import device, phone, write_county

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.intake.pending import MOST_PENDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOM = 8_192
GROWN = 96 << 20
"""Bytes by which the daemon's memory may grow beside the crowd: twenty kilobytes a connection of the greatest crowd."""
AGAIN, AGAIN_AFTER = 30, 5.0
"""How often a report is sent before it counts as not answered, and seconds between."""
OWN = 8
"""Descriptors that it may have opened for itself meanwhile: files of a day, a snapshot."""
LOG = 1 << 20
"""Bytes of log for the whole siege."""
REFUSED = {
    "unknown_device": "floods, half logins, strangers", "rubbish": "what is no frame", "wrong_credential": "codes",
}  # fmt: skip


@pytest.fixture
def besieged(tmp_path: Path) -> Iterator[Callable[[int], tuple[Gateway, int]]]:
    """A gateway of so many bracelets with room for a crowd, and its port for datagrams."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    made: list[Gateway] = []

    def make(bracelets: int) -> tuple[Gateway, int]:
        udp = free_port()
        county = write_county(tmp_path / "county", free_port(), bracelets, udp=udp)
        main = county.directory / "gateway.yaml"
        main.write_text(main.read_text("utf-8").replace("tcp:", f"max_connections: {ROOM}, tcp:"), "utf-8")
        made.append(Gateway(county))
        made[0].start()
        return made[0], udp

    yield make
    for gateway in made:
        gateway.finish()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def told(line: Terminal, moment: float) -> None:
    """Report until it is answered: a datagram may be lost, and a device sends it again."""
    frame, serial = line.frame(POSITION, position(moment)), line.serial - 1
    for _ in range(AGAIN):
        line.send(frame)
        with suppress(TimeoutError):
            if answered(line, serial):
                return
    raise AssertionError(f"{line.phone} is not answered")


def answered(line: Terminal, serial: int) -> bool:
    """Whether a report is; answers to what was sent twice before it are passed over."""
    while (answer := line.receive(AGAIN_AFTER)) is not None:
        if answer.answered == (serial, POSITION, 0):
            return True
        assert answer.answered < (serial, POSITION, 0)
    raise AssertionError("the gateway closed the line of a good one")


def resident(gateway: Gateway) -> int:
    assert gateway.process is not None
    return int(Path(f"/proc/{gateway.process.pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(gateway: Gateway) -> int:
    assert gateway.process is not None
    return sum(1 for _ in Path(f"/proc/{gateway.process.pid}/fd").iterdir())


@pytest.mark.parametrize(
    ("hostile", "good", "reports", "rounds"),
    [(210, 40, 5, 12), pytest.param(5_000, 1_000, 20, 60, marks=pytest.mark.torture)],
)
def test_beside_a_crowd_of_every_kind_the_good_are_served_and_nothing_grows(besieged, hostile, good, reports, rounds):
    gateway, udp = besieged(good + 1)
    port, moment = gateway.county.port, int(time.time()) - 10_000
    with ExitStack() as ours:
        lines = [ours.enter_context(Terminal(port, phone(number))) for number in range(1, good + 1)]
        lines[0] = ours.enter_context(DatagramTerminal(udp, phone(1)))
        for line in lines:
            line.log_in()
        quiet, before = resident(gateway), descriptors(gateway)
        with Crowd(port, udp, hostile, int(phone(0)), rounds) as crowd:
            for turn in range(reports):
                for line in lines:
                    told(line, moment + turn)
            eventually(lambda: crowd.rounds == rounds, "each has said its part")
            status = gateway.status()
            assert status["healthy"]
            assert resident(gateway) - quiet < GROWN
            assert len(ask(gateway.county.storage, Request("pending")).data["pending"]) == MOST_PENDING
            assert crowd.connected >= hostile >= len(KINDS)
            assert crowd.unknown > 10 * MOST_PENDING
        missing = {reason for reason in REFUSED if not status["refused"].get(reason)}
        assert not missing, status["refused"]
        eventually(lambda: descriptors(gateway) <= before + OWN, "the crowd's descriptors are given back")
        for line in lines:
            told(line, moment + reports)
    wanted = {(device(number), moment + turn) for number in range(1, good + 1) for turn in range(reports + 1)}
    gateway.settle()
    assert wanted <= set(gateway.journaled())
    assert gateway.log.stat().st_size < LOG
    assert gateway.tracebacks() == 0
