"""Step: fixes against zones. Evidence accumulates; zone alarms are raised and cleared with hysteresis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import Verdict, accumulate, decide, posterior, probability_inside
from gateway.engine.context import Context, spread
from gateway.engine.fuse import sigma_of
from gateway.engine.ledger import Finding
from gateway.engine.phones import may_say, time_constant, well_founded
from gateway.engine.policy import WatchKind
from gateway.engine.reports import is_firm

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIME_CONSTANT = 90.0
"""Seconds over which successive fixes repeat each other's error."""
CAP = 9.0
RAISE_AT = 4.6
"""Log-odds: 99 %."""
CLEAR_AT = 4.6
"""Log-odds: 99 % that the condition is over. A place near the boundary says neither."""
SOFT_LIMIT = 0.6 * RAISE_AT
"""Cell towers, and carrier answers but for regions, carry evidence no further: a cell jump alone raises nothing."""
LEAST_FIXES = 2
"""Fixes in the run of evidence: one alone, however far, may be a reflection or a spoofed signal."""
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
    place = _accumulate(context, rows, watch)
    _announce(context, rows, watch, place)


def _accumulate(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64]) -> NDArray[np.int64]:
    """Update evidence and verdicts; returns the place within each zone that decided."""
    reports, policy, bank = context.reports, context.policy, context.state.watch
    wearing = reports.wearing[rows]
    sigma = sigma_of(context.state, wearing)
    track = context.state.track
    distance, place = policy.zones.signed_distance(
        policy.watches.zone[watch], track["x"][wearing], track["y"][wearing], REACH_SIGMAS * sigma
    )
    inside = probability_inside(distance, sigma)
    breach = np.where(policy.watches.kind[watch] == WatchKind.KEEP_OUT, inside, 1.0 - inside)
    before = bank["log_odds"][watch]
    elapsed = reports.time[rows] - bank["seen"][watch]
    after = accumulate(before, breach, elapsed, time_constant(context, watch, TIME_CONSTANT), CAP)
    soft = ~is_firm(reports)[rows] & (policy.watches.kind[watch] != WatchKind.REGION)
    after = np.where(soft, np.minimum(after, np.maximum(np.minimum(before, after), SOFT_LIMIT)), after)
    _remember(context, rows, watch, before, after)
    bank["verdict"][watch] = decide(bank["verdict"][watch], after, RAISE_AT, CLEAR_AT)
    return place


def _remember(
    context: Context,
    rows: NDArray[np.int64],
    watch: NDArray[np.int64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> None:
    """Keep the evidence and where the present run of it began."""
    reports, bank = context.reports, context.state.watch
    begins = (after > 0.0) & ((before <= 0.0) | np.isnan(bank["seen"][watch]))
    bank["since"][watch] = np.where(begins, reports.time[rows], bank["since"][watch])
    bank["since_offset"][watch] = np.where(begins, context.first + reports.entry[rows], bank["since_offset"][watch])
    bank["fixes"][watch] = np.where(begins, 1, bank["fixes"][watch] + 1)
    bank["log_odds"][watch] = after
    bank["seen"][watch] = reports.time[rows]


def _announce(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64], place: NDArray[np.int64]) -> None:
    """Raise and clear; leave ends the duty to stay inside. Python only for the few rows that change."""
    bank, kind = context.state.watch, context.policy.watches.kind[watch]
    alarming = kind != WatchKind.BE_THERE
    verdict, raised = bank["verdict"][watch], bank["raised"][watch]
    confirmed = (verdict == Verdict.OUT) & (bank["fixes"][watch] >= LEAST_FIXES) & well_founded(context, rows, watch)
    leave = ((kind == WatchKind.STAY_INSIDE) | (kind == WatchKind.REGION)) & (
        context.policy.on_leave.lookup(context.policy.watches.person[watch], context.reports.time[rows]) >= 0
    )
    for index in np.flatnonzero(alarming & confirmed & ~raised & ~leave):
        _raise(context, int(rows[index]), int(watch[index]), int(place[index]))
    for index in np.flatnonzero(alarming & ((verdict == Verdict.IN) | leave) & raised):
        _clear(context, int(rows[index]), int(watch[index]))


def _raise(context: Context, row: int, watch: int, place: int) -> None:
    policy, bank = context.policy, context.state.watch
    person, rule_kind, zone = policy.watches.key[watch]
    rule = policy.rules[rule_kind.rsplit("/", 1)[0]]
    kind = ZONE_KINDS[WatchKind(int(policy.watches.kind[watch]))]
    zone_index = int(policy.watches.zone[watch])
    bank["raised"][watch] = True
    context.ledger.raise_(
        Finding(
            kind=kind, device=context.device_key(row), person=person, onset=float(bank["since"][watch]),
            evidence_time=float(context.reports.time[row]), opening=context.frame(row),
            first_offset=int(bank["since_offset"][watch]), zone=zone,
            zone_name=_zone_name(context, zone_index, place, kind), rule=rule.id, basis=rule.basis,
            probability=round(float(posterior(bank["log_odds"][watch])), 4),
            facts={"fixes": int(bank["fixes"][watch])}, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def _zone_name(context: Context, zone: int, place: int, kind: str) -> str:
    """A barred zone of many places names the one; an allowed area names itself."""
    if kind == "exclusion_enter":
        return context.policy.zones.place_name(zone, place)
    return context.policy.zones.zone_name(zone)


def _clear(context: Context, row: int, watch: int) -> None:
    person, rule_kind, zone = context.policy.watches.key[watch]
    kind = ZONE_KINDS[WatchKind(int(context.policy.watches.kind[watch]))]
    rule = rule_kind.rsplit("/", 1)[0]
    context.state.watch["raised"][watch] = False
    episode = context.ledger.standing(kind, person, context.device_key(row), zone, rule)
    if episode is not None:
        context.ledger.clear(episode, float(context.reports.time[row]), context.at(row))
