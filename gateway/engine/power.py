"""Step: a bracelet that says that it is being switched off, and one that came up again after it had.

No wire says by itself that a bracelet came up: whoever said that it goes and reports again has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.raising import raise_row
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

OFF, AGAIN = "power_off", "restart"
OFF_FLAG: Final = np.uint64(Flag.POWER_OFF)
GOING: Final = 120.0
"""Seconds after the word within which what comes may still be of before: a bracelet says more than one thing on its way
down."""


def watch_power(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of one round that have a wearer. A frame whose checksum is wrong switches nobody off."""
    reports, since = context.reports, context.state.levels["off_from"]
    device, time = reports.device[rows], reports.time[rows]
    goes = ((reports.flags[rows] & OFF_FLAG) != 0) & reports.sound[rows]
    for row in rows[goes & np.isnan(since[device])].tolist():
        since[int(reports.device[row])] = float(reports.time[row])
        raise_row(context, row, OFF, context.last_known(row))
    for row in rows[~goes & (time >= since[device] + GOING)].tolist():
        _comes_up(context, row)


def _comes_up(context: Context, row: int) -> None:
    """It is on: that it was off is over, and that it came up is said once and is over as it is said."""
    bank, device, time = context.state.levels, int(context.reports.device[row]), float(context.reports.time[row])
    off_from = float(bank["off_from"][device])
    bank["off_from"][device] = np.nan
    for episode in context.ledger.of_device(OFF, context.device_key(row)):
        context.ledger.clear(episode, time, context.at(row))
    identity = raise_row(context, row, AGAIN, {"off_from": off_from, **context.last_known(row)})
    said = context.state.episodes.get(identity)
    if said is not None:
        context.ledger.clear(said, time, context.at(row))
