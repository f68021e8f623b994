"""The forwarder as a process: one a county, on a connection that is made anew, until it is told to end."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from gateway.backoff import Backoff
from gateway.errors import OurFault, TransientFault, UserFault
from gateway.forward.forwarder import Forwarder, Stopped
from gateway.forward.progress import Progress, note, read
from gateway.journal import FileJournal
from gateway.journal.aside import take
from gateway.private import opener
from gateway.settings.load import load_sources
from gateway.sqlite_faults import told
from gateway.stream.bucket import Bucket
from gateway.stream.connection import Connection
from gateway.stream.files import put_files
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, configurations_bucket
from gateway.text import Text, text_of
from gateway.towers.named import named
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.settings.model import Configuration, Forward
    from gateway.towers.named import Named

LOCK: Final = "forward.lock"
LOOK: Final = 0.25
"""Seconds between looks for what is new in the journal."""
NOTE_EVERY: Final = 1.0
"""Seconds between two notes of how far it is."""
LONGEST_WAIT: Final = 30.0
ANSWER_WAIT: Final = 3.0

log = structlog.get_logger()


@dataclass(slots=True)
class Forwarding:
    """One county's, for as long as the process lives.

    Attributes:
        configuration: as it stands in the files, with its section ``forward`` and the credentials.
        over_gap: what was removed before it had been forwarded is passed over.
    """

    configuration: Configuration
    over_gap: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    """It was told to end."""
    _noted: float = -math.inf
    """When it was noted last how far it is, monotonic; and how far that was."""
    _told: int = -1

    @property
    def storage(self) -> Path:
        """Where the gateway keeps its journal."""
        return Path(self.configuration.storage.directory)

    async def run(self) -> None:
        """Forward until :attr:`ended` is set.

        Raises:
            UserFault: there is no section ``forward``, another forwarder runs here, or the streams are others.
            OurFault: somebody else writes to a stream, or the journal does not fit the streams.
        """
        forward, backoff = self._wanted(), Backoff(longest=LONGEST_WAIT)
        with _alone(self.storage / LOCK):
            while not self.ended.is_set():
                try:
                    async with self._connected(forward) as connection:
                        await self._forward(connection, forward, backoff)
                except TransientFault as fault:
                    log.warning("forwarding waits", fault=str(fault))
                    self._note_trouble(text_of(fault))
                    await asyncio.to_thread(self.ended.wait, backoff.next_wait())

    def _wanted(self) -> Forward:
        if self.configuration.forward is None:
            raise UserFault(phrase("forward_none"))
        return self.configuration.forward

    def _connected(self, forward: Forward) -> Connection:
        tls = forward.tls if forward.url.startswith("tls://") else None
        name = f"{self.configuration.county.code} forward"
        return Connection(forward.url, forward.credential, tls, forward.domain, name=name, wait=ANSWER_WAIT)

    async def _forward(self, connection: Connection, forward: Forward, backoff: Backoff) -> None:
        """On one connection, in a thread of its own, until that has ended for good.

        Raises:
            TransientFault: it has.
        """
        over = threading.Event()
        work = asyncio.create_task(asyncio.to_thread(self._work, connection, forward, over, backoff))
        closed = asyncio.create_task(connection.closed())
        try:
            await asyncio.wait({work, closed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.set()
            closed.cancel()
        await work
        if not self.ended.is_set():
            raise TransientFault(phrase("forward_closed"))

    def _work(self, connection: Connection, forward: Forward, over: threading.Event, backoff: Backoff) -> None:
        """The thread's part: what is there, then what comes."""

        def pause(seconds: float) -> bool:
            return over.wait(seconds) or self.ended.is_set()

        county = self.configuration.county.code
        streams = [
            StreamJournal(connection, Partition(county, number, forward.partitions))
            for number in range(forward.partitions)
        ]
        with closing(FileJournal(self.storage / "journal", read_only=True)) as journal:
            forwarder = Forwarder(
                county, journal, streams, load_sources, forward.per_second, pause,
                partial(self._send_towers, connection), self._towers, self.over_gap,
                lambda fault: self._note_trouble(text_of(fault)),
            )  # fmt: skip
            try:
                forwarder.begin()
                backoff.reset()
                while not over.is_set() and not self.ended.is_set():
                    count = forwarder.step()
                    self._note(forwarder)
                    if not count and pause(LOOK):
                        break
            except Stopped:
                return

    def _towers(self) -> list[Named]:
        """Versions that the journal may name; where it cannot be read which, it is said, and none are."""
        try:
            return named(TowerVersions(self.storage).directory)
        except OurFault as fault:
            log.error("what is known of cells cannot be read; the city will know nothing of them", fault=str(fault))
            return []

    def _send_towers(self, connection: Connection, digest: str) -> None:
        """A version's files into the county's bucket, in the forwarder's thread; one that is gone here is said.

        Raises:
            TransientFault: it cannot be stored now.
        """
        bucket = Bucket(connection, configurations_bucket(self.configuration.county.code))
        try:
            files = TowerVersions(self.storage).files(digest)
        except OurFault as fault:
            log.error("what is known of cells is not here; the city will know nothing of them", fault=str(fault))
            return
        asyncio.run_coroutine_threadsafe(_put(bucket, files), connection.loop).result()

    def _note(self, forwarder: Forwarder) -> None:
        """Write down how far it is, where that is new, once a second at most."""
        now = time.monotonic()
        if forwarder.position != self._told and now - self._noted >= NOTE_EVERY:
            self._told, self._noted = forwarder.position, now
            self._write(Progress(forwarder.position, forwarder.received))

    def _note_trouble(self, said: Text) -> None:
        before, self._told = read(self.storage), -1
        self._write(Progress(before.offset, before.received, (said.zh, said.en)))

    def _write(self, progress: Progress) -> None:
        try:
            note(self.storage, progress)
        except OSError as fault:
            log.warning("it cannot be noted how far the journal was forwarded", fault=str(fault))


async def _put(bucket: Bucket, files: Sequence[Path]) -> None:
    await bucket.lay()
    await put_files(bucket, files)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else forwards this journal on this machine.

    Raises:
        UserFault: somebody does, or the directory is not ours to write.
    """
    with ExitStack() as held:
        try:
            take(held.enter_context(open(path, "w", opener=opener)).fileno())
        except BlockingIOError as fault:
            raise UserFault(phrase("forward_running", directory=path.parent)) from fault
        except OSError as fault:
            raise UserFault(phrase("storage_unwritable", directory=path.parent, cause=told(fault))) from fault
        yield
