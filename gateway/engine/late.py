"""Timers: when a group's past is decided anew. Late reports wait for others of their upload, within a bound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.arrival import Arrival
    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

OLD: Final = 7200.0
"""Seconds between a report and its receipt from which on it may wait longer."""
WAITS: Final = ((20.0, 120.0), (60.0, 600.0))
"""Seconds of receive time: after the last late report, and after the first at most; recent ones, old ones."""
LATEST: Final = 7 * 86_400.0
"""Seconds between a report and its receipt beyond which it is too late to decide anything."""


class Waiting(msgspec.Struct):
    """A group's late reports that have not been decided.

    Attributes:
        since: order of the earliest.
        came: receive time of the first.
        recent, old: receive times of the first and last, of either sort; None: there is none.
        rows: how many.
    """

    since: float
    came: float
    recent: tuple[float, float] | None = None
    old: tuple[float, float] | None = None
    rows: int = 0

    @property
    def due(self) -> float:
        """Receive time, UTC epoch seconds, at which they are decided."""
        both = zip((self.recent, self.old), WAITS, strict=True)
        return min(min(came[1] + wait, came[0] + most) for came, (wait, most) in both if came is not None)

    def add(self, order: float, received: float) -> None:
        """One more."""
        self.since, self.rows = min(self.since, order), self.rows + 1
        if received - order > OLD:
            self.old = (self.old[0] if self.old else received, received)
        else:
            self.recent = (self.recent[0] if self.recent else received, received)

    def shift(self, seconds: float) -> None:
        """Receive time was set: what had elapsed stays elapsed."""
        self.came += seconds
        self.recent = self.recent and (self.recent[0] + seconds, self.recent[1] + seconds)
        self.old = self.old and (self.old[0] + seconds, self.old[1] + seconds)


def put_aside(
    context: Context, rows: NDArray[np.int64], arrival: Arrival
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Of one round's rows those that are decided as they come, and the late ones: these wait, or are too late.

    Late is, too, what precedes an end that was drawn meanwhile: of a wearing, of the rules, of an older engine.
    """
    reports, state, root = context.reports, context.state, context.policy.group
    rows = rows[arrival.timely[rows] | arrival.late[rows]]
    late = arrival.late[rows] | (reports.order[rows] < state.device["closed"][root[reports.device[rows]]])
    if not late.any():
        return rows, rows[:0]
    mine = rows[late]
    fenced = reports.order[mine] < state.fence
    outdated = ~fenced & (reports.received[mine] - reports.order[mine] > LATEST)
    state.count("report_late", len(mine))
    state.count("report_before_fence", int(fenced.sum()))
    state.count("report_too_late", int(outdated.sum()))
    for row in mine[~fenced & ~outdated].tolist():
        order, received = float(reports.order[row]), float(reports.received[row])
        key = context.policy.devices[root[reports.device[row]]]
        state.waiting.setdefault(key, Waiting(order, received)).add(order, received)
    return rows[~late], mine


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; infinite where nothing waits."""
    del policy
    return min((waiting.due for waiting in state.waiting.values()), default=math.inf)


def due_groups(context: Context, until: NDArray[np.float64], groups: NDArray[np.int64]) -> dict[int, float]:
    """Of ``groups`` those due at or before ``until`` (float64, one a group), with when they are due."""
    state, devices = context.state, context.policy.devices
    if not state.waiting:
        return {}
    pairs = ((int(group), state.waiting.get(devices[group]), limit) for group, limit in zip(groups, until, strict=True))
    return {group: waiting.due for group, waiting, limit in pairs if waiting is not None and waiting.due <= limit}


def everyone(context: Context) -> NDArray[np.int64]:
    """All groups that wait."""
    index = context.policy.device_index
    return np.array(sorted(index[key] for key in context.state.waiting if key in index), np.int64)
