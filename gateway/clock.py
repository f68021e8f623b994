"""Clocks. The daemon takes one as a parameter, so that the demo and end-to-end tests run at the simulator's speed."""

from __future__ import annotations

import math
import mmap
import time
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from gateway.errors import UserFault

FILE = "file:"
"""How a clock that is followed is named: the path of its file comes next."""
_NUMBERS, _SIZE = 4, 8
_NOW, _SPEED, _OVER, _HOLD = range(_NUMBERS)


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
    """``epoch`` up to the real moment ``anchor``, from there ``speed`` times as fast, whatever the machine does."""

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


class FollowedClock:
    """The simulator's time, which it advances in a file: now, speed, over, hold, each a double as the machine has it.

    The simulator waits for what the gateway has to do, so that receive times are right however slow the machine is.

    Raises:
        UserFault: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("r+b") as file:
                self._shown = memoryview(mmap.mmap(file.fileno(), _NUMBERS * _SIZE)).cast("d")
        except (OSError, ValueError) as fault:
            raise UserFault(f"--clock {FILE}{path}: no clock that could be followed: {fault}") from fault
        self.name = f"{FILE}{path}"
        """As ``parse_clock`` reads it."""

    @classmethod
    def begin(cls, path: Path, epoch: float, speed: float) -> FollowedClock:
        """Lay down a clock that stands at ``epoch`` until the simulator takes it over."""
        path.write_bytes(array("d", (epoch, speed, 0.0, math.inf)).tobytes())
        return cls(path)

    def now(self) -> float:
        """The simulated moment."""
        moment: float = self._shown[_NOW]
        return moment

    def monotonic(self) -> float:
        """The same: it never steps."""
        return self.now()

    def real_seconds(self, seconds: float) -> float:
        """Shorter by the speed at most."""
        speed: float = self._shown[_SPEED]
        return seconds / speed

    def hold(self, moment: float) -> None:
        """Have the simulator go no further than a moment for now; ``inf``: as far as it likes."""
        self._shown[_HOLD] = moment

    @property
    def is_over(self) -> bool:
        """Whether the story is told, and everything in it delivered."""
        return bool(self._shown[_OVER])


def parse_clock(text: str) -> Clock:
    """``""`` is the system clock; ``EPOCH,ANCHOR,SPEED`` a scaled one (EPOCH ISO 8601 or seconds, ANCHOR seconds).

    ``file:PATH`` is followed as another process advances it.

    Raises:
        UserFault: the text is none of them.
    """
    if not text:
        return SystemClock()
    if text.startswith(FILE):
        return FollowedClock(Path(text.removeprefix(FILE)))
    try:
        epoch, anchor, speed = text.split(",")
        start = float(epoch) if epoch.replace(".", "", 1).isdigit() else datetime.fromisoformat(epoch).timestamp()
        return ScaledClock(start, float(anchor), float(speed))
    except ValueError as fault:
        raise UserFault(
            f"--clock {text!r}: write EPOCH,ANCHOR,SPEED, for example 2026-11-02T00:00+08:00,0,1"
        ) from fault


def iso(time: float | None) -> str | None:
    """ISO 8601 in UTC, to the millisecond where there is one."""
    if time is None:
        return None
    moment = datetime.fromtimestamp(round(time * 1000) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")
