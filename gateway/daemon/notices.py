"""How many notices people got within a day: whoever gets too many reads none, and one taken back was one too many."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

NOTICES: Final = ("raised", "retracted")
DAY: Final = 86_400.0
MOST: Final = 100_000
"""Of which the times are remembered; more in a day are too many to read, whatever their number."""


@dataclass(slots=True)
class Notices:
    """Those since the start, at most of the last day."""

    _said: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=MOST))

    def note(self, change: str, at: float) -> None:
        """An alarm was raised or taken back at a time (UTC epoch seconds); other changes are no notice of their own."""
        if change in NOTICES:
            self._said.append((at, change))

    def figures(self, now: float) -> dict[str, int]:
        """How many of each within a day before ``now``."""
        self._said = deque(((at, change) for at, change in self._said if at > now - DAY), maxlen=MOST)
        changes = [change for _, change in self._said]
        return {change: changes.count(change) for change in NOTICES}
