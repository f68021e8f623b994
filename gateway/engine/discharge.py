"""How a battery has come to be low: when it was charged last, and how long it lasts at that pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact

BACK: Final = 3 * 86_400.0
"""Seconds before which nothing is looked at: no bracelet lasts so long."""
RISE: Final = 5
"""Percent by which a level rises where it was charged; less is its own error."""
LEAST_SPENT, LEAST_SPAN = 10, 1800.0
"""Percent, and seconds, from which on a pace is known."""
ROUND: Final = 600.0
"""Seconds to which what is left is told."""


def discharge(context: Context, row: int) -> dict[str, Fact]:
    """``charged``: when the level was highest after it had last risen; ``left_seconds``: until it is empty.

    Of what the device has told up to a report of the run; what is not known is left out.
    """
    device, time = int(context.reports.device[row]), float(context.reports.time[row])
    level = int(context.reports.battery_percent[row])
    held = context.past(int(context.policy.group[device]), time - BACK, time, context.offset(row))
    held = held[(held["device"] == device) & (held["battery_percent"] >= 0) & (held["order"] < time)]
    if level < 0 or not len(held):
        return {}
    top, has_risen = _top(held["battery_percent"].astype(np.int64))
    at, spent = float(held["order"][top]), int(held["battery_percent"][top]) - level
    found: dict[str, Fact] = {"charged": at} if has_risen else {}
    if spent >= LEAST_SPENT and time - at >= LEAST_SPAN:
        found["left_seconds"] = round(level / spent * (time - at) / ROUND) * ROUND
    return found


def _top(levels: NDArray[np.int64]) -> tuple[int, bool]:
    """Where the last discharge began, and whether the level had risen to that before."""
    top = len(levels) - 1
    for at in range(len(levels) - 1, -1, -1):
        if levels[at] > levels[top]:
            top = at
        elif levels[top] - levels[at] >= RISE and at < top:
            return top, True
    return top, False
