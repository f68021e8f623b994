"""Erasing entries in a journal's stream: no byte of them stays, and what stands around them is as certain as before.

A message cannot be changed. So what is to stand in for it is stored first, under the sequence's subject in a stream of
its own, and then the message is deleted; the server writes over its bytes. Whoever is killed in between leaves a
message that is read as it is, or one that has its stand-in; doing it again ends it. Of two who do it at once the later
one is refused. The chain goes on over what the message was to it, salt and all, which says nothing of what was there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gateway.errors import OurFault, TransientFault
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind
from gateway.stream import layout, stored
from gateway.stream.batch import Origins, encode
from gateway.stream.faults import NotThere, WrongLast
from gateway.stream.names import EXPECTED_OF_SUBJECT, EXPECTED_STREAM, erased_stream, erased_subject
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from numpy.typing import NDArray

    from gateway.stream.reading import Extent, Reader
    from gateway.stream.stored import Stored


@dataclass(frozen=True, slots=True)
class Eraser:
    """Takes entries out of the stream that a reader reads; in the connection's loop."""

    reader: Reader

    async def erase(self, offsets: Sequence[int]) -> int:
        """Take out entries, ascending offsets; returns how many messages they stood in. Again is no error.

        Entries that were removed with their messages are passed over.

        Raises:
            TransientFault: not all is done; to be tried again. So it is where one of them is in the last message, which
                never goes: something has to come behind it first.
            OurFault: one is not there, or the stream is damaged.
        """
        extent, wanted, count = await self.reader.whole(), np.array(offsets, np.int64), 0
        if extent.first <= extent.last:
            wanted = wanted[wanted >= (await self.reader.one(extent.first)).first]
        if len(wanted):
            await self._wait_for(extent, int(wanted[-1]))
            await self._lay()
            async for one in self._messages(extent, wanted):
                await self._take_out(one, wanted[(wanted >= one.first) & (wanted < one.tail.offset)] - one.first)
                count += 1
        await self.finish()
        return count

    async def finish(self) -> None:
        """End what was begun by whoever was killed: of each stand-in the last one alone stays.

        Raises:
            TransientFault: it is not done.
        """
        with suppress(NotThere):
            for sequence, count in (await self.reader.holes.counts()).items():
                if count > 1:
                    await self._let_go(sequence)

    async def forget(self, last: int) -> None:
        """Let go of what stands in for messages up to one, which are removed.

        Raises:
            TransientFault: it is not done.
        """
        for sequence in [each for each in await self.reader.holes.sequences() if each <= last]:
            wanted = {"filter": erased_subject(self.reader.stream, sequence)}
            await self.reader.connection.ask(f"STREAM.PURGE.{erased_stream(self.reader.stream)}", wanted)

    async def _lay(self) -> None:
        """Make the stream of the stand-ins where nothing was ever erased, with as many replicas as the journal's."""
        connection, stream = self.reader.connection, self.reader.stream
        replicas = (await connection.ask(f"STREAM.INFO.{stream}"))["config"][layout.REPLICAS]
        await layout.lay(connection, layout.erased(stream, replicas=replicas), (layout.REPLICAS,))

    async def _wait_for(self, extent: Extent, newest: int) -> None:
        """Until the newest entry's message may go: an id would outlive it within the stream's window.

        Raises:
            TransientFault: it is the last message, which says where the journal ends.
        """
        sequence, stream = await self.reader.find(extent, newest + 1, "offset"), self.reader.stream
        if sequence > extent.last:
            raise _missing(stream, newest)
        if sequence == extent.last:
            raise TransientFault(Text(
                f"流 {stream} 的最后一条消息中有待清除的内容：待其后有新消息时再清除",
                f"the last message of stream {stream} has something that is to be erased: it is done once another one"
                " has come behind it",
            ))  # fmt: skip
        await asyncio.sleep(max(0.0, layout.JOURNAL_WINDOW - await self.reader.age(sequence, extent.time)))

    async def _messages(self, extent: Extent, wanted: NDArray[np.int64]) -> AsyncIterator[Stored]:
        """Those that have one of the entries at least."""
        sequence, at = await self.reader.find(extent, int(wanted[0]) + 1, "offset"), 0
        while True:
            for one in await self.reader.some(sequence):
                if one.first > wanted[at]:
                    raise _missing(self.reader.stream, int(wanted[at]))
                sequence, before = one.tail.sequence + 1, at
                at = int(np.searchsorted(wanted, one.tail.offset))
                if before < at:
                    yield one
                if at == len(wanted):
                    return

    async def _take_out(self, one: Stored, places: NDArray[np.int64]) -> None:
        """What is to stand in for a message, and then the message itself away, if it is there still."""
        sequence, holes = one.tail.sequence, self.reader.holes
        known = await holes.stand_ins([sequence] if sequence in await holes.sequences() else [])
        # Of a stream that was there before under this name something may be left: it stands in for nothing here.
        before = [erased_in(each) for _, each in known if each.tail == one.tail]
        wanted = without(one, np.unique(np.concatenate([places, erased_in(one), *before])))
        if [each for _, each in known] != [wanted]:
            await self._store(wanted, known[0][0] if known else 0)
        if not one.link:
            with suppress(NotThere):
                await self._delete(self.reader.stream, sequence)

    async def _store(self, one: Stored, last: int) -> None:
        """``last``: what its subject has ended with so far, in the stream of the stand-ins; 0: nothing."""
        stream = erased_stream(one.stream)
        fences = {EXPECTED_OF_SUBJECT: str(last), EXPECTED_STREAM: stream}
        subject = erased_subject(one.stream, one.tail.sequence)
        try:
            await self.reader.connection.publish(subject, one.body, {**stored.headers(one), **fences})
        except WrongLast as fault:
            raise TransientFault(Text(
                f"另有进程正在流 {one.stream} 中清除内容；会自动再试",
                f"somebody else erases in stream {one.stream}, too: it is tried again by itself",
            )) from fault  # fmt: skip

    async def _let_go(self, sequence: int) -> None:
        """All but the last of what stands under a sequence's subject."""
        stream, subject = erased_stream(self.reader.stream), erased_subject(self.reader.stream, sequence)
        ((last, _),) = await self.reader.holes.stand_ins([sequence])
        while (first := await self.reader.holes.oldest(subject)) < last:
            await self._delete(stream, first)

    async def _delete(self, stream: str, sequence: int) -> None:
        """The server writes over its bytes.

        Raises:
            NotThere: it is gone already. TransientFault: it may be there still.
        """
        await self.reader.connection.ask(f"STREAM.MSG.DELETE.{stream}", {"seq": sequence})


def without(one: Stored, places: NDArray[np.int64]) -> Stored:
    """What stands in for a message without the entries at some places of it, int64: as of the county's journal."""
    batch = one.entries(Origins())
    gone = np.zeros(len(batch), np.bool_)
    gone[places] = True
    kept = ~gone
    own = kept.copy()
    own[[0, -1]] = True
    last_own = np.maximum.accumulate(np.where(own, np.arange(len(own)), 0))
    length = np.where(gone, 0, batch.length)
    left = EntryBatch(
        np.where(gone, np.uint8(EntryKind.ERASED), batch.kind), batch.received[last_own],
        np.where(gone, np.int32(len(batch.origins)), batch.origin).astype(np.int32), np.cumsum(length) - length, length,
        batch.payload[np.repeat(kept, batch.length)], (*batch.origins, NO_ORIGIN),
    )  # fmt: skip
    return replace(one, body=encode(left), salt=b"", link=one.linked())


def erased_in(one: Stored) -> NDArray[np.int64]:
    """Places of a message's entries that were erased, ascending, int64."""
    return np.flatnonzero(one.entries(Origins()).kind == EntryKind.ERASED)


def _missing(stream: str, offset: int) -> OurFault:
    return OurFault(Text(
        f"流 {stream} 中没有第 {offset} 条：无法清除其内容",
        f"stream {stream} has no entry {offset}: it cannot be erased",
    ))  # fmt: skip
