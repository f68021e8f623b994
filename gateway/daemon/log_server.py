"""What a log server is told: the audit and alarms from where they are stored, at cursors of its own, and troubles.

Nothing waits for it, and nothing of the first two is lost while it is away: they are read once it takes them. What was
not sure when a line ended is said again on the next, so that it hears each at least once.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import structlog

from gateway.backoff import Backoff
from gateway.decoded import from_json
from gateway.errors import GatewayFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.on_disk import sync
from gateway.private import given
from gateway.tls import Certificates
from gateway.upstream.syslog_line import reach
from gateway.upstream.syslog_marks import Marks, Position
from gateway.upstream.syslog_message import Speaker
from gateway.upstream.syslog_table import ENTRIES, codes_of, of_alarm, of_entry, of_trouble
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping
    from pathlib import Path

    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.contract import Journal
    from gateway.settings.model import Staff, Syslog
    from gateway.upstream.syslog_line import Line
    from gateway.upstream.syslog_message import Message

NAME: Final = "syslog"
FILE: Final = "syslog.json"
"""In the storage directory: up to where the log server has all."""
LOOK: Final = 1.0
"""Seconds between looks for what is new."""
MOST: Final = 500
"""Messages read at once."""
MOST_ENTRIES: Final = 200_000
"""Entries looked through at once, so that a look takes no long while."""
TROUBLES: Final = 200
"""Troubles kept while nobody takes them; those above are counted."""
_AUDITED: Final = np.zeros(256, np.bool_)
_AUDITED[list(ENTRIES)] = True

log = structlog.get_logger()


@dataclass(slots=True)
class LogServer:
    """Tells one log server, for ever.

    Attributes:
        directory: where journal and state.db are.
        language: of texts for people.
        staff: the table of staff now.
    """

    settings: Syslog
    pipeline: Pipeline
    directory: Path
    language: str
    staff: Callable[[], Mapping[str, Staff]]
    connected: bool = False
    _speaker: Speaker = field(init=False)
    _marks: Marks = field(init=False)
    _certificates: Certificates = field(init=False)
    _troubles: deque[Message] = field(default_factory=deque)
    _known: dict[str, str] = field(default_factory=dict)
    _sent: int = 0
    _left_out: int = 0
    _even: float = field(default_factory=time.monotonic)
    """When it had been told all that there was, monotonic."""
    _journal: FileJournal | None = None
    """Its own reader, used in one thread at a time."""

    def __post_init__(self) -> None:
        self._speaker = Speaker(self.settings.enterprise)
        self._certificates = Certificates(self.settings.tls)

    def figures(self) -> dict[str, Any]:
        """For the status: whether it takes what it gets, how far behind it is, and what was left out."""
        behind = round(time.monotonic() - self._even, 1)
        return {"connected": self.connected, "sent": self._sent, "lag_seconds": behind, "left_out": self._left_out}

    async def begin(self) -> None:
        """Before anything of this start is journaled: the first time, it is told what comes from here on."""
        if not (self.directory / FILE).exists():
            await asyncio.to_thread(keep, self.directory, await self._end())

    async def run(self) -> None:
        """Tell it, until cancelled; a line that ends is made anew."""
        self._marks, backoff = Marks(await self._remembered()), Backoff()
        while True:
            try:
                await self._on_a_line(backoff)
            except (OSError, TimeoutError, ssl.SSLError, GatewayFault) as fault:
                self._marks.lose()
                self._note(getattr(fault, "verify_message", None) or getattr(fault, "strerror", None) or str(fault))
            await self._wait(backoff.next_wait())

    async def _wait(self, seconds: float) -> None:
        """Troubles that come and go meanwhile are heard of afterwards."""
        for _ in range(max(1, round(seconds / LOOK))):
            self._look_for_troubles()
            await asyncio.sleep(LOOK)

    async def _on_a_line(self, backoff: Backoff) -> None:
        context = self._certificates.context() if self.settings.address.startswith("tls:") else None
        line = await reach(self.settings.address, context)
        try:
            self._note("")
            while True:
                while await self._tell_more(line):
                    backoff.reset()
                await self._settle(line)
                await self._wait(LOOK)
        finally:
            self.connected = False
            line.close()

    def _note(self, cause: str) -> None:
        self.connected = not cause
        where = self.settings.address
        trouble = phrase("syslog_away", where=where, cause=cause) if cause else None
        if self.pipeline.health.note(NAME, trouble):
            if cause:
                log.warning("log server away", where=where, fault=cause)
            else:
                log.info("log server takes what it is told", where=where)

    # What there is

    async def _tell_more(self, line: Line) -> bool:
        """Tell what is new; whether there may be more at once."""
        self._look_for_troubles()
        while self._troubles:
            await line.say(self._speaker.say(self._troubles[0]))
            self._troubles.popleft()
            self._sent += 1
        before = self._marks.told
        audit, until = await self._audit(before.audit)
        alarms, last = await self._alarms(before.alarms)
        for message in (*audit, *alarms):
            await line.say(self._speaker.say(message))
            self._sent += 1
        if (now := Position(until, last)) != before:
            self._marks.say(now, time.monotonic(), len(audit) + len(alarms))
        return bool(audit or alarms)

    async def _audit(self, first: int) -> tuple[list[Message], int]:
        if "audit" not in self.settings.sends or first >= self.pipeline.journal.head.offset:
            return [], max(first, self.pipeline.journal.head.offset)
        return await asyncio.to_thread(self._read, first)

    def _read(self, first: int) -> tuple[list[Message], int]:
        self._journal = self._journal or FileJournal(self.directory / "journal", read_only=True)
        if (begins := self._journal.begins) > first:
            log.error("entries were removed before the log server had them", first=first, until=begins)
            self._left_out += begins - first
        return audited(self._journal, max(first, begins), codes_of(self.staff()))

    async def _alarms(self, last: int) -> tuple[list[Message], int]:
        run, store = self.pipeline.writer.run, self.pipeline.store
        if "alarms" not in self.settings.sends:
            return [], last
        rows = await run(store.events_after, last, MOST)
        return [of_alarm(body, self.language) for _, body in rows], rows[-1][0] if rows else last

    def _look_for_troubles(self) -> None:
        """Troubles that have begun, changed or passed since the last look; ours, that it is away, is known to it."""
        troubles = self.pipeline.health.troubles.items()
        now, before = {part: trouble.of(self.language) for part, trouble in troubles}, self._known
        now.pop(NAME, None)
        self._known = now
        if "faults" not in self.settings.sends:
            return
        for part in sorted(now.keys() | before.keys()):
            if now.get(part, "") != before.get(part, ""):
                self._troubles.append(of_trouble(part, now.get(part, ""), self.pipeline.intake.now()))
        while len(self._troubles) > TROUBLES:
            self._troubles.popleft()
            self._left_out += 1

    # How far it has come

    async def _settle(self, line: Line) -> None:
        is_taken = line.is_taken()
        if self._marks.look(time.monotonic(), is_taken=is_taken):
            await asyncio.to_thread(keep, self.directory, self._marks.sure)
        if is_taken:
            self._even = time.monotonic()

    async def _remembered(self) -> Position:
        """Where to go on; the first time from now on, and from the beginning where that cannot be read any more."""
        end = await self._end()
        try:
            kept = from_json((self.directory / FILE).read_bytes(), Position)
        except FileNotFoundError:
            return end
        except (OSError, msgspec.MsgspecError, UnicodeError) as fault:
            log.warning("it is not known what the log server has; all is told again", fault=str(fault))
            return Position(0, 0)
        return Position(min(kept.audit, end.audit), min(kept.alarms, end.alarms))

    async def _end(self) -> Position:
        last = await self.pipeline.writer.run(self.pipeline.store.last_event)
        return Position(self.pipeline.journal.head.offset, last)


def audited(journal: Journal, first: int, codes: Container[str]) -> tuple[list[Message], int]:
    """What is to be told of entries from ``first`` on, some of them, and the offset behind those looked at.

    ``codes``: what may stand for a person of the staff.

    Raises:
        GatewayFault: the journal cannot be read.
    """
    found: list[Message] = []
    until = first
    for offset, batch in journal.read(first):
        for row in np.flatnonzero(_AUDITED[batch.kind]).tolist():
            if len(found) == MOST:
                return found, offset + row
            kind = EntryKind(int(batch.kind[row]))
            found.append(of_entry(kind, offset + row, float(batch.received[row]), batch.bytes_of(row), codes))
        until = offset + len(batch)
        if until - first >= MOST_ENTRIES:
            break
    return found, until


def keep(directory: Path, sure: Position) -> None:
    """Note up to where the log server has all: whole or not at all, whatever happens meanwhile.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = directory / f"{FILE}.new"
    given(unfinished).write_bytes(msgspec.json.encode(sure))
    sync(unfinished)
    unfinished.replace(directory / FILE)
    sync(directory)
