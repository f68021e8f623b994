"""When a duty is lifted: by leave, as far as it was known then, and outside of the days of its rule.

Leave counts from when it is entered. What was in force at a time stays so: leave that is entered afterwards, or made
longer, retracts nothing of the time before, and leave that is taken away is no breach of that time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.episode import Change
from gateway.engine.leave_places import entered_leave, joined_spans, lifted_spans, lifting, subjects_of
from gateway.engine.watching import BARRED, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from fencing.intervals import KeyedIntervals
    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

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
    """By watch, when leave lifts it, as leave counts."""
    if not state.leave:
        return policy.on_leave
    digest = policy.configuration.digest
    if digest not in state.leaves:
        counts = entered_leave(policy.configuration) | state.leave
        state.leaves[digest] = joined(lifted_spans(policy.watches.key, counts, policy.places, BARRED))
    return state.leaves[digest]


def is_lifted(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether duties do not hold at device times, bool (n,)."""
    lifted: NDArray[np.bool_] = leave_of(state, policy).lookup(watch, time) >= 0
    return lifted | (policy.idle.lookup(watch, time) >= 0)


def binds_since(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], wearing: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.float64]:  # fmt: skip
    """Since when duties that are not lifted have bound whoever wears a bracelet at device times: float64 (n,).

    Since the wearing, the authority or the rule began or came, or the last leave ended; negative infinity: since ever.
    """
    begins = [policy.worn.start_of(watch, time), policy.authorised.start_of(wearing, time)]
    ended = [table.ended_before(watch, time) for table in (leave_of(state, policy), policy.idle)]
    since: NDArray[np.float64] = np.max([*begins, *ended, _came(state, policy, watch, time)], axis=0)
    return since


def _came(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.float64]:  # fmt: skip
    """When the rule of each watch came with a configuration, if it is known and was before a time."""
    if not state.bound:
        return np.full(len(time), -np.inf)
    key, row = policy.curfews.key, policy.curfews.by_watch
    came = np.array([
        state.bound.get("/".join(key[row[each]]), -np.inf) if row[each] >= 0 else -np.inf for each in watch.tolist()
    ], np.float64)  # fmt: skip
    return np.where(came <= time, came, -np.inf)


def enter_rules(state: EngineState, before: Policy | None, policy: Policy, received: float) -> None:
    """A configuration comes: a curfew that it brings for somebody binds from now on. Of the first none is brought."""
    state.bound = {key: at for key, at in state.bound.items() if at > received - DAYS}
    if before is not None:
        brought = set(policy.curfews.key) - set(before.curfews.key)
        state.bound |= {"/".join(key): received for key in sorted(brought)}


def bound_since(context: Context, watch: int, row: int) -> float:
    """The same of the wearer of one report."""
    one = np.array([watch]), context.reports.wearing[row : row + 1], context.reports.time[row : row + 1]
    return float(binds_since(context.state, context.policy, *one)[0])


def why_lifted(policy: Policy, watch: int, time: float) -> tuple[float, dict[str, Fact]]:
    """When what stands of a duty that is lifted at a time ends, and as what: rule and zone by themselves, leave now."""
    idle = policy.idle.span(watch, time)
    if not idle.holds:
        return time, {"on_leave": time}
    zone = policy.configuration.zones.get(policy.watches.key[watch][2])
    by_zone = zone is not None and zone.until == idle.begin
    return idle.begin, {"zone_over" if by_zone else "rule_over": idle.begin}


def enter_leave(state: EngineState, before: Policy | None, policy: Policy, received: float) -> None:
    """A configuration comes: up to now what was known counts, from now on what it says. The first is always known."""
    state.leaves = {}
    if before is None:
        return
    was, entered = entered_leave(before.configuration) | state.leave, entered_leave(policy.configuration)
    horizon, known = (received - DAYS, math.inf), {}
    for subject in sorted(was.keys() | entered.keys()):
        old, new = was.get(subject, []), entered.get(subject, [])
        counts = joined_spans([*_within(old, (-math.inf, received)), *_within(new, (received, math.inf))])
        if _within(counts, horizon) != _within(new, horizon):
            known[subject] = _within(counts, horizon)
    state.leave = known


def _entered_of(policy: Policy, person: str, rule: str) -> Spans:
    """Leave of a person as it is entered: what lifts a rule, where there is one."""
    named = set(lifting(person, rule))
    return joined_spans(
        (each.start, each.ends)
        for each in policy.configuration.leave
        if named.intersection(subjects_of(each.person, each.excuses))
    )


def _within(spans: Iterable[tuple[float, float]], window: tuple[float, float]) -> Spans:
    clipped = ((max(start, window[0]), min(until, window[1])) for start, until in spans)
    return [span for span in clipped if span[0] < span[1]]


def leave_facts(state: EngineState, policy: Policy, watch: int, times: tuple[float, float]) -> dict[str, Fact]:
    """What an alarm says of leave: asked by it, entered late, not for this, ended just before, to come; or nothing.

    ``watch``: what it is of; ``times``: device times of its onset and of the report that decides it.
    """
    onset, now = times
    person, rule_kind, _ = policy.watches.key[watch]
    rule = rule_kind.rsplit("/", 1)[0]
    if rule in policy.places:
        asked = policy.places[rule]
        return {"leave_place": 1, "leave_from": asked.start, "leave_until": asked.until}
    late = _late(state, policy, (person, rule), onset)
    return late or _beside(policy, person, now) or _near(_entered_of(policy, person, rule), now)


def _beside(policy: Policy, person: str, now: float) -> dict[str, Fact]:
    """Leave that holds and lifts other rules."""
    spans = [(each.start, each.ends) for each in policy.configuration.leave if each.person == person]
    span = next((each for each in spans if each[0] <= now < each[1]), None)
    return {} if span is None else {"leave_beside": 1, "leave_from": span[0], "leave_until": span[1]}


def _near(spans: Spans, now: float) -> dict[str, Fact]:
    ended = max((until for _, until in spans if until <= now), default=-math.inf)
    if now - ended <= NEAR:
        return {"leave_ended": ended}
    start, until = min((span for span in spans if span[0] > now), default=(math.inf, math.inf))
    return {"leave_from": start, "leave_until": until} if start - now <= NEAR else {}


def _late(state: EngineState, policy: Policy, of: tuple[str, str], onset: float) -> dict[str, Fact]:
    """Of person and rule: leave over an onset that was not known then (``leave_late``); since when it counts, if so."""
    known = [span for subject in lifting(*of) for span in state.leave.get(subject, ())]
    if of[0] not in policy.people or not any(subject in state.leave for subject in lifting(*of)):
        return {}
    span = next((each for each in _entered_of(policy, *of) if each[0] <= onset < each[1]), None)
    if span is None or any(start <= onset < until for start, until in known):
        return {}
    counts = [start for start, _ in known if onset < start < span[1]]
    entered: dict[str, Fact] = {"leave_entered": min(counts)} if counts else {}
    return {"leave_late": 1, "leave_from": span[0], "leave_until": span[1], **entered}


def tell_late_leave(ledger: Ledger, at: At) -> None:
    """Leave that has just been entered over the onset of an alarm takes nothing back: it is said beside it."""
    for episode in sorted(ledger.state.episodes.values(), key=lambda each: each.id):
        if episode.kind in ASK and "leave_late" not in episode.facts and episode.may(Change.UPDATED):
            late = _late(ledger.state, ledger.policy, (episode.person, episode.rule), episode.onset)
            if late:
                ledger.revise(episode, at, late | {"leave_entered": at.time})
