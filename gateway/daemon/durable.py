"""What is durable and not yet stepped: the engine takes it a moment later, with what has followed meanwhile.

A step of many rows costs hardly more than a step of one; what waits here has been acknowledged already. So the engine
is asked four times a second, and at once after a pause. What is urgent waits for nothing, and no control does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gateway.journal.entries import EntryKind, merge

if TYPE_CHECKING:
    from gateway.journal.entries import EntryBatch

MOMENT = 0.01
"""Real seconds that it waits at least: what comes together goes together."""
APART = 0.25
"""The clock's seconds from one step to the next where nothing is urgent: an alarm that took minutes to be sure of."""
_PATIENT = np.zeros(256, np.bool_)
"""By entry kind: whether nobody waits for what comes of it."""
_PATIENT[[EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED]] = True


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
    _taken: float = -math.inf

    def __len__(self) -> int:
        return self._rows

    def add(self, first: int, batch: EntryBatch, *, is_urgent: bool) -> None:
        """One more, from offset ``first`` on."""
        self._batches.append((first, batch))
        self._rows += len(batch)
        self.are_due |= is_urgent or self._rows >= self.most or not _PATIENT[batch.kind].all()

    def wait(self, now: float) -> float:
        """The clock's seconds until what was just added is due, at ``now``, monotonic seconds of that clock."""
        return max(0.0, self._taken + APART - now)

    def pop(self, now: float) -> tuple[int, EntryBatch]:
        """All of them as one, with the offset of its first entry."""
        batches, self._batches, self._rows, self.are_due = self._batches, [], 0, False
        self._taken = now
        return batches[0] if len(batches) == 1 else (batches[0][0], merge([batch for _, batch in batches]))
