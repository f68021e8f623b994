"""The daemon as a process of its own, as it runs in a county: started, asked, killed."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from programs import GATEWAY, PATIENCE, begun, ran

from gateway.control.client import ask, granted
from gateway.control.messages import Request
from gateway.errors import TransientFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.store.state_db import StateStore
from protocols.registry import FAMILIES
from protocols.session import FrameBatch

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pressed_county import County

    from gateway.journal.entries import Origin


def eventually(fulfilled: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Poll until something another process does has happened."""
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not fulfilled():
        assert time.monotonic() < deadline, f"in {patience:.0f} s not: {what}"
        pause.wait(0.02)


@dataclass
class Gateway:
    """One daemon; ``log`` is its standard error."""

    county: County
    clock: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.county.directory / "gateway.log"

    @property
    def command_line(self) -> list[str]:
        clock = ["--clock", self.clock] if self.clock else []
        return [GATEWAY, "run", "--config", str(self.county.directory), *clock, *self.options]

    def start(self) -> None:
        """Start and wait until it serves."""
        with self.log.open("ab") as log:
            self.process = begun(self.command_line, log, log, {**os.environ, **self.environment})
        eventually(self._serves, "gateway serves")

    def _serves(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")[-2000:]
        try:
            return bool(self.status())
        except TransientFault:
            return False

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, patience: float = PATIENCE) -> int:
        """SIGTERM; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(patience)

    def finish(self) -> None:
        """Whatever the test left running."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def status(self) -> dict[str, Any]:
        """What the control socket says.

        Raises:
            TransientFault: nobody listens.
        """
        if not self.county.storage.is_dir():
            raise TransientFault("no state directory yet")
        return ask(self.county.storage, Request("status")).data

    def refused(self, reason: str) -> int:
        """How often something was refused under a reason."""
        count: int = self.status()["refused"].get(reason, 0)
        return count

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command line beside the daemon."""
        return ran([GATEWAY, *arguments, "--config", self.county.directory])

    def journal(self) -> Iterator[tuple[EntryKind, Origin, float, bytes]]:
        """Every entry, in order."""
        journal = FileJournal(self.county.storage / "journal", read_only=True)
        for _, batch in journal.read(0):
            for index in range(len(batch)):
                kind = EntryKind(int(batch.kind[index]))
                yield kind, batch.origin_of(index), float(batch.received[index]), batch.bytes_of(index)

    def journaled(self) -> list[tuple[str, int]]:
        """(device, device time in seconds) of every journaled report, decoded."""
        frames = [(origin.device, raw) for kind, origin, _, raw in self.journal() if kind is EntryKind.FRAME]
        if not frames:
            return []
        reports = FAMILIES["jt808"].decode(FrameBatch.of([raw for _, raw in frames], "g10ls"))
        return [
            (frames[frame][0], round(moment))
            for frame, moment in zip(reports.frame.tolist(), reports.time.tolist(), strict=True)
        ]

    def events(self) -> list[dict[str, Any]]:
        """Every event that state.db holds, in order."""
        store = StateStore(self.county.storage / "state.db", read_only=True)
        try:
            return [json.loads(body) for body in store.events()]
        finally:
            store.close()

    def owed(self) -> int:
        """Events no upstream has confirmed."""
        store = StateStore(self.county.storage / "state.db", read_only=True)
        try:
            return store.figures()["owed"]
        finally:
            store.close()

    def settle(self) -> None:
        """Wait until everything durable by now is applied, committed and delivered."""
        self._is_applied(FileJournal(self.county.storage / "journal", read_only=True).next_offset)

    def tick(self) -> None:
        """As ``settle``, with all that is due by now: after a tick, for which the machine's clock takes a minute."""
        self._is_applied(FileJournal(self.county.storage / "journal", read_only=True).next_offset + 1)

    def _is_applied(self, end: int) -> None:
        eventually(lambda: self.status()["applied_offset"] >= end, "what is durable is applied")
        granted(ask(self.county.storage, Request("keep_history")))  # comes after the commit of what was applied
        eventually(lambda: self.owed() == 0, "what was said is delivered")

    def tracebacks(self) -> int:
        """Tracebacks in the log; there must be none."""
        return self.log.read_text("utf-8").count("Traceback")


def locked(gateway: Gateway) -> sqlite3.Connection:
    """Another process's write lock on the segment in use: what a stuck backup does."""
    (segment,) = (gateway.county.storage / "journal").glob("*.journal")
    connection = sqlite3.connect(segment, isolation_level=None, timeout=20)
    connection.execute("BEGIN IMMEDIATE")
    return connection
