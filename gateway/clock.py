"""Clocks. The daemon takes one as a parameter, so that the demo and end-to-end tests run at the simulator's speed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.errors import UserFault


class Clock(Protocol):
    """Receive time, UTC epoch seconds, and how many real seconds one of its seconds takes."""

    def now(self) -> float:
        """Current time."""
        ...

    def monotonic(self) -> float:
        """The clock's seconds since some moment: they go on as time does, whatever is done to ``now``."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """Real duration of so many of the clock's seconds (transport timers stay real)."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Current time."""
        return time.time()

    def monotonic(self) -> float:
        """Of the machine; a machine that is suspended does not count it on."""
        return time.monotonic()

    def real_seconds(self, seconds: float) -> float:
        """The same."""
        return seconds


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """``epoch`` up to the real moment ``anchor``, from there ``speed`` times as fast; shared with the simulator."""

    epoch: float
    anchor: float
    speed: float

    def now(self) -> float:
        """Current time on the scaled axis."""
        return self.epoch + max(0.0, time.time() - self.anchor) * self.speed

    def monotonic(self) -> float:
        """The same: a made-up time knows of no steps."""
        return self.now()

    def real_seconds(self, seconds: float) -> float:
        """Shorter by ``speed``."""
        return seconds / self.speed


def parse_clock(text: str) -> Clock:
    """``""`` is the system clock; ``EPOCH,ANCHOR,SPEED`` a scaled one (EPOCH ISO 8601 or seconds, ANCHOR seconds).

    Raises:
        UserFault: the text is neither.
    """
    if not text:
        return SystemClock()
    try:
        epoch, anchor, speed = text.split(",")
        start = float(epoch) if epoch.replace(".", "", 1).isdigit() else datetime.fromisoformat(epoch).timestamp()
        return ScaledClock(start, float(anchor), float(speed))
    except ValueError as fault:
        raise UserFault(
            f"--clock {text!r}: write EPOCH,ANCHOR,SPEED, for example 2026-11-02T00:00+08:00,0,1"
        ) from fault
