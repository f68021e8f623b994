"""Retry policy: capped, jittered, in one place."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIRST = 0.5
LONGEST = 60.0
"""Seconds; a platform that comes back has its alarms within the minute."""


@dataclass(slots=True)
class Backoff:
    """Full jitter over doubling waits."""

    longest: float = LONGEST
    _attempt: int = 0
    _random: random.Random = field(default_factory=random.Random)

    def reset(self) -> None:
        """It worked."""
        self._attempt = 0

    def next_wait(self) -> float:
        """Seconds to wait now."""
        ceiling = min(self.longest, FIRST * 2.0**self._attempt)
        self._attempt = min(self._attempt + 1, 16)
        return self._random.uniform(0.5 * ceiling, ceiling)
