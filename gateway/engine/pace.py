"""How fast a battery empties by its own habit, and until when it lasts: from its fullest since the last charge to now.

A device that tells its charge in coarse steps (of sixths, say) is at a step's upper edge when it is first told. Nothing
is said of less than ``KNOWN`` percent or ``LONG`` seconds: a few percent are noise.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from formulas.formula import formula
from gateway.engine.state import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formulas.formula import Record
    from gateway.engine.state import Bank

RISE: Final = 5
"""Percent above the least from which on it has been charged; less is a measurement that wavers."""
COARSE: Final = 15
"""Percent from which on a smallest fall is a step of the device; less is what was spent between two reports."""
KNOWN: Final = 20
LONG: Final = 3600.0


@formula
def spend(of: Record, percent: int, time: float) -> None:
    """Take one charge, 0 to 100 percent, told at a device time (UTC epoch seconds), into a record of ``LEVELS``."""
    if percent >= of.full or percent >= of.least + RISE:
        of.full, of.full_at = percent, time
        of.least, of.least_at, of.step = percent, time, 0
    elif percent < of.least:
        drop = of.least - percent
        of.step = drop if of.step == 0 else min(of.step, drop)
        of.least, of.least_at = percent, time


def lasts_until(of: Record) -> float:
    """When it will be empty at the pace of this discharge, device time; nan: too little of it is known."""
    left, spent, over = _spent(of)
    if not _is_known(spent, over):
        return math.nan
    return float(round(float(of.least_at) + left * over / spent))


def full_hours(of: Record) -> float:
    """Hours that a full charge lasts at the pace of this discharge; nan: too little of it is known."""
    _, spent, over = _spent(of)
    return 100.0 * over / spent / 3600.0 if _is_known(spent, over) else math.nan


def _spent(of: Record) -> tuple[int, int, float]:
    """Percent that are left, percent that were spent, and the seconds that this took."""
    left = int(of.least) + (int(of.step) if of.step >= COARSE else 0)
    return left, int(of.full) - left, float(of.least_at) - float(of.full_at)


def _is_known(spent: int, over: float) -> bool:
    return spent >= KNOWN and over >= LONG


class Discharge(NamedTuple):
    """A discharge that a charging has ended, device time (UTC epoch seconds); the hours that a full charge lasted."""

    ended: float
    hours: float


def discharges(percent: NDArray[np.int16], time: NDArray[np.float64]) -> list[Discharge]:
    """Of one device's reports in the order of their times, int16 and float64 (n,): those that are known well enough."""
    # Plain attributes: a record of an array takes ten times as long.
    of, found = SimpleNamespace(**{name: value for name, (_, value, _) in LEVELS.items()}), []
    for at in _edges(percent).tolist():
        level, when = int(percent[at]), float(time[at])
        if level >= of.least + RISE and not math.isnan(hours := full_hours(of)):
            found.append(Discharge(when, hours))
        spend(of, level, when)
    return found


def _edges(percent: NDArray[np.int16]) -> NDArray[np.int64]:
    """The first and the last of each run of equal levels: the others say nothing new."""
    changes = np.append(True, percent[1:] != percent[:-1])[: len(percent)]
    return np.flatnonzero(changes | np.append(changes[1:], True)[: len(percent)])


def flat_between(levels: Bank, since: float, until: float) -> dict[str, float]:
    """Devices whose battery will be empty at the pace of this discharge, by key: when, since < device time <= until."""
    told = np.flatnonzero((levels["least"] >= 0) & (levels["full"] - levels["least"] > 0))
    ends = {levels.keys[row]: lasts_until(levels.open(row)) for row in told.tolist()}
    return {device: end for device, end in ends.items() if since < end <= until}
