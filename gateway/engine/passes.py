"""The passes that decide on place and device time: the same for what comes, and for a past that is decided anew.

Each pass goes over the whole stretch before the next begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fencing.intervals import KeyedIntervals
from gateway.engine.arrival import prepare as prepare_arrival
from gateway.engine.closer import note_leaning
from gateway.engine.conditions import loud_rows, watch_conditions
from gateway.engine.curfew import nights_of
from gateway.engine.fuse import fuse
from gateway.engine.fuse import prepare as prepare_fuse
from gateway.engine.hand_over import watch_wearings
from gateway.engine.integrity import prepare as prepare_integrity
from gateway.engine.integrity import watch_integrity
from gateway.engine.judge import judge
from gateway.engine.judge import prepare as prepare_judge
from gateway.engine.marks import remember
from gateway.engine.phones import is_phone
from gateway.engine.presence import follow_unplaced
from gateway.engine.reports import is_firm
from gateway.engine.state import TRACK, fresh
from gateway.engine.weigh import weighing
from gateway.fusion.radius import radii

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState

HAND_OVER = 86400.0
"""Seconds after a hand-over within which a stored report with a faulty clock belongs to nobody."""


def prepare() -> None:
    """Compile the passes, or load what was compiled: whoever listens afterwards need not wait for it."""
    prepare_arrival()
    KeyedIntervals.build(()).lookup((), ())
    prepare_fuse()
    radii(fresh(TRACK, 0))
    prepare_judge()
    prepare_integrity()


def rounds(group: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Row indices of round 0, 1, ...: the k-th row of every group in round k, rows ascending within a round."""
    count = len(group)
    if not count:
        return
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    length = np.diff(np.append(begins, count))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count) - np.repeat(begins, length)
    by_rank = np.argsort(rank, kind="stable")
    edges = np.cumsum(np.bincount(rank))
    yield from np.split(by_rank, edges[:-1])


def attribute(state: EngineState, reports: Reports, policy: Policy) -> None:
    """Whose report it is, at device time, and whether the law lets us look at it.

    Where the clock cannot be right it belongs to whoever wore the device when it came; but what the device had stored
    may be of another wearer shortly before, and then belongs to nobody.
    """
    wearing = policy.wearing_at(reports.device, reports.time)
    before = policy.wearing_at(reports.device, reports.time - HAND_OVER)
    unsure = reports.clock_fault & reports.stored & (before >= 0) & (wearing != before)
    lawful = policy.lawful(wearing, reports.time)
    state.count("report_unattributed", int((~reports.bare & ((wearing < 0) | unsure)).sum()))
    state.count("report_without_authority", int((~reports.bare & (wearing >= 0) & ~lawful).sum()))
    reports.wearing[:] = np.where(lawful & ~unsure, wearing, -1)


def place_round(context: Context, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Reports in their order, at most one a group: the marks they pass, the wearings that end before them, the passes.

    Returns:
        int64: the rows whose fix was taken into a track.
    """
    if not len(rows):
        return rows
    remember(context, rows)
    watch_wearings(context, rows)
    return place_stretch(context, rows)


def place_stretch(context: Context, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Reports in their order, several a group, between which no mark is passed and no wearing ends.

    First all fixes into the tracks; then all geometry; then evidence and nights; then what devices say of themselves.

    Returns:
        int64: the rows whose fix was taken into a track.
    """
    reports = context.reports
    worn = rows[(reports.wearing[rows] >= 0) & ~reports.bare[rows]]
    context.fused = fuse(context.state, reports, worn)
    nights = nights_of(context, worn[~is_phone(context, worn)], context.fused)
    context.pairs = pairs = weighing(context, context.fused)
    judge(context, pairs, nights)
    note_leaning(context, pairs)
    firm = context.fused.rows[is_phone(context, context.fused.rows) | is_firm(reports, context.fused.rows)]
    if len(firm) < len(worn):
        placed = np.zeros(len(reports), np.bool_)
        placed[firm] = True
        follow_unplaced(context, worn[~placed[worn]])
    watch_integrity(context, worn)
    loud = loud_rows(context, rows)
    for each in rounds(context.policy.group[reports.device[loud]]):
        watch_conditions(context, loud[each])
    return context.fused.rows
