"""What a firmware asks of its sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from firmware_sim.firmware.measurement import Measurement


class ReportSource(Protocol):
    """What measures: one measurement at each of its moments (UTC epoch seconds)."""

    def due(self) -> float:
        """Moment of the next measurement, ``inf`` when there will be none."""
        ...

    def make(self) -> Measurement | bytes:
        """That measurement, or a record ready made, which is kept as it is; goes on to the next moment."""
        ...


@runtime_checkable
class Steerable(Protocol):
    """A source that orders can change. Intervals are in seconds, moments UTC epoch seconds."""

    def measure(self, now: float) -> Measurement:
        """A measurement beside the plan, of ``now`` at the latest."""
        ...

    def set_interval(self, seconds: float, now: float) -> None:
        """The usual interval from now on."""
        ...

    def set_close_interval(self, seconds: float, now: float) -> None:
        """The interval when something is out of the ordinary, from now on."""
        ...

    def track(self, seconds: float, until: float, now: float) -> None:
        """Every so many seconds until a moment, instead of the usual interval; ``until`` gone by ends it."""
        ...

    def hurry(self, *, urgent: bool) -> None:
        """The firmware finds the place of the last measurement out of the ordinary, or no longer."""
        ...
