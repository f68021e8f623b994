"""How often somebody asks: so many times in a window, bounded in memory."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

WINDOW: Final = 60.0
"""Real seconds."""
MOST_KEYS: Final = 4096
"""Of whom it is remembered; of more, those who have asked last."""


class Pace:
    """How often whoever is named by a key has asked in the last WINDOW."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = {}

    def wait(self, key: str, most: int) -> float:
        """Seconds until ``key`` may ask again; 0: it may now, and that is counted."""
        now = time.monotonic()
        asked = self._asked.pop(key, deque())
        while asked and asked[0] <= now - WINDOW:
            asked.popleft()
        self._asked[key] = asked
        while len(self._asked) > MOST_KEYS:
            del self._asked[next(iter(self._asked))]
        if len(asked) >= most:
            return asked[0] + WINDOW - now
        asked.append(now)
        return 0.0
