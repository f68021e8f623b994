"""What nobody has to look at any more is remembered while its past may still be decided anew; no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.engine.ladder import forget as forget_notices

if TYPE_CHECKING:
    from gateway.engine.episode import Episode
    from gateway.engine.state import EngineState

KEPT: Final = 8 * 86_400.0
"""Seconds of receive time since it was said last."""
MOST: Final = 20_000
"""Settled alarms, the oldest go first: of a county, more in a week is a fault."""
EVERY: Final = 3600.0
"""Seconds between two looks."""


def forget(state: EngineState) -> None:
    """Drop what is too old to change; looked at once an hour of receive time."""
    if state.now - state.looked < EVERY and len(state.settled) <= MOST:
        return
    horizon, state.looked = state.now - KEPT, state.now
    forget_notices(state)
    # What stands can be found anew however long ago it began.
    stands = {one.id for held in state.found.values() for one in held.values()}
    state.settled = {key: one for key, one in state.settled.items() if _last(one) >= horizon or key in stands}
    spare = len(state.settled) - MOST
    for key in list(state.settled)[: max(0, spare)]:
        del state.settled[key]
        state.count("alarm_forgotten")
    # The last close of all stays: by it what stands is closed, however long ago that was.
    state.closes = {key: _since(times, horizon) for key, times in state.closes.items()}
    while len(state.epochs) > 1 and state.epochs[1][0] < horizon:
        del state.epochs[0]


def _since(times: list[float], horizon: float) -> list[float]:
    """Those from a time on, and the last one before it."""
    before = [time for time in times if time < horizon]
    return [*([max(before)] if before else []), *(time for time in times if time >= horizon)]


def _last(one: Episode) -> float:
    said = one.acts[-1].at if one.acts else None
    return max(time for time in (one.decided, one.ended, one.closed, one.over, said) if time is not None)
