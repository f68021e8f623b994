"""Frames under way: sent, not yet answered, sent again byte for byte after T, 2T and 6T.

Source: JT/T 808-2013, section on confirmation: T(n+1) = T(n) * (n+1); the terminal gives up when its repeats are used
up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WAITS = (1.0, 2.0, 6.0)
"""Waits before the first repeat, before the second, and before giving up, in units of T."""


@dataclass(slots=True)
class Sent:
    """A frame under way: which reports it carries (none: a login, a heartbeat), when to act on its silence.

    ``since``: when it was last sent. ``is_refused``: it has been answered, but not with yes.
    """

    frame: bytes
    message: int
    reports: tuple[int, ...]
    since: float
    deadline: float
    repeats: int = 0
    is_refused: bool = False


class UnderWay:
    """The unanswered frames of one connection by serial number. Moments are simulated seconds.

    Args:
        answer_timeout: T.
        waits: before each repeat, and last before giving up, in units of T.

    Attributes:
        exhausted: a frame's silence outlasted its repeats: the connection is to be given up.
    """

    def __init__(self, answer_timeout: float, waits: tuple[float, ...] = WAITS) -> None:
        self.exhausted = False
        self._waits = waits
        self._timeout = answer_timeout
        self._sent: dict[int, Sent] = {}

    def add(self, serial: int, frame: bytes, message: int, now: float, reports: tuple[int, ...]) -> None:
        """A frame that wants an answer goes out."""
        self._sent[serial] = Sent(frame, message, reports, now, now + self._waits[0] * self._timeout)

    def find(self, serial: int, message: int) -> Sent | None:
        """The frame that an answer means, if there is one."""
        sent = self._sent.get(serial)
        return sent if sent is not None and sent.message == message else None

    def settle(self, serial: int) -> None:
        """The frame has its answer."""
        del self._sent[serial]

    def clear(self) -> None:
        """The connection is gone, and with it everything under way."""
        self._sent.clear()
        self.exhausted = False

    def due(self) -> float:
        """Moment of the next repeat or of giving up; ``inf`` when none."""
        return min((sent.deadline for sent in self._sent.values()), default=math.inf)

    def unanswered_since(self) -> float:
        """When the oldest frame was sent that has had no answer of any kind; ``inf`` when there is none."""
        return min((sent.since for sent in self._sent.values() if not sent.is_refused), default=math.inf)

    def overdue(self, now: float) -> list[Sent]:
        """The frames to send again now."""
        again = []
        for sent in self._sent.values():
            if sent.deadline > now:
                continue
            sent.repeats += 1
            if sent.repeats < len(self._waits):
                sent.deadline = now + self._waits[sent.repeats] * self._timeout
                sent.since, sent.is_refused = now, False
                again.append(sent)
            else:
                sent.deadline = math.inf
                self.exhausted = True
        return again

    def admits(self, window: int, batch: int) -> bool:
        """Whether more reports may go out: no message ``batch`` is under way, and fewer frames than ``window``."""
        carrying = [sent for sent in self._sent.values() if sent.reports]
        return len(carrying) < window and all(sent.message != batch for sent in carrying)
