"""What is durable and not yet stepped: while more is on its way the engine waits for it, a moment at most.

A step of many rows costs less a row than several steps of few; what waits here has been acknowledged already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.journal.entries import merge

if TYPE_CHECKING:
    from gateway.journal.entries import EntryBatch

MOMENT = 0.015
"""Real seconds."""


@dataclass(slots=True)
class Durable:
    """Batches that follow one another in the log.

    Args:
        most: entries from which on nothing more is waited for.
    """

    most: int
    _batches: list[tuple[int, EntryBatch]] = field(default_factory=list)
    _rows: int = 0
    _since: float = 0.0

    def add(self, first: int, batch: EntryBatch, now: float) -> None:
        """One more, from offset ``first`` on; ``now``: loop time."""
        if not self._batches:
            self._since = now
        self._batches.append((first, batch))
        self._rows += len(batch)

    def is_due(self, now: float, *, more: bool) -> bool:
        """Whether the engine is to have them now; ``more``: others will follow."""
        return bool(self._batches) and (not more or self._rows >= self.most or now - self._since >= MOMENT)

    def pop(self) -> tuple[int, EntryBatch]:
        """All of them as one, with the offset of its first entry."""
        batches, self._batches, self._rows = self._batches, [], 0
        return batches[0] if len(batches) == 1 else (batches[0][0], merge([batch for _, batch in batches]))
