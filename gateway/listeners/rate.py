"""How fast one connection may be: a sustained rate in frames and in bytes, and a burst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings.model import Limits


@dataclass(slots=True)
class Rate:
    """The generic cell rate algorithm (ITU-T I.371), whose one variable is when everything heard would be paid for.

    Attributes:
        frame_cost, byte_cost: seconds that one of them takes at the sustained rate; the dearer of the two counts.
        burst: seconds that may be owed.
    """

    frame_cost: float
    byte_cost: float
    burst: float
    _paid: float = 0.0

    @classmethod
    def of(cls, limits: Limits) -> Rate:
        """The rate of a listener's connections."""
        return cls(1.0 / limits.frames_per_second, 1.0 / limits.bytes_per_second, limits.burst_seconds)

    def charge(self, frames: int, size: int, now: float) -> float:
        """Count what came at ``now``; seconds to wait until more may come, 0 for none."""
        self._paid = max(self._paid, now) + max(frames * self.frame_cost, size * self.byte_cost)
        return max(0.0, self._paid - now - self.burst)
