"""What is counted while a load runs."""

from __future__ import annotations

import math

from firmware_sim.load.histogram import Histogram

LATE = 0.010
"""Seconds behind its planned moment from which a send counts as late: this process, not the gateway, was behind."""


class Tally:
    """Counts of one load. Moments are seconds of one monotonic clock.

    Attributes:
        sent, late, refused: reports. ``unexpected``: answers to nothing that waits for one.
        latency: from the planned moment to the arrival of an answer with result 0.
        lag: from the planned moment to the send.
        last_answer: moment of the last answer to a report.
    """

    __slots__ = ("lag", "last_answer", "late", "latency", "refused", "sent", "unexpected")

    def __init__(self) -> None:
        self.sent = self.late = self.refused = self.unexpected = 0
        self.latency = Histogram()
        self.lag = Histogram()
        self.last_answer = -math.inf

    @property
    def unanswered(self) -> int:
        """Reports sent and not answered yet; at the end these are the lost ones."""
        return self.sent - self.latency.count - self.refused

    def note_send(self, planned: float, now: float) -> None:
        """A report goes out now."""
        self.sent += 1
        self.late += now - planned > LATE
        self.lag.record(now - planned)

    def note_answer(self, planned: float, now: float, *, accepted: bool) -> None:
        """The answer to a report has come."""
        self.last_answer = now
        if accepted:
            self.latency.record(now - planned)
        else:
            self.refused += 1
