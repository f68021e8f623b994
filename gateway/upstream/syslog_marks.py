"""How far a log server has come, which never says so: what it had for a while on a line that stands. No I/O."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import msgspec

SETTLED: Final = 5.0
"""Seconds for which a line has to stand behind what it took: else that is said again on the next one."""


class Position(msgspec.Struct, frozen=True):
    """Up to where all is said.

    Attributes:
        audit: offset of the next entry of the journal.
        alarms: number of the last message about an alarm (``event.seq``).
    """

    audit: int
    alarms: int


@dataclass(slots=True)
class Marks:
    """What was said and is not sure yet.

    Attributes:
        sure: up to where nothing is said again.
        told: up to where it was said on this line.
    """

    sure: Position
    told: Position = field(init=False)
    _open: deque[tuple[float, Position]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.told = self.sure

    def say(self, until: Position, now: float, messages: int) -> None:
        """All up to there was handed to the line, in so many messages; monotonic seconds."""
        self.told = until
        if messages:
            self._open.append((now, until))
        elif self._open:
            self._open[-1] = (self._open[-1][0], until)
        else:
            self.sure = until

    def look(self, now: float, *, is_taken: bool) -> bool:
        """See what is sure by now; whether more is. ``is_taken``: the other machine has all that the line was given."""
        before = self.sure
        while is_taken and self._open and now - self._open[0][0] >= SETTLED:
            self.sure = self._open.popleft()[1]
        return self.sure != before

    def lose(self) -> None:
        """The line has ended: what is not sure is said again."""
        self._open.clear()
        self.told = self.sure
