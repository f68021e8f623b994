"""Step: wearings end. What stands of a wearer whom nobody observes any more ends then, and says that it does.

A timer like that of silence: it fires at its due time, before the first entry at or after it, however the log was cut.
A bracelet that replaces another without a gap goes on observing. What was stored before the end and arrives after it
goes on with the same evidence, so that nothing is raised twice; another wearing begins afresh.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.context import spread
from gateway.engine.curfew import Phase, break_off
from gateway.engine.ledger import At
from gateway.engine.weigh import end_episode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

SETTLE = 60.0
"""Seconds after the last fix arrived: more of the same upload may follow, and is judged before the end."""


def due_times(state: EngineState, policy: Policy, watch: NDArray[np.int64]) -> NDArray[np.float64]:
    """When what stands of each watch has to end, float64 (n,); inf where nothing stands or the wearing has no end."""
    bank, night = state.watch, policy.curfews.by_watch[watch]
    phase = np.append(state.curfew["phase"], Phase.WELL)[night]
    open_ = (phase == Phase.LATE) | (phase == Phase.EARLY)
    stands = np.flatnonzero((bank["raised"][watch] & ~bank["over"][watch]) | open_)
    due = np.full(len(watch), np.inf)
    if not len(stands):
        return due
    end = policy.worn_until(watch[stands], bank["seen"][watch[stands]])
    due[stands] = np.maximum(end, bank["arrived"][watch[stands]] + SETTLE)
    return due


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when no end is to come, or the configuration is yet to be applied."""
    if state.digest != policy.configuration.digest:
        return math.inf
    due = due_times(state, policy, np.arange(len(policy.watches.key)))
    return float(due.min()) if len(due) else math.inf


def watch_wearings(context: Context, rows: NDArray[np.int64]) -> None:
    """End what is due before these reports (rows of one round) for their wearers; begin the wearings they begin."""
    rows = rows[context.reports.wearing[rows] >= 0]
    watches, people = context.policy.watches, context.people_of(rows)
    rows, watch = spread(rows, watches.first[people], watches.count[people])
    end_wearings(context, context.reports.received[rows], watch)
    over = context.state.watch["over"][watch]
    if over.any():
        _begin(context, rows[over], watch[over])


def end_wearings(context: Context, until: NDArray[np.float64], watch: NDArray[np.int64]) -> None:
    """End what stands of watches and is due at or before ``until`` (float64, one a watch)."""
    due = due_times(context.state, context.policy, watch)
    for index in np.flatnonzero(due <= until):
        _end(context, int(watch[index]), float(due[index]))


def _end(context: Context, watch: int, due: float) -> None:
    """Clear what stands, at the end of the wearing."""
    bank, policy = context.state.watch, context.policy
    ended = float(policy.worn_until(np.array([watch]), bank["seen"][[watch]])[0])
    offset = context.first + int(np.searchsorted(context.entries.received, due, side="left"))
    at, facts = At(offset, 0, due, ""), {"handed_over": ended}
    if policy.curfews.by_watch[watch] >= 0:
        break_off(context, int(policy.curfews.by_watch[watch]), ended, at, facts)
    else:
        end_episode(context, watch, ended, at, facts)
    bank["over"][watch] = True


def _begin(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64]) -> None:
    """Of watches that are over: forget the last wearing where a report is of another one."""
    policy, bank = context.policy, context.state.watch
    another = policy.worn.lookup(watch, context.reports.time[rows]) != policy.worn.lookup(watch, bank["seen"][watch])
    curfew = policy.curfews.by_watch[watch[another]]
    bank.reset(watch[another])
    context.state.curfew.reset(curfew[curfew >= 0])
