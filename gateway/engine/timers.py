"""When the engine wants to be asked next, though no entry comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.engine.alarm_timers import next_due as agreed
from gateway.engine.attendance import next_due as attended
from gateway.engine.charge_duty import next_due as charged
from gateway.engine.expiry import next_due as expiring
from gateway.engine.faint import next_due as faded
from gateway.engine.given import next_due as given
from gateway.engine.hand_over import next_due as handed_over
from gateway.engine.ladder import next_due as told
from gateway.engine.lasting import next_due as lasted
from gateway.engine.late import next_due as decided
from gateway.engine.nights_out import next_due as out_by_night
from gateway.engine.outage import next_due as left_silent
from gateway.engine.silence import next_due as silent

if TYPE_CHECKING:
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

TIMERS = (
    silent, given, handed_over, lasted, agreed, expiring, attended, faded, left_silent, out_by_night, charged,
)  # fmt: skip
"""Of devices, wearings, alarms, authorities, appointments, habits and charging; and beside them a past that waits to be
decided anew, and people who wait."""


def next_due(state: EngineState, policy: Policy) -> float:
    """Receive time, UTC epoch seconds, of the first timer that is to fire; infinite where none is."""
    return min(decided(state, policy), told(state), *(due(state, policy) for due in TIMERS))
