"""An erasure that was confirmed is carried through: out of journal, history, state.db and snapshots, while all goes on.

Each step may be done again, so that whatever breaks it off, a kill among it, the next attempt ends it. It goes by what
the engine's state knows of confirmed orders, and is over with the entry that says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
import structlog

from gateway.engine import with_imported
from gateway.errors import GatewayFault
from gateway.journal import FileJournal
from gateway.journal.controls import Erasing
from gateway.journal.entries import EntryKind
from gateway.journal.erasure import Erasure, erase, finish, older_in, recorded
from gateway.journal.segment import select
from gateway.replay.whose import Whose
from gateway.sqlite_faults import words_of
from gateway.upstream.cloudevents import without_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import Erased, Policy
    from gateway.ports import Tell

RETRY: Final = 60.0
"""Real seconds between attempts while something is in the way."""
STRETCH: Final = 65_536
"""Entries looked at together."""
ERASURE: Final = "erasure"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """What a journal has of a person.

    Attributes:
        offsets: int64, of the entries that can be erased.
        files: names of the files that have them.
        shared: entries of these that have reports of others, too.
        older: entries that cannot be erased: they stand in rows of an older format, each one piece.
    """

    offsets: NDArray[np.int64]
    files: tuple[str, ...]
    shared: int
    older: int


def find(
    directory: Path, policy: Policy, person: str, spans: Mapping[str, Sequence[tuple[float, float]]], until: int
) -> Found:  # fmt: skip
    """Entries before an offset that tell where a person was. It reads the whole journal, in any thread.

    Raises:
        OurFault: a file cannot be read, or is damaged.
    """
    whose, offsets, paths = Whose(policy, person, spans), list[int](), _files(directory)
    journal = FileJournal(directory, read_only=True)
    for first, batch in journal.read_long(journal.begins, STRETCH):
        if first >= until:
            break
        offsets += whose.look(first, batch)
    mine = np.unique(np.array(offsets, np.int64))
    mine = mine[mine < until]
    kept = np.zeros(len(mine), np.bool_)
    for begin, end in (row for path in paths for row in older_in(path)):
        kept |= (mine >= begin) & (mine < end)
    ends = np.array([_end_of(path) for path in paths], np.int64)
    files = tuple(paths[at].name for at in np.unique(np.searchsorted(ends, mine, "right")).tolist())
    return Found(mine[~kept], files, whose.shared, int(kept.sum()))


def _files(directory: Path) -> list[Path]:
    journal = FileJournal(directory, read_only=True)
    journal.refuse_damage()
    return [path for path in journal.segments() if journal.is_filled(path)]


def record_of(one: Erased) -> Erasure:
    """What stands beside each entry that an order erases: when, by which two persons, and the order with its document.

    Its words name the order and nothing of the person.
    """
    order = one.order
    return Erasure(one.at, f"{order.first}, {order.by}", f"{order.id} {order.document}")


def erase_found(directory: Path, found: Found, record: Erasure) -> int:
    """Take entries out of the files of a journal that nobody writes to; how many this order has erased in all.

    Raises:
        TransientFault: a file cannot be written now, or somebody reads it; to be tried again.
        OurFault: a file is damaged.
    """
    total, left = 0, found.offsets
    for path in _files(directory):
        before, ends = recorded(path, record.why), _end_of(path)
        mine, left = left[left < ends], left[left >= ends]
        if len(mine):
            erase(path, mine.tolist(), record)
        elif before:
            finish(path)
        total += len(recorded(path, record.why))
    return total


def _end_of(path: Path) -> int:
    return int(next(select(path, "SELECT max(first + count) FROM batch"))[0])


@dataclass(slots=True)
class ErasureWork:
    """Carries confirmed orders through, one at a time, oldest first.

    Attributes:
        directory: the storage directory.
        one: held by whoever rewrites or removes days that are over.
    """

    pipeline: Pipeline
    directory: Path
    one: asyncio.Lock
    tell: Tell
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """An order has been confirmed."""
        self._wake.set()

    async def run(self) -> None:
        """Carry through what is confirmed and not done, for ever."""
        while True:
            self._wake.clear()
            is_left = await self._attempt()
            try:
                await asyncio.wait_for(self._wake.wait(), RETRY if is_left else None)
            except TimeoutError:
                continue

    async def _attempt(self) -> bool:
        """Carry through what there is; whether something was in the way, which stands in the health."""
        trouble = None
        try:
            for one in [one for one in self.pipeline.state.erasures.values() if one.done is None]:
                async with self.one:
                    await self._carry(one)
        except (GatewayFault, OSError) as fault:
            trouble = words_of(fault)
        if self.pipeline.health.note(ERASURE, trouble) and trouble:
            log.error("an erasure is not carried through yet; it is tried again", fault=str(trouble))
        return bool(trouble)

    async def _carry(self, one: Erased) -> None:
        pipeline, order, journal = self.pipeline, one.order, self.directory / "journal"
        if await pipeline.writer.run(pipeline.store.needed_offset) <= one.offset:
            await pipeline.save_anew()
        await self._turn_over(one.offset)
        found = await asyncio.to_thread(find, journal, pipeline.policy, order.person, order.spans, one.offset)
        # The history first: what the journal does not tell any more cannot be looked up in it.
        gone = np.union1d(found.offsets, await asyncio.to_thread(_recorded, journal, one))
        await pipeline.erase_history(with_imported(list(order.spans)), gone)
        entries = await asyncio.to_thread(erase_found, journal, found, record_of(one))
        run, erase_places = pipeline.writer.run, pipeline.store.erase_places
        stored = await run(erase_places, order.person, order.spans, one.at, without_place)
        counts = {"entries": entries, "older": found.older, **stored}
        await self.journal(Erasing("done", order.id, order.person, counts=counts))
        self.tell("erasure", "done", erasure=order.id, **counts)

    async def _turn_over(self, offset: int) -> None:
        """From here on nobody writes to the files that have what is to go."""
        pipeline = self.pipeline
        await pipeline.writers.journal.run(pipeline.journal.turn_over, offset)
        pipeline.intake.control(EntryKind.TICK, b"")
        await self._durable()

    async def journal(self, said: Erasing) -> None:
        """Put an entry behind all that has come; over once it is durable."""
        self.pipeline.intake.control(EntryKind.ERASURE, msgspec.json.encode(said))
        await self._durable()

    async def _durable(self) -> None:
        durable = asyncio.get_running_loop().create_future()
        self.pipeline.intake.when_durable(lambda: durable.set_result(None))
        self.pipeline.wake()
        await asyncio.shield(durable)


def _recorded(directory: Path, one: Erased) -> NDArray[np.int64]:
    """Offsets that an earlier attempt has erased."""
    why = record_of(one).why
    return np.array([offset for path in _files(directory) for offset in recorded(path, why)], np.int64)
