"""Which reports of a run go together: stretches between points at which something has to be looked at first.

A turn is such a point: a report that passes a mark or the end of a wearing, before which a timer may fire, or that is
late. It goes alone through all steps, one a group at a time. What lies between two turns of a group is a stretch, and
goes at once. More turns than needed cost time and change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.lasting import runs_long
from gateway.engine.marks import HOUR, apart_at
from gateway.engine.phones import is_phone

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
    group = policy.group[reports.device]
    turns, before = _first_of(group, reports.order)
    newest = np.full(len(policy.devices), -np.inf)
    np.maximum.at(newest, group, reports.order)
    apart = apart_at(newest[group] - reports.order)
    return turns | _passes(policy, reports.device, before, reports.order, reports.time, apart)


def turns_of_run(context: Context, arrival: Arrival) -> NDArray[np.bool_]:
    """Turns among the reports of a run, bool (n,)."""
    reports, state, policy = context.reports, context.state, context.policy
    if context.observer is not None:
        return np.ones(len(reports), np.bool_)
    rows = np.arange(len(reports))
    plain = (arrival.timely & ~reports.clock_fault) | reports.bare
    turns, heard = _first_of(reports.device, reports.received)
    _, worn = _first_of(reports.device, reports.wearing.astype(np.float64))
    turns |= ~plain | arrival.repeated | is_phone(context, rows) | (worn != reports.wearing)
    turns |= reports.received - heard >= policy.silence_after
    turns |= runs_long(context)
    root = policy.group[reports.device]
    timely = np.flatnonzero(arrival.timely)
    firsts, before = _first_of(root[timely], reports.order[timely])
    received = np.maximum(reports.time, reports.received)[timely]
    turns[timely] |= firsts | _passes(policy, reports.device[timely], before, reports.order[timely], received)
    turns |= reports.order < state.device["closed"][root]
    waits = [policy.device_index[key] for key in state.waiting if key in policy.device_index]
    slow = np.zeros(len(policy.devices), np.bool_)
    slow[waits], slow[root[arrival.late]] = True, True
    slow[[policy.group[policy.device_index[key]] for key in state.unanswered if key in policy.device_index]] = True
    return turns | slow[root]


def _first_of(key: NDArray[np.int64], value: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whether each row is the first of its key, and the value of the row before it of that key (its own, if first)."""
    by = np.argsort(key, kind="stable")
    first, before = np.ones(len(key), np.bool_), value.copy()
    same = key[by][1:] == key[by][:-1]
    first[by[1:]] = ~same
    before[by[1:]] = np.where(same, value[by][:-1], value[by][1:])
    return first, before


def _passes(
    policy: Policy, device: NDArray[np.int64], before: NDArray[np.float64], order: NDArray[np.float64],
    until: NDArray[np.float64], apart: NDArray[np.float64] | float = HOUR,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether a report passes a point of the marks' grid, or the end of a wearing of its group up to ``until``."""
    passed: NDArray[np.bool_] = np.floor(order / apart) != np.floor(before / apart)
    passed |= until >= policy.assigned.until_of(device, order)
    ends = policy.groups.ends
    for row in np.flatnonzero(policy.groups.has_ends[policy.group[device]]).tolist():
        mine = ends[int(policy.group[device[row]])]
        passed[row] |= bool(np.searchsorted(mine, before[row], "right") < np.searchsorted(mine, until[row], "right"))
    return passed
