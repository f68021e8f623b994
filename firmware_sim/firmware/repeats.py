"""Frames under way: sent, not yet answered, sent again byte for byte after T, 2T and 6T.

Source: JT/T 808-2013, section on confirmation: T(n+1) = T(n) * (n+1); the terminal gives up when its repeats are used
up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from firmware_sim.firmware.messages import Message

WAITS = (1.0, 2.0, 6.0)
"""Waits before the first repeat, before the second, and before giving up, in units of T."""


@dataclass(slots=True)
class Sent:
    """A frame under way: which reports it carries (none: a login, a heartbeat) and when to act on its silence."""

    frame: bytes
    message: Message
    reports: tuple[int, ...]
    deadline: float
    repeats: int = 0


class UnderWay:
    """The unanswered frames of one connection by serial number. Moments are simulated seconds.

    Attributes:
        exhausted: a frame's silence outlasted its repeats: the connection is to be given up.
    """

    def __init__(self, answer_timeout: float) -> None:
        self.exhausted = False
        self._timeout = answer_timeout
        self._sent: dict[int, Sent] = {}

    def add(self, serial: int, frame: bytes, message: Message, now: float, reports: tuple[int, ...]) -> None:
        """A frame that wants an answer goes out."""
        self._sent[serial] = Sent(frame, message, reports, now + WAITS[0] * self._timeout)

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

    def overdue(self, now: float) -> list[Sent]:
        """The frames to send again now."""
        again = []
        for sent in self._sent.values():
            if sent.deadline > now:
                continue
            sent.repeats += 1
            if sent.repeats < len(WAITS):
                sent.deadline = now + WAITS[sent.repeats] * self._timeout
                again.append(sent)
            else:
                sent.deadline = math.inf
                self.exhausted = True
        return again

    def admits(self, window: int) -> bool:
        """Whether more reports may go out: no batch is under way, and fewer live reports than ``window``."""
        carrying = [sent for sent in self._sent.values() if sent.reports]
        return len(carrying) < window and all(sent.message is not Message.LOCATION_BATCH for sent in carrying)
