"""Which reports of a run go together: stretches between points at which something has to be looked at first.

A turn is such a point: a report that passes a mark or the end of a wearing, before which a timer may fire, or that is
late. It goes alone through all steps, one a group at a time. What lies between two turns of a group is a stretch, and
goes at once. More turns than needed cost time and change nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from fencing.intervals import interval_of
from formulas.formula import Loop
from gateway.engine import silence
from gateway.engine.alarm_timers import falls_due
from gateway.engine.lasting import CONDITIONS, runs_long
from gateway.engine.late import Waiting
from gateway.engine.marks import apart_at
from gateway.engine.phones import is_phone
from gateway.engine.state import DEVICE, fresh
from protocols.report import Source

CELL = int(Source.CELL)
Number = TypeVar("Number", np.float64, np.int64)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.arrival import Arrival
    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports


def stretches(
    group: NDArray[np.int64], turns: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:  # fmt: skip
    """(turns, stretches) that go together: row indices, ascending; of a group either one turn or a whole stretch."""
    count = len(group)
    if not count:
        return
    if not turns.any():
        yield np.empty(0, np.int64), np.arange(count)
        return
    by = np.argsort(group, kind="stable")
    begins = np.ones(count, np.bool_)
    begins[1:] = (group[by][1:] != group[by][:-1]) | turns[by][1:] | turns[by][:-1]
    first = np.ones(count, np.bool_)
    first[1:] = group[by][1:] != group[by][:-1]
    number = np.cumsum(begins)
    part = np.empty(count, np.int64)
    part[by] = number - np.repeat(number[first], np.diff(np.append(np.flatnonzero(first), count)))
    by_part = np.argsort(part, kind="stable")
    for rows in np.split(by_part, np.cumsum(np.bincount(part))[:-1]):
        yield rows[turns[rows]], rows[~turns[rows]]


def turns_of_past(policy: Policy, reports: Reports) -> NDArray[np.bool_]:
    """Turns among reports that are decided anew (each group's in its order), bool (n,): marks, and ends of wearings.

    Of marks those alone that are kept beside the newest report.
    """
    turns, before = _first_of(policy.group[reports.device], reports.order)
    apart = _apart(policy, reports.device, reports.order)
    return turns | _passes(policy, reports.device, before, reports.order, reports.time, apart)


def ends_of_past(policy: Policy, reports: Reports) -> NDArray[np.bool_]:
    """The same where no marks are made: the ends of wearings alone."""
    turns, before = _first_of(policy.group[reports.device], reports.order)
    nowhere = np.full(len(reports), np.inf)
    return turns | _passes(policy, reports.device, before, reports.order, reports.time, nowhere)


def turns_of_run(context: Context, arrival: Arrival) -> NDArray[np.bool_]:
    """Turns among the reports of a run, bool (n,)."""
    reports, state, policy = context.reports, context.state, context.policy
    if context.observer is not None or not len(reports):
        return np.ones(len(reports), np.bool_)
    calm = np.zeros(len(reports), np.bool_)
    is_of_one_each = _look(
        reports.device, reports.bare, arrival.timely, arrival.repeated, reports.clock_fault, reports.located,
        reports.inferred, reports.source, reports.stored, reports.wearing, reports.time, reports.received,
        reports.order, policy.phone, policy.group, policy.assigned.key, policy.assigned.start, policy.assigned.until,
        state.device.records, calm,
    )  # fmt: skip
    if is_of_one_each:
        return ~calm if _is_quiet(context, arrival) else np.ones(len(reports), np.bool_)
    root = policy.group[reports.device]
    phone = is_phone(context, np.arange(len(reports)))
    plain = ((arrival.timely & ~reports.clock_fault) | reports.bare) & ~arrival.repeated & ~phone
    turns, heard = _first_of(reports.device, reports.received)
    turns |= ~plain | (_first_of(reports.device, reports.wearing)[1] != reports.wearing)
    turns |= (reports.received - heard >= policy.faint_after) | runs_long(context)
    turns |= falls_due(context, root) | (reports.received >= state.device["given"][reports.device])
    turns |= _shared_timers(context, root, turns)
    closed = reports.order < state.device["closed"][root]
    over = arrival.timely & (reports.received >= policy.assigned.until_of(reports.device, reports.order))
    if over.any():
        # Its wearing may have been said to have ended: then it is late, and its group waits.
        turns |= np.isin(root, root[over])
    timely = np.flatnonzero(arrival.timely)
    device, order = reports.device[timely], reports.order[timely]
    firsts, before = _first_of(root[timely], order)
    until = np.maximum(reports.time[timely], reports.received[timely])
    turns[timely] |= firsts | _passes(policy, device, before, order, until, _apart(policy, device, order))
    if state.unanswered:
        keys = [policy.device_index[key] for key in state.unanswered if key in policy.device_index]
        turns |= np.isin(reports.device, keys)
    if state.waiting or arrival.late.any() or closed.any():
        turns |= _turns_of_late(context, arrival, root)
    return turns


def _is_quiet(context: Context, arrival: Arrival) -> bool:
    """Whether no timer can be due in a run, nothing waits or is late, and nobody is waited for."""
    state, removals, received = context.state, context.policy.configuration.removals, context.reports.received
    return not (
        received[-1] >= state.rings or state.unanswered or state.waiting or arrival.late.any()
        or any(received[0] < each.until <= received[-1] for each in removals)
    )  # fmt: skip


def prepare() -> None:
    """Compile the look at each report."""
    whole, real, is_so = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
    _look(
        whole, is_so, is_so, is_so, is_so, is_so, is_so, np.empty(0, np.uint8), is_so, whole, real, real, real, is_so,
        whole, whole, real, real, fresh(DEVICE, 0), is_so,
    )  # fmt: skip


@Loop
def _look(  # noqa: PLR0913, PLR0917  columns
    device: NDArray[np.int64], bare: NDArray[np.bool_], timely: NDArray[np.bool_], repeated: NDArray[np.bool_],
    clock_fault: NDArray[np.bool_], located: NDArray[np.bool_], inferred: NDArray[np.bool_], source: NDArray[np.uint8],
    stored: NDArray[np.bool_], wearing: NDArray[np.int64], time: NDArray[np.float64], received: NDArray[np.float64],
    order: NDArray[np.float64], phone: NDArray[np.bool_], group: NDArray[np.int64], worn_key: NDArray[np.int64],
    worn_start: NDArray[np.float64], worn_until: NDArray[np.float64], devices: NDArray[np.void],
    calm: NDArray[np.bool_],
) -> bool:  # fmt: skip
    """Whether a run has at most one report of each group; of each whether it passes no mark, end or condition.

    It is asked for while no timer is due alone, so that nothing else can stand between it and the one before.
    """
    has_come = np.zeros(len(group), np.bool_)
    for row in range(len(device)):
        root = group[device[row]]
        if has_come[root]:
            return False
        has_come[root] = True
        of, all_of = devices[device[row]], devices[root]
        is_plain = bare[row] or (timely[row] and not clock_fault[row])
        is_plain = is_plain and not repeated[row] and not phone[device[row]]
        is_well = not of.silent and math.isnan(of.unplaced_from) and math.isnan(of.clockless_from)
        is_usable = located[row] and not (inferred[row] and source[row] == CELL)
        is_well = is_well and (bare[row] or stored[row] or is_usable or wearing[row] < 0)
        until = max(time[row], received[row])
        passes = until >= all_of.ends
        if timely[row]:
            ends = interval_of(worn_key, worn_start, worn_until, device[row], order[row])
            passes = passes or not all_of.closed <= order[row] < all_of.mark
            passes = passes or (ends >= 0 and until >= worn_until[ends])
        calm[row] = is_plain and is_well and not passes
    return True


def _shared_timers(context: Context, root: NDArray[np.int64], turns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Reports of groups of several devices of which a timer may be due in this run."""
    policy, now = context.policy, float(context.reports.received[-1])
    groups = np.unique(root[policy.groups.shared[root]])
    if not len(groups):
        return np.zeros(len(root), np.bool_)
    devices, of = policy.groups.devices(groups)
    due = silence.due_times(context.state, policy, devices) <= now
    shown = [~np.isnan(context.state.device[condition.start][devices]) for condition in CONDITIONS]
    busy = groups[np.unique(of[due | np.logical_or(*shown)])]
    found: NDArray[np.bool_] = np.isin(root, np.concatenate([busy, root[turns & policy.groups.shared[root]]]))
    return found


def _turns_of_late(context: Context, arrival: Arrival, root: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Late reports, and those before which a group's past falls due."""
    reports, policy = context.reports, context.policy
    is_late = arrival.late | (reports.order < context.state.device["closed"][root])
    turns, seats = is_late.copy(), policy.device_index
    waiting = {seats[key]: one for key, one in context.state.waiting.items() if key in seats}
    for group in np.union1d(root[turns], list(waiting)).astype(np.int64).tolist():
        late = msgspec.structs.replace(waiting[group]) if group in waiting else None
        for row in np.flatnonzero(root == group).tolist():
            received = float(reports.received[row])
            if late is not None and late.due <= received:
                turns[row], late = True, None
            if is_late[row]:
                late = late or Waiting(float(reports.order[row]), received)
                late.add(float(reports.order[row]), received)
    return turns


def _apart(policy: Policy, device: NDArray[np.int64], order: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart the marks are that each group keeps beside its newest report of these."""
    group, at = np.unique(policy.group[device], return_inverse=True)
    newest = np.full(len(group), -np.inf)
    np.maximum.at(newest, at, order)
    return apart_at(newest[at] - order)


def _first_of(key: NDArray[np.int64], value: NDArray[Number]) -> tuple[NDArray[np.bool_], NDArray[Number]]:
    """Whether each row is the first of its key, and the value of the row before it of that key (its own, if first)."""
    by = np.argsort(key, kind="stable")
    first, before = np.ones(len(key), np.bool_), value.copy()
    same = key[by][1:] == key[by][:-1]
    first[by[1:]] = ~same
    before[by[1:]] = np.where(same, value[by][:-1], value[by][1:])
    return first, before


def _passes(
    policy: Policy, device: NDArray[np.int64], before: NDArray[np.float64], order: NDArray[np.float64],
    until: NDArray[np.float64], apart: NDArray[np.float64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether a report passes a point of the marks' grid, or the end of a wearing of its group up to ``until``."""
    passed: NDArray[np.bool_] = np.floor(order / apart) != np.floor(before / apart)
    passed |= until >= np.minimum(policy.assigned.until_of(device, order), policy.assigned.until_of(device, before))
    ends = policy.groups.ends
    for row in np.flatnonzero(policy.groups.has_ends[policy.group[device]]).tolist():
        mine = ends[int(policy.group[device[row]])]
        passed[row] |= bool(np.searchsorted(mine, before[row], "right") < np.searchsorted(mine, until[row], "right"))
    return passed
