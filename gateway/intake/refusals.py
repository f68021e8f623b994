"""Nothing is refused silently: every refusal is counted under a reason, the last ones are kept for a look."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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
    identity: str = ""
    """What the terminal calls itself, where its frame could be read."""
    frame: str = ""
    """As the frame is named in the log (:attr:`gateway.intake.visit.Visit.connection`)."""


@dataclass(slots=True)
class Refusals:
    """The bounded quarantine and its counters.

    Attributes:
        on_refusal: told of each.
    """

    counts: Counter[str] = field(default_factory=Counter)
    last: deque[Refusal] = field(default_factory=lambda: deque(maxlen=KEPT))

    on_refusal: Callable[[Refusal], None] = lambda _: None

    def add(  # noqa: PLR0913, PLR0917  all that is known of a refusal
        self, reason: str, at: float, listener: str, peer: str, raw: bytes = b"", identity: str = "", frame: str = ""
    ) -> None:  # fmt: skip
        """Count one and keep a sample."""
        self.counts[reason] += 1
        refusal = Refusal(at, reason, listener, peer, raw[:SAMPLE].hex(), identity, frame)
        self.last.append(refusal)
        self.on_refusal(refusal)
