"""Step: wearings end. What stands of a wearer whom nobody observes any more ends then, and says that it does.

A timer like that of silence: it fires at its due time, before the first entry at or after it, however the log was cut.
A bracelet that replaces another without a gap goes on observing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.context import spread
from gateway.engine.curfew import Phase, break_off
from gateway.engine.ledger import At
from gateway.engine.weigh import clear_watch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

SETTLE = 60.0
"""Seconds after a fix that arrived late: more of the same upload may follow, and is judged before the end."""


def due_times(state: EngineState, policy: Policy, watch: NDArray[np.int64]) -> NDArray[np.float64]:
    """When what stands of each watch has to end, float64 (n,); inf where nothing stands or the wearing has no end."""
    bank, night = state.watch, policy.curfews.by_watch[watch]
    phase = np.append(state.curfew["phase"], Phase.WELL)
    stands = np.flatnonzero(bank["raised"][watch] | (phase[night] != Phase.WELL))
    due = np.full(len(watch), np.inf)
    end = policy.worn_until(watch[stands], bank["seen"][watch[stands]])
    due[stands] = np.maximum(end, bank["arrived"][watch[stands]] + SETTLE)
    return due


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when no end is to come, or the configuration is yet to be applied."""
    if state.digest != policy.configuration.digest:
        return math.inf
    due = due_times(state, policy, np.arange(len(policy.watches.key)))
    return float(due.min()) if len(due) else math.inf


def end_wearings_of(context: Context, rows: NDArray[np.int64]) -> None:
    """End what is due before these reports for their wearers (rows of one round)."""
    rows = rows[context.reports.wearing[rows] >= 0]
    watches, people = context.policy.watches, context.people_of(rows)
    rows, watch = spread(rows, watches.first[people], watches.count[people])
    end_wearings(context, context.reports.received[rows], watch)


def end_wearings(context: Context, until: NDArray[np.float64], watch: NDArray[np.int64]) -> None:
    """End what stands of watches and is due at or before ``until`` (float64, one a watch)."""
    due = due_times(context.state, context.policy, watch)
    for index in np.flatnonzero(due <= until):
        _end(context, int(watch[index]), float(due[index]))


def _end(context: Context, watch: int, due: float) -> None:
    """Clear what stands, at the end of the wearing; the evidence of another wearing begins afresh."""
    bank, policy = context.state.watch, context.policy
    ended = float(policy.worn_until(np.array([watch]), bank["seen"][[watch]])[0])
    offset = context.first + int(np.searchsorted(context.entries.received, due, side="left"))
    at = At(offset, 0, due, "")
    if bank["raised"][watch]:
        clear_watch(context, watch, ended, at, {"handed_over": ended})
    curfew = int(policy.curfews.by_watch[watch])
    if curfew >= 0:
        break_off(context, curfew, ended, at, {"handed_over": ended})
    for name, (_, value, _) in bank.spec.items():
        bank[name][watch] = value
