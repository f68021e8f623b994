"""How long a bracelet waits before it tries to connect again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FIRST_BACKOFF, LONGEST_BACKOFF = 5.0, 300.0
"""Simulated seconds between attempts to connect; doubled each time, jittered to 50-100 %."""


class Backoff:
    """Pauses that grow until a login succeeds."""

    def __init__(self, draw: np.random.Generator) -> None:
        self._draw = draw
        self._next = FIRST_BACKOFF

    def next_wait(self) -> float:
        """Simulated seconds until the next attempt."""
        wait = self._next * float(self._draw.uniform(0.5, 1.0))
        self._next = min(self._next * 2.0, LONGEST_BACKOFF)
        return wait

    def reset(self) -> None:
        """A login succeeded."""
        self._next = FIRST_BACKOFF
