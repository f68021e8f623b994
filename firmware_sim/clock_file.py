"""The simulated time as other processes follow it: a small file in memory.

    now    f64  simulated moment, UTC epoch seconds
    speed  f64  simulated seconds a wall second, at most
    over   f64  1 once the story is told and delivered, else 0
    hold   f64  the clock does not go beyond this moment: written by whoever has something to do then, inf for nobody

In the machine's own byte order: each number is written in one piece, each by one process.
"""

from __future__ import annotations

import math
import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NUMBERS, _SIZE = 4, 8
_NOW, _SPEED, _OVER, _HOLD = range(_NUMBERS)


def followed(path: Path) -> Callable[[], float]:
    """The moment that a clock file shows.

    Raises:
        OSError: there is no such file.
        ValueError: it is none.
    """
    with path.open("rb") as file:
        shown = memoryview(mmap.mmap(file.fileno(), _NUMBERS * _SIZE, access=mmap.ACCESS_READ)).cast("d")
    return lambda: float(shown[_NOW])


class ClockFile:
    """Made if it is not there, else taken over: who follows it goes on following.

    Raises:
        OSError: it cannot be made or written.
    """

    def __init__(self, path: Path, speed: float) -> None:
        is_new = not path.exists()
        with path.open("x+b" if is_new else "r+b") as file:
            file.truncate(_NUMBERS * _SIZE)
            self._shown = memoryview(mmap.mmap(file.fileno(), _NUMBERS * _SIZE)).cast("d")
        self._shown[_SPEED] = speed
        if is_new:
            self._shown[_HOLD] = math.inf

    def hold(self) -> float:
        """The moment at which somebody else has something to do first."""
        moment: float = self._shown[_HOLD]
        return moment

    def show(self, now: float, over: bool) -> None:  # noqa: FBT001  a fact beside the moment
        """The clock has gone on, or the story is over."""
        self._shown[_NOW] = now
        self._shown[_OVER] = float(over)
