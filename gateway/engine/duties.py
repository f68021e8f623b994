"""When somebody has to be somewhere: the hours of a curfew, an area at all times; as long as he may be looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.span import Span
from gateway.engine.lifted import leave_of
from gateway.engine.watching import WatchKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

DUTIES: Final = {WatchKind.BE_THERE: "curfew", WatchKind.STAY_INSIDE: "area"}
"""What a watch is to its wearer: to be at a place in certain hours, or never to leave an area."""
IS_DUTY: Final = np.isin(np.arange(max(WatchKind) + 1), list(DUTIES))
"""By kind of watch."""


def duty_at(state: EngineState, policy: Policy, watch: int, wearing: int, time: float) -> Span:
    """The duty behind a watch of DUTIES at a device time (UTC epoch seconds), while its wearer wears a bracelet.

    Where it does not hold: since when not, and until when not at least. No duty is older than the rules in force.
    """
    spans = [*_bounds(state, policy, watch, wearing, time)]
    curfew = int(policy.curfews.by_watch[watch])
    if curfew >= 0:
        spans.append(policy.curfews.schedules[int(policy.curfews.schedule[curfew])].span(time))
    found = _joint(spans)
    since = state.epochs[-1][0] if len(state.epochs) > 1 else -math.inf
    return Span(max(found.begin, since), found.until, found.holds)


def bound_at(state: EngineState, policy: Policy, watch: int, time: float) -> Span:
    """As :func:`duty_at`, of wearing, authority, leave and the rule's days alone, whatever bracelet it was."""
    person = int(policy.watches.person[watch])
    wearings = [at for at in (policy.wearing_person == person).nonzero()[0].tolist() if not _is_phone(policy, at)]
    return (
        _joint([*_bounds(state, policy, watch, wearings[0], time)])
        if wearings
        else Span(-math.inf, math.inf, holds=False)
    )


def _is_phone(policy: Policy, wearing: int) -> bool:
    return bool(policy.phone[policy.device_index[policy.wearings[wearing][0]]])


def _bounds(state: EngineState, policy: Policy, watch: int, wearing: int, time: float) -> Iterator[Span]:
    """What a duty lies within: of bracelets the authority is the same, whichever it is."""
    yield policy.worn.span(watch, time)
    yield policy.authorised.span(wearing, time)
    leave = leave_of(state, policy).span(watch, time)
    idle = policy.idle.span(watch, time)
    for lifted in (leave, idle):
        yield Span(lifted.begin, lifted.until, not lifted.holds)


def _joint(spans: list[Span]) -> Span:
    """Where all of them hold; else from when on not, and until when not at least."""
    if all(span.holds for span in spans):
        return Span(max(span.begin for span in spans), min(span.until for span in spans), holds=True)
    failing = [span for span in spans if not span.holds]
    return Span(min(span.begin for span in failing), max(span.until for span in failing), holds=False)
