"""How fast one connection may be: a sustained rate in frames and in bytes, and a burst."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.settings.model import Limits

Paid = TypeVar("Paid", float, "NDArray[np.float64]")


@dataclass(frozen=True, slots=True)
class Rate:
    """The generic cell rate algorithm (ITU-T I.371), whose one variable is when everything heard would be paid for.

    Attributes:
        frame_cost, byte_cost: seconds that one of them takes at the sustained rate; the dearer of the two counts.
        burst: seconds that may be owed.
    """

    frame_cost: float
    byte_cost: float
    burst: float

    @classmethod
    def of(cls, limits: Limits) -> Rate:
        """The rate of a listener's connections, one for all of them."""
        return _rate(limits)

    def charge(self, paid: Paid, frames: NDArray[np.int64] | int, size: NDArray[np.int64] | int, now: float) -> Paid:
        """When everything would be paid for, once what came at ``now`` is counted; of one connection or many."""
        cost = np.maximum(np.multiply(frames, self.frame_cost), np.multiply(size, self.byte_cost))
        return np.maximum(paid, now) + cost  # type: ignore[no-any-return]  # numpy's functions do not tell

    def wait(self, paid: Paid, now: float) -> Paid:
        """Seconds to wait until more may come, 0 for none."""
        return np.maximum(0.0, paid - now - self.burst)  # type: ignore[no-any-return]


@cache
def _rate(limits: Limits) -> Rate:
    return Rate(1.0 / limits.frames_per_second, 1.0 / limits.bytes_per_second, limits.burst_seconds)
