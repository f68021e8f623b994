"""Step: fixes against zones. Evidence accumulates; zone alarms are raised and cleared with hysteresis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import (
    Verdict,
    accumulate,
    counts,
    decide,
    follow_run,
    lean,
    posterior,
    probability_inside,
    side_of,
)
from gateway.engine.context import Context, spread
from gateway.engine.fuse import sigma_of, variance_of
from gateway.engine.ledger import Finding
from gateway.engine.phones import may_say, time_constant, well_founded
from gateway.engine.policy import WatchKind
from gateway.engine.reports import is_firm
from gateway.engine.whereabouts import home_near, leave_before, seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.episode import Fact
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

TIME_CONSTANT = 90.0
"""Seconds over which successive fixes repeat each other's error."""
CAP = 9.0
RAISE_AT = 4.6
"""Log-odds: 99 %."""
CLEAR_AT = 4.6
"""Log-odds: 99 % that the condition is over. A place near the boundary says neither."""
STEADY = 120.0
"""Seconds: more than an error lasts (``fusion.motion.ERROR_TIME``). An end is dated from its first fix all the same."""
SOFT_LIMIT = 0.6 * RAISE_AT
"""Cell towers, and carrier answers but for regions, carry evidence no further: a cell jump alone raises nothing."""
REACH_SIGMAS = 8.0
ZONE_KINDS = {
    WatchKind.STAY_INSIDE: "inclusion_exit",
    WatchKind.KEEP_OUT: "exclusion_enter",
    WatchKind.REGION: "region_unauthorised",
}


def weigh(context: Context, taken: NDArray[np.int64]) -> None:
    """Weigh the fixes just fused (rows, at most one a person) against every watch of their wearers."""
    watches = context.policy.watches
    if not len(taken) or not len(watches.key):
        return
    people = context.people_of(taken)
    rows, watch = spread(taken, watches.first[people], watches.count[people])
    allowed = may_say(context, rows, watch)
    rows, watch = rows[allowed], watch[allowed]
    if not len(rows):
        return
    wearing, track = context.reports.wearing[rows], context.state.track
    breach, place = _breach(context, watch, track["x"][wearing], track["y"][wearing], sigma_of(context.state, wearing))
    leave = _on_leave(context, rows, watch)
    before = context.state.watch["log_odds"][watch]
    _accumulate(context, rows, watch, breach)
    _turn(context, rows, watch, breach, leave)
    _decide(context, rows, watch)
    _account(context, rows, watch, before, leave)
    _announce(context, rows, watch, place, leave)


def _breach(
    context: Context,
    watch: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    sigma: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """How probable a position makes it that each watch's rule is broken, and the place in the zone that decided."""
    watches = context.policy.watches
    distance, place = context.policy.zones.signed_distance(watches.zone[watch], x, y, REACH_SIGMAS * sigma)
    inside = probability_inside(distance, sigma)
    return np.where(watches.kind[watch] == WatchKind.KEEP_OUT, inside, 1.0 - inside), place


def _on_leave(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether leave lifts the duty at the time of a fix: to be somewhere, not to keep out of a barred zone."""
    policy = context.policy
    away = policy.on_leave.lookup(policy.watches.person[watch], context.reports.time[rows]) >= 0
    lifted: NDArray[np.bool_] = away & (policy.watches.kind[watch] != WatchKind.KEEP_OUT)
    return lifted


def _accumulate(
    context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64], breach: NDArray[np.float64]
) -> None:
    """Update the evidence: what is known of the place, whether or not a rule binds the wearer now."""
    bank, time = context.state.watch, context.reports.time[rows]
    before, elapsed = bank["log_odds"][watch], time - bank["seen"][watch]
    fresh = np.isnan(elapsed)
    constant = time_constant(context, watch, TIME_CONSTANT)
    after = accumulate(before, breach, elapsed, constant, CAP)
    soft = ~is_firm(context.reports, rows) & (context.policy.watches.kind[watch] != WatchKind.REGION)
    after = np.where(soft, np.minimum(after, np.maximum(np.minimum(before, after), SOFT_LIMIT)), after)
    lies = _lie(context, rows, watch, after)
    counting = counts(lies, time - bank["counted"][watch])
    bank["run"][watch] = follow_run(bank["run"][watch], (before, after), lies, counting)
    bank["counted"][watch[counting]] = time[counting]
    bank["log_odds"][watch], bank["seen"][watch], bank["arrived"][watch] = after, time, context.reports.received[rows]
    if fresh.any():
        look_ahead(context.state, context.policy, watch[fresh])
    bank["in_last"][watch] = np.where(bank["verdict"][watch] == Verdict.IN, time, bank["in_last"][watch])


def look_ahead(state: EngineState, policy: Policy, watch: NDArray[np.int64]) -> None:
    """Of watches that have seen somebody: until when that wearing lasts; their groups know the first to end."""
    ends = state.watch["ends"][watch] = policy.worn_until(watch, state.watch["seen"][watch])
    for one in watch[np.isfinite(ends)].tolist():
        group = policy.groups.of_person[policy.watches.key[one][0]]
        state.device["ends"][group] = min(state.device["ends"][group], state.watch["ends"][one])


def _lie(
    context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64], log_odds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where each fix lies by itself, +1 OUT, -1 IN; 0, not measured, where the verdict is what the evidence says."""
    side, verdict = side_of(log_odds), context.state.watch["verdict"][watch]
    undecided = np.flatnonzero((side != 0) & (verdict != np.where(side > 0, Verdict.OUT, Verdict.IN)))
    lies, of = np.zeros(len(rows)), rows[undecided]
    if not len(of):
        return lies
    x, y, sigma = context.reports.x[of], context.reports.y[of], np.sqrt(variance_of(context.reports, of))
    lies[undecided] = np.sign(_breach(context, watch[undecided], x, y, sigma)[0] - 0.5)
    return lies


def _turn(
    context: Context,
    rows: NDArray[np.int64],
    watch: NDArray[np.int64],
    breach: NDArray[np.float64],
    leave: NDArray[np.bool_],
) -> None:
    """Since when the place has leant to the side it leans to: where a breach, or its end, is dated from.

    Evidence needs minutes to turn, the more of them the surer it was, and no wearer moved only then. A place near the
    boundary leans nowhere, unless the evidence already does; on leave nobody leans out.
    """
    bank, leans = context.state.watch, lean(breach)
    held = bank["leans"][watch]
    leans = np.where((leans == 0) & (side_of(bank["log_odds"][watch]) == held), held, leans)
    leans = np.where(leave & (leans > 0), 0, leans)
    same = leans == held
    bank["leans"][watch] = leans
    bank["turned"][watch] = np.where(same, bank["turned"][watch], context.reports.time[rows])
    bank["turned_offset"][watch] = np.where(same, bank["turned_offset"][watch], context.reports.offset[rows])
    bank["turned_fixes"][watch] = np.where(same, bank["turned_fixes"][watch], 0) + 1


def _decide(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64]) -> None:
    """Update the verdicts. Well again is only who has leant in for STEADY: a reflection is no return."""
    bank = context.state.watch
    hasty = (bank["leans"][watch] < 0) & (context.reports.time[rows] - bank["turned"][watch] < STEADY)
    run = np.where(hasty, 0, bank["run"][watch])
    bank["verdict"][watch] = decide(bank["verdict"][watch], bank["log_odds"][watch], run, RAISE_AT, CLEAR_AT)


def _account(
    context: Context,
    rows: NDArray[np.int64],
    watch: NDArray[np.int64],
    before: NDArray[np.float64],
    leave: NDArray[np.bool_],
) -> None:
    """Where the run of evidence began, and from where on it is a breach: not before the leave has ended."""
    bank, time = context.state.watch, context.reports.time[rows]
    out = side_of(bank["log_odds"][watch]) > 0
    begins = out & (side_of(before) <= 0)
    bank["since"][watch] = np.where(begins, time, bank["since"][watch])
    bank["fixes"][watch] = np.where(begins, 1, bank["fixes"][watch] + 1)
    breach = out & ~leave
    first = breach & (begins | (bank["breach_fixes"][watch] == 0))
    leant = bank["leans"][watch] > 0
    since = np.where(leant, bank["turned"][watch], time)
    offset = np.where(leant, bank["turned_offset"][watch], context.reports.offset[rows])
    fixes = np.where(leant, bank["turned_fixes"][watch], 1)
    bank["breach_since"][watch] = np.where(first, since, bank["breach_since"][watch])
    bank["breach_offset"][watch] = np.where(first, offset, bank["breach_offset"][watch])
    bank["breach_fixes"][watch] = np.where(breach, np.where(first, fixes, bank["breach_fixes"][watch] + 1), 0)


def back_since(context: Context, watch: int, time: float) -> float:
    """When the place began to lean in: a breach that is over at ``time`` ended then."""
    bank = context.state.watch
    return float(bank["turned"][watch]) if bank["leans"][watch] < 0 else time


def _announce(
    context: Context,
    rows: NDArray[np.int64],
    watch: NDArray[np.int64],
    place: NDArray[np.int64],
    leave: NDArray[np.bool_],
) -> None:
    """Raise and clear; leave ends the duty to stay inside. Python only for the few rows that change."""
    bank = context.state.watch
    alarming = context.policy.watches.kind[watch] != WatchKind.BE_THERE
    verdict, raised = bank["verdict"][watch], bank["raised"][watch]
    confirmed = (verdict == Verdict.OUT) & well_founded(context, rows, watch)
    for index in np.flatnonzero(alarming & confirmed & ~raised & ~leave):
        _raise(context, int(rows[index]), int(watch[index]), int(place[index]))
    for index in np.flatnonzero(alarming & ((verdict == Verdict.IN) | leave) & raised):
        row, time = int(rows[index]), float(context.reports.time[rows[index]])
        bank["raised"][watch[index]] = False
        ended = time if leave[index] else back_since(context, int(watch[index]), time)
        end_episode(context, int(watch[index]), ended, context.at(row), {"on_leave": time} if leave[index] else None)


def _raise(context: Context, row: int, watch: int, place: int) -> None:
    policy, bank = context.policy, context.state.watch
    person, rule_kind, zone = policy.watches.key[watch]
    rule = policy.rules[rule_kind.rsplit("/", 1)[0]]
    kind = ZONE_KINDS[WatchKind(int(policy.watches.kind[watch]))]
    zone_index = int(policy.watches.zone[watch])
    bank["raised"][watch], bank["over"][watch] = True, False
    context.ledger.raise_(
        Finding(
            kind=kind, device=context.device_key(row), person=person, onset=float(bank["breach_since"][watch]),
            evidence_time=float(context.reports.time[row]), opening=context.opening(row),
            first_offset=int(bank["breach_offset"][watch]), zone=zone,
            zone_name=_zone_name(context, zone_index, place, kind), rule=rule.id, basis=rule.basis,
            probability=round(float(posterior(bank["log_odds"][watch])), 4),
            facts={"fixes": int(bank["breach_fixes"][watch]), **_told(context, row, zone_index, kind)},
            **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def _told(context: Context, row: int, zone: int, kind: str) -> dict[str, Fact]:
    """What else the alarm's text needs: the last place; of a barred zone the home near it, else how far, which way."""
    person, wearing = context.person(row), int(context.reports.wearing[row])
    known = context.last_known(row)
    if kind == "exclusion_enter":
        return known | home_near(context.policy, person, zone)
    leave = leave_before(context.policy, person, float(context.reports.time[row]))
    return known | leave | seen_from(context.state, context.policy, wearing, zone)


def _zone_name(context: Context, zone: int, place: int, kind: str) -> str:
    """A barred zone of many places names the one; an allowed area names itself."""
    if kind == "exclusion_enter":
        return context.policy.zones.place_name(zone, place)
    return context.policy.zones.zone_name(zone)


def end_episode(context: Context, watch: int, ended: float, at: At, facts: Mapping[str, Fact] | None = None) -> None:
    """What a watch has raised is over."""
    person, rule_kind, zone = context.policy.watches.key[watch]
    kind = ZONE_KINDS[WatchKind(int(context.policy.watches.kind[watch]))]
    episode = context.ledger.ongoing(kind, person, "", zone, rule_kind.rsplit("/", 1)[0])
    if episode is not None:
        context.ledger.clear(episode, ended, at, facts)
