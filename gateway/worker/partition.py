"""One partition at a worker: it follows whoever owns it, and goes on in his place once the server has given it to us.

What is said is in the alarm stream before its message is acknowledged, under ids that do not depend on who says it. So
a worker that dies leaves nothing unsaid, and one that was taken for dead says nothing that is not there already.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault, TransientFault
from gateway.stream.batch import Origins
from gateway.stream.names import signs_subject, token
from gateway.stream.pulling import Unpinned
from gateway.worker.saying import say
from gateway.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.partition.across import Handed
    from gateway.stream.connection import Connection
    from gateway.stream.journal import StreamJournal
    from gateway.stream.owned import Owned
    from gateway.stream.stored import Stored
    from gateway.worker.engine import PartitionEngine
    from gateway.worker.erasing import Erasures
    from gateway.worker.keeping import Keeping
    from gateway.worker.shipping import Shipping
    from gateway.worker.skips import Skips
    from gateway.worker.standing import Standing

FOLLOW_EVERY: Final = 1.0
"""Real seconds between two looks at how far the owner has come."""
SAVE_EVERY: Final = 60.0
SHIP_EVERY: Final = 300.0
"""Real seconds between two snapshots on disk, and between two that go to the other workers."""
ERASE_EVERY: Final = 60.0
KEEP_EVERY: Final = 3600.0
"""Real seconds between two looks for what is to be erased, and for what is over."""
FAR_BEHIND: Final = 100_000
"""Entries that another's snapshot has to be ahead of ours, so that it is fetched."""
LONGEST_WAIT: Final = 2.0
"""Real seconds between two tries: a stream has no leader for 4 to 10 s, and its partition waits for us after that."""

log = structlog.get_logger()


@dataclass(slots=True)
class PartitionWork:
    """One partition of a county.

    Attributes:
        connection: to the streams.
        journal: of the partition, to read.
        engine: steps it, in a thread of its own.
        shipping: where its snapshots are handed on.
        owned: makes the partition's consumer.
        standing: what is told of it.
        skips: entries that no engine can step, as all workers know them.
        erasures: what the county has erased.
        keeping: what is over.
        turn: real seconds to wait before we ask for it: for whom it is not meant asks later.
        should_give: whether another worker should have it now.
    """

    connection: Connection
    journal: StreamJournal
    engine: PartitionEngine
    shipping: Shipping
    owned: Callable[[], Owned]
    standing: Standing
    skips: Skips
    erasures: Erasures
    keeping: Keeping
    turn: Callable[[], float]
    should_give: Callable[[], bool]
    _thread: Writer = field(default_factory=lambda: Writer("partition"))
    _origins: Origins = field(default_factory=Origins)
    _followed: int = -1
    """Sequence of the stream up to which we have followed the owner; below 0: nothing."""
    _saved: float = 0.0
    _shipped: float = 0.0
    _looked: float = 0.0
    _kept: float = 0.0

    async def run(self) -> None:
        """Follow and own until cancelled; what is saved then is all that is answered for."""
        backoff = Backoff(LONGEST_WAIT)
        try:
            while True:
                try:
                    await self._attempt(backoff)
                except Unpinned:
                    log.info("partition is another worker's now", **self.named)
                except GatewayFault as fault:
                    self.standing.note(fault)
                finally:
                    self.standing.give_up()
                await asyncio.sleep(backoff.next_wait())
        finally:
            await self.erasures.rest()
            # What the thread still does may ask the streams, which the loop answers.
            await asyncio.to_thread(self._thread.close)

    @property
    def named(self) -> dict[str, object]:
        """For the log."""
        share = self.engine.share
        return {"county": share.county, "partition": share.partition}

    async def _attempt(self, backoff: Backoff) -> None:
        """From a snapshot to the floor, behind the owner until we are it, and then entry after entry."""
        async with self.owned() as owned:
            self.engine.skipped.update(await self.skips.known())
            await self._fetch(await self._floor(await owned.floor()))
            await self._thread.run(self.engine.begin, await self._floor(await owned.floor()))
            self._followed = -1
            self._note()
            floor = await self._stand_by(owned)
            backoff.reset()
            self.standing.own(owned.pin)
            log.info("partition is ours", floor=floor, **self.named)
            await self._own(owned)

    async def _floor(self, sequence: int) -> int:
        """The offset behind a message of the stream."""
        return await self._thread.run(self.journal.offset_behind, sequence)

    async def _fetch(self, floor: int) -> None:
        """Another worker's snapshot, where it saves us much, or knows what is gone from the stream since ours."""
        there, here = await self.shipping.offset(), self.engine.kept.snapshots.offset
        erased = max((plan.until for plan in (await self.erasures.known()).values()), default=-1)
        begins = await self._thread.run(lambda: self.journal.begins)
        is_better = there is not None and (here + FAR_BEHIND <= there or here <= erased < there or here < begins)
        if there is not None and there <= floor and is_better:
            packed = await self.shipping.get(there)
            try:
                await self._thread.run(self.engine.kept.unpack, packed)
            except GatewayFault as fault:
                log.warning("a snapshot of another worker cannot be used", why=str(fault), **self.named)

    async def _stand_by(self, owned: Owned) -> int:
        """Follow until the partition is ours; the offset from which on nobody has answered for it."""
        await asyncio.sleep(self.turn())
        pinned = asyncio.ensure_future(owned.pinned())
        self.standing.waits = True
        try:
            while not pinned.done():
                await self._follow(await owned.floor())
                await asyncio.wait({pinned}, timeout=FOLLOW_EVERY)
            await self._follow(await pinned)
        finally:
            self.standing.waits = False
            pinned.cancel()
            with suppress(asyncio.CancelledError, GatewayFault):
                await pinned
        return self.engine.offset

    async def _follow(self, sequence: int) -> None:
        if sequence != self._followed:
            await self._thread.run(self.engine.follow, await self._floor(sequence))
            self._followed = sequence
        self._note()
        await self._save_at_times()

    async def _own(self, owned: Owned) -> None:
        """Step what comes, say what comes of it, and only then acknowledge it."""
        try:
            # Closed whatever happens: who pulled on would keep the partition and work on nothing.
            async with aclosing(owned.messages()) as given:
                async for message in given:
                    await self._take(message)
                    await owned.acknowledge(message)
                    self.engine.kept.floor = self.engine.offset
                    self._note()
                    await self._save_at_times()
                    if self.should_give():
                        log.info("partition is given to the worker for whom it is meant", **self.named)
                        return
        finally:
            self.standing.give_up()
            await self._thread.run(self._save_last)

    async def _take(self, message: Stored) -> None:
        self.journal.heard_of(message.tail.sequence)
        if message.count:
            taken = await self._thread.run(self.engine.take, message.first, message.entries(self._origins))
            for event in taken.events:
                await say(self.connection, self.engine.share.county, event)
            self.standing.said += len(taken.events)
            if taken.handed is not None:
                await self._hand_on(taken.handed)

    async def _hand_on(self, handed: Handed) -> None:
        """What concerns all partitions, for the second step, once."""
        county = self.engine.share.county
        await self.connection.publish(
            signs_subject(county), msgspec.json.encode(handed),
            message_id=f"{token(county)}:{handed.partition}:{self.engine.offset}",
        )  # fmt: skip

    def _note(self) -> None:
        self.standing.offset, self.standing.received = self.engine.offset, self.engine.state.now

    async def _save_at_times(self) -> None:
        """Snapshots, where all that has been stepped is answered for."""
        now = asyncio.get_running_loop().time()
        if now - self._saved >= SAVE_EVERY:
            self._saved = now
            await self._thread.run(self.engine.save)
        if self.standing.is_owner and now - self._shipped >= SHIP_EVERY:
            self._shipped = now
            await self.ship()
        if now - self._looked >= ERASE_EVERY:
            self._looked = now
            await self._let_go(self.erasures)
        if now - self._kept >= KEEP_EVERY:
            self._kept = now
            await self._let_go(self.keeping)

    async def _let_go(self, what: Erasures | Keeping) -> None:
        """What is not to be held any more; where it cannot be done now, all else goes on."""
        try:
            await what.look(self.engine, self._thread, is_owner=self.standing.is_owner)
        except TransientFault as fault:
            log.warning("what is to go is still there; it is tried again", why=str(fault), **self.named)

    async def ship(self) -> None:
        """Hand on the newest snapshot."""
        packed = await self._thread.run(self.engine.kept.packed)
        if packed is not None:
            await self.shipping.put(*packed)

    def _save_last(self) -> None:
        """Where the last entries are not answered for, the snapshot before is what is gone on from."""
        if self.engine.offset == self.engine.kept.floor:
            with suppress(TransientFault):
                self.engine.save()
