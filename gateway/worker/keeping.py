"""What is over by the county's own time of keeping leaves a partition's stream, and each worker's history.

The time is what came last, or our own clock's where that is earlier: of two clocks a wrong one removes nothing. The
owner removes nothing that somebody may go on from: it stays until a snapshot behind it lies in the streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from gateway.engine import KEPT
from gateway.history.reader import HistoryReader
from gateway.worker.across import needed_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.stream.journal import StreamJournal
    from gateway.worker.engine import PartitionEngine
    from gateway.worker.shipping import Shipping
    from gateway.writer import Writer

DAY: Final = 86_400.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Keeping:
    """One partition's, at one worker.

    Attributes:
        journal: of the partition.
        shipping: where its snapshots are handed on.
        partitions: of the county.
        history: directory of the worker's own.
        now: our clock, UTC epoch seconds.
    """

    journal: StreamJournal
    shipping: Shipping
    partitions: int
    history: Path
    now: Callable[[], float]

    async def look(self, engine: PartitionEngine, thread: Writer, *, is_owner: bool) -> None:
        """Remove what is over, where all that the engine has stepped is answered for.

        Raises:
            TransientFault: it cannot be removed now.
        """
        now = min(self.now(), engine.state.now)
        if not engine.state.digest:
            return
        keep = engine.policies(engine.state.digest).configuration.storage.keep_days * DAY
        await thread.run(engine.history.retire, now, keep)
        if is_owner:
            needed = min(engine.offset, await self._needed())
            gone = await thread.run(self.journal.retire, now - keep, lambda: needed)
            await thread.run(self._forget_configurations, engine, now)
            if gone:
                where = {"county": self.shipping.county, "partition": self.shipping.partition}
                log.info("removed from the stream, for its time is over", messages=len(gone), **where)

    async def _needed(self) -> int:
        """Offset of the first entry that somebody who begins anew may need."""
        shipped = await self.shipping.offset() or 0
        if self.partitions == 1 or self.shipping.partition:
            return shipped
        return min(shipped, needed_by(await self.shipping.bucket.keys(), self.shipping.county))

    def _forget_configurations(self, engine: PartitionEngine, now: float) -> None:
        """Let those go under which nothing was received that is still there, or may be decided anew."""
        epochs = [*engine.state.epochs, *HistoryReader(self.history).epochs()]
        needed = {engine.state.digest, *(digest for _, digest in epochs)}
        _, first = next(self.journal.read(self.journal.begins), (0, None))
        begins = now if first is None else float(first.received[0])
        self.journal.keep_configurations(needed, now, min(begins, now - KEPT) - DAY)
