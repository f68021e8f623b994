"""Nothing is refused silently: every refusal is counted under a reason, the last ones are kept for a look."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

KEPT = 200
SAMPLE = 256
"""Bytes of a refused frame that are kept: enough to see what it was."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal."""

    at: float
    reason: str
    listener: str
    peer: str
    sample: str
    """Hexadecimal, cut."""


@dataclass(slots=True)
class Refusals:
    """The bounded quarantine and its counters."""

    counts: Counter[str] = field(default_factory=Counter)
    last: deque[Refusal] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, reason: str, at: float, listener: str, peer: str, raw: bytes = b"") -> None:
        """Count one and keep a sample."""
        self.counts[reason] += 1
        self.last.append(Refusal(at, reason, listener, peer, raw[:SAMPLE].hex()))
