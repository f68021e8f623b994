"""Frames of our own accord, apart from everything else: many terminals take one frame from what they read at once.

Answers go first. While an order has just been written they are held back for a moment, and an order that has waited for
a pause in the answers for long makes one.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

APART = 0.05
"""Seconds between an order's segment and what is written before and after it."""
PATIENCE = 1.0
"""Seconds a segment waits for the answers to pause before they are held back for it."""
MOST_SEGMENTS = 1024
"""Segments that may wait on one connection: a whole county's fences for a device are fewer."""


class Timer(Protocol):
    """What ``call_later`` gives."""

    def cancel(self) -> None:
        """Never mind."""
        ...


class Pacer:
    """Writes of one connection while an order is on its way.

    Args:
        write: one write.
        clock: monotonic seconds.
        later: calls back after so many seconds.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        clock: Callable[[], float],
        later: Callable[[float, Callable[[], None]], Timer],
    ) -> None:
        self._write = write
        self._clock = clock
        self._later = later
        self._segments: deque[bytes] = deque()
        self._answers: list[bytes] = []
        self._is_holding = False
        self._segment_was_last = False
        # What was written before is not known here: as if it had been now.
        self._last = self._began = clock()
        self._timer: Timer | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing has to be kept apart any more."""
        return self._timer is None

    def answer(self, data: bytes) -> None:
        """Write at once, or after the pause that an order's segment needs."""
        if self._is_holding:
            self._answers.append(data)
        else:
            self._last, self._segment_was_last = self._clock(), False
            self._write(data)

    def send(self, segments: Sequence[bytes]) -> int:
        """Queue segments; returns how many found no room."""
        taken = segments[: MOST_SEGMENTS - len(self._segments)]
        if taken and not self._segments:
            self._began = self._clock()
        self._segments += taken
        if self._segments and self._timer is None:
            self._due()
        return len(segments) - len(taken)

    def close(self) -> list[bytes]:
        """Write no more; returns the answers that were held back."""
        answers, self._answers = self._answers, []
        self._segments.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return answers

    def _due(self) -> None:
        """Write what may be written now, and come back while there is something to keep apart."""
        now = self._clock()
        gap = self._last + APART - now
        if gap > 0:
            self._is_holding = self._is_holding or now - self._began >= PATIENCE
            self._timer = self._later(gap, self._due)
        elif self._answers and self._segment_was_last:
            self._release(now)
        elif self._segments:
            self._write(self._segments.popleft())
            self._last = self._began = now
            self._is_holding = self._segment_was_last = True
            self._timer = self._later(APART, self._due)
        else:
            self._release(now)

    def _release(self, now: float) -> None:
        """The answers that were held back; further segments wait for their own pause."""
        answers, self._answers = self._answers, []
        self._is_holding = self._segment_was_last = False
        if answers:
            self._last = now
        for answer in answers:
            self._write(answer)
        self._timer = self._later(APART, self._due) if self._segments else None
