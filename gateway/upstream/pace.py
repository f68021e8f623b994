"""How quickly what has waited goes out: a token bucket, so that a platform that comes back is not run over."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """``rate`` messages a second, after ``burst`` that go at once. Time is an argument: monotonic seconds."""

    rate: float
    burst: int
    _left: float = field(init=False)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._left = float(self.burst)

    def allowed(self, now: float) -> int:
        """How many may go out now."""
        self._left = min(self.burst, self._left + self.rate * max(0.0, now - self._since))
        self._since = now
        return int(self._left)

    def spend(self, count: int) -> None:
        """So many go out."""
        self._left -= count

    def wait(self) -> float:
        """Seconds until one may go, as of the last look."""
        return max(0.0, (1.0 - self._left) / self.rate)
