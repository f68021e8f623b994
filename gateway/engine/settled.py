"""What nobody has to look at any more is remembered while its past may still be decided anew; no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.engine.episode import Episode
    from gateway.engine.state import EngineState

KEPT: Final = 8 * 86_400.0
"""Seconds of receive time since it was said last, and since a person closed anything."""
MOST: Final = 20_000
"""Settled alarms, the oldest go first: of a county, more in a week is a fault."""
EVERY: Final = 3600.0
"""Seconds between two looks."""


def forget(state: EngineState) -> None:
    """Drop what is too old to change; looked at once an hour of receive time."""
    if state.now - state.looked < EVERY and len(state.settled) <= MOST:
        return
    horizon, state.looked = state.now - KEPT, state.now
    state.settled = {key: one for key, one in state.settled.items() if _last(one) >= horizon}
    spare = len(state.settled) - MOST
    for key in list(state.settled)[: max(0, spare)]:
        del state.settled[key]
        state.count("alarm_forgotten")
    closes = ((key, [time for time in times if time >= horizon]) for key, times in state.closes.items())
    state.closes = {key: times for key, times in closes if times}
    while len(state.epochs) > 1 and state.epochs[1][0] < horizon:
        del state.epochs[0]


def _last(one: Episode) -> float:
    return max(one.decided, one.ended or one.decided, one.closed or one.decided)
