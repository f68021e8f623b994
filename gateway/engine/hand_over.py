"""Step: wearings end. What stands of a wearer whom nobody observes any more ends then, and says that it does.

At device time, before its group's first report of after the end; or by a timer like that of silence, where no report
comes: it fires at its due time, before the first entry at or after it, however the log was cut. A bracelet that
replaces another without a gap goes on observing; another wearing begins afresh.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.curfew import Phase, break_off
from gateway.engine.marks import remember_ends
from gateway.engine.policy import SETTLED
from gateway.engine.presence import lapse_one
from gateway.engine.weigh import end_episode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState


def due_times(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], settle: float = SETTLED
) -> NDArray[np.float64]:  # fmt: skip
    """When what stands of each watch has to end, float64 (n,); inf where nothing stands or the wearing has no end."""
    bank, night = state.watch, policy.curfews.by_watch[watch]
    phase = np.append(state.curfew["phase"], Phase.WELL)[night]
    open_ = (phase == Phase.LATE) | (phase == Phase.EARLY)
    stands = np.flatnonzero(((bank["raised"][watch] | bank["near_raised"][watch]) & ~bank["over"][watch]) | open_)
    due = np.full(len(watch), np.inf)
    if not len(stands):
        return due
    due[stands] = np.maximum(bank["ends"][watch[stands]], bank["arrived"][watch[stands]] + settle)
    return due


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when no end is to come, or the configuration is yet to be applied."""
    if state.digest != policy.configuration.digest:
        return math.inf
    due = due_times(state, policy, np.arange(len(policy.watches.key)))
    return float(due.min()) if len(due) else math.inf


def watch_wearings(context: Context, rows: NDArray[np.int64]) -> None:
    """Wearings of their groups that ended before these reports (rows of one round) end; a new one begins afresh."""
    group = context.policy.group[context.reports.device[rows]]
    passed = context.reports.time[rows] >= context.state.device["ends"][group]
    for row, of in zip(rows[passed].tolist(), group[passed].tolist(), strict=True):
        _pass_ends(context, row, of)


def _pass_ends(context: Context, row: int, group: int) -> None:
    bank, policy, time = context.state.watch, context.policy, context.reports.time[row]
    watch = policy.groups.seats["watch"].rows(group)
    passed = watch[bank["ends"][watch] <= time]
    for one in passed[~bank["over"][passed]].tolist():
        _end(context, one, context.at(row))
    wearing = int(context.reports.wearing[row])
    mine = passed[policy.watches.person[passed] == policy.wearing_person[wearing]] if wearing >= 0 else passed[:0]
    bank.reset(mine)
    context.state.presence.reset(mine)
    curfew = policy.curfews.by_watch[mine]
    context.state.curfew.reset(curfew[curfew >= 0])
    to_come = watch[~bank["over"][watch] | (bank["ends"][watch] > time)]
    context.state.device["ends"][group] = bank["ends"][to_come].min(initial=np.inf)


def end_due(context: Context, rows: NDArray[np.int64]) -> None:
    """Before these reports (rows of one round, at most one a group) come: what is due of their groups ends."""
    received, group = context.reports.received[rows], context.policy.group[context.reports.device[rows]]
    for at in np.flatnonzero(received >= context.state.device["ends"][group]).tolist():
        watch = context.policy.groups.seats["watch"].rows(int(group[at]))
        end_wearings(context, np.full(len(watch), received[at]), watch)


def end_wearings(
    context: Context, until: NDArray[np.float64], watch: NDArray[np.int64], settle: float = SETTLED
) -> None:  # fmt: skip
    """End what stands of watches and is due at or before ``until`` (float64, one a watch).

    What the wearer's devices have stored of before the end is late from then on. ``settle``: seconds for what may still
    follow; a past that is decided anew has had its time.
    """
    due = due_times(context.state, context.policy, watch, settle)
    for index in np.flatnonzero(due <= until):
        one = int(watch[index])
        ended = float(context.state.watch["ends"][one])
        group = context.policy.groups.of_person.get(context.policy.watches.key[one][0])
        if group is not None:  # else nobody gave this person anything to wear any more
            remember_ends(context, np.array([group]), ended)
            context.state.device["closed"][group] = max(context.state.device["closed"][group], ended)
        _end(context, one, context.due_at(float(due[index]), "", ended))


def _end(context: Context, watch: int, at: At) -> None:
    """Clear what stands, at the end of the wearing."""
    lapse_one(context.ledger, watch, at)
    bank, policy = context.state.watch, context.policy
    ended, night = float(bank["ends"][watch]), int(policy.curfews.by_watch[watch])
    if night >= 0:
        break_off(context, night, ended, at, {"handed_over": ended})
    else:
        end_episode(context, watch, ended, at, {"handed_over": ended})
    bank["over"][watch] = True
