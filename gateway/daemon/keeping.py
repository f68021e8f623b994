"""Retention by class: what is over leaves journal, history and state.db; places go before alarms and acts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.engine import KEPT
from gateway.journal.erasure import Erasure
from gateway.journal.expiry import PLACES, expire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.daemon.pipeline import Pipeline
    from gateway.settings.model import Storage

DAY = 86400.0
BY, WHY = "gateway", "keep_days"


@dataclass(frozen=True, slots=True)
class Keeping:
    """One daemon's.

    Attributes:
        directory: where journal and state.db are.
        storage: for how long the county keeps what.
        forget_towers: lets versions of what is known of cells go that nothing names after a time.
    """

    pipeline: Pipeline
    directory: Path
    storage: Storage
    forget_towers: Callable[[float], list[str]] = lambda _: []

    async def remove_old(self, now: float) -> list[str]:
        """Remove what is over at a time, UTC epoch seconds; returns the names of the files that are gone, or less.

        Where alarms are kept for longer than places, a day's journal stays as long as they do, without its places.

        Raises:
            GatewayFault: something cannot be removed now, or is damaged.
        """
        pipeline, places, alarms = self.pipeline, now - self.storage.keep_days * DAY, self._alarms_before(now)
        days = places if alarms is None else alarms
        needed = await pipeline.writer.run(pipeline.store.needed_offset)
        gone = await pipeline.writers.journal.run(pipeline.journal.retire, days, lambda: needed, places)
        if days < places:
            # Days that are over have no writer: their files are rewritten without holding up an answer.
            record = Erasure(now, BY, WHY)
            gone += await asyncio.to_thread(expire, self.directory / "journal", PLACES, places, needed, record)
        gone += await pipeline.retire_history(now, self.storage.keep_days * DAY)
        await pipeline.forget(places, alarms)
        await pipeline.writer.run(self.forget_towers, days)
        return gone

    def _alarms_before(self, now: float) -> float | None:
        """Since when alarms stay: as long as the engine may decide them anew, at least. None: all stay."""
        if self.storage.alarm_days is None:
            return None
        return now - max(self.storage.alarm_days * DAY, KEPT)
