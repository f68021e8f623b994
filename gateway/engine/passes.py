"""The passes that decide on place and device time: the same for what comes, and for a past that is decided anew.

Each pass goes over the whole stretch before the next begins.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.intervals import value_of
from formulas.formula import Loop
from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.engine.between import note_seen
from gateway.engine.closer import note_leaning
from gateway.engine.conditions import loud_rows, watch_conditions
from gateway.engine.crossing import watch_crossings
from gateway.engine.curfew import nights_of
from gateway.engine.fuse import fuse
from gateway.engine.hand_over import watch_wearings
from gateway.engine.integrity import watch_integrity
from gateway.engine.judge import judge
from gateway.engine.marks import remember
from gateway.engine.nearing import watch_near
from gateway.engine.phones import is_phone
from gateway.engine.presence import follow_unplaced
from gateway.engine.reports import is_firm
from gateway.engine.weigh import weighing
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from fencing.intervals import KeyedIntervals
    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState

PHONE = int(Source.PHONE)
HAND_OVER = 86400.0
"""Seconds after a hand-over within which a stored report with a faulty clock belongs to nobody."""


def prepare() -> None:
    """Compile what is judged of each report."""
    whole, real, is_so = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
    _judge_clocks(is_so, np.empty(0, np.uint8), real, real, is_so, is_so, is_so)
    _attribute(
        whole, real, is_so, is_so, is_so, whole, real, real, whole, whole, real, real, whole, whole,
        np.zeros(2, np.int64),
    )  # fmt: skip


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


def judge_clock(state: EngineState, reports: Reports) -> None:
    """Device time, where it can be one; else the receive time, and the position is not used: nobody knows its age."""
    reports.time = reports.time.copy()
    wrong = _judge_clocks(
        reports.bare, reports.source, reports.received, reports.time, reports.located, reports.clock_fault,
        reports.impossible,
    )  # fmt: skip
    state.count("clock_fault", wrong)


@Loop
def _judge_clocks(  # noqa: PLR0913, PLR0917  columns
    bare: NDArray[np.bool_], source: NDArray[np.uint8], received: NDArray[np.float64], time: NDArray[np.float64],
    located: NDArray[np.bool_], clock_fault: NDArray[np.bool_], impossible: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Set right in place; how many clocks are wrong."""
    count = 0
    for row in range(len(time)):
        is_said = not bare[row] and (source[row] != PHONE or located[row])
        here, now = time[row], received[row]
        is_wrong = is_said and not (here <= now + CLOCK_AHEAD and here >= now - CLOCK_BEHIND)
        impossible[row] = is_wrong and not math.isnan(here)
        if is_wrong:
            clock_fault[row], located[row] = True, False
            count += 1
        if is_wrong or not is_said:
            time[row] = now
    return count


def attribute(state: EngineState, reports: Reports, policy: Policy) -> None:
    """Whose report it is, at device time, and whether the law lets us look at it.

    Where the clock cannot be right it belongs to whoever wore the device when it came; but what the device had stored
    may be of another wearer shortly before, and then belongs to nobody.
    """
    told = np.zeros(2, np.int64)
    _attribute(
        reports.device, reports.time, reports.bare, reports.clock_fault, reports.stored, *_spans(policy.counted_of),
        *_spans(policy.authorised), reports.wearing, told,
    )  # fmt: skip
    state.count("report_unattributed", int(told[0]))
    state.count("report_without_authority", int(told[1]))


def _spans(table: KeyedIntervals) -> tuple[NDArray[Any], ...]:
    return table.key, table.start, table.until, table.value


@Loop
def _attribute(  # noqa: PLR0913, PLR0917  columns, and two tables of intervals
    device: NDArray[np.int64], time: NDArray[np.float64], bare: NDArray[np.bool_], clock_fault: NDArray[np.bool_],
    stored: NDArray[np.bool_], worn_key: NDArray[np.int64], worn_start: NDArray[np.float64],
    worn_until: NDArray[np.float64], worn_by: NDArray[np.int64], law_key: NDArray[np.int64],
    law_start: NDArray[np.float64], law_until: NDArray[np.float64], law: NDArray[np.int64],
    wearing: NDArray[np.int64], told: NDArray[np.int64],
) -> None:  # fmt: skip
    """``told``: reports of a place that are nobody's, and those that no authority covers."""
    for row in range(len(device)):
        here = value_of(worn_key, worn_start, worn_until, worn_by, device[row], time[row])
        is_unsure = False
        if clock_fault[row] and stored[row]:
            before = value_of(worn_key, worn_start, worn_until, worn_by, device[row], time[row] - HAND_OVER)
            is_unsure = before >= 0 and here != before
        is_lawful = here >= 0 and value_of(law_key, law_start, law_until, law, here, time[row]) >= 0
        if not bare[row]:
            told[0] += here < 0 or is_unsure
            told[1] += here >= 0 and not is_lawful
        wearing[row] = here if is_lawful and not is_unsure else -1


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
    note_seen(context, worn)
    nights = nights_of(context, worn[~is_phone(context, worn)], context.fused)
    context.pairs = pairs = weighing(context, context.fused)
    judge(context, pairs, nights)
    watch_crossings(context)
    watch_near(context)
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
