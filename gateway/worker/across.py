"""The second step of a county with several partitions, at the worker that owns the first of them.

It reads what all partitions have handed on, and of the first one's log the entries that all have. What it says depends
on these alone and has the same ids whoever says it; so two who do it at once, in a takeover, say everything once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import structlog

from gateway.backoff import Backoff
from gateway.decoded import from_json
from gateway.engine import EngineState, restore, snapshot_of
from gateway.errors import GatewayFault, OurFault
from gateway.partition.across import Across, Handed, shared_of
from gateway.stream.names import signs_stream, token
from gateway.stream.reading import bodies_from
from gateway.upstream.cloudevents import event_of
from gateway.worker.saying import say
from gateway.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.replay.reading import PolicyShelf
    from gateway.store.state_db import Event
    from gateway.stream.bucket import Bucket
    from gateway.stream.connection import Connection
    from gateway.stream.journal import StreamJournal
    from gateway.worker.kept import Kept
    from gateway.worker.standing import Standing

LOOK_EVERY: Final = 0.5
SAVE_EVERY: Final = 60.0
"""Real seconds between two looks for what was handed on, and between two snapshots."""
LONGEST_WAIT: Final = 2.0

log = structlog.get_logger()


class Place(NamedTuple):
    """From where the logs are read again behind a snapshot.

    Attributes:
        sequence: of the first message with signs that may be needed.
        offset: in the first partition's log, of a batch with the next entry that all have.
        number: of the first such entry of that batch.
    """

    sequence: int = 1
    offset: int = 0
    number: int = 0


def needed_by(keys: Iterable[str], county: str) -> int:
    """Offset in the first partition's log from which a county's second step reads on, by the snapshots' keys.

    0: it has none yet.
    """
    prefix = _prefix(county)
    places = [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]
    return _place(max(places)).offset if places else 0


def _prefix(county: str) -> str:
    return f"{token(county)}/across/"


def _place(key: str) -> Place:
    return Place(*map(int, key.split("-")[1:]))


@dataclass(slots=True)
class AcrossWork:
    """One county's.

    Attributes:
        connection: to the streams.
        standing: of the first partition: who owns that does the second step.
        journal: of the first partition, to read; another than its engine's.
        policies: of the whole county, as ``across_of`` has them.
        bucket: of snapshots; ``kept``: where one is packed and unpacked.
    """

    connection: Connection
    standing: Standing
    partitions: int
    journal: StreamJournal
    policies: PolicyShelf
    bucket: Bucket
    kept: Kept
    _thread: Writer = field(default_factory=lambda: Writer("across"))
    _across: Across = field(init=False)
    _place: Place = field(default_factory=Place)
    _heard: deque[tuple[int, int]] = field(default_factory=deque)
    """Sequence of each message that was heard and may be needed again, and up to which number it goes."""
    _read: deque[tuple[int, int]] = field(default_factory=deque)
    """Offset of each batch that was read and may be needed again, and the number of its first entry."""
    _saved: float = 0.0

    async def run(self) -> None:
        """Do it for ever, while the first partition is ours."""
        backoff = Backoff(LONGEST_WAIT)
        try:
            while True:
                if self.standing.is_owner:
                    try:
                        await self._begin()
                        await self._go_on(backoff)
                    except GatewayFault as fault:
                        log.warning("what concerns all partitions waits", county=self.standing.county, fault=str(fault))
                await asyncio.sleep(max(LOOK_EVERY, backoff.next_wait() if self.standing.is_owner else 0.0))
        finally:
            await asyncio.to_thread(self._thread.close)

    async def _begin(self) -> None:
        """From the newest snapshot of whoever did it last."""
        self._heard.clear()
        self._read.clear()
        state, self._place = EngineState(), Place()
        for key in sorted(await self._keys(), reverse=True)[:1]:
            await self._thread.run(self.kept.unpack, await self.bucket.get(self._prefix + key))
            newest = next(self.kept.load_snapshots())
            state, self._place = restore(newest), _place(key)
            state.seat(await self._thread.run(self.policies, state.digest), state.digest)
        self._across = Across(self.partitions, state)

    async def _go_on(self, backoff: Backoff) -> None:
        while self.standing.is_owner:
            for sequence, body in await bodies_from(
                self.connection, signs_stream(self.standing.county), self._place.sequence
            ):
                self._hear(sequence, body)
            for event in await self._thread.run(self._step):
                await say(self.connection, self.standing.county, event)
            backoff.reset()
            await self._save_at_times()
            await asyncio.sleep(LOOK_EVERY)

    def _hear(self, sequence: int, body: bytes) -> None:
        try:
            told = from_json(body, Handed)
        except msgspec.MsgspecError as fault:
            raise OurFault(
                f"message {sequence} of {signs_stream(self.standing.county)} is no message of ours"
            ) from fault
        self._across.hear(told)
        self._heard.append((sequence, told.until))
        self._place = self._place._replace(sequence=sequence + 1)

    def _step(self) -> list[Event]:
        """Read what all partitions have passed, and step it; in the thread."""
        for offset, batch in self.journal.read(self._place.offset):
            shared = shared_of(batch)
            known = self._across.state.offset - self._place.number
            if len(shared):
                self._read.append((offset, self._place.number))
                self._across.read(shared.slice(max(0, known), len(shared)))
            self._place = self._place._replace(offset=offset + len(batch), number=self._place.number + len(shared))
        said = self._across.step(self.policies)
        if not said.outcomes:
            return []
        county = self.policies(self._across.state.digest).configuration.county
        return [event_of(outcome, county.code, county.timezone, county.maps) for outcome in said.outcomes]

    async def _save_at_times(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._saved < SAVE_EVERY or not self._across.state.digest:
            return
        self._saved = now
        await self.save()

    async def save(self) -> None:
        """Put a snapshot where whoever does it next finds it, and let the others go.

        Raises:
            TransientFault: it cannot be put there now.
        """
        number = self._across.state.offset
        while self._heard and self._heard[0][1] <= number:
            self._heard.popleft()
        while len(self._read) > 1 and self._read[1][1] <= number:
            self._read.popleft()
        sequence = self._heard[0][0] if self._heard else self._place.sequence
        offset, first = self._read[0] if self._read else (self._place.offset, self._place.number)
        key = f"{number:020d}-{sequence}-{offset}-{first}"
        others = [other for other in await self._keys() if other != key]
        await self.bucket.put(self._prefix + key, await self._thread.run(self._packed))
        for other in others:
            await self.bucket.remove(self._prefix + other)

    def _packed(self) -> bytes:
        self.kept.snapshots.save([snapshot_of(self._across.state)], self._across.state.offset)
        newest = self.kept.packed()
        return b"" if newest is None else newest[1]

    @property
    def _prefix(self) -> str:
        return _prefix(self.standing.county)

    async def _keys(self) -> list[str]:
        keys = await self.bucket.keys()
        return [key.removeprefix(self._prefix) for key in keys if key.startswith(self._prefix)]
