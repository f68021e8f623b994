"""A bracelet that is given to somebody begins anew with him: what it was, and said, on others is none of his.

Given it is when the wearing begins, or, where that is entered afterwards, when it is entered: what had come until then
was judged as another's, or nobody's, and is not judged once more as his. A row of the register that goes on where
another one of the same person ends gives nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.signs import ENDED, Sign, What
from gateway.engine.state import DEVICE, LEVELS, fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.settings.model import Assignment

DAYS: Final = 11 * 86_400.0
"""Seconds for which it is remembered when wearings were entered, or lost: longer than a report may be late."""
EVER: Final = 0.0
"""UTC epoch seconds: entered before anything came; not lost."""
BEGINS_ANEW: Final = (
    "heard", "heard_offset", "missed", "silent", "silent_at", "faint", "served", "spoke", "paced", "gap",
    "strap_from", "strap_x", "strap_y", "strap_longest", "fault_longest", "fault_n", "fault_at",
)  # fmt: skip
"""Columns of a device. A fault of a strap that is suspected of the last wearer still becomes a cut in its time."""


def enter_wearings(state: EngineState, before: Policy | None, policy: Policy, received: float) -> None:
    """A configuration comes: who has a bracelet by it, and was not known to have it, is given it now.

    Those of the first are known from the beginning, as are those that were in the registers within the last days.
    """
    state.entered_at = {}
    expect(state, policy, received)
    if before is None:
        return
    known = {key: each for key, each in state.entered.items() if max(each) > received - DAYS}
    was, now = before.configuration.assignments, policy.configuration.assignments
    lost = _not_in(was, now)
    known |= {_key(one): (known.get(_key(one), (EVER, EVER))[0], received) for one in lost}
    for one in _not_in(now, was):
        if one.start <= received:
            former = next((each for each in lost if _is_the_same(each, one)), None)
            entered, _ = known.get(_key(former or one), (received, EVER))
            known[_key(one)] = entered, EVER
            if former is None and received < one.until:
                state.device["given"][policy.device_index[one.device]] = received
    state.entered = known


def expect(state: EngineState, policy: Policy, after: float) -> None:
    """When each device is next given to somebody, later than ``after``."""
    due, to_come = state.device["given"], policy.given_at > after
    due[:] = np.inf
    np.minimum.at(due, policy.given[to_come], policy.given_at[to_come])


def _not_in(some: Iterable[Assignment], others: Iterable[Assignment]) -> list[Assignment]:
    if some is others:
        return []
    known = set(others)
    return [one for one in some if one not in known]


def _is_the_same(former: Assignment, one: Assignment) -> bool:
    """Whether a row is another one with other times."""
    is_theirs = (former.device, former.person) == (one.device, one.person)
    return is_theirs and former.start < one.until and one.start < former.until


def _key(one: Assignment) -> str:
    return f"{one.device}/{one.person}/{one.start:.0f}"


def entered_at(state: EngineState, policy: Policy, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """When rows of ``policy.fitted`` (int64 (n,)) were entered: receive time, float64 (n,); -inf: in time, or none."""
    if not state.entered:
        return np.full(len(row), -np.inf)
    digest = policy.configuration.digest
    if digest not in state.entered_at:
        known = (state.entered.get(_key(one), (EVER, EVER))[0] for one in policy.configuration.assignments)
        state.entered_at[digest] = np.array([*(at if at != EVER else -math.inf for at in known), -math.inf])
    entered: NDArray[np.float64] = state.entered_at[digest][row]
    return entered


def given_since(
    state: EngineState, policy: Policy, device: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.float64]:  # fmt: skip
    """Since when whoever wears each device at a time has been given it, float64 (n,); NaN where nobody wears it."""
    row = policy.fitted.lookup(device, time)
    since: NDArray[np.float64] = np.maximum(np.append(policy.fitted_at, np.nan)[row], entered_at(state, policy, row))
    return since


def levels_of(state: EngineState, policy: Policy, device: int, time: float) -> NDArray[np.void]:
    """What a device has said of itself (a record of ``LEVELS``) on whoever wears it at a time; initial: nothing."""
    since = policy.fitted_since(np.array([device]), np.array([time]))[0]
    record: NDArray[np.void] = state.levels.records[device]
    return record if math.isnan(since) or record["held_from"] >= since else fresh(LEVELS, 1)[0]


def next_due(state: EngineState, policy: Policy) -> float:
    """When a device is next given to somebody; inf: never, as far as is known."""
    del policy
    return float(state.device["given"].min(initial=np.inf))


def look(
    context: Context, until: NDArray[np.float64], devices: NDArray[np.int64],
    *timers: Callable[[Context, NDArray[np.float64], NDArray[np.int64]], None],
) -> None:  # fmt: skip
    """Devices that are given to somebody at or before ``until`` (float64, one a device): the timers of before fire."""
    bank = context.state.device
    if np.isnan(bank["given"]).any():
        expect(context.state, context.policy, context.state.now)  # of a state that did not remember it yet
    while (ready := bank["given"][devices] <= until).any():
        mine, due = devices[ready], bank["given"][devices[ready]]
        for fire in timers:
            fire(context, np.nextafter(due, -np.inf), mine)
        for device, time in zip(mine.tolist(), due.tolist(), strict=True):
            _give(context, device, time)


def _give(context: Context, device: int, due: float) -> None:
    """Its silence is over, and is counted anew: while we listen."""
    bank, policy, key = context.state.device, context.policy, context.policy.devices[device]
    at = context.due_at(due, key)
    if bank["silent"][device] or bank["faint"][device]:
        context.signs.append(Sign(What.WAS_GIVEN, key, at))
        for kind in ENDED:
            for episode in context.ledger.of_device(kind, key):
                context.ledger.clear(episode, due, at, {"handed_over": due})
    for column in BEGINS_ANEW:
        bank[column][device] = DEVICE[column][1]
    bank["since"][device] = max(due, context.state.listening_since)
    mine = policy.given == device
    bank["given"][device] = policy.given_at[mine & (policy.given_at > due)].min(initial=np.inf)


def shift(state: EngineState, old: float, new: float) -> None:
    """Receive time was set: what had elapsed stays elapsed; the calendar holds by the new time."""
    since, due = state.device["since"], state.device["given"]
    since[:] = np.where(since > old, np.maximum(since, new), since + (new - old))
    due[:] = np.where(due > old, np.maximum(due, new), due)
