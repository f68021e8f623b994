"""What a county has erased goes from a partition's stream, and from what each worker has of it on his own disk.

An ERASURE entry that confirms an order comes through every partition's stream. The owner finds the person's entries
there, as the county's gateway does in its journal, and puts their offsets down for all workers: a plan. Before anything
goes a snapshot of behind the order lies in the streams, so that nobody begins anew by what is left. Then the stream
loses them, and each worker, the owner or not, takes them out of his history and lets his older snapshots go. Every step
may be done again by whoever is the owner then; so whatever is killed among it, the next one ends it.
"""

from __future__ import annotations

import asyncio
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
import structlog

from gateway.decoded import from_json
from gateway.errors import GatewayFault
from gateway.journal.entries import merge
from gateway.private import replacing
from gateway.replay.reading import PolicyShelf
from gateway.replay.whose import Whose
from gateway.stream.batch import Origins
from gateway.stream.erasing import Eraser
from gateway.stream.names import token
from gateway.stream.reading import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.engine import Erased
    from gateway.stream.bucket import Bucket
    from gateway.stream.journal import StreamJournal
    from gateway.stream.keys import Keys
    from gateway.worker.engine import PartitionEngine
    from gateway.worker.shipping import Shipping
    from gateway.writer import Writer

APPLIED: Final = "erased.json"
"""The file that says which plans this worker has carried out on his own disk."""

log = structlog.get_logger()


class Plan(msgspec.Struct, frozen=True):
    """How the erasure by an order stands in a partition.

    Attributes:
        until: offset of the entry that confirmed it; what is erased comes before it.
        entries: how many are erased.
        messages: in how many messages of the stream they stood, once that is done.
        is_done: the stream has none of them any more.
    """

    until: int
    entries: int
    messages: int = 0
    is_done: bool = False


@dataclass(slots=True)
class Erasures:
    """One partition's, at one worker; in the connection's loop.

    Attributes:
        journal: of the partition, to read.
        plans: how each erasure stands, for all workers; ``offsets``: what each of them erases.
        directory: of the partition on our own disk.
        shipping: where snapshots are handed on.
    """

    county: str
    partition: int
    journal: StreamJournal
    plans: Keys
    offsets: Bucket
    directory: Path
    shipping: Shipping
    _passed: int = 0
    """How far all was answered for at the look before: a server that is killed may forget the last of it."""
    _going: asyncio.Task[None] | None = field(default=None)

    async def known(self) -> dict[str, Plan]:
        """By order.

        Raises:
            TransientFault: they cannot be read now.
        """
        found = await self.plans.under(self._begin)
        return {key.removeprefix(self._begin): from_json(said, Plan) for key, said in found.items()}

    async def look(self, engine: PartitionEngine, thread: Writer, *, is_owner: bool) -> None:
        """Do what there is to be done, where all that the engine has stepped is answered for.

        Raises:
            TransientFault: it cannot be done now; to be tried again.
        """
        passed, self._passed = self._passed, engine.offset
        known = await self.known()
        for order in known:
            if order in engine.state.erasures and order not in self._applied():
                await self._apply(engine, thread, order)
        owed = [one for one in engine.state.erasures.values() if one.offset < passed and not _is_done(known, one)]
        if is_owner and owed and (self._going is None or self._going.done()):
            await self._ship_behind(owed[0].offset, engine, thread)
            self._going = asyncio.create_task(self._carry(owed[0], engine.state.digest, known))

    async def _ship_behind(self, offset: int, engine: PartitionEngine, thread: Writer) -> None:
        """Whoever begins anew does so behind an entry."""
        if (await self.shipping.offset() or 0) <= offset:
            await thread.run(engine.save)
            if (packed := await thread.run(engine.kept.packed)) is not None:
                await self.shipping.put(*packed)

    async def rest(self) -> None:
        """Leave what is not done to whoever is the owner next."""
        if self._going is not None:
            self._going.cancel()
            await asyncio.wait({self._going})

    async def _carry(self, one: Erased, digest: str, known: dict[str, Plan]) -> None:
        """Out of the stream, by a plan that all workers know."""
        order = one.order.id
        try:
            if order not in known:
                found = await self._find(one, digest)
                await self.offsets.put(self._key(order), zlib.compress(found.tobytes()))
                await self._put(order, Plan(one.offset, len(found)))
            found = await self._planned(order)
            messages = await Eraser(self._reader()).erase(found.tolist())
            await self._put(order, Plan(one.offset, len(found), messages, is_done=True))
            log.info("erased in the stream", order=order, entries=len(found), messages=messages, **self._named)
        except GatewayFault as fault:
            log.warning("an erasure is not carried through yet; it is tried again", why=str(fault), **self._named)

    async def _find(self, one: Erased, digest: str) -> NDArray[np.int64]:
        """Offsets of the person's entries in the partition, ascending."""
        policy = await asyncio.to_thread(PolicyShelf(self.journal), digest)
        whose, found, origins = Whose(policy, one.order.person, one.order.spans), list[int](), Origins()
        reader = self._reader()
        extent = await reader.whole()
        sequence = extent.first
        while sequence <= extent.last:
            some = await reader.some(sequence)
            sequence = some[-1].tail.sequence + 1
            if full := [each for each in some if each.count]:
                batch = merge([each.entries(origins) for each in full])
                found += await asyncio.to_thread(whose.look, full[0].first, batch)
            if some[-1].tail.offset >= one.offset:
                break
        offsets = np.unique(np.array(found, np.int64))
        return offsets[offsets < one.offset]

    async def _apply(self, engine: PartitionEngine, thread: Writer, order: str) -> None:
        """Out of what is on our own disk."""
        gone, one = await self._planned(order), engine.state.erasures[order]
        devices = list(one.order.spans)
        for name in await thread.run(engine.files_of, devices):
            await thread.run(engine.erase_in, name, devices, gone)
        await thread.run(engine.save_anew)
        with replacing(self.directory / APPLIED) as out:
            out.write(msgspec.json.encode(sorted({*self._applied(), order})))
        log.info("erased on our own disk", order=order, **self._named)

    def _applied(self) -> set[str]:
        with suppress(OSError, msgspec.MsgspecError):
            return from_json((self.directory / APPLIED).read_bytes(), set[str])
        return set()

    async def _planned(self, order: str) -> NDArray[np.int64]:
        return np.frombuffer(zlib.decompress(await self.offsets.get(self._key(order))), np.int64)

    async def _put(self, order: str, plan: Plan) -> None:
        await self.plans.put(f"{self._begin}{order}", msgspec.json.encode(plan))

    def _reader(self) -> Reader:
        return Reader(self.plans.connection, self.journal.stream)

    @property
    def _begin(self) -> str:
        return f"{token(self.county)}.{self.partition}."

    def _key(self, order: str) -> str:
        return f"{token(self.county)}/{self.partition}/{order}"

    @property
    def _named(self) -> dict[str, object]:
        return {"county": self.county, "partition": self.partition}


def _is_done(known: dict[str, Plan], one: Erased) -> bool:
    return one.order.id in known and known[one.order.id].is_done
