"""How a battery has aged, and when it is charged: the charges of the last days beside those of a month ago."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gateway.engine import discharges

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from gateway.engine import Discharge

DAY: Final = 86_400.0
LATELY: Final = 10 * DAY
"""Seconds before now whose charges are those of now."""
BEFORE: Final = (38 * DAY, 24 * DAY)
"""Seconds before now between which lie those of a month ago."""
FEWEST: Final = 2
"""Charges of which a middle is taken; of fewer nothing is said."""
HABIT: Final = 3
"""Charges of which an hour is a habit, where they lie together by at least ``TOGETHER`` (the mean resultant length
of their hours on the circle of a day, Mardia & Jupp, Directional Statistics, 2.2)."""
TOGETHER: Final = 0.7
WORN: Final = 0.8
"""Of the hours of a month ago: who lasts less has aged."""
SOON: Final = 3 * DAY
FAR: Final = 30 * DAY
"""Seconds within which a battery that lasts too short is replaced, and beyond which nothing is foretold."""


class Wear(NamedTuple):
    """Of one battery; None: not known.

    Attributes:
        hours: of a full charge now, ``before``: a month ago.
        every: hours between two charges, as they come.
        minute: of the local day at which it is charged as a rule.
    """

    hours: float | None = None
    before: float | None = None
    every: float | None = None
    minute: int | None = None

    @property
    def has_aged(self) -> bool | None:
        """Whether it lasts clearly shorter than a month ago; None: one of both is not known."""
        return None if self.hours is None or self.before is None else self.hours < WORN * self.before


def wear_of(percent: NDArray[np.int16], time: NDArray[np.float64], fitted: float, now: float, zone: ZoneInfo) -> Wear:
    """Of one device's reports in the order of their times.

    Args:
        percent: charge, int16 (n,), below 0 where a report says nothing of it.
        time: device time, float64 (n,), UTC epoch seconds.
        fitted: since when its wearer wears it: habits are of that time alone.
        now: UTC epoch seconds.
        zone: of the county.
    """
    told = percent >= 0
    found = discharges(percent[told], time[told])
    lately = [one for one in found if now - LATELY <= one.ended <= now]
    before = [one for one in found if now - BEFORE[0] <= one.ended <= now - BEFORE[1]]
    ends = [one.ended for one in lately if one.ended >= fitted]
    return Wear(_middle(lately), _middle(before), _every(ends), _minute(ends, zone))


def _middle(found: Sequence[Discharge]) -> float | None:
    return float(np.median([one.hours for one in found])) if len(found) >= FEWEST else None


def _every(ends: Sequence[float]) -> float | None:
    return float(np.median(np.diff(ends))) / 3600.0 if len(ends) >= HABIT else None


def _minute(ends: Sequence[float], zone: ZoneInfo) -> int | None:
    """The circular mean of the minutes of the day; None: they lie all over it."""
    if len(ends) < HABIT:
        return None
    local = [datetime.fromtimestamp(one, zone) for one in ends]
    angle = np.array([one.hour * 60 + one.minute for one in local]) * (2.0 * np.pi / 1440.0)
    x, y = float(np.cos(angle).mean()), float(np.sin(angle).mean())
    if math.hypot(x, y) < TOGETHER:
        return None
    return round(math.atan2(y, x) * 1440.0 / (2.0 * math.pi)) % 1440


def replace_by(wear: Wear, now: float) -> float | None:
    """By when a battery that ages lasts no longer than from one charge to the next, UTC epoch seconds.

    By the straight line through the hours of a month ago and of now. None: it does not age, that is further away than
    ``FAR``, or not known.
    """
    if not wear.has_aged or wear.hours is None or wear.before is None or wear.every is None:
        return None
    fallen = (wear.before - wear.hours) / (sum(BEFORE) / 2.0 - LATELY / 2.0)
    left = (wear.hours - wear.every) / fallen
    return None if left > FAR else now + max(SOON, left)
