"""Step: which reports come in their order. Device time orders a group's reports, then what they say; never arrival.

A report that comes after all that its group has reported is decided as it comes. One that precedes another waits to be
decided with all that came since (``late``); one that came before is a repetition, however long ago that was. What has
no time of its own, a heartbeat or a report of a wrong clock, comes after what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fencing.formula import Loop
from gateway.engine.history import COLUMNS, PAST
from gateway.engine.phones import is_phone
from gateway.engine.reports import tells_alone
from gateway.engine.state import DEVICE, Bank
from protocols.report import SourceDatum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

TIMELESS = np.uint64(1 << 63)
"""Of ``tie``: it has no device time, and comes after all reports of the same order."""
RESENT = 3600.0
"""Seconds of the group's order within which a report of a wrong clock is known again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the rows of a run are: bool (n,) each; rows that are none of these tell nothing of place or device."""

    timely: NDArray[np.bool_]
    late: NDArray[np.bool_]
    repeated: NDArray[np.bool_]


def arrange(context: Context) -> Arrival:
    """Give a run's rows their order and their ties, remember them in the history, and say which came in order."""
    reports, state, policy = context.reports, context.state, context.policy
    rows = np.arange(len(reports))
    if not len(rows):
        return Arrival(*(np.zeros(0, np.bool_) for _ in range(3)))
    root, phone = policy.group[reports.device], is_phone(context, rows)
    timeless = np.where(reports.bare, tells_alone(reports, rows), reports.clock_fault & ~phone)
    placed = ~reports.bare & ~timeless & (~phone | reports.located)
    # A carrier's answer of the same time is the same place told again.
    content = np.where(phone, np.uint64(0), reports.digest)
    tie = (content ^ policy.ties[reports.device]) & ~TIMELESS
    before = _newest(state.device, root, reports.time, tie, placed)
    number = TIMELESS | (reports.offset.astype(np.uint64) << np.uint64(10))
    # Of a group that has told of no time yet, the time of receipt, which such a report's time is.
    reports.order = np.where(timeless & np.isfinite(before.order), before.order, reports.time)
    reports.tie = np.where(timeless, number, tie)
    here = reports.order == before.order
    same = placed & here & (tie == before.tie)
    late = placed & ~same & ((reports.order < before.order) | (here & (tie < before.tie)))
    repeated = same | _known(context, root, late, timeless & ~reports.bare)
    arrival = Arrival((placed | timeless) & ~late & ~repeated, late & ~repeated, repeated)
    state.count("report_repeated", int(repeated.sum()))
    _remember(context, arrival)
    return arrival


def prepare() -> None:
    """Compile the pass."""
    nothing = np.empty(0)
    _newest(Bank(DEVICE), np.empty(0, np.int64), nothing, np.empty(0, np.uint64), np.empty(0, np.bool_))


@dataclass(frozen=True, slots=True)
class Newest:
    """Of each row, the newest report of its group before it: order float64 (n,), tie uint64 (n,)."""

    order: NDArray[np.float64]
    tie: NDArray[np.uint64]


def _newest(
    bank: Bank, root: NDArray[np.int64], order: NDArray[np.float64], tie: NDArray[np.uint64], placed: NDArray[np.bool_]
) -> Newest:
    """What precedes each row in its group; the bank learns the newest of all."""
    before = Newest(np.empty(len(root)), np.empty(len(root), np.uint64))
    _go_before(bank["order"], bank["tie"], root, order, tie, placed, before.order, before.tie)
    return before


@Loop
def _go_before(  # noqa: PLR0913, PLR0917  columns
    newest: NDArray[np.float64], newest_tie: NDArray[np.uint64], root: NDArray[np.int64], order: NDArray[np.float64],
    tie: NDArray[np.uint64], placed: NDArray[np.bool_], before: NDArray[np.float64], before_tie: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Row by row: what was the newest of its group; and the group's newest with it."""
    for row in range(len(root)):
        group = root[row]
        before[row], before_tie[row] = newest[group], newest_tie[group]
        is_same = order[row] == newest[group]
        if placed[row] and (order[row] > newest[group] or (is_same and tie[row] > newest_tie[group])):
            newest[group], newest_tie[group] = order[row], tie[row]


def _known(
    context: Context, root: NDArray[np.int64], late: NDArray[np.bool_], timeless: NDArray[np.bool_]
) -> NDArray[np.bool_]:  # fmt: skip
    """Which of the late reports, and of those of a wrong clock, came before: in the history, or earlier in the run."""
    reports, known = context.reports, np.zeros(len(root), np.bool_)
    for group in np.unique(root[late | timeless]).tolist():
        mine = np.flatnonzero(root == group)
        wanted = reports.order[mine[late[mine] | timeless[mine]]]
        since = float(wanted.min()) - (RESENT if timeless[mine].any() else 0.0)
        held = context.past(group, since, float(wanted.max()), context.first)
        came = set(zip(held["order"].tolist(), held["tie"].tolist(), strict=True))
        told = set(held["digest"][held["clock_fault"]].tolist())
        for row in mine[~reports.bare[mine]].tolist():
            key, digest = (float(reports.order[row]), int(reports.tie[row])), int(reports.digest[row])
            known[row] = digest in told if timeless[row] else late[row] and key in came
            came.add(key)
            if timeless[row]:
                told.add(digest)
    return known


def _remember(context: Context, arrival: Arrival) -> None:
    """Into the history, with what they say and what was judged of it at arrival."""
    reports, at = context.reports, np.flatnonzero(arrival.timely | arrival.late)
    rows = np.empty(len(at), PAST)
    rows["order"], rows["tie"], rows["offset"] = reports.order[at], reports.tie[at], reports.offset[at]
    rows["device"], rows["late"] = reports.device[at], arrival.late[at]
    for name in COLUMNS:
        rows[name] = getattr(reports, name)[at]
    rows["datum"] = SourceDatum.WGS84  # as ``fuse.project`` has made it
    context.state.history.add(context.policy.devices, rows, context.first)
