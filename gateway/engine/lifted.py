"""When a duty is lifted: by leave, as far as it was known then, and outside of the days of its rule.

Leave counts from when it is entered. What was in force at a time stays so: leave that is entered afterwards, or made
longer, retracts nothing of the time before, and leave that is taken away is no breach of that time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.intervals import KeyedIntervals
from gateway.engine.episode import Change
from gateway.engine.policy import WatchKind, union

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.settings.model import Configuration

    Spans = list[tuple[float, float]]

DAYS: Final = 9 * 86_400.0
"""Seconds for which it is remembered what leave was in force: longer than reports may come late."""
NEAR: Final = 86_400.0
"""Seconds since the end of a leave, and before the begin of one, within which it is worth a word."""
ASK: Final = frozenset({
    "inclusion_exit", "region_unauthorised", "curfew_late", "curfew_early_leave", "curfew_absent",
})  # fmt: skip
"""Kinds of which leave would be the reason."""


def leave_of(state: EngineState, policy: Policy) -> KeyedIntervals:
    """Leave by person, as it counts."""
    if not state.leave:
        return policy.on_leave
    digest = policy.configuration.digest
    if digest not in state.leaves:
        counts = _entered(policy.configuration) | state.leave
        rows = [(seat, *span) for seat, person in enumerate(policy.people) for span in counts.get(person, ())]
        state.leaves[digest] = KeyedIntervals.build((*row, 1) for row in rows)
    return state.leaves[digest]


def is_lifted(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether duties do not hold at device times, bool (n,). No leave opens a barred zone."""
    away = leave_of(state, policy).lookup(policy.watches.person[watch], time) >= 0
    lifted: NDArray[np.bool_] = away & (policy.watches.kind[watch] != WatchKind.KEEP_OUT)
    return lifted | (policy.idle.lookup(watch, time) >= 0)


def binds_since(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], wearing: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.float64]:  # fmt: skip
    """Since when duties that are not lifted have bound whoever wears a bracelet at device times: float64 (n,).

    Since the wearing, the authority or the rule began, or the last leave ended; negative infinity: since ever.
    """
    begins = [policy.worn.start_of(watch, time), policy.authorised.start_of(wearing, time)]
    ended = [table.ended_before(key, time) for table, key in (
        (leave_of(state, policy), policy.watches.person[watch]), (policy.idle, watch),
    )]  # fmt: skip
    over = [np.where(end <= time, end, -np.inf) for end in ended]  # on leave barred zones bind on
    since: NDArray[np.float64] = np.max([*begins, *over], axis=0)
    return since


def bound_since(context: Context, watch: int, row: int) -> float:
    """The same of the wearer of one report."""
    one = np.array([watch]), context.reports.wearing[row : row + 1], context.reports.time[row : row + 1]
    return float(binds_since(context.state, context.policy, *one)[0])


def why_lifted(policy: Policy, watch: int, time: float) -> tuple[float, dict[str, Fact]]:
    """When what stands of a duty that is lifted at a time ends, and as what: a rule ends by itself, leave now."""
    idle = policy.idle.span(watch, time)
    return (idle.begin, {"rule_over": idle.begin}) if idle.holds else (time, {"on_leave": time})


def enter_leave(state: EngineState, before: Policy | None, policy: Policy, received: float) -> None:
    """A configuration comes: up to now what was known counts, from now on what it says. The first is always known."""
    state.leaves = {}
    if before is None:
        return
    was, entered = _entered(before.configuration) | state.leave, _entered(policy.configuration)
    horizon, known = (received - DAYS, math.inf), {}
    for person in sorted(was.keys() | entered.keys()):
        old, new = was.get(person, []), entered.get(person, [])
        counts = _joined([*_within(old, (-math.inf, received)), *_within(new, (received, math.inf))])
        if _within(counts, horizon) != _within(new, horizon):
            known[person] = _within(counts, horizon)
    state.leave = known


def _entered(configuration: Configuration) -> dict[str, Spans]:
    """Leave by person, as it is entered."""
    found: dict[str, Spans] = {}
    for each in configuration.leave:
        found.setdefault(each.person, []).append((each.start, each.ends))
    return {person: _joined(spans) for person, spans in found.items()}


def _entered_of(policy: Policy, person: str) -> Spans:
    return _joined((each.start, each.ends) for each in policy.configuration.leave if each.person == person)


def _joined(spans: Iterable[tuple[float, float]]) -> Spans:
    return [(start, until) for _, start, until in union((0, *span) for span in spans)]


def _within(spans: Iterable[tuple[float, float]], window: tuple[float, float]) -> Spans:
    clipped = ((max(start, window[0]), min(until, window[1])) for start, until in spans)
    return [span for span in clipped if span[0] < span[1]]


def leave_facts(state: EngineState, policy: Policy, person: str, times: tuple[float, float]) -> dict[str, Fact]:
    """What an alarm says of leave: entered after its onset, ended not long before, or to come; else nothing.

    ``times``: device times of its onset and of the report that decides it.
    """
    onset, now = times
    late = _late(state, policy, person, onset)
    if late:
        return late
    spans = _entered_of(policy, person)
    ended = max((until for _, until in spans if until <= now), default=-math.inf)
    if now - ended <= NEAR:
        return {"leave_ended": ended}
    start, until = min((span for span in spans if span[0] > now), default=(math.inf, math.inf))
    return {"leave_from": start, "leave_until": until} if start - now <= NEAR else {}


def _late(state: EngineState, policy: Policy, person: str, onset: float) -> dict[str, Fact]:
    """``leave_late``: leave over an onset that was not known then; ``leave_entered``: since when it counts, if so."""
    if person not in state.leave or person not in policy.people:
        return {}
    span = next((each for each in _entered_of(policy, person) if each[0] <= onset < each[1]), None)
    if span is None or any(start <= onset < until for start, until in state.leave[person]):
        return {}
    counts = [start for start, _ in state.leave[person] if onset < start < span[1]]
    entered: dict[str, Fact] = {"leave_entered": min(counts)} if counts else {}
    return {"leave_late": 1, "leave_from": span[0], "leave_until": span[1], **entered}


def tell_late_leave(ledger: Ledger, at: At) -> None:
    """Leave that has just been entered over the onset of an alarm takes nothing back: it is said beside it."""
    for episode in sorted(ledger.state.episodes.values(), key=lambda each: each.id):
        if episode.kind in ASK and "leave_late" not in episode.facts and episode.may(Change.UPDATED):
            late = _late(ledger.state, ledger.policy, episode.person, episode.onset)
            if late:
                ledger.revise(episode, at, late | {"leave_entered": at.time})
