"""Timers: who has been silent for half of what is allowed has fallen silent: a common cause is looked for.

As with silence itself, our own downtime does not count, and after a start bracelets have time to find us again. A
phone is asked, and does not fall silent; nor does a bracelet of which nothing has ever come.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import OUT
from gateway.engine.policy import WatchKind
from gateway.engine.removal import off_with_leave
from gateway.engine.shapes import HOME
from gateway.engine.signs import Sign, What
from gateway.engine.silence import GRACE
from gateway.engine.together import Faint, groups_of
from gateway.engine.whereabouts import seen_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

BEFORE: Final = 3600.0
"""Seconds before somebody fell silent within which a barred zone is odd."""
GOING: Final = 1.0
"""Metres per second further from home from which on somebody was on his way."""
TAMPER: Final = frozenset({"strap_cut", "strap_loose", "case_open", "off_body"})


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
    one = Faint(due, heard, groups, _odd(context, int(wearing[0]), device, due))
    context.signs.append(Sign(What.FELL_SILENT, key, context.due_at(due, key), faint=one))


def _odd(context: Context, wearing: int, device: int, due: float) -> tuple[str, ...]:
    """What of the time before speaks against a common cause, the gravest first."""
    state, policy = context.state, context.policy
    found = {
        "strap": _is_tampered(state, *policy.wearings[wearing]),
        "barred": _was_out(state, policy, wearing, WatchKind.KEEP_OUT, due),
        "outside": _was_out(state, policy, wearing, WatchKind.STAY_INSIDE, due),
        "battery": bool(state.levels["low"][device]),
        "moving": _goes_away(state, policy, wearing, float(state.device["heard"][device])),
    }
    return tuple(word for word, is_so in found.items() if is_so)


def _is_tampered(state: EngineState, device: str, person: str) -> bool:
    """Whether an alarm of the strap or the case stands that nobody has closed."""
    alarms = [one for who in (person, device) for one in state.found.get(who, {}).values()]
    return any(one.kind in TAMPER and one.closed is None for one in alarms)


def _was_out(state: EngineState, policy: Policy, wearing: int, kind: WatchKind, due: float) -> bool:
    """Whether somebody is judged where he is not to be, or of a barred zone has only just left it."""
    person, watches, bank = int(policy.wearing_person[wearing]), policy.watches, state.watch
    mine = np.arange(watches.first[person], watches.first[person] + watches.count[person])
    mine = mine[watches.kind[mine] == kind]
    is_out = bank["verdict"][mine] == OUT
    if kind is WatchKind.KEEP_OUT:
        lately = bank["turned"][mine] >= due - BEFORE
        is_out |= ~np.isnan(bank["breach_since"][mine]) & (bank["leans"][mine] < 0) & lately
    return bool(is_out.any())


def _goes_away(state: EngineState, policy: Policy, wearing: int, heard: float) -> bool:
    """Whether the last fix, of that last contact, was on the way from home."""
    home = f"{HOME}:{policy.wearings[wearing][1]}"
    if home not in policy.zone_ids or not heard - state.track["time"][wearing] < GRACE:
        return False
    seen = seen_from(state, policy, wearing, policy.zone_ids.index(home))
    return float(str(seen.get("away_ms", 0.0))) >= GOING
