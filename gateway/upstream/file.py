"""Alarms into a file, one CloudEvents JSON a line: the simplest upstream, and the one to try first."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import structlog

from gateway.backoff import Backoff
from gateway.decoded import from_json
from gateway.errors import GatewayFault
from gateway.on_disk import make, sync
from gateway.private import opener
from gateway.store.outbox import Marks
from gateway.upstream.timing import RealTiming, pause
from gateway.upstream.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.model import Upstream
    from gateway.store.outbox import Owed
    from gateway.upstream.contract import Means
    from gateway.upstream.rows import OwnRows
    from gateway.upstream.timing import Timing
    from gateway.words.texts import Text

WINDOW = 64
"""Lines written before they are flushed to the disk."""
TAIL = 4 << 20
"""Bytes at the file's end among which lines of a window that a crash interrupted are looked for."""

log = structlog.get_logger()


@dataclass(slots=True)
class FileUpstream:
    """Appends, flushes to disk, then marks as delivered. The most urgent alarms come first, those of one in order."""

    upstream: Upstream
    rows: OwnRows
    timing: Timing = field(default_factory=RealTiming)
    connected: bool = True
    troubles: Troubles = field(default_factory=Troubles)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _backoff: Backoff = field(default_factory=Backoff)

    def notify(self) -> None:
        """Something new is owed."""
        self._wake.set()

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Always empty: a file refuses no single line."""
        return self.rows.set_aside

    @property
    def trouble(self) -> Text | None:
        """What a person should know, in words; None while all is well."""
        return self.troubles.said(self.set_aside)

    async def run(self) -> None:
        """Deliver until cancelled; a file that cannot be written is tried again."""
        while True:
            self._wake.clear()
            try:
                rows = await self.rows.unsettled() or await self.rows.first(WINDOW)
                if rows:
                    # In no thread that anybody else waits for: a file may lie on a server that hangs.
                    await asyncio.to_thread(append, Path(self.upstream.url), rows)
                    await self.rows.note(Marks(delivered=[row.seq for row in rows]))
                else:
                    await self._wake.wait()
            except (OSError, GatewayFault) as fault:
                self.connected = False
                log.warning("alarm file cannot be written", upstream=self.upstream.name, fault=str(fault))
                self.troubles.note("file_unwritable", cause=getattr(fault, "strerror", None) or str(fault))
                await pause(self.timing, self._backoff.next_wait())
                continue
            self.connected = True
            self.troubles.clear("file_unwritable")
            self._backoff.reset()

    async def resend(self) -> int:
        """Nothing of a file is ever set aside."""
        return 0

    async def farewell(self) -> None:
        """A file has nobody who waits for signs of life."""


def made(upstream: Upstream, means: Means) -> FileUpstream:
    """A file that is appended to."""
    return FileUpstream(upstream, means.rows(upstream))


def append(path: Path, rows: list[Owed]) -> None:
    """Put rows at a file's end, on the disk on return; a crash before they are marked repeats no line: ids tell.

    Raises:
        OSError: it cannot be written; to be tried again.
    """
    make(path.parent)
    with open(path, "ab+", opener=opener) as out:
        known = _tail_ids(path)
        if not _ends_whole(out):
            out.write(b"\n")
        for row in rows:
            if row.id not in known:
                out.write(row.body + b"\n")
        out.flush()
        os.fsync(out.fileno())
    sync(path.parent)


class _Line(msgspec.Struct):
    """What is read back of a line."""

    id: str


def _ends_whole(out: BinaryIO) -> bool:
    """Whether the file ends with a whole line: else what comes next would be a part of the torn one."""
    if out.seek(0, os.SEEK_END) == 0:
        return True
    out.seek(-1, os.SEEK_END)
    return out.read(1) == b"\n"


def _tail_ids(path: Path) -> set[str]:
    """Ids of the last whole lines, to know what a crash had left in doubt; what is no line of ours is passed over."""
    if not path.exists():
        return set()
    with path.open("rb") as lines:
        lines.seek(max(0, lines.seek(0, os.SEEK_END) - TAIL))
        whole = lines.read(TAIL).split(b"\n")[:-1]
    return {identity for line in whole if (identity := _id_of(line))}


def _id_of(line: bytes) -> str:
    try:
        return from_json(line, _Line).id
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return ""
