"""Timers: who has been silent for half of what is allowed has fallen silent: a common cause is looked for.

As with silence itself, our own downtime does not count, and after a start bracelets have time to find us again. A
phone is asked, and does not fall silent; nor does a bracelet of which nothing has ever come.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.odd import odd
from gateway.engine.removal import off_with_leave
from gateway.engine.signs import Sign, What
from gateway.engine.silence import GRACE
from gateway.engine.together import Faint, groups_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState


def due_times(state: EngineState, policy: Policy, devices: NDArray[np.int64]) -> NDArray[np.float64]:
    """When each of ``devices`` falls silent, float64 (n,); inf where it cannot, or has."""
    bank = state.device
    if not state.listening:
        return np.full(len(devices), np.inf)
    due = bank["heard"][devices] + policy.faint_after + bank["missed"][devices]
    never = np.isnan(due) | bank["faint"][devices] | policy.phone[devices]
    return np.where(never, np.inf, np.maximum(due, state.listening_since + GRACE))


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when none runs."""
    due = due_times(state, policy, np.arange(len(policy.devices)))
    return float(due.min()) if len(due) else math.inf


def fade(context: Context, until: NDArray[np.float64], devices: NDArray[np.int64]) -> None:
    """Note who of ``devices`` falls silent at or before ``until`` (float64, one a device)."""
    due = due_times(context.state, context.policy, devices)
    for index in np.flatnonzero(due <= until).tolist():
        _fade_one(context, int(devices[index]), float(due[index]))


def _fade_one(context: Context, device: int, due: float) -> None:
    """Of somebody whom the law lets us look at; else of nobody."""
    policy, bank = context.policy, context.state.device
    bank["faint"][device] = True
    moment = np.array([due])
    wearing = policy.wearing_at(np.array([device]), moment)
    if not policy.lawful(wearing, moment)[0]:
        return
    key, person = policy.wearings[int(wearing[0])]
    heard = float(bank["heard"][device])
    if off_with_leave(policy, "comms_lost", person, (heard, due), late=False):
        return
    groups = groups_of(int(bank["served"][device]), policy.configuration.people[person].office)
    one = Faint(due, heard, groups, odd(context, int(wearing[0]), device, due))
    context.signs.append(Sign(What.FELL_SILENT, key, context.due_at(due, key), faint=one, person=person))
