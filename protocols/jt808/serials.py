"""Our serials on one session: 0, 1, 2 ..., and after 65535 again 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Serials:
    """Apart from the session, so that what numbers with them does not hold it: no cycle is left of who has gone."""

    _next: int = 0

    def claim(self, count: int = 1) -> int:
        """The first of the next ``count``; they are taken."""
        first, self._next = self._next, (self._next + count) & 0xFFFF
        return first
