"""How long devices wait for their answers: a histogram of counts, filled a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gateway.intake.block import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.intake.lanes import Item

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the bins, seconds, each within its bin; one more has no end."""
NAMES: Final = (*map(str, BOUNDS), "+Inf")


def _empty() -> NDArray[np.int64]:
    return np.zeros(len(NAMES), np.int64)


@dataclass(slots=True)
class AnswerTimes:
    """Those since the start.

    Attributes:
        counts: int64, frames a bin.
        total: seconds, of all of them.
    """

    counts: NDArray[np.int64] = field(default_factory=_empty)
    total: float = 0.0

    def note(self, answers: Sequence[Item | Block], now: float) -> None:
        """These were answered at ``now``, monotonic seconds; of a block each frame counts."""
        if not answers:
            return
        waited = now - np.array([one.since for one in answers])
        frames = np.array([len(one) if isinstance(one, Block) else 1 for one in answers])
        np.add.at(self.counts, np.searchsorted(BOUNDS, waited), frames)
        self.total += float((waited * frames).sum())

    def figures(self) -> dict[str, Any]:
        """For the status: how many waited so long at most, by bound in seconds; and all their seconds."""
        return {
            "up_to": dict(zip(NAMES, np.cumsum(self.counts).tolist(), strict=True)), "sum": round(self.total, 3),
        }  # fmt: skip
