"""Alarms into a file, one CloudEvents JSON a line: the simplest upstream, and the one to try first."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from gateway.errors import OurFault
from gateway.upstream.backoff import Backoff

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.settings.model import Upstream
    from gateway.store import Owed, StateStore
    from gateway.writer import Writer

log = structlog.get_logger()


@dataclass(slots=True)
class FileUpstream:
    """Appends, flushes to disk, then marks as delivered."""

    upstream: Upstream
    store: StateStore
    writer: Writer
    clock: Clock
    connected: bool = True
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _backoff: Backoff = field(default_factory=Backoff)

    def notify(self) -> None:
        """Something new is owed."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; a file that cannot be written is tried again."""
        while True:
            self._wake.clear()
            try:
                rows = await self.writer.run(self.store.owed, self.upstream.name)
                if rows:
                    await self.writer.run(self._append, rows)
                else:
                    await self._wake.wait()
            except (OSError, OurFault) as fault:
                self.connected = False
                log.warning("alarm file cannot be written", upstream=self.upstream.name, fault=str(fault))
                await asyncio.sleep(self._backoff.next_wait())
                continue
            self.connected = True
            self._backoff.reset()

    def _append(self, rows: list[Owed]) -> None:
        """Runs in the writer thread. A crash between the two steps repeats lines, never loses one: ids tell."""
        path = Path(self.upstream.url)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = _tail_ids(path) if any(row.attempted for row in rows) else set()
        self.store.mark(self.upstream.name, [row.seq for row in rows], self.clock.now(), delivered=False)
        with path.open("ab") as out:
            for row in rows:
                if row.id not in known:
                    out.write(row.body + b"\n")
            out.flush()
            os.fsync(out.fileno())
        self.store.mark(self.upstream.name, [row.seq for row in rows], self.clock.now(), delivered=True)


class _Line(msgspec.Struct):
    """What is read back of a line."""

    id: str


def _tail_ids(path: Path) -> set[str]:
    """Ids of the last lines, to know what a crash had left in doubt."""
    if not path.exists():
        return set()
    lines = path.read_bytes().splitlines()[-1000:]
    return {msgspec.json.decode(line, type=_Line).id for line in lines if line.endswith(b"}")}
