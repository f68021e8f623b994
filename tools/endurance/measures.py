"""What is measured once a virtual day: of the process, of its directory, and of a start on a copy of it."""

from __future__ import annotations

import gc
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from gateway.demo.broker import free_port

GATEWAY = Path(sys.executable).parent / "bracelet-gateway"
PATIENCE, LOOK = 600.0, 1.0
"""Real seconds for a start, and between looks whether it goes on."""
LISTENING = re.compile(r'tcp: "127\.0\.0\.1:\d+"')
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
MEBIBYTE = float(1 << 20)

COPYING = "import shutil, sys; shutil.copytree(*sys.argv[1:], ignore=shutil.ignore_patterns('control.sock', 'lock'))"
Figures = dict[str, float]


def of_process() -> Figures:
    """Resident MiB, allocated blocks of the interpreter in thousands, and open descriptors."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE
    return {
        "memory": resident / MEBIBYTE,
        "blocks": sys.getallocatedblocks() / 1000.0,
        "descriptors": float(sum(1 for _ in Path("/proc/self/fd").iterdir()) - 1),
    }


def of_directory(state: Path) -> Figures:
    """MiB of each part of a state directory, and rows of each table of its ``state.db``."""
    parts = {"state.db": "state.db*", "journal": "journal/*.journal*", "configurations": "journal/configurations*"}
    parts |= {"history": "history/*", "snapshots": "snapshots/*"}
    found = {name: _mebibytes(state.glob(pattern)) for name, pattern in parts.items()}
    found["other files"] = _mebibytes(path for path in state.rglob("*") if path.is_file()) - sum(found.values())
    return found | {f"rows of {name}": float(rows) for name, rows in _rows(state / "state.db").items()}


def _mebibytes(paths) -> float:
    return sum(path.stat().st_size for path in paths) / MEBIBYTE


def _rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        own = [name for name in names if not name.startswith("sqlite_")]
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in own}  # noqa: S608  of the schema


def start_of_copy(county: Path, work: Path, now: float) -> Figures:
    """Seconds of a processor, and of the wall, from the start of a gateway on a copy of a county until it serves.

    As after a kill: the copy is made while the one that writes stands still, and is removed afterwards.
    """
    copy = work / "copy"
    # Beside this process: whoever opens and closes a file here takes SQLite's locks on it, which are the process's.
    subprocess.run([sys.executable, "-c", COPYING, county, copy], check=True)
    main = copy / "gateway.yaml"
    text = main.read_text("utf-8").replace(str(county), str(copy))
    main.write_text(LISTENING.sub(f'tcp: "127.0.0.1:{free_port()}"', text), "utf-8")
    try:
        return _started(copy, now)
    finally:
        shutil.rmtree(copy)


def _started(county: Path, now: float) -> Figures:
    ready = county / "ready"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as told, (county / "log").open("wb") as log:
        told.bind(str(ready))
        told.settimeout(LOOK)
        began = time.monotonic()
        words = [str(GATEWAY), "run", "--config", str(county), "--clock", f"{now},{time.time()},1"]
        process = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, "NOTIFY_SOCKET": str(ready)})
        try:
            while not _is_ready(told):
                assert process.poll() is None, (county / "log").read_text("utf-8")[-2000:]
                assert time.monotonic() - began < PATIENCE, "the start takes too long"
            wall = time.monotonic() - began
            fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        finally:
            process.kill()
            process.wait()
    return {"start": (int(fields[11]) + int(fields[12])) / TICKS, "start, wall": wall}


def _is_ready(told: socket.socket) -> bool:
    try:
        return b"READY=1" in told.recv(4096)
    except TimeoutError:
        return False
