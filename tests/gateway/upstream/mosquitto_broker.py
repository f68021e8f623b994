"""Mosquitto as a process of its own, on loopback; what it keeps lies in its folder and outlives a restart."""

from __future__ import annotations

import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from pathlib import Path

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


@dataclass
class Mosquitto:
    """Anybody may come; ``more``: further lines of its configuration."""

    folder: Path
    more: str = ""
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        if MOSQUITTO is None:
            pytest.skip("NOT SHOWN HERE: mosquitto is not installed (apt-get install mosquitto)")
        self.folder.mkdir(mode=0o755, exist_ok=True)

    def start(self) -> None:
        """Start and wait until it listens."""
        configuration, said = self.folder / "mosquitto.conf", self.folder / "log"
        configuration.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\nuser root\n{self.more}", "utf-8"
        )
        with said.open("ab") as log:
            self._process = subprocess.Popen([MOSQUITTO, "-c", str(configuration)], stdout=log, stderr=log)
        while not self._listens():
            assert self._process.poll() is None, said.read_text("utf-8")

    def stop(self) -> None:
        """In good order: it keeps what it is to keep."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
