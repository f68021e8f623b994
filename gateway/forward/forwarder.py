"""One county's entries into the streams of its partitions: in order, each once, by one thread.

Each message says up to which offset of the county's journal its stream is covered. A start goes on where the stream
that lags most ends, and gives every other one only what it does not have. What was not answered is tried again as it
was, for the stream finds out whether it has it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from gateway.backoff import Backoff
from gateway.decoded import from_json
from gateway.errors import OurFault, TransientFault
from gateway.forward.in_force import towers_before, towers_of
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind
from gateway.partition.router import Router, picked
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gateway.journal.contract import Journal
    from gateway.journal.entries import EntryBatch
    from gateway.settings.model import Configuration
    from gateway.stream.journal import StreamJournal
    from gateway.towers.named import Named

MOST: Final = 4096
"""Entries of the journal that are routed at once."""
LONGEST_WAIT: Final = 2.0
"""Seconds between tries of an append that is not answered."""
BEGINS: Final = (EntryKind.START, EntryKind.CONFIGURATION)
"""With one of these a stream can begin: what follows is judged by a configuration that it has."""

log = structlog.get_logger()


class Stopped(Exception):
    """It was told to end."""


@dataclass(slots=True)
class Forwarder:
    """Brings a journal to its streams; owned by one thread, which is not that of the streams' connection.

    Attributes:
        county: its code.
        journal: to read; it may grow meanwhile.
        streams: by partition.
        made: makes a checked configuration of its texts.
        per_second: most entries in a second.
        pause: waits so many seconds; True: the end is near.
        send_towers: brings what a version of what is known of cells consists of to where the streams' readers find it.
        towers: gives the versions of what is known of cells that the journal may name, oldest first.
        over_gap: what was removed before it had been forwarded is passed over.
        waits: told of what is not taken just now, at each try.
        position: everything before this offset is in all streams.
        received: when the last entry of that was received, UTC epoch seconds; 0: not known.
    """

    county: str
    journal: Journal
    streams: Sequence[StreamJournal]
    made: Callable[[Mapping[str, str]], Configuration]
    per_second: float
    pause: Callable[[float], bool]
    send_towers: Callable[[str], object]
    towers: Callable[[], Sequence[Named]] = tuple
    over_gap: bool = False
    waits: Callable[[TransientFault], object] = lambda _: None
    position: int = 0
    received: float = 0.0
    _router: Router = field(init=False)
    _known: Configuration | None = None
    """The one that was made last."""
    _free: float = 0.0
    """Monotonic time from which on more may go."""

    def __post_init__(self) -> None:
        self._router = Router(self.county, len(self.streams))

    def begin(self) -> None:
        """Find out where to go on, and by which configuration.

        Raises:
            OurFault: the streams have more than the journal; or the journal no longer has what comes next.
            TransientFault: it cannot be found out now.
            Stopped: the end came meanwhile.
        """
        known = min(one.source for one in self.streams)
        self.position = self._first() if known < 0 else known
        ends = max(one.source for one in self.streams)
        if ends > self.journal.next_offset:
            raise _ahead(ends, self.journal.next_offset)
        if self.position < self.journal.begins:
            self._pass_over()
        if (digest := self._digest_in_force()) is not None:
            self._router.configure(self._configuration(digest))
        self._begin_with_towers()
        self.received = next((float(one.received[-1]) for one in self.journal.backwards(self.position)), 0.0)
        log.info("forwarding begins", position=self.position, streams=len(self.streams))

    def step(self) -> int:
        """Forward what there is, at most a stretch of it; returns how many entries, 0: there is nothing new.

        Raises:
            Stopped: the end came meanwhile; what was begun is found out at the next start.
            OurFault: somebody else writes to a stream, or the journal is damaged.
            TransientFault: the journal cannot be read now.
        """
        offset, batch = next(self.journal.read_long(self.position, MOST), (0, None))
        if batch is None:
            return 0
        self._wait_for(len(batch))
        until = offset + len(batch)
        self._send_towers(batch)
        for one in self._router.route(batch, self._configuration, offset):
            self._append(one.partition, one.batch, one.offsets, until)
        self.position, self.received = until, float(batch.received[-1])
        return len(batch)

    def _begin_with_towers(self) -> None:
        """Streams that begin here, or have a gap before, get what is in force of what is known of cells."""
        behind = [one for one in self.streams if one.source < self.position]
        batch = towers_before(self.journal, self.towers(), self.position) if behind else None
        if batch is None:
            return
        self._send_towers(batch)
        for stream in behind:
            new = (batch.received > stream.latest).nonzero()[0]
            if len(new):
                self._insist(partial(stream.append, picked(batch, new), self.position))

    def _send_towers(self, batch: EntryBatch) -> None:
        """Versions that entries name, each before its entry is anywhere."""
        for _, digest in towers_of(batch):
            self._insist(partial(self.send_towers, digest))

    def _append(self, partition: int, batch: EntryBatch, offsets: NDArray[np.int64], until: int) -> None:
        """Append what a stream does not have yet of a stretch that ends before ``until``."""
        stream = self.streams[partition]
        rows = (offsets >= stream.source).nonzero()[0]
        if len(rows):
            mine = picked(batch, rows)
            self._insist(lambda: stream.append(mine, until))

    def _insist(self, work: Callable[[], object]) -> None:
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            try:
                work()
            except TransientFault as fault:
                log.warning("a stream does not take what is forwarded", fault=str(fault))
                self.waits(fault)
                if self.pause(backoff.next_wait()):
                    raise Stopped from fault
            else:
                return

    def _wait_for(self, count: int) -> None:
        """No more in a second than is allowed; a second's worth goes at once."""
        now = time.monotonic()
        self._free = max(self._free, now - 1.0) + count / self.per_second
        if self._free > now and self.pause(self._free - now):
            raise Stopped

    def _configuration(self, digest: str) -> Configuration:
        """A configuration of the journal, whose texts the streams have before its entry."""
        if self._known is None or self._known.digest != digest:
            texts = self.journal.configuration(digest)
            self._insist(lambda: self.streams[0].store_configuration(digest, texts))
            self._known = self.made(texts)
        return self._known

    def _first(self) -> int:
        """Where streams begin that have nothing yet: at a start, or where a configuration comes into force."""
        for offset, batch in self.journal.read_long(self.journal.begins, MOST):
            for index in range(len(batch)):
                if batch.kind[index] in BEGINS:
                    return offset + index
        return self.journal.next_offset

    def _digest_in_force(self) -> str | None:
        """Of the configuration in force where we go on; None: there was none yet.

        Its entry may have gone from the journal with its day, and then stands in the streams.
        """
        stream = self.streams[0]
        return _digest_before(self.journal, self.position) or _digest_before(stream, stream.next_offset)

    def _pass_over(self) -> None:
        """The journal begins behind what comes next: where that is allowed it goes on there.

        Raises:
            OurFault: it is not.
        """
        first, begins = self.position, self.journal.begins
        if not self.over_gap:
            raise OurFault(Text(
                f"日志第 {first} 至 {begins - 1} 条还没有转发就已按保存期限删除；市里的判定因此缺一段。"
                "确认后用 bracelet-gateway forward --over-gap 从现有的第一条接着转发",
                f"entries {first} to {begins - 1} of the journal went before they had been forwarded, so that verdicts"
                " of the city lack them. If that is to be, go on behind them: bracelet-gateway forward --over-gap",
            ))  # fmt: skip
        log.warning("entries that were never forwarded are passed over", first=first, until=begins)
        self.position = begins


def _digest_before(journal: Journal, position: int) -> str | None:
    for batch in journal.backwards(position):
        if len(found := (batch.kind == EntryKind.CONFIGURATION).nonzero()[0]):
            return from_json(batch.bytes_of(int(found[-1])), Configured).digest
    return None


def _ahead(ends: int, has: int) -> OurFault:
    return OurFault(Text(
        f"消息流已覆盖到第 {ends} 条，而本县日志只到第 {has} 条：日志换过，或由备份恢复。没有转发任何内容；"
        "请核对存储目录，确要重来的先删除该县的 JOURNAL、ERASED 流",
        f"the streams cover entries up to {ends}, and this journal ends at {has}: it is another one, or was restored"
        " from a backup. Nothing was forwarded; see the storage directory, or remove the county's JOURNAL and ERASED"
        " streams",
    ))  # fmt: skip
