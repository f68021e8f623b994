"""Control entries: start, stop, the clock and configurations, and what they do to the state. Acts: ``acts``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.attendance import expect as expect_appointments
from gateway.engine.charge_duty import expect as expect_charging
from gateway.engine.closer import shift as shift_paces
from gateway.engine.expiry import expect
from gateway.engine.given import enter_wearings
from gateway.engine.given import shift as shift_given
from gateway.engine.ladder import shift as shift_ladders
from gateway.engine.lasting import add_downtime
from gateway.engine.lasting import shift as shift_lasting
from gateway.engine.lifted import enter_leave, enter_rules
from gateway.engine.nights_out import expect as expect_days
from gateway.engine.number import fence
from gateway.engine.outage import forget_gone, restart
from gateway.engine.outage import shift as shift_outage
from gateway.engine.policy import SETTLED
from gateway.engine.regroup import close_redrawn, regroup, spread_orders
from gateway.engine.strap import shift as shift_straps
from gateway.engine.together import begin
from gateway.engine.weigh import look_ahead

if TYPE_CHECKING:
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.journal.controls import ClockStep


def start(state: EngineState, received: float, engine: int) -> None:
    """Begin to listen, with an engine of this number.

    Our downtime, from the log's last entry on, is nobody's silence; last contacts stay true.
    """
    fence(state, engine, received)
    bank, before = state.device, min(state.now, received)
    if math.isfinite(before):
        bank["missed"][:] += np.maximum(received - np.fmax(bank["heard"], before), 0.0)
        add_downtime(state, before, received)
        restart(state, before, received)
    state.listening, state.listening_since, state.rings = True, received, -math.inf
    state.first_start = min(state.first_start, received)


def stop(state: EngineState) -> None:
    """Stop listening."""
    state.listening = False


def rebase(state: EngineState, policy: Policy | None, clock: ClockStep) -> None:
    """Move the timers to the new receive time: what had elapsed before a step of the wall clock stays elapsed.

    Shifted are the receive times of the state: last contacts, arrivals of fixes, the first answer that a phone is
    absent, the start of listening, fragments and late reports that wait. Unknown ones (NaN) stay unknown. A device that
    is next worn at a time of the calendar (``silence``) is missed from then on, or from now on if the step has passed
    that time.

    Left as they are: device times, and what is judged by them (tracks, evidence, curfews, levels of flags), though a
    report whose own clock is faulty got its time from ours; after a step back such ones count as late until then.
    Likewise what has been said, and stands in the journal: times of episodes, an order's issue and expiry (the queue
    of orders waits by a clock without steps). Calendars (authority, hand-over) hold by the new time.

    Args:
        state: changed in place.
        policy: the one in force; None before the first configuration.
        clock: the step; timers due at ``clock.old`` have fired.
    """
    shift = clock.new - clock.old
    state.rings = -math.inf
    if policy is not None:
        heard = state.device["heard"]
        moved = np.where(heard > clock.old, np.maximum(heard, clock.new), heard + shift)
        # Of a phone it is the time of a place, told by its carrier.
        heard[:] = np.where(policy.phone, heard, moved)
    state.device["absent_from"][:] += shift
    state.device["silent_at"][:] += shift
    shift_given(state, clock.old, clock.new)
    shift_lasting(state, shift)
    state.device["spoke"][:] += shift
    state.watch["arrived"][:] += shift
    state.listening_since += shift
    state.first_start += shift
    shift_paces(state, shift)
    shift_outage(state, shift, clock.new)
    shift_straps(state, shift)
    shift_ladders(state, shift)
    for one in state.fragments.open.values():
        one.touched += shift
    for waiting in state.waiting.values():
        waiting.shift(shift)


def configure(
    state: EngineState, policy: Policy, digest: str, received: float, before: Policy | None = None
) -> None:  # fmt: skip
    """Seat the state's rows for a configuration. Timers that waited for somebody to wear a device look again.

    ``before``: the one that was in force. Where zones or rules differ from it, what is of before is decided by it.
    """
    if before is not None:
        spread_orders(state, before)
    is_new = np.array([device not in before.device_index for device in policy.devices], np.bool_) if before else False
    state.seat(policy, digest)
    state.device["since"][is_new] = received
    forget_gone(state, policy)
    begin(state.usual, received)
    expect(state, policy)
    expect_appointments(state, policy)
    expect_days(state, policy, received)
    expect_charging(state, policy, received)
    enter_leave(state, before, policy, received)
    enter_rules(state, before, policy, received)
    enter_wearings(state, before, policy, received)
    state.rings = -math.inf
    if before is not None:
        regroup(state, before, policy)
        close_redrawn(state, before, policy, received)
    if before is None or before.rules_digest != policy.rules_digest:
        closed = state.device["closed"]
        closed[:] = closed if not state.epochs else np.maximum(closed, received)
        state.epochs.append((received, digest))
    state.device["ends"][:] = np.inf
    watch = np.flatnonzero(~np.isnan(state.watch["seen"]))
    look_ahead(state, policy, watch, state.watch["seen"][watch])
    heard = state.device["heard"]
    heard[heard > received] = received
    # An end that was entered afterwards is known from here on.
    arrived = state.watch["arrived"]
    arrived[:] = np.maximum(arrived, received - SETTLED)
