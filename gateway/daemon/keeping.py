"""Retention by class: what is over leaves journal, history and state.db; places go before alarms and acts."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.daemon.held import NOTHING, held_at
from gateway.engine import KEPT
from gateway.forward.progress import read as read_progress
from gateway.history.reader import HistoryReader
from gateway.journal.erasure import Erasure
from gateway.journal.expiry import ACTS, ALL_GOES, PLACES, Kept, expire
from gateway.journal.past_days import PastDays
from gateway.journal.past_fixes import expire_past

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.daemon.held import Held
    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.contract import Journal
    from gateway.settings.model import Storage

DAY = 86400.0
BY, WHY = "gateway", "keep_days"


@dataclass(slots=True)
class Keeping:
    """One daemon's.

    Attributes:
        directory: where journal and state.db are.
        storage: for how long the county keeps what.
        one: held by whoever rewrites or removes days that are over.
        days: of the journal that are over: what is known of them, so that each round opens only those that are due.
        forget_towers: lets versions of what is known of cells go that nothing names after a time.
    """

    pipeline: Pipeline
    directory: Path
    storage: Storage
    forget_towers: Callable[[float], list[str]] = lambda _: []
    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    days: PastDays = field(init=False)

    def __post_init__(self) -> None:
        self.days = PastDays(self.directory / "journal")

    async def remove_old(self, now: float) -> list[str]:
        """Remove what is over at a time, UTC epoch seconds; returns the names of the files that are gone, or less.

        Where alarms are kept for longer than places, a day's journal stays as long as they do, without its places. A
        day on which somebody looked stays for ``audit_days``, and those behind it, without places and acts that are
        over. What is held stays, and with it the days of the journal from then on, whose other places go.

        Raises:
            GatewayFault: something cannot be removed now, or is damaged.
        """
        async with self.one:
            return await self._remove_old(now)

    async def _remove_old(self, now: float) -> list[str]:
        pipeline, places, alarms = self.pipeline, now - self.storage.keep_days * DAY, self._alarms_before(now)
        acts = places if alarms is None else alarms
        looks = now - pipeline.policy.configuration.console.audit_days * DAY
        held = await pipeline.writer.run(held_at, pipeline.policy.configuration, pipeline.store, now)
        needed = min(await pipeline.writer.run(pipeline.store.needed_offset), self._unforwarded())
        whole = min(acts, held.since), lambda: needed, min(places, held.since), looks
        gone = await pipeline.writers.journal.run(pipeline.journal.retire, *whole)
        # Nobody writes to days that are over: their files are rewritten without holding up an answer.
        past, record, kept = pipeline.writers.past, Erasure(now, BY, WHY), Kept(held.spans, held.label)
        gone += await past.run(expire, self.days, PLACES, places, needed, record, kept)
        gone += await past.run(expire_past, self.days, places - places % DAY, needed, record, kept)
        gone += await past.run(expire, self.days, ACTS, min(acts, held.since), needed, record, ALL_GOES)
        gone += await pipeline.retire_history(now, self.storage.keep_days * DAY, held)
        await forget(pipeline, places, alarms, held)
        await pipeline.writer.run(self.forget_towers, min(acts, held.since))
        await self._forget_configurations(now)
        return gone

    def _unforwarded(self) -> int:
        """Offset from which on the city has nothing yet, and the journal is held for it; beyond all: it is not."""
        forward = self.pipeline.policy.configuration.forward
        return read_progress(self.directory).offset if forward is not None and forward.hold else sys.maxsize

    async def _forget_configurations(self, now: float) -> None:
        """Let those go under which nothing was received that is still there, or may be decided anew."""
        pipeline, journal = self.pipeline, self.pipeline.journal
        before = await pipeline.writers.past.run(HistoryReader(self.directory / "history").epochs)
        epochs = [*pipeline.state.epochs, *before]
        needed = {pipeline.state.digest, pipeline.policy.configuration.digest, *(digest for _, digest in epochs)}
        begins = await pipeline.writers.journal.run(_begins, journal, now)
        await pipeline.writers.journal.run(
            journal.keep_configurations, needed, now, min(begins, now - KEPT) - DAY
        )  # fmt: skip

    def _alarms_before(self, now: float) -> float | None:
        """Since when alarms stay: as long as the engine may decide them anew, at least. None: all stay."""
        if self.storage.alarm_days is None:
            return None
        return now - max(self.storage.alarm_days * DAY, KEPT)


def _begins(journal: Journal, now: float) -> float:
    """When the first entry was received that is still there; ``now``: there is none."""
    _, batch = next(journal.read(journal.begins), (0, None))
    return now if batch is None else float(batch.received[0])


async def forget(pipeline: Pipeline, places: float, alarms: float | None = None, held: Held = NOTHING) -> None:
    """Drop what is over and not held: commands and presence before ``places``, alarms, notices before ``alarms``.

    None: alarms stay, and notices go as commands do.
    """
    run, store, whose = pipeline.writer.run, pipeline.store, (held.people, held.alarms)
    await run(store.forget_commands, places, held.spans.keys())
    await run(store.forget_presence, places, held.people)
    await run(store.notices.forget, places if alarms is None else alarms, *whose)
    if alarms is not None:
        await run(store.forget_alarms, alarms, *whose)
        await run(store.papers.forget, alarms)
