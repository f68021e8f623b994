"""A new configuration may draw groups otherwise: what they hold goes with their devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.groups import PLACED, Lifted
from gateway.engine.marks import Mark
from gateway.engine.state import BANKS, fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

ORDERS = ("order", "tie", "closed", "mark")


def spread_orders(state: EngineState, before: Policy) -> None:
    """Before the rows are seated anew: what a group's first device holds, all of it hold."""
    for name in ORDERS:
        state.device[name][:] = state.device[name][before.group]


def redrawn(former: Policy, other: Policy) -> list[int]:
    """Groups of one configuration, by their first device, whose devices and people are no group of another one."""
    if former.groups is other.groups:
        return []
    known = set(other.groups.names.values())
    return [group for group, names in former.groups.names.items() if names not in known]


def close_redrawn(state: EngineState, before: Policy, policy: Policy, received: float) -> None:
    """What is of before a group was drawn is late to it, whichever of its devices have reported since.

    Of a group that has not been heard the past begins with nothing.
    """
    for group in redrawn(policy, before):
        state.device["closed"][group] = max(state.device["closed"][group], received)
        if np.isinf(state.device["order"][group]):
            nothing = Lifted({bank: ((), fresh(BANKS[bank], 0)) for bank in PLACED})
            state.marks.setdefault(policy.devices[group], [Mark(-np.inf, nothing)])


def regroup(state: EngineState, before: Policy, policy: Policy) -> None:
    """After it: the new groups' orders and marks, from those of their devices. Nothing waits but of those that stay."""
    if before.devices == policy.devices and np.array_equal(before.group, policy.group):
        _stay(state, policy)
        return
    bank, old = state.device, dict(zip(before.devices, before.group.tolist(), strict=True))
    marks, state.marks = state.marks, {}
    for group in policy.groups.names:
        rows = policy.groups.seats["levels"].rows(group)
        newest = rows[np.lexsort((bank["tie"][rows], bank["order"][rows]))[-1]]
        bank["order"][group], bank["tie"][group] = bank["order"][newest], bank["tie"][newest]
        bank["closed"][group] = bank["closed"][rows].max()
        names = [policy.devices[row] for row in rows.tolist()]
        sources = sorted({before.devices[old[name]] for name in names if name in old})
        held = [marks[source] for source in sources if source in marks]
        key = policy.devices[group]
        if held:
            state.marks[key] = held[0] if len(held) == 1 else _common(held)
        bank["mark"][group] = bank["mark"][rows].max() if state.marks.get(key) else _behind(bank["order"][group])


def _stay(state: EngineState, policy: Policy) -> None:
    """All groups are as they were, and so is what they hold; who has no mark has none that reaches back."""
    groups = np.unique(policy.group)
    bare = groups[[not state.marks.get(policy.devices[group]) for group in groups.tolist()]]
    order = state.device["order"][bare]
    state.device["mark"][bare] = np.where(np.isfinite(order), np.nextafter(order, np.inf), -np.inf)


def _behind(order: float) -> float:
    """Where no mark reaches back: what came up to here is never decided anew."""
    return float(np.nextafter(order, np.inf)) if np.isfinite(order) else -np.inf


def _common(held: Sequence[Sequence[Mark]]) -> list[Mark]:
    """Marks of several groups that are one now: those of a time that all have."""
    by_time = [{mark.time: mark.lifted for mark in marks} for marks in held]
    times = sorted(set(by_time[0]).intersection(*by_time[1:]))
    return [Mark(time, _joined([marks[time] for marks in by_time])) for time in times]


def _joined(parts: Sequence[Lifted]) -> Lifted:
    rows = {
        bank: (
            tuple(key for part in parts for key in part.rows[bank][0]),
            np.concatenate([part.rows[bank][1] for part in parts]),
        )
        for bank in PLACED
    }
    found = tuple(episode for part in parts for episode in part.found)
    return Lifted(rows, found, {key: last for part in parts for key, last in part.nights.items()})
