"""What is durable and not yet stepped: the engine takes it a moment later, with what has followed meanwhile.

A step of many rows costs hardly more than a step of one; what waits here has been acknowledged already. What is urgent
waits for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.journal.entries import merge

if TYPE_CHECKING:
    from gateway.journal.entries import EntryBatch

MOMENT = 0.01
"""Real seconds that it waits at most."""


@dataclass(slots=True)
class Durable:
    """Batches that follow one another in the log.

    Args:
        most: entries from which on nothing more is waited for.
        are_due: whether the engine is to have them now.
    """

    most: int
    are_due: bool = False
    _batches: list[tuple[int, EntryBatch]] = field(default_factory=list)
    _rows: int = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, first: int, batch: EntryBatch, *, is_urgent: bool) -> None:
        """One more, from offset ``first`` on."""
        self._batches.append((first, batch))
        self._rows += len(batch)
        self.are_due |= is_urgent or self._rows >= self.most

    def pop(self) -> tuple[int, EntryBatch]:
        """All of them as one, with the offset of its first entry."""
        batches, self._batches, self._rows, self.are_due = self._batches, [], 0, False
        return batches[0] if len(batches) == 1 else (batches[0][0], merge([batch for _, batch in batches]))
