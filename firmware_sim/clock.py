"""One scaled clock for simulator and gateway."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_OFFSET = 8 * 3600.0
"""Seconds by which the county's time (Asia/Shanghai, no summer time) is ahead of UTC."""
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """Simulated time that runs ``speed`` times as fast as the wall clock.

    Attributes:
        epoch: simulated moment at the anchor, UTC epoch seconds.
        anchor: wall moment at which both met, UTC epoch seconds; processes that share it share the clock.
        speed: simulated seconds a wall second, above 0.
    """

    epoch: float
    anchor: float
    speed: float

    def at(self, wall: float) -> float:
        """Simulated moment of a wall moment."""
        return self.epoch + (wall - self.anchor) * self.speed

    def wall_seconds(self, simulated: float) -> float:
        """How long a span of simulated seconds lasts on the wall."""
        return simulated / self.speed


def local_midnight(moment: float) -> float:
    """The last local midnight at or before a moment, UTC epoch seconds."""
    return (moment + LOCAL_OFFSET) // DAY * DAY - LOCAL_OFFSET


def hour_of_day(moment: float) -> float:
    """Local time of day in hours, 0 <= h < 24."""
    return (moment + LOCAL_OFFSET) % DAY / 3600.0
