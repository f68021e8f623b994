"""Step: marks, earlier states of a group from which its past can be decided anew.

A mark of time M holds the group's part of the state before its first report at or after M, M on a fixed grid of device
time: hourly for the last hours, then each twelve hours, then daily. One mark more, the base, reaches back behind all of
the past that may still be decided. Before a silence of a day another is kept, so that a past of after it never needs
what came before: that may be forgotten.

A configuration is a point of the grid like any other for those of whom it takes nothing away: what they hold is the
same before it and after, and only the rules of what follows differ (``redecide``). Of whom it takes something away it
is passed like a report (``remember_ends``), so that no mark of a time before it holds what was left after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from formulas.formula import Loop
from gateway.engine.groups import Lifted, lift
from gateway.engine.late import LATEST
from gateway.engine.state import DEVICE, fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.engine.context import Context

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
GRID: Final = ((3 * HOUR, HOUR), (48 * HOUR, 12 * HOUR), (LATEST, DAY))
"""Age up to which marks are kept, and how far apart: seconds of device time."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A group's part of the state before its first report of order ``time`` or later; -inf: before any."""

    time: float
    lifted: Lifted


def remember(context: Context, rows: NDArray[np.int64]) -> None:
    """Before the reports of one round (at most one a group) are taken: make the marks that they pass."""
    _remember(context, context.policy.group[context.reports.device[rows]], context.reports.order[rows])


def remember_ends(context: Context, groups: NDArray[np.int64], time: float) -> None:
    """Before a timer, or a configuration, ends something of groups at a device time: later marks know of that end.

    Without it a mark of before the end, made by the next report, would hold what had ended since.
    """
    _remember(context, groups, np.full(len(groups), time))


def _remember(context: Context, group: NDArray[np.int64], order: NDArray[np.float64]) -> None:
    state, policy = context.state, context.policy
    passed = order >= state.device["mark"][group]
    if not passed.any():
        return
    group, order = group[passed], order[passed]
    since = state.device["mark"][group]
    label = _coarsest(since, order)
    state.device["mark"][group] = np.floor(order / HOUR) * HOUR + HOUR
    for at, begin, time, lifted in zip(group, since, label, lift(state, policy, group), strict=True):
        key = policy.devices[int(at)]
        is_silence = np.isfinite(begin) and time - begin >= DAY
        times = sorted({max(float(each), state.fence) for each in (begin if is_silence else time, time)})
        state.marks[key] = thinned([*state.marks.get(key, ()), *(Mark(each, lifted) for each in times)])


def _coarsest(since: NDArray[np.float64], until: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the points of the grid between two orders, the one that is kept longest; no report lies between.

    -inf where nothing has come before.
    """
    label = until
    for _, apart in GRID:
        coarse = np.floor(until / apart) * apart
        label = np.where(coarse >= since, coarse, label)
    return np.where(np.isinf(since), since, label)


def thinned(marks: Sequence[Mark]) -> list[Mark]:
    """Marks, oldest first, without those that are no longer needed beside the newest."""
    now, later = marks[-1].time, [*(mark.time for mark in marks[1:]), -math.inf]
    kept = [
        mark
        for mark, following in zip(marks, later, strict=True)
        if _is_kept(mark.time, now - mark.time) or following - mark.time >= DAY
    ]
    behind = [mark for mark in marks if now - mark.time >= LATEST]
    base = behind[-1] if behind else marks[0]
    return [base, *(mark for mark in kept if mark.time > base.time)]


def _is_kept(time: float, age: float) -> bool:
    return next((math.fmod(time, apart) == 0.0 for most, apart in GRID if age < most), False)


def apart_at(age: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart marks of an age are kept: seconds, float64 (n,) both; the widest beyond all that is kept."""
    apart = np.full(len(age), GRID[-1][1])
    for most, step in reversed(GRID):
        apart = np.where(age < most, step, apart)
    return apart


def passed(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of a stretch were taken, marks or none: the next is due behind the newest of each group."""
    reports, policy = context.reports, context.policy
    _pass(rows, reports.device, reports.order, policy.group, context.state.device.records)


def prepare() -> None:
    """Compile what is noted of a stretch."""
    whole = np.empty(0, np.int64)
    _pass(whole, whole, np.empty(0), whole, fresh(DEVICE, 0))


@Loop
def _pass(
    rows: NDArray[np.int64], device: NDArray[np.int64], order: NDArray[np.float64], group: NDArray[np.int64],
    devices: NDArray[np.void],
) -> None:  # fmt: skip
    for row in rows:
        of = devices[group[device[row]]]
        of.mark = max(of.mark, np.floor(order[row] / HOUR) * HOUR + HOUR)


def before(marks: Sequence[Mark], order: float) -> Mark | None:
    """The latest mark that precedes a report of this order; None: none reaches back so far."""
    return next((mark for mark in reversed(marks) if mark.time <= order), None)


def next_mark(time: float) -> float:
    """From which order on the next mark is due, behind one of ``time``."""
    return time if math.isinf(time) else math.floor(time / HOUR) * HOUR + HOUR
