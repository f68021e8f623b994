"""What is durable and not yet stepped: the engine takes it a moment later, with what has followed meanwhile.

A step of many rows costs hardly more than a step of one; what waits here has been acknowledged already. So the engine
is asked four times a second, and at once after a pause. What is urgent waits for nothing, and no control does. Where
much comes whole slices go, and what is left over waits for the next.
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
        most: entries of a slice: as many wait for nothing more.
        are_due: whether the engine is to have them now.
    """

    most: int
    are_due: bool = False
    _are_all_due: bool = False
    """Whether those that fill no slice are, too."""
    _batches: list[tuple[int, EntryBatch]] = field(default_factory=list)
    _rows: int = 0
    _taken: float = -math.inf

    def __len__(self) -> int:
        return self._rows

    def add(self, first: int, batch: EntryBatch, *, is_urgent: bool) -> None:
        """One more, from offset ``first`` on."""
        self._batches.append((first, batch))
        self._rows += len(batch)
        self._are_all_due |= is_urgent or not _PATIENT[batch.kind].all()
        self.are_due |= self._are_all_due or self._rows >= self.most

    def wait(self, now: float) -> float:
        """The clock's seconds until what was just added is due, at ``now``, monotonic seconds of that clock."""
        return max(0.0, self._taken + APART - now)

    def hurry(self) -> None:
        """What is there has waited long enough."""
        self.are_due = self._are_all_due = bool(self._rows)

    def pop(self, now: float) -> tuple[int, EntryBatch]:
        """Those that are due as one, with the offset of its first entry."""
        batches, self._batches = self._batches, []
        is_cut = self._rows > self.most and not self._are_all_due
        rest = self._rows % self.most if is_cut else 0
        if rest:
            first, last = batches.pop()
            kept = len(last) - rest
            batches.append((first, last.slice(0, kept)))
            self._batches = [(first + kept, last.slice(kept, len(last)).compact())]
        self._rows, self.are_due, self._are_all_due, self._taken = rest, False, False, now
        return batches[0] if len(batches) == 1 else (batches[0][0], merge([batch for _, batch in batches]))
