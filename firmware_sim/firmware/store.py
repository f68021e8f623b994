"""The bracelet's memory of reports that the platform has not acknowledged, and the order in which they go out."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH = 15
"""Reports in one 0704, as far as they fit into one frame."""
FRAME_ROOM = 1023 - 3
"""Bytes for the records of a 0704: the longest body without its count and kind."""
RECORD_HEAD = 2
"""Bytes of a record's length."""


class ReportStore:
    """Bounded, in the order of making. Full, it loses the oldest report and counts it in ``overflowed``.

    A report's number counts from 1 over the bracelet's life. ``lost`` counts what never reached its flash.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._bodies: dict[int, bytes] = {}
        self.made = 0
        self.overflowed = 0
        self.lost = 0

    def __len__(self) -> int:
        return len(self._bodies)

    def __contains__(self, number: int) -> bool:
        return number in self._bodies

    def __getitem__(self, number: int) -> bytes:
        return self._bodies[number]

    def numbers(self) -> list[int]:
        """Numbers of what is stored, oldest first."""
        return list(self._bodies)

    def add(self, body: bytes) -> int:
        """Store a report; returns its number."""
        self.made += 1
        self._bodies[self.made] = body
        if len(self._bodies) > self._capacity:
            del self._bodies[next(iter(self._bodies))]
            self.overflowed += 1
        return self.made

    def forget(self, numbers: Iterable[int]) -> int:
        """Remove acknowledged reports; returns how many were still there."""
        return sum(self._bodies.pop(number, None) is not None for number in numbers)

    def lose(self, numbers: Iterable[int]) -> None:
        """Reports that were in RAM when the bracelet restarted."""
        self.lost += self.forget(numbers)


class SendQueue:
    """What is still to be sent on this connection: the backlog of before its login first, then live reports.

    Args:
        store: where the reports are.
        batch: how many of the backlog go out at a time.
        newest_first: the backlog begins with its latest report.
    """

    def __init__(self, store: ReportStore, batch: int = BATCH, *, newest_first: bool = False) -> None:
        self.batch = batch
        self._newest_first = newest_first
        self._store = store
        self._numbers: deque[int] = deque()
        self._last_stored = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def restart(self) -> None:
        """A login succeeded: everything stored is to be sent, and counts as backlog."""
        numbers = self._store.numbers()
        self._numbers = deque(reversed(numbers) if self._newest_first else numbers)
        self._last_stored = self._store.made

    def clear(self) -> None:
        """The connection is gone."""
        self._numbers.clear()

    def append(self, number: int) -> None:
        """A live report."""
        self._numbers.append(number)

    def live(self) -> list[int]:
        """Numbers of what was made on this connection and is not delivered yet."""
        return [number for number in self._store.numbers() if not self.is_stored(number)]

    def is_stored(self, number: int) -> bool:
        """Whether a report is backlog."""
        return number <= self._last_stored

    def pop(self) -> tuple[int, ...]:
        """Numbers of the next live report, or of the next batch of backlog; those lost meanwhile are passed over."""
        most = self.batch if self._numbers and self.is_stored(self._numbers[0]) else 1
        room = FRAME_ROOM
        taken: list[int] = []
        while self._numbers and len(taken) < most and (most == 1 or self.is_stored(self._numbers[0])):
            if self._numbers[0] in self._store:
                room -= RECORD_HEAD + len(self._store[self._numbers[0]])
                if room < 0:
                    break
                taken.append(self._numbers[0])
            self._numbers.popleft()
        return tuple(taken)
