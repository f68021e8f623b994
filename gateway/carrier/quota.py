"""A quota that holds in every window, not only on average: a bucket that fills at a steady rate."""

from __future__ import annotations

from dataclasses import dataclass

_EARNEST = 0.1
"""Share of a window's quota that may be spent at once; the rest comes evenly over the window."""


@dataclass(slots=True)
class Quota:
    """At most ``limit`` spendings in any ``window`` seconds. Starts full.

    A bucket of capacity c that fills at rate r gives at most c + r * window in a window: r = (limit - c) / window.
    One of capacity 1 spends evenly, ``window / limit`` apart, which fits a window that does not hold both its ends.
    """

    limit: int
    window: float
    _level: float | None = None
    _at: float = 0.0

    @property
    def capacity(self) -> int:
        """Spendings that may come at once: a tenth of the limit, one at least."""
        return max(1, int(_EARNEST * self.limit))

    @property
    def rate(self) -> float:
        """Spendings a second in the long run."""
        reserved = self.capacity if self.capacity > 1 else 0
        return (self.limit - reserved) / self.window

    def ready_at(self, now: float) -> float:
        """When the next one may be spent: ``now`` or later."""
        missing = 1.0 - self._filled(now)
        return now if missing <= 0.0 else now + missing / self.rate

    def room(self, now: float, seconds: float) -> int:
        """How many may be spent from now on in some seconds."""
        return max(0, int(self._filled(now) + self.rate * seconds))

    def spend(self, now: float) -> None:
        """Spend one; to be called at or after ``ready_at``."""
        self._level, self._at = self._filled(now) - 1.0, max(now, self._at)

    def _filled(self, now: float) -> float:
        if self._level is None:
            return self.capacity
        return min(self.capacity, self._level + max(0.0, now - self._at) * self.rate)
