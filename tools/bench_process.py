"""Servers under measurement: started, loaded, asked, stopped; and the machine they run on."""

from __future__ import annotations

import json
import os
import platform
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.control.client import ask
from gateway.control.messages import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
GATEWAY = (str(Path(sys.executable).parent / "bracelet-gateway"),)
UNIT = HERE.parent / "systemd" / "bracelet-gateway.service"
PATIENCE = 600.0
"""Seconds that a server may take to listen: a large county is compiled first."""
CPU_CLOCK = 2


def machine() -> str:
    """Cores, model of the processor, Python: figures are of one machine."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{len(os.sched_getaffinity(0))} cores, {', '.join(models)}, Python {platform.python_version()}, {system}"


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, to the nanosecond (clock_getcpuclockid(3), as Linux makes it)."""
    return time.clock_gettime(~pid << 3 | CPU_CLOCK)


def as_installed() -> dict[str, str]:
    """Variables that the service's unit sets: how memory is given back is measured as it is installed."""
    lines = [line.partition("=")[2] for line in UNIT.read_text("utf-8").splitlines() if line.startswith("Environment=")]
    return dict(each.split("=", 1) for line in lines for each in line.split())


def memory_mib(pid: int) -> float:
    """Resident set of a process."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@dataclass(frozen=True)
class Server:
    """A process that listens; ``folder``: of the gateway, its configuration."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path | None = None

    def wait(self) -> None:
        """Until it listens."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                sys.exit(f"the server ended with {self.process.returncode}: {self.said()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit(f"the server did not listen within {PATIENCE:.0f} s")

    def said(self) -> str:
        """The end of its log."""
        return "" if self.folder is None else (self.folder / "log").read_text("utf-8")[-2000:]

    def status(self) -> dict[str, Any]:
        """What the gateway says of itself."""
        assert self.folder is not None
        return ask(self.folder / "data", Request("status")).data

    def load(self, connections: int, seconds: float, **how: float | str) -> dict:
        """One round of load; the server's CPU is counted between the load's start and end."""
        return self.measured(begun(self.port, connections, seconds, **how))

    def measured(self, load: subprocess.Popen[str]) -> dict:
        """What a load has found that was begun, and what the server spent on it meanwhile."""
        assert load.stdout is not None
        assert load.stdout.readline().strip() == "go", self.said()
        before = cpu_seconds(self.process.pid)
        result = json.loads(load.stdout.readline())
        result["cpu_s"] = cpu_seconds(self.process.pid) - before
        result["memory_mib"] = memory_mib(self.process.pid)
        load.wait()
        return result


def begun(port: int, connections: int, seconds: float, **how: float | str) -> subprocess.Popen[str]:
    """A load process; ``how``: its options, with ``_`` for ``-``."""
    options = [each for name, value in how.items() for each in (f"--{name.replace('_', '-')}", str(value))]
    line = [sys.executable, str(HERE / "bench_load.py"), str(port), str(connections), str(seconds), *options]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


@contextmanager
def echo(port: int, protocol: str) -> Iterator[Server]:
    """A bare echo."""
    line = [sys.executable, str(HERE / "bench_echo.py"), str(port), protocol]
    with _running(line, port, None) as server:
        yield server


@contextmanager
def gateway(folder: Path, port: int, program: Sequence[str] = GATEWAY) -> Iterator[Server]:
    """The gateway with the configuration of a folder; ``program``: what stands for its command."""
    with _running([*program, "run", "--config", str(folder)], port, folder) as server:
        yield server


@contextmanager
def _running(line: Sequence[str], port: int, folder: Path | None) -> Iterator[Server]:
    log = Path(os.devnull) if folder is None else folder / "log"
    with log.open("wb") as out:
        server = Server(subprocess.Popen(line, stderr=out, env=os.environ | as_installed()), port, folder)
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(PATIENCE)
