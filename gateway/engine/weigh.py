"""Pass: fixes against zones. Evidence accumulates; zone alarms are raised and cleared with hysteresis.

What fixes say of each watch (:func:`weighing`) is worked out for a whole stretch of reports at once; how the evidence
goes on is a formula for one of them (:func:`follow`), and what comes of it is said by :func:`tell`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import (
    ENOUGH,
    FAST,
    IN,
    MOST_WEIGHT,
    OUT,
    add,
    counts,
    judged,
    lean,
    posterior,
    probability_beyond,
    runs_on,
    sample,
    side,
)
from formulas.formula import Record, formula
from gateway.engine.closer import asked_before
from gateway.engine.ledger import Finding
from gateway.engine.lifted import leave_facts, leave_of, why_lifted
from gateway.engine.pairing import PAIR, lay
from gateway.engine.phones import is_founded
from gateway.engine.watching import WatchKind
from gateway.engine.whereabouts import home_near, seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.fuse import Fused
    from gateway.engine.ledger import At
    from gateway.engine.pairing import Laid
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

CAP = 9.0
RAISE_AT = 4.6
"""Log-odds: 99 %."""
CLEAR_AT = 4.6
"""Log-odds: 99 % that the condition is over. A place near the boundary says neither."""
STEADY = 120.0
"""Seconds: longer than most reflections last. An end is dated from its first fix all the same."""
ANCHORED, MANY = 240.0, 5
"""Seconds for which a verdict on the first fixes of a track needs so many (a fix a minute brings no more in that time;
a device that speaks all the time shows by their spread that none is a reflection)."""
REFLECTED = 1000.0
"""Metres beyond which no reflection puts a fix: from 1.5 chips of the code on (450 m) a receiver does not follow it,
and bad geometry doubles that (Kaplan, Hegarty 2017, section 9.5)."""
SOFT_LIMIT = 0.6 * RAISE_AT
"""Cell towers, and carrier answers but for regions, carry evidence no further: a cell jump alone raises nothing."""
ZONE_KINDS = {
    WatchKind.STAY_INSIDE: "inclusion_exit",
    WatchKind.KEEP_OUT: "exclusion_enter",
    WatchKind.REGION: "region_unauthorised",
}
NEAR = "boundary_near"
"""Of the same watches, where their rules say how near is near (``nearing``)."""
EVEN = 0.5
"""Probability of a breach below which a fix by itself speaks for the wearer."""
STAYS, RAISES, CLEARS, ASKED = 0, 1, 2, 3
"""What comes of a pair."""


def weighing(context: Context, fused: Fused) -> NDArray[np.void]:
    """What the fixes just fused say of every watch of their wearers: ``PAIR`` (n,), by row."""
    if not len(fused.rows):
        return np.empty(0, PAIR)
    zones, state = context.policy.zones, context.state
    laid = lay(context, fused, leave_of(state, context.policy))
    state.count("phone_place_too_coarse", laid.too_coarse)
    state.count("phone_place_old", laid.too_old)
    distance, laid.pairs["place"] = zones.signed_distance(laid.zone, laid.x, laid.y, laid.reach)
    laid.pairs["beyond"] = laid.sign * distance
    if laid.doubted:
        _doubt(context.policy, laid, fused.records)
    if laid.fresh:
        _look_ahead(context, laid.pairs)
    return laid.pairs


def _doubt(policy: Policy, laid: Laid, tracks: NDArray[np.void]) -> None:
    """Of tracks that have just begun, or leapt where nobody went, a verdict needs a fix more; at first, several."""
    near = np.flatnonzero(~np.isnan(laid.age))
    zone, of = laid.zone[near], laid.track[near]
    distance, _ = policy.zones.signed_distance(zone, tracks["x"][of], tracks["y"][of], np.full(len(near), REFLECTED))
    near = near[np.abs(distance) < REFLECTED]
    laid.pairs["enough"][near] = np.where(laid.age[near] < ANCHORED, MANY, ENOUGH + 1)


def _look_ahead(context: Context, pairs: NDArray[np.void]) -> None:
    """Watches that see somebody for the first time."""
    fresh = np.isnan(context.state.watch["seen"][pairs["watch"]])
    if fresh.any():
        watch, first = np.unique(pairs["watch"][fresh], return_index=True)
        look_ahead(context.state, context.policy, watch, pairs["time"][fresh][first])


def find_out(context: Context, pairs: NDArray[np.void]) -> None:
    """Where fixes lie by themselves, of pairs of which the first is asked: of all that look as if they will be, too."""
    verdict, is_out = context.state.watch["verdict"][pairs["watch"]], pairs["beyond"] > 0.0
    asked = verdict != np.where(is_out, OUT, IN)
    asked[0] = True
    rows, watch = pairs["row"][asked], pairs["watch"][asked]
    watches, x, y = context.policy.watches, context.reports.x[rows], context.reports.y[rows]
    inside = context.policy.zones.contains(watches.zone[watch], x, y)
    pairs["lies"][asked] = np.where(inside == (watches.kind[watch] == WatchKind.KEEP_OUT), 1.0, -1.0)


def look_ahead(
    state: EngineState, policy: Policy, watch: NDArray[np.int64], seen: NDArray[np.float64]
) -> None:  # fmt: skip
    """Of watches that have ``seen`` somebody: until when that wearing lasts; their groups know the first to end."""
    ends = state.watch["ends"][watch] = policy.worn_until(watch, seen)
    for one in watch[np.isfinite(ends)].tolist():
        group = policy.groups.of_person.get(policy.watches.key[one][0])
        if group is not None:  # else nobody gave this person anything to wear any more
            state.device["ends"][group] = min(state.device["ends"][group], state.watch["ends"][one])


@formula
def gathered(evidence: Record, pair: Record, breach: float) -> float:
    """The evidence with a fix more, that says of a breach how probable it is.

    What is known of the place, whether or not a rule binds the wearer now.
    """
    return add(evidence.log_odds, breach, pair.time - evidence.seen, pair.constant, CAP)


@formula
def is_undecided(evidence: Record, after: float) -> bool:
    """Whether the verdict is not yet what the evidence says: then it matters where the fix lies by itself."""
    now = side(after)
    return now != 0 and evidence.verdict != (OUT if now > 0 else IN)


@formula
def follow(evidence: Record, pair: Record) -> int:
    """One fix more on a watch, in place; what comes of it: STAYS, RAISES or CLEARS.

    ASKED: nothing was done, for it matters where the fix lies by itself, and nobody has found out.
    """
    if pair.soft:
        return hint(evidence, pair)
    breach = probability_beyond(pair.beyond, pair.sigma)
    before, verdict, after = evidence.log_odds, evidence.verdict, gathered(evidence, pair, breach)
    lies = 0.0
    if is_undecided(evidence, after):
        if math.isnan(pair.lies):
            return ASKED
        lies = pair.lies
    counting = counts(lies, pair.time - evidence.counted)
    evidence.run = runs_on(evidence.run, before, after, lies, counting)
    if counting:
        evidence.counted = pair.time
    if verdict == IN and breach < EVEN:  # what speaks against it no verdict makes a sign of presence
        evidence.in_last = pair.time
    evidence.log_odds, evidence.seen, evidence.arrived = after, pair.time, pair.received
    turn(evidence, pair, lean(breach))
    # Well again is only who has leant in for STEADY: a reflection is no return.
    hasty = evidence.leans < 0 and pair.time - evidence.turned < STEADY
    evidence.verdict = judged(verdict, after, 0 if hasty else evidence.run, RAISE_AT, CLEAR_AT, pair.enough)
    account(evidence, pair, before)
    return what_comes(evidence, pair)


@formula
def hint(evidence: Record, pair: Record) -> int:
    """What cells say of a watch: up to SOFT_LIMIT on either side, and no further.

    They raise and clear nothing, date nothing, count as no fix and make nothing fresh; where they say nothing, nothing
    is worn off. Where they contradict for long, nobody knows.
    """
    said = sample(probability_beyond(pair.beyond, pair.sigma))
    if said == 0.0:
        return STAYS
    before = evidence.log_odds
    age = since_known(evidence, pair) / pair.constant
    kept = before * math.exp(-age / FAST) if said * before < 0.0 else before
    after = kept + min(1.0 - math.exp(-age), MOST_WEIGHT) * said
    evidence.log_odds = min(max(after, min(before, -SOFT_LIMIT)), max(before, SOFT_LIMIT))
    evidence.hinted = pair.time
    evidence.run = runs_on(evidence.run, before, evidence.log_odds, 0.0, False)  # noqa: FBT003  it counts for nothing
    evidence.verdict = judged(evidence.verdict, evidence.log_odds, 0, RAISE_AT, CLEAR_AT, pair.enough)
    if side(evidence.log_odds) <= 0:
        evidence.breach_fixes = 0
    return STAYS


@formula
def since_known(evidence: Record, pair: Record) -> float:
    """Seconds since a fix or cells last said something; where none did, the time in which they repeat an error."""
    if math.isnan(evidence.hinted) and math.isnan(evidence.seen):
        return float(pair.constant)
    is_newer = math.isnan(evidence.hinted) or evidence.seen > evidence.hinted
    return float(max(pair.time - (evidence.seen if is_newer else evidence.hinted), 0.0))


@formula
def turn(evidence: Record, pair: Record, leans: int) -> None:
    """Since when the place has leant to the side it ``leans`` to: where a breach, or its end, is dated from.

    Evidence needs minutes to turn, the more of them the surer it was, and no wearer moved only then. A place near the
    boundary leans nowhere, unless the evidence already does; on leave nobody leans out.
    """
    held = evidence.leans
    if leans == 0 and side(evidence.log_odds) == held:
        leans = held
    if pair.leave and leans > 0:
        leans = 0
    if leans != held:
        evidence.turned, evidence.turned_offset, evidence.turned_fixes = pair.time, pair.offset, 0
    evidence.leans = leans
    evidence.turned_fixes += 1


@formula
def account(evidence: Record, pair: Record, before: float) -> None:
    """Where the run of evidence began, and from where on it is a breach: not before the leave has ended."""
    is_out = side(evidence.log_odds) > 0
    begins = is_out and side(before) <= 0
    if begins:
        evidence.since, evidence.fixes = pair.time, 0
    evidence.fixes += 1
    if pair.leave or not is_out:
        evidence.breach_fixes = 0
        return
    if begins or evidence.breach_fixes == 0:
        leant = evidence.leans > 0
        evidence.breach_since = evidence.turned if leant else pair.time
        evidence.breach_offset = evidence.turned_offset if leant else pair.offset
        evidence.breach_fixes = evidence.turned_fixes - 1 if leant else 0
    evidence.breach_fixes += 1


@formula
def what_comes(evidence: Record, pair: Record) -> int:
    """Whether an alarm is to be raised, or one is over; a duty that is lifted is none."""
    if not pair.alarms:
        return STAYS
    if evidence.raised:
        return CLEARS if evidence.verdict == IN or pair.leave else STAYS
    founded = is_founded(pair.region, evidence.fixes, pair.time - evidence.since)
    return RAISES if evidence.verdict == OUT and founded and not pair.leave else STAYS


def tell(context: Context, pair: Record, what: int) -> None:
    """Say what comes of a pair."""
    row, watch = int(pair["row"]), int(pair["watch"])
    if what == RAISES:
        _raise(context, row, watch, int(pair["place"]))
    else:
        _clear(context, row, watch, is_lifted=bool(pair["leave"]))


def _clear(context: Context, row: int, watch: int, *, is_lifted: bool) -> None:
    time = float(context.reports.time[row])
    context.state.watch["raised"][watch] = False
    ended, facts = why_lifted(context.policy, watch, time) if is_lifted else (back_since(context, watch, time), None)
    end_episode(context, watch, ended, context.at(row), facts)


def back_since(context: Context, watch: int, time: float) -> float:
    """When the place began to lean in: a breach that is over at ``time`` ended then."""
    bank = context.state.watch
    return float(bank["turned"][watch]) if bank["leans"][watch] < 0 else time


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
            facts={"fixes": int(bank["breach_fixes"][watch]), **_told(context, row, watch, kind)},
            **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def _told(context: Context, row: int, watch: int, kind: str) -> dict[str, Fact]:
    """What else the alarm's text needs: the last place; of a barred zone the home near it, else how far, which way."""
    zone = int(context.policy.watches.zone[watch])
    person, wearing = context.person(row), int(context.reports.wearing[row])
    onset = float(context.state.watch["breach_since"][watch])
    known = context.last_known(row) | asked_before(context, row, onset)
    if kind == "exclusion_enter":
        return known | home_near(context.policy, person, zone)
    leave = leave_facts(context.state, context.policy, watch, (onset, float(context.reports.time[row])))
    with context.then(row):
        return known | leave | seen_from(context.state, context.policy, wearing, zone)


def _zone_name(context: Context, zone: int, place: int, kind: str) -> str:
    """A barred zone of many places names the one; an allowed area names itself."""
    if kind == "exclusion_enter":
        return context.policy.zones.place_name(zone, place)
    return context.policy.zones.zone_name(zone)


def end_episode(context: Context, watch: int, ended: float, at: At, facts: Mapping[str, Fact] | None = None) -> None:
    """What a watch has raised is over."""
    person, rule_kind, zone = context.policy.watches.key[watch]
    for kind in (ZONE_KINDS[WatchKind(int(context.policy.watches.kind[watch]))], NEAR):
        episode = context.ledger.ongoing(kind, person, "", zone, rule_kind.rsplit("/", 1)[0])
        if episode is not None:
            context.ledger.clear(episode, ended, at, facts)
