"""Frames of our own accord, apart from everything else: many terminals take one frame from what they read at once.

Each is asked for when it may be written, so that what is no longer wanted by then does not leave. Answers go first.
While an order has just been written they are held back for a moment, and an order that has waited for a pause in the
answers for long makes one.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

APART = 0.05
"""Seconds between an order's segment and what is written before and after it."""
PATIENCE = 1.0
"""Seconds a segment waits for the answers to pause before they are held back for it."""
MOST_TURNS = 1024
"""Messages that may wait on one connection: one a device on it, and fragments to be asked for."""


class Timer(Protocol):
    """What ``call_later`` gives."""

    def cancel(self) -> None:
        """Never mind."""
        ...


class Pacer:
    """Writes of one connection while an order is on its way.

    Args:
        write: one write.
        write_answer: one write of an answer.
        clock: monotonic seconds.
        later: calls back after so many seconds.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        write_answer: Callable[[bytes], None],
        clock: Callable[[], float],
        later: Callable[[float, Callable[[], None]], Timer],
    ) -> None:
        self._write = write
        self._write_answer = write_answer
        self._clock = clock
        self._later = later
        self._turns: deque[Iterator[bytes]] = deque()
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
            self._write_answer(data)

    def send(self, segments: Iterable[bytes]) -> bool:
        """Queue segments behind those that wait; False where too many do. None is asked for before this returns."""
        if len(self._turns) >= MOST_TURNS:
            return False
        now = self._clock()
        if not self._turns:
            self._began = now
        self._turns.append(iter(segments))
        if self._timer is None:
            self._timer = self._later(max(self._last + APART - now, 0.0), self._due)
        return True

    def close(self) -> list[bytes]:
        """Write no more; returns the answers that were held back."""
        answers, self._answers = self._answers, []
        self._turns.clear()
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
        elif segment := self._next_segment():
            self._write(segment)
            self._last = self._began = now
            self._is_holding = self._segment_was_last = True
            self._timer = self._later(APART, self._due)
        else:
            self._release(now)

    def _next_segment(self) -> bytes:
        """The next one that is still wanted; empty when there is none."""
        while self._turns:
            segment = next(self._turns[0], b"")
            if segment:
                return segment
            self._turns.popleft()
        return b""

    def _release(self, now: float) -> None:
        """The answers that were held back; further segments wait for their own pause."""
        answers, self._answers = self._answers, []
        self._is_holding = self._segment_was_last = False
        if answers:
            self._last = now
        for answer in answers:
            self._write_answer(answer)
        self._timer = self._later(APART, self._due) if self._turns else None
