"""How often a day, in which hours, and how many phones: what limits a roll call."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

MINUTES: Final = 60


def is_quiet(quiet: tuple[int, int], now: float, zone: ZoneInfo) -> bool:
    """Whether a time (UTC epoch seconds) lies in quiet hours: minutes of the local day, the end not among them.

    They may go over midnight; the same minute twice is no hours at all.
    """
    local = datetime.fromtimestamp(now, zone)
    minute, (start, until) = MINUTES * local.hour + local.minute, quiet
    return start <= minute < until if start <= until else minute >= start or minute < until


def day_of(now: float, zone: ZoneInfo) -> float:
    """When the local day of a time began, UTC epoch seconds."""
    local = datetime.fromtimestamp(now, zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()


def clock_of(time: float, zone: ZoneInfo) -> str:
    """A time (UTC epoch seconds) as people of the county read it: month, day, hour and minute."""
    return datetime.fromtimestamp(time, zone).strftime("%m-%d %H:%M")


def within_quota(carrier: NDArray[np.int64], placed: NDArray[np.float64], room: Mapping[int, int]) -> NDArray[np.bool_]:
    """Which phones their carriers still locate: those whose last place is oldest, or that have none, come first.

    Args:
        carrier: int64 (n,), of each device; -1: it is no phone.
        placed: float64 (n,), UTC epoch seconds of the last place; NaN: there is none.
        room: by carrier, how many may be asked.

    Returns:
        bool (n,); True of whatever is no phone.
    """
    may = carrier < 0
    order = np.argsort(np.nan_to_num(placed, nan=-np.inf), kind="stable")
    for one, count in room.items():
        mine = order[carrier[order] == one]
        may[mine[:count]] = True
    return may
