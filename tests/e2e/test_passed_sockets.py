"""As under systemd: who starts the daemon holds its ports and control socket, and its unit filters its calls."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from as_systemd import can_filter
from gateway_process import PATIENCE, Gateway
from plain_terminal import POSITION, DatagramTerminal, Terminal, position
from pressed_county import device, phone, write_county

from gateway.demo.broker import free_port
from gateway.demo.lifeline import lifeline

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN = Path(__file__).with_name("as_systemd.py")
UNIT = Path(__file__).parents[2] / "systemd" / "bracelet-gateway.service"
ROUNDS = 2
"""Starts: the first, and one after a stop."""


class Held(Gateway):
    """A daemon whose sockets are ours, too."""

    def hold(self, udp: int) -> None:
        """Open them; one is nobody's."""
        self.county.storage.mkdir(mode=0o700)
        self.udp = udp
        self.sockets = {
            f"tcp-{self.county.port}": socket.create_server(("127.0.0.1", self.county.port), backlog=64),
            f"udp-{udp}": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "control": socket.socket(socket.AF_UNIX),
            "spare": socket.create_server(("127.0.0.1", 0)),
        }
        self.sockets[f"udp-{udp}"].bind(("127.0.0.1", udp))
        self.sockets["control"].bind(self.control)
        self.sockets["control"].listen(16)

    @property
    def control(self) -> str:
        return str(self.county.storage / "control.sock")

    def begin(self) -> None:
        """Start, and wait for nothing."""
        # Out of the way of the numbers that they are moved to.
        high = [os.dup2(one.fileno(), 100 + place) for place, one in enumerate(self.sockets.values())]
        words = [str(UNIT), ":".join(self.sockets), *map(str, high), "--", *self.command_line]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(BEGIN), *words], stdout=log, stderr=log, pass_fds=high,
                preexec_fn=lifeline(),  # noqa: PLW1509  no thread of this test holds a lock then
            )  # fmt: skip
        for number in high:
            os.close(number)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    udp = free_port()
    gateway = Held(write_county(tmp_path_factory.mktemp("held") / "county", free_port(), ROUNDS * 2, udp=udp))
    gateway.hold(udp)
    yield gateway
    gateway.finish()
    for one in gateway.sockets.values():
        one.close()


def come(held: Held, first: int) -> None:
    """A device by each way in, and an officer, all before the daemon is there; then it starts, and each is answered."""
    with ExitStack() as lines:
        there = lines.enter_context(Terminal(held.county.port, phone(first)))
        sent = lines.enter_context(DatagramTerminal(held.udp, phone(first + 1)))
        officer = lines.enter_context(closing(socket.socket(socket.AF_UNIX)))
        for one in (there, sent):
            one.send(one.frame(POSITION, position(time.time())))
        officer.connect(held.control)
        officer.settimeout(PATIENCE)
        officer.sendall(b'{"do": "status"}\n')
        held.begin()
        for one in (there, sent):
            one.line.settimeout(PATIENCE)
            one.expect(POSITION, 0)
        assert officer.recv(100).startswith(b'{"ok":true')


def test_who_comes_while_the_daemon_is_away_is_answered_when_it_is_back(held):
    for each in range(ROUNDS):
        come(held, ROUNDS * each)
        if each + 1 < ROUNDS:
            assert held.stop() == 0
    assert {who for who, _ in held.journaled()} == {device(number) for number in range(ROUNDS * 2)}
    assert held.log.read_text("utf-8").count("a socket was passed that is nobody's") == ROUNDS
    assert Path(held.control).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not can_filter(), reason="systemd is not installed here")
def test_the_unit_s_filter_breaks_nothing(held):
    """What compiles, what forks, puts itself behind and limits itself (``track``), and an alarm."""
    shut_in = next(line for line in held.command("doctor").stdout.splitlines() if "is shut in:" in line)
    assert "no new privileges" in shut_in
    assert "calls filtered" in shut_in
    since = datetime.fromtimestamp(time.time() - 3600, ZoneInfo("Asia/Shanghai"))
    track = held.command("track", "P0000", "--since", f"{since:%Y-%m-%d %H:%M}", "--csv")
    assert device(0) in track.stdout, track
    with Terminal(held.county.port, phone(0)) as terminal:
        terminal.ask(POSITION, position(time.time(), alarm=1))
    held.settle()
    assert [event["type"] for event in held.events()][:1] == ["bracelet.alarm.raised"]
    assert held.status()["healthy"]
    assert held.tracebacks() == 0
