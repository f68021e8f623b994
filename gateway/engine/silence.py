"""Timers: silence, minus our own downtime, with a grace after a start.

A device is silent when nothing came from it for ``silence_after`` seconds of listening. The timer fires at its due
time, before the first entry at or after it, however the log was cut.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop
from gateway.engine.at_first import severity_of
from gateway.engine.given import levels_of
from gateway.engine.ledger import Finding
from gateway.engine.notice import TELL
from gateway.engine.odd import is_calm
from gateway.engine.policy import Policy, next_start
from gateway.engine.presence import lapse
from gateway.engine.role import Role
from gateway.engine.signs import ENDED, Sign, What
from gateway.engine.state import DEVICE, fresh
from gateway.engine.whereabouts import last_known, place_of
from gateway.engine.why_silent import DEAD, SHIELDED, SHIELDED_SURE, WHY, why_silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.state import EngineState

GRACE = 300.0
"""Least seconds after a start during which silence means nothing: bracelets need to find us again."""


def due_times(state: EngineState, policy: Policy, devices: NDArray[np.int64]) -> NDArray[np.float64]:
    """When the silence of each of ``devices`` begins to matter, float64 (n,); inf where it cannot."""
    bank = state.device
    if not state.listening or state.role is Role.ACROSS:
        return np.full(len(devices), np.inf)
    heard = bank["heard"][devices]
    heard = np.where(np.isnan(heard), np.maximum(state.first_start, bank["since"][devices]), heard)
    due = np.maximum(heard + policy.silence_after + bank["missed"][devices], state.listening_since + GRACE)
    # A phone is asked, it does not report: that nobody asked it says nothing of it (see ``phones``).
    return np.where(bank["silent"][devices] | policy.phone[devices], np.inf, due)


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all timers; inf when none runs."""
    due = due_times(state, policy, np.arange(len(policy.devices)))
    return float(due.min()) if len(due) else math.inf


def fire(context: Context, until: NDArray[np.float64], devices: NDArray[np.int64]) -> None:
    """Fire the silence timers of ``devices`` that are due at or before ``until`` (float64, one a device)."""
    due = due_times(context.state, context.policy, devices)
    while True:
        ready = np.flatnonzero(due <= until)
        if not len(ready):
            return
        order = sorted(ready, key=lambda index: (due[index], context.policy.devices[int(devices[index])]))
        for index in order:
            _fire_one(context, int(devices[index]), float(due[index]))
        due = due_times(context.state, context.policy, devices)


def _fire_one(context: Context, device: int, due: float) -> None:
    """Raise, where somebody wears the device lawfully; else wait until somebody does."""
    policy, bank = context.policy, context.state.device
    here, moment = np.array([device]), np.array([due])
    wearing = policy.wearing_at(here, moment)
    if policy.lawful(wearing, moment)[0]:
        bank["silent"][device], bank["silent_at"][device] = True, due
        _raise(context, device, int(wearing[0]), due)
        return
    starts = [next_start(policy.assignment_starts[device], due)]
    if wearing[0] >= 0:
        starts.append(next_start(policy.authority_starts[wearing[0]], due))
    bank["heard"][device], bank["missed"][device], bank["faint"][device] = max(min(starts), due), 0.0, False


def _raise(context: Context, device: int, wearing: int, due: float) -> None:
    key, person = context.policy.wearings[wearing]
    bank = context.state.device
    battery = int(levels_of(context.state, context.policy, device, due)["battery"])
    heard = float(bank["heard"][device])
    first = int(bank["heard_offset"][device])
    onset = max(context.state.first_start, float(bank["since"][device])) if np.isnan(heard) else heard
    at = context.due_at(due, key)
    lapse(context, wearing, at)
    why = why_silent(context, device, due, at.offset)
    known = {
        **({"battery_percent": battery} if battery >= 0 else {}), **_never_heard(context, device, due), **why,
        **last_known(context.state, context.policy, wearing),
    }  # fmt: skip
    if is_calm(context, wearing, device, due, known):
        known[TELL] = due + context.policy.silence_at_home - context.policy.silence_after
    finding = Finding(
        kind="battery_dead" if why.get(WHY) == DEAD else "comms_lost",
        device=key, person=person, onset=onset, evidence_time=due,
        opening=f"silence since entry {first}".encode(), first_offset=max(first, 0),
        facts=known, severity=severity_of(known, due),
        **place_of(context.state, context.policy, wearing),
    )  # fmt: skip
    alarm, is_shielded = context.ledger.raise_(finding, at), why.get(WHY) == SHIELDED
    context.signs.append(Sign(What.IS_MISSED, key, at, alarm=alarm, is_odd=is_shielded, person=person))
    if is_shielded:
        shielded = replace(finding, kind="shielding", onset=float(str(why["faded"])), probability=SHIELDED_SURE)
        context.ledger.raise_(shielded, at)


def _never_heard(context: Context, device: int, due: float) -> dict[str, Fact]:
    """``assigned``: since when the wearer has it, where nothing has come from it since then."""
    bank, starts = context.state.device, context.policy.assignment_starts[device]
    assigned = float(starts[np.searchsorted(starts, due, side="right") - 1])
    spoke = float(bank["spoke"][device])
    if np.isnan(spoke) and bank["heard_offset"][device] >= 0:
        return {}  # of a state that did not remember it yet
    return {} if spoke >= assigned else {"assigned": assigned}


def hear(context: Context, rows: NDArray[np.int64]) -> None:
    """Frames of one round prove presence: clear the silence of those who had been silent."""
    reports = context.reports
    back, was_missed = np.empty(len(rows), np.int64), np.empty(len(rows), np.bool_)
    count = _hear_all(
        rows, reports.device, reports.received, reports.offset, reports.stored, reports.served,
        context.state.device.records, back, was_missed,
    )  # fmt: skip
    for row, is_missed in zip(back[:count].tolist(), was_missed[:count].tolist(), strict=True):
        context.signs.append(Sign(What.WAS_HEARD, context.device_key(row), context.at(row)))
        for kind in ENDED if is_missed else ():
            for episode in context.ledger.of_device(kind, context.device_key(row)):
                context.ledger.clear(episode, float(reports.received[row]), context.at(row))


def prepare() -> None:
    """Compile what is noted of each report."""
    whole, is_so = np.empty(0, np.int64), np.empty(0, np.bool_)
    _hear_all(whole, whole, np.empty(0), whole, is_so, whole, fresh(DEVICE, 0), whole, is_so)


@Loop
def _hear_all(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], device: NDArray[np.int64], received: NDArray[np.float64], offset: NDArray[np.int64],
    stored: NDArray[np.bool_], served: NDArray[np.int64], devices: NDArray[np.void], back: NDArray[np.int64],
    was_missed: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Note them; the first rows of those that had fallen silent into ``back``, how many, and who of them was missed."""
    count = 0
    for row in rows:
        of = devices[device[row]]
        if of.silent or of.faint:
            back[count], was_missed[count] = row, of.silent
            count += 1
        of.silent, of.faint, of.missed, of.heard_offset = False, False, 0.0, offset[row]
        if served[row] != 0 and not stored[row]:
            of.served = served[row]
        of.heard, of.spoke = received[row], received[row]
    return count
