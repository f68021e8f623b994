"""Step: a device that says that another SIM card is in it than before. Only a person can say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.raising import raise_row
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

KIND: Final = "identity_changed"
CHANGED_FLAG: Final = np.uint64(Flag.SIM_CHANGED)


def watch_identity(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of one round that have a wearer. Said again while its alarm stands it is no other alarm.

    A frame whose checksum is wrong changes nobody's card.
    """
    reports = context.reports
    says = ((reports.flags[rows] & CHANGED_FLAG) != 0) & reports.sound[rows]
    for row in rows[says].tolist():
        device, person, time = context.device_key(row), context.person(row), float(reports.time[row])
        if context.ledger.ongoing(KIND, person, device, time=time) is None:
            raise_row(context, row, KIND, {"what": "sim", **context.last_known(row)})
