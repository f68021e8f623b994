"""The journal of a partition in a stream: a message a batch, fenced by the sequence of the last one.

A batch that is too large for a message becomes several, which the server stores all or not at all. Where no answer came
the next try finds out: the stream then ends with what was tried, or as before. So nothing is stored twice or lost, and
nobody else can write behind our back: whoever does makes our next append fail, and that is final.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gateway.decoded import from_json
from gateway.errors import OurFault
from gateway.journal.controls import Skipped
from gateway.journal.entries import EntryKind, merge
from gateway.journal.faults import JournalHole
from gateway.stream import layout
from gateway.stream.batch import Origins
from gateway.stream.configurations import Configurations
from gateway.stream.erasing import Eraser
from gateway.stream.holes import lagging
from gateway.stream.names import journal_subject
from gateway.stream.reading import Extent, Reader
from gateway.stream.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from gateway.journal.contract import Head
    from gateway.journal.entries import EntryBatch
    from gateway.stream.connection import Connection
    from gateway.stream.names import Partition
    from gateway.stream.stored import Stored, Tail

Given = TypeVar("Given")
MOST_BACK: Final = 32
"""Messages that are read at once on the way back."""


class StreamJournal:
    """A partition's journal. Made and called in a thread that is not the one of the connection's loop.

    Not thread-safe: one thread owns it. Whoever only reads opens another, which needs no right to write.

    Args:
        connection: that stands; after it has ended for good a journal is opened anew on the next one.
        partition: which one.
        replicas, max_bytes: of the stream; None: as whoever made it wants it. Where it is missing it is made, with 1
            replica and no limit then.
        read_only: nothing is made, and it is not appended to.

    Raises:
        UserFault: the stream, or its last message, is of another schema, or has another number of partitions.
        NotThere: there is none, and it is to be read only.
        TransientFault: the server cannot be asked now.
    """

    def __init__(
        self, connection: Connection, partition: Partition, *, replicas: int | None = None,
        max_bytes: int | None = None, read_only: bool = False,
    ) -> None:  # fmt: skip
        self._connection = connection
        wanted = layout.journal(partition, replicas=replicas or 1, max_bytes=-1 if max_bytes is None else max_bytes)
        asked = {layout.REPLICAS: replicas, layout.MAX_BYTES: max_bytes}
        besides = () if read_only else tuple(key for key, value in asked.items() if value is not None)
        self.stream = wanted.name
        self._reader, self._origins = Reader(connection, wanted.name), Origins()
        self._configurations = Configurations(connection, partition.code, replicas=replicas)
        self._call((layout.look if read_only else layout.lay)(connection, wanted, besides))
        subject = journal_subject(partition.code, partition.number)
        self._writer = Writer(self._reader, subject, self._call(self._reader.tail()))
        self._known = 0

    @property
    def next_offset(self) -> int:
        """Offset the next entry will get."""
        return self._writer.end.offset

    @property
    def head(self) -> Head:
        """The next offset and the chain up to it."""
        return self._writer.end.head

    @property
    def source(self) -> int:
        """The county journal's offset behind what the stream covers; -1: nothing yet."""
        return self._writer.end.source

    @property
    def latest(self) -> float:
        """The latest receive time so far, UTC epoch seconds; 0: there is none."""
        return self._writer.end.latest

    @property
    def sequence(self) -> int:
        """Of the last message in the stream; 0: there was never one."""
        return self._writer.end.sequence

    @property
    def begins(self) -> int:
        """Offset of the first entry that is still there; that of the next where there is none."""
        extent = self._whole()
        if extent.first > extent.last:
            return self._writer.end.offset
        return self._call(self._reader.one(extent.first)).first

    def offset_behind(self, sequence: int) -> int:
        """Offset behind a message; where it has gone, or there is none (0), that of the first entry still there.

        Raises:
            OurFault, UserFault: as :meth:`read`. TransientFault: it cannot be read now, or is not there yet for whoever
                answers: a leader that has just been elected may know less than a consumer has given out.
        """
        self.heard_of(sequence)
        if sequence < self._whole().first:
            return self.begins
        return self._call(self._reader.one(sequence)).tail.offset

    def heard_of(self, sequence: int) -> None:
        """A message is there: who answers that the stream ends before it does not know all of it yet."""
        self._known = max(self._known, sequence)

    def append(self, batch: EntryBatch, source: int | None = None) -> int:
        """Store a batch; durable on return. Returns the offset of its first entry.

        ``source``: the county journal's offset behind what the batch covers; None: as before.

        Raises:
            TransientFault: nothing of the batch may be acknowledged, the same batch may be tried again.
            WrongLast: somebody else writes.
            OurFault: an entry of it was erased, one is too large, or another batch was stored though no answer came.
        """
        if (batch.kind == EntryKind.ERASED).any():
            raise OurFault("an entry that was erased cannot be journaled anew")
        return self._call(self._writer.append(batch, source))

    def move(self, source: int) -> None:
        """Store that the county's journal is covered up to an offset where nothing before it was for this partition.

        Raises:
            TransientFault, OurFault: as :meth:`append`.
        """
        self._call(self._writer.move(source))

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        """Batches from offset ``first`` on, up to what is there now; the first one is cut so that it begins there.

        Raises:
            JournalHole: entries are missing.
            OurFault, UserFault: a message is damaged, or not one of ours. TransientFault: it cannot be read now.
        """
        expected = first
        for one in self._from(first):
            if one.tail.offset <= expected:
                continue
            if one.first > expected:
                raise JournalHole(expected, one.first)
            yield expected, one.entries(self._origins).slice(expected - one.first, one.count)
            expected = one.tail.offset

    def read_long(self, first: int, most: int) -> Iterator[tuple[int, EntryBatch]]:
        """As :meth:`read`, so many messages at once that they have ``most`` entries, or no more follow."""
        held: list[EntryBatch] = []
        begin, count = first, 0
        for offset, entries in self.read(first):
            if held and count >= most:
                yield begin, merge(held)
                held, begin, count = [], offset, 0
            held.append(entries)
            count += len(entries)
        if held:
            yield begin, merge(held)

    def backwards(self, until: int) -> Iterator[EntryBatch]:
        """Batches that lie wholly before an offset, the newest first.

        Raises:
            as :meth:`read`.
        """
        extent = self._whole()
        behind = self._call(self._reader.find(extent, until + 1, "offset"))
        while behind > extent.first:
            begin = max(extent.first, behind - MOST_BACK)
            for one in reversed([one for one in self._between(begin, behind) if one.count]):
                yield one.entries(self._origins)
            behind = begin

    def first_since(self, time: float) -> int:
        """Offset of the first batch whose end was received at or after a time; the next offset where there is none."""
        extent = self._whole()
        sequence = self._call(self._reader.find(extent, time, "latest"))
        for one in self._between(sequence, extent.last + 1):
            if one.count and float(one.entries(self._origins).received[-1]) >= time:
                return one.first
        return self._writer.end.offset

    def gaps(self) -> dict[int, int]:
        """None: what is missing in a stream is a hole."""
        return {}

    def skipped(self) -> dict[int, str]:
        """Offsets of the entries that the engine could not stand, with the class of the exception."""
        found = dict[int, str]()
        extent, tail = self._whole(), self._call(self._reader.tail())
        at = tail.skips
        while at >= extent.first:
            one = self._call(self._reader.one(at))
            entries = one.entries(self._origins)
            for index in reversed((entries.kind == EntryKind.SKIPPED).nonzero()[0].tolist()):
                said = from_json(entries.bytes_of(index), Skipped)
                found.setdefault(said.offset, said.fault)
            if at == extent.first:
                break
            at = self._call(self._reader.one(at - 1)).tail.skips
        return found

    def store_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep a configuration's texts under their digest; storing one twice is no error.

        Raises:
            TransientFault: it cannot be stored now. UserFault: another stream has the bucket's name.
        """
        self._call(self._configurations.store(digest, sources))

    def keep_configurations(self, digests: Collection[str], now: float, horizon: float = -math.inf) -> int:
        """Note which are needed now; let those go that nobody has needed since ``horizon``. Returns how many are gone.

        Raises:
            TransientFault, UserFault: as :meth:`store_configuration`.
        """
        return self._call(self._configurations.keep(digests, now, horizon))

    def configuration(self, digest: str) -> dict[str, str]:
        """Texts of a configuration, by file.

        Raises:
            OurFault: the digest is not stored, or it is damaged. TransientFault: it cannot be read now.
        """
        return self._call(self._configurations.stored(digest))

    def retire(
        self, horizon: float, below: Callable[[], int], places: float = -math.inf, looks: float = math.inf
    ) -> list[str]:  # fmt: skip
        """Remove the oldest messages, all received before ``horizon`` and below an offset, but never the last.

        None goes within the stream's window for duplicates: an id would outlive its message. Returns the sequences.

        Args:
            horizon: UTC epoch seconds.
            below: gives the offset of the first entry that is still needed.
            places: of no meaning here: an entry's places go with its message, not before.
            looks: a message that has an AUDIT entry of this time or later stays, and those behind it.

        Raises:
            OurFault, UserFault: as :meth:`read`. TransientFault: nothing was removed.
        """
        del places
        extent, limit = self._whole(), below()
        last = extent.first - 1
        for one in self._between(extent.first, extent.last):
            if one.tail.latest >= horizon or one.tail.offset > limit or self._was_seen(one, looks):
                break
            last = one.tail.sequence
        if last < extent.first:
            return []
        self._call(self._purge(last))
        return [str(sequence) for sequence in range(extent.first, last + 1)]

    def erase(self, offsets: Sequence[int]) -> int:
        """Take out entries, ascending offsets, as :meth:`Eraser.erase`; returns how many messages they stood in.

        Raises:
            TransientFault: not all is done; to be tried again. OurFault: one is not there, or the stream is damaged.
        """
        return self._call(Eraser(self._reader).erase(offsets))

    def turn_over(self, behind: int) -> None:
        """Nothing is to be done: a message is never written to again."""

    def close(self) -> None:
        """Nothing is open but the connection, which is somebody else's."""

    async def _purge(self, last: int) -> None:
        """Remove everything up to a sequence, once the newest of it is out of the window."""
        extent = await self._reader.extent()
        if extent.first <= last:
            await asyncio.sleep(max(0.0, layout.JOURNAL_WINDOW - await self._reader.age(last, extent.time)))
        await self._connection.ask(f"STREAM.PURGE.{self.stream}", {"seq": last + 1})
        await Eraser(self._reader).forget(last)

    def _was_seen(self, one: Stored, looks: float) -> bool:
        if not one.count or one.tail.latest < looks:
            return False
        entries = one.entries(self._origins)
        return bool(((entries.kind == EntryKind.AUDIT) & (entries.received >= looks)).any())

    def _whole(self) -> Extent:
        """What is there, all of which we have heard before.

        Raises:
            Away: who answers knows less: a leader that has just been elected.
        """
        extent = self._call(self._reader.whole())
        known = max(self._known, self._writer.end.sequence)
        if extent.last < known:
            raise lagging(f"{self.stream}/{known}")
        self.heard_of(extent.last)
        return extent

    def _from(self, first: int) -> Iterator[Stored]:
        """Messages from the one that holds an offset on, up to what is there now."""
        extent = self._whole()
        if extent.first > extent.last:
            return iter(())
        return self._between(self._call(self._reader.find(extent, first + 1, "offset")), extent.last + 1)

    def _between(self, sequence: int, until: int) -> Iterator[Stored]:
        """Messages sequence <= s < until, each checked against the one before; the next ones come meanwhile."""
        before: Tail | None = None
        coming = self._begin(self._reader.some(sequence)) if sequence < until else None
        try:
            while coming is not None:
                found = coming.result()
                sequence = found[-1].tail.sequence + 1
                coming = self._begin(self._reader.some(sequence)) if sequence < until else None
                for one in found:
                    if one.tail.sequence >= until:
                        return
                    if before is not None:
                        one.follows(before)
                    before = one.tail
                    yield one
        finally:
            if coming is not None:
                coming.cancel()

    def _call(self, work: Coroutine[Any, Any, Given]) -> Given:
        return self._begin(work).result()

    def _begin(self, work: Coroutine[Any, Any, Given]) -> Future[Given]:
        """Have the connection's loop do something; this thread is another one, or it would wait for itself."""
        return asyncio.run_coroutine_threadsafe(work, self._connection.loop)
