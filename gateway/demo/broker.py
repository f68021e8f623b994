"""A local broker from the nats-server wheel (MQTT 3.1.1, JetStream for QoS 1), on loopback, for demo and tests."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.lifeline import end_with_parent, lifeline
from gateway.errors import OurFault
from gateway.words.phrases import phrase

PATIENCE = 60.0
"""Seconds a broker may take to listen; one that cannot says so at once."""
MOST_PORTS = 5
"""Pairs of ports that a new broker tries: another program may take one between our look and its start."""
LOWEST_PORT, HIGHEST_PORT = 10_000, 32_000
READY, TAKEN = b"Server is ready", b"address already in use"
"""What it writes into its log. That somebody listens on the port would not say who."""


def free_port(count: int = 1) -> int:
    """A loopback port nobody uses now, the first of ``count`` in a row, for connections and datagrams.

    It is this process's until it ends: no other call, here or in another process, is given the same. Of those that the
    system does not give to outgoing connections: such a one would take it before we do.
    """
    while True:
        port = LOWEST_PORT + secrets.randbelow(HIGHEST_PORT - LOWEST_PORT - count)
        claims = [claim for each in range(port, port + count) if (claim := _claim(each))]
        if len(claims) == count:
            for claim in claims:
                claim.detach()  # the system gives it up with the process: whoever uses the port may begin any time
            return port
        for claim in claims:
            claim.close()


def _claim(port: int) -> socket.socket | None:
    """A name that one process can hold, where no file stays behind; None where another has it, or the port itself."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0bracelet-gateway/port/{port}")
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as probe:
                probe.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return None
    return claim


@dataclass(slots=True)
class LocalBroker:
    """One broker; its sessions and messages live in ``directory`` and outlast a restart.

    ``port`` stands once it has been started.
    """

    directory: Path
    port: int = field(default_factory=free_port)
    ends_with_us: bool = False
    """Started from a thread that lives as long as the program; from the main thread it ends with us anyway."""
    repeat_after: int = 30
    """Seconds until it says again what was not acknowledged."""
    _client_port: int = field(default_factory=free_port)
    _has_run: bool = False
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it listens; on other ports where these are taken and nobody knows them yet.

        Raises:
            OurFault: it is not installed or does not come up; then no process of it is left.
        """
        program = server_program()
        for _ in range(MOST_PORTS):
            said = self._launch(program)
            if READY in said:
                self._has_run = True
                return
            self.stop()
            if self._has_run or TAKEN not in said:
                break
            self.port, self._client_port = free_port(), free_port()
        raise OurFault(phrase("broker_silent", log=self._log))

    @property
    def _log(self) -> Path:
        return self.directory / "broker.log"

    def _launch(self, program: str) -> bytes:
        """Start a process; returns what it has written once it is ready, has ended, or has had its time."""
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "broker.conf"
        configuration.write_text(
            f"host: 127.0.0.1\nport: {self._client_port}\nserver_name: demo\n"
            f'jetstream {{ store_dir: "{self.directory / "store"}", sync_interval: always }}\n'
            f'mqtt {{ host: 127.0.0.1, port: {self.port}, ack_wait: "{self.repeat_after}s" }}\n',
            "utf-8",
        )
        with self._log.open("ab") as log:
            begin = log.tell()
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [program, "-c", str(configuration)], stdout=log, stderr=log, start_new_session=True,
                preexec_fn=end_with_parent if self.ends_with_us else lifeline(),  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            is_over = self._process.poll() is not None or time.monotonic() > deadline
            said = self._log.read_bytes()[begin:]
            if is_over or READY in said:
                return said
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it, whatever state it is in."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would: what it has not written is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def server_program() -> str:
    """The nats-server of the wheel.

    Raises:
        OurFault: it is not installed.
    """
    beside = Path(sys.executable).parent / "nats-server"
    program = str(beside) if beside.exists() else shutil.which("nats-server")
    if program is None:
        raise OurFault(phrase("broker_missing"))
    return program
