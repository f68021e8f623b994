"""A local broker from the nats-server wheel (MQTT 3.1.1, JetStream for QoS 1), on loopback, for demo and tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from gateway.console.lifeline import end_with_parent
from gateway.errors import OurFault
from gateway.phrases import phrase

PATIENCE = 10.0
"""Seconds a broker may take to listen."""


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(slots=True)
class LocalBroker:
    """One broker; its sessions and messages live in ``directory`` and outlast a restart."""

    directory: Path
    port: int = field(default_factory=free_port)
    ends_with_us: bool = False
    """Started from a thread that lives as long as the program."""
    repeat_after: int = 30
    """Seconds until it says again what was not acknowledged."""
    _client_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it listens.

        Raises:
            OurFault: it is not installed or does not come up.
        """
        beside = Path(sys.executable).parent / "nats-server"
        program = str(beside) if beside.exists() else shutil.which("nats-server")
        if program is None:
            raise OurFault(phrase("broker_missing"))
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "broker.conf"
        configuration.write_text(
            f"host: 127.0.0.1\nport: {self._client_port}\nserver_name: demo\n"
            f'jetstream {{ store_dir: "{self.directory / "store"}", sync_interval: always }}\n'
            f'mqtt {{ host: 127.0.0.1, port: {self.port}, ack_wait: "{self.repeat_after}s" }}\n',
            "utf-8",
        )
        with (self.directory / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [program, "-c", str(configuration)], stdout=log, stderr=log, start_new_session=True,
                preexec_fn=end_with_parent if self.ends_with_us else None,  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise OurFault(phrase("broker_silent", log=self.directory / "broker.log"))
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None
