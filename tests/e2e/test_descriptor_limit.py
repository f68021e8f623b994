"""At the limit of descriptors the daemon answers its operator, stores what comes, and takes devices again later."""

from __future__ import annotations

import resource
import socket
import subprocess
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 80


class Confined(Gateway):
    """A daemon that may open few descriptors."""

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command_line, stdout=log, stderr=log,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT)),  # noqa: PLW1509  no lock
            )  # fmt: skip
        eventually(self._serves, "gateway serves")


def test_status_and_devices_at_the_limit(tmp_path: Path) -> None:
    gateway = Confined(write_county(tmp_path / "county", free_port(), 3))
    gateway.start()
    try:
        with Terminal(gateway.county.port, phone(0)) as terminal, ExitStack() as crowd:
            terminal.log_in()
            for _ in range(2 * LIMIT):
                crowd.enter_context(socket.create_connection(("127.0.0.1", gateway.county.port)))
            eventually(lambda: gateway.refused("descriptors_short") >= LIMIT, "the crowd is refused")
            assert gateway.command("status").returncode == 0
            assert gateway.status()["healthy"]
            terminal.ask(POSITION, position(time.time(), alarm=SOS))
            eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
        eventually(lambda: gateway.status()["connections"]["bracelets"] == 0, "the crowd has gone")
        with Terminal(gateway.county.port, phone(1)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(time.time()))
        assert gateway.tracebacks() == 0
    finally:
        gateway.finish()
