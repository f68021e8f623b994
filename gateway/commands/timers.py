"""When something is due: a heap from which what no longer counts is dropped when it comes up."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_IDLE = 256
"""Timers that no longer count that may lie about, besides four for each that does."""


class Due(Protocol):
    """Something that is due at one moment, which may move; inf: never any more."""

    due: float


Each = TypeVar("Each", bound=Due)


@dataclass(slots=True)
class Timers(Generic[Each]):
    """Timers of those in ``counting``, whose owner adds and removes."""

    counting: Collection[Each]
    _heap: list[tuple[float, int, Each]] = field(default_factory=list)
    _numbered: int = 0

    def __len__(self) -> int:
        return len(self._heap)

    def set(self, one: Each, due: float) -> None:
        """Move the moment at which one is due."""
        one.due = due
        self._numbered += 1
        heapq.heappush(self._heap, (due, self._numbered, one))
        if len(self._heap) > MOST_IDLE + 4 * len(self.counting):
            self._heap = [(each.due, number, each) for number, each in enumerate(self.counting)]
            self._numbered = len(self._heap)
            heapq.heapify(self._heap)

    def pop(self, now: float) -> Each | None:
        """The next one that is due; None when there is none."""
        while self._heap and self._heap[0][0] <= now:
            due, _, one = heapq.heappop(self._heap)
            if one.due == due:
                return one
        return None

    def next_due(self) -> float:
        """When the next is due; may be too early, never too late; inf for never."""
        return self._heap[0][0] if self._heap else float("inf")
