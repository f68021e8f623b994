"""Pass: fixes against zones. Evidence accumulates; zone alarms are raised and cleared with hysteresis.

What a fix says of each watch (``pairs``) is worked out for a whole stretch of reports at once; then evidence goes on in
rounds, a wide one in columns and one of few in floats, by the same formula (``follow``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.arithmetic import COLUMNS, FLOATS
from fencing.verdict import (
    IN,
    OUT,
    Said,
    add,
    counts,
    judged,
    lean,
    posterior,
    probability_inside,
    runs_on,
    said_of,
    side,
)
from gateway.engine.context import Context, spread
from gateway.engine.fuse import spread_of, variance_of
from gateway.engine.ledger import Finding
from gateway.engine.phones import is_founded, may_say, time_constant
from gateway.engine.policy import WatchKind
from gateway.engine.reports import is_firm
from gateway.engine.whereabouts import home_near, leave_before, seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fencing.arithmetic import Arithmetic
    from gateway.engine.episode import Fact
    from gateway.engine.fuse import Fused
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
FEW = 24
"""Pairs of a round up to which floats are faster than columns."""
Value = Any
"""A number or bool, or an array of them (n,)."""
ZONE_KINDS = {
    WatchKind.STAY_INSIDE: "inclusion_exit",
    WatchKind.KEEP_OUT: "exclusion_enter",
    WatchKind.REGION: "region_unauthorised",
}


@dataclass(slots=True)
class Pairs:
    """What fixes say of watches: a fix with each watch of its wearer that it may be held against; arrays, or one's.

    Attributes:
        row, watch: int64, by row.
        time, received, offset: of the report.
        place: in the zone that decided.
        leans: 1 out, -1 in, 0 near the boundary.
        soft: it carries the evidence to SOFT_LIMIT at most.
        leave: a leave lifts the duty.
        is_region: a carrier's answers, of which it takes several.
        alarms: an alarm may come of it.
        said: what it adds to the evidence.
    """

    row: Value
    watch: Value
    time: Value
    received: Value
    offset: Value
    place: Value
    leans: Value
    soft: Value
    leave: Value
    is_region: Value
    alarms: Value
    said: Said


@dataclass(slots=True)
class Evidence:
    """A record of the bank of watches, in its order: a number each, or arrays (n,)."""

    log_odds: Value
    run: Value
    verdict: Value
    seen: Value
    arrived: Value
    since: Value
    fixes: Value
    breach_since: Value
    breach_offset: Value
    breach_fixes: Value
    raised: Value
    over: Value
    counted: Value
    leans: Value
    turned: Value
    turned_offset: Value
    turned_fixes: Value
    in_last: Value
    ends: Value


PLAIN = tuple(each.name for each in fields(Pairs) if each.name != "said")
SAID = tuple(each.name for each in fields(Said))
EVIDENCE = tuple(each.name for each in fields(Evidence))
MOVED = tuple(name for name in EVIDENCE if name not in {"raised", "over", "ends"})
"""What a fix may change by itself."""
_record = attrgetter(*EVIDENCE)


@dataclass(slots=True)
class Weighing:
    """A stretch of fixes on its way through the rounds: its pairs, and the evidence of those that go in floats."""

    context: Context
    pairs: Pairs
    first: NDArray[np.int64]
    """Of each fused row, where its pairs begin; and the end of all."""
    columns: list[list[Any]] = field(default_factory=list)
    said: list[list[Any]] = field(default_factory=list)
    held: dict[int, Evidence] = field(default_factory=dict)
    verdict: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    """Of each pair, once it has been weighed."""
    lies: list[float] = field(default_factory=list)

    def round(self, fused: NDArray[np.int64]) -> None:
        """Take the fixes of one round, at most one a person: indices of fused rows."""
        count = self.first[fused + 1] - self.first[fused]
        _, at = spread(fused, self.first[fused], count)
        if len(at) > FEW:
            self.settle()
            _weigh_many(self, at)
        elif len(at):
            _weigh_few(self, at.tolist())

    def settle(self) -> None:
        """Write the evidence back into the bank."""
        bank = self.context.state.watch.records
        for watch, evidence in self.held.items():
            bank[watch] = _record(evidence)
        self.held.clear()


def weighing(context: Context, fused: Fused) -> Weighing:
    """What the fixes just fused say of every watch of their wearers."""
    watches, rows = context.policy.watches, fused.rows
    people = context.people_of(rows)
    index, watch = spread(np.arange(len(rows)), watches.first[people], watches.count[people])
    sigma = spread_of(fused.records)[index]
    allowed = may_say(context, rows[index], watch, sigma)
    index, watch, sigma = index[allowed], watch[allowed], sigma[allowed]
    first = np.searchsorted(index, np.arange(len(rows) + 1))
    breach, place = _breach(context, watch, fused.records["x"][index], fused.records["y"][index], sigma)
    pairs = _pairs(context, rows[index], watch, breach, place)
    return Weighing(context, pairs, first, verdict=np.zeros(len(watch), np.uint8))


def _pairs(
    context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64], breach: NDArray[np.float64],
    place: NDArray[np.int64],
) -> Pairs:  # fmt: skip
    reports, kind = context.reports, context.policy.watches.kind[watch]
    time, region = reports.time[rows], kind == WatchKind.REGION
    elapsed = time - _seen_before(context.state.watch["seen"], watch, time)
    said = said_of(breach, elapsed, time_constant(context, watch, TIME_CONSTANT))
    return Pairs(
        rows, watch, time, reports.received[rows], reports.offset[rows], place, lean(breach),
        ~is_firm(reports, rows) & ~region, _on_leave(context, rows, watch), region, kind != WatchKind.BE_THERE, said,
    )  # fmt: skip


def _seen_before(seen: NDArray[np.float64], watch: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.float64]:
    """When each pair's watch was looked at before: by the pair before it, or what the bank holds."""
    order = np.argsort(watch, kind="stable")
    before, ordered = np.empty(len(watch)), time[order]
    again = np.zeros(len(watch), np.bool_)
    again[1:] = watch[order][1:] == watch[order][:-1]
    before[order] = np.where(again, np.concatenate([[np.nan], ordered[:-1]])[: len(order)], seen[watch[order]])
    return before


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


def _lies(context: Context, rows: NDArray[np.int64], watch: NDArray[np.int64]) -> NDArray[np.float64]:
    """Where each fix lies by itself: +1 OUT, -1 IN, 0 on the boundary."""
    x, y, sigma = context.reports.x[rows], context.reports.y[rows], np.sqrt(variance_of(context.reports, rows))
    return np.sign(_breach(context, watch, x, y, sigma)[0] - 0.5)


def look_ahead(state: EngineState, policy: Policy, watch: NDArray[np.int64]) -> None:
    """Of watches that have seen somebody: until when that wearing lasts; their groups know the first to end."""
    ends = state.watch["ends"][watch] = policy.worn_until(watch, state.watch["seen"][watch])
    for one in watch[np.isfinite(ends)].tolist():
        group = policy.groups.of_person.get(policy.watches.key[one][0])
        if group is not None:  # else nobody gave this person anything to wear any more
            state.device["ends"][group] = min(state.device["ends"][group], state.watch["ends"][one])


def _undecided(after: Value, verdict: Value, a: Arithmetic) -> Value:
    """Whether the verdict is not yet what the evidence says: then it matters where the fix lies by itself."""
    now = side(after, a)
    return (now != 0) & (verdict != a.where(now > 0, OUT, IN))


def _gathered(evidence: Evidence, pair: Pairs, a: Arithmetic) -> Value:
    """The evidence with a fix more: what is known of the place, whether or not a rule binds the wearer now."""
    before = evidence.log_odds
    after = add(before, pair.said, CAP, a)
    return a.where(pair.soft, a.minimum(after, a.maximum(a.minimum(before, after), SOFT_LIMIT)), after)


def follow(evidence: Evidence, pair: Pairs, after: Value, lies: Value, a: Arithmetic) -> None:
    """One fix more on a watch, in place. ``after``: the evidence with it; ``lies``: where it lies, if that matters."""
    before, verdict = evidence.log_odds, evidence.verdict
    counting = counts(lies, pair.time - evidence.counted, a)
    evidence.run = runs_on(evidence.run, before, after, lies, counting, a)
    evidence.counted = a.where(counting, pair.time, evidence.counted)
    evidence.in_last = a.where(verdict == IN, pair.time, evidence.in_last)
    evidence.log_odds, evidence.seen, evidence.arrived = after, pair.time, pair.received
    _turn(evidence, pair, a)
    # Well again is only who has leant in for STEADY: a reflection is no return.
    hasty = (evidence.leans < 0) & (pair.time - evidence.turned < STEADY)
    evidence.verdict = judged(verdict, after, a.where(hasty, 0, evidence.run), (RAISE_AT, CLEAR_AT), a)
    _account(evidence, pair, before, a)


def _turn(evidence: Evidence, pair: Pairs, a: Arithmetic) -> None:
    """Since when the place has leant to the side it leans to: where a breach, or its end, is dated from.

    Evidence needs minutes to turn, the more of them the surer it was, and no wearer moved only then. A place near the
    boundary leans nowhere, unless the evidence already does; on leave nobody leans out.
    """
    held = evidence.leans
    leans = a.where((pair.leans == 0) & (side(evidence.log_odds, a) == held), held, pair.leans)
    leans = a.where(pair.leave & (leans > 0), 0, leans)
    same = leans == held
    evidence.leans = leans
    evidence.turned = a.where(same, evidence.turned, pair.time)
    evidence.turned_offset = a.where(same, evidence.turned_offset, pair.offset)
    evidence.turned_fixes = a.where(same, evidence.turned_fixes, 0) + 1


def _account(evidence: Evidence, pair: Pairs, before: Value, a: Arithmetic) -> None:
    """Where the run of evidence began, and from where on it is a breach: not before the leave has ended."""
    out = side(evidence.log_odds, a) > 0
    begins = out & (side(before, a) <= 0)
    evidence.since = a.where(begins, pair.time, evidence.since)
    evidence.fixes = a.where(begins, 1, evidence.fixes + 1)
    breach = a.where(pair.leave, False, out)  # noqa: FBT003  numpy's values
    first = breach & (begins | (evidence.breach_fixes == 0))
    leant = evidence.leans > 0
    evidence.breach_since = a.where(first, a.where(leant, evidence.turned, pair.time), evidence.breach_since)
    evidence.breach_offset = a.where(first, a.where(leant, evidence.turned_offset, pair.offset), evidence.breach_offset)
    fixes = a.where(first, a.where(leant, evidence.turned_fixes, 1), evidence.breach_fixes + 1)
    evidence.breach_fixes = a.where(breach, fixes, 0)


def _weigh_many(weighing: Weighing, at: NDArray[np.int64]) -> None:
    """One round of many pairs (indices)."""
    context, pairs = weighing.context, weighing.pairs
    pair = pairs
    if len(at) < len(pairs.row):
        said = Said(*[getattr(pairs.said, name)[at] for name in SAID])
        pair = Pairs(*[*(getattr(pairs, name)[at] for name in PLAIN), said])
    records = context.state.watch.records[pair.watch]
    evidence = Evidence(*(records[name] for name in EVIDENCE))
    fresh = np.isnan(evidence.seen)
    after = _gathered(evidence, pair, COLUMNS)
    lies, open_ = np.zeros(len(at)), np.flatnonzero(_undecided(after, evidence.verdict, COLUMNS))
    if len(open_):
        lies[open_] = _lies(context, pair.row[open_], pair.watch[open_])
    follow(evidence, pair, after, lies, COLUMNS)
    weighing.verdict[at] = evidence.verdict
    for name in MOVED:
        records[name] = getattr(evidence, name)
    context.state.watch.records[pair.watch] = records
    if fresh.any():
        look_ahead(context.state, context.policy, pair.watch[fresh])
    out, back = (np.flatnonzero(each) for each in _turned(evidence, pair))
    for index in out.tolist():
        _raise(context, int(pair.row[index]), int(pair.watch[index]), int(pair.place[index]))
    for index in back.tolist():
        _clear(context, int(pair.row[index]), int(pair.watch[index]), is_on_leave=bool(pair.leave[index]))


def _weigh_few(weighing: Weighing, at: list[int]) -> None:
    """One round of a few pairs (indices), one after another; then what comes of them."""
    context, held = weighing.context, weighing.held
    if not weighing.columns:
        weighing.columns = [getattr(weighing.pairs, name).tolist() for name in PLAIN]
        weighing.said = [getattr(weighing.pairs.said, name).tolist() for name in SAID]
    turned: list[tuple[Pairs, bool]] = []
    for index in at:
        said = Said(*[column[index] for column in weighing.said])
        pair = Pairs(*[*(column[index] for column in weighing.columns), said])
        evidence = held.get(pair.watch)
        if evidence is None:
            evidence = held[pair.watch] = Evidence(*context.state.watch.records[pair.watch].item())
        fresh, after = evidence.seen != evidence.seen, _gathered(evidence, pair, FLOATS)
        lies = _lie_of(weighing, index) if _undecided(after, evidence.verdict, FLOATS) else 0.0
        follow(evidence, pair, after, lies, FLOATS)
        weighing.verdict[index] = evidence.verdict
        if fresh:
            weighing.settle()
            look_ahead(context.state, context.policy, np.array([pair.watch]))
        out, back = _turned(evidence, pair)
        if out or back:
            turned.append((pair, bool(out)))
    if turned:
        weighing.settle()
    for pair, is_out in turned:
        if is_out:
            _raise(context, pair.row, pair.watch, pair.place)
        else:
            _clear(context, pair.row, pair.watch, is_on_leave=pair.leave)


def _lie_of(weighing: Weighing, index: int) -> float:
    """Where the fix of a pair lies by itself; worked out for all pairs once one of them asks."""
    if not weighing.lies:
        weighing.lies = _lies(weighing.context, weighing.pairs.row, weighing.pairs.watch).tolist()
    return weighing.lies[index]


def _turned(evidence: Evidence, pair: Pairs) -> tuple[Value, Value]:
    """Whether an alarm is to be raised, and whether one is over; leave ends the duty to stay inside."""
    founded = is_founded(pair.is_region, evidence.fixes, pair.time - evidence.since)
    quiet, loud = pair.alarms & (evidence.raised != 0), pair.alarms & (evidence.raised == 0)
    out = loud & (evidence.verdict == OUT) & founded & (pair.leave == 0)
    return out, quiet & ((evidence.verdict == IN) | pair.leave)


def _clear(context: Context, row: int, watch: int, *, is_on_leave: bool) -> None:
    time = float(context.reports.time[row])
    context.state.watch["raised"][watch] = False
    ended = time if is_on_leave else back_since(context, watch, time)
    end_episode(context, watch, ended, context.at(row), {"on_leave": time} if is_on_leave else None)


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
    kind = ZONE_KINDS[WatchKind(int(context.policy.watches.kind[watch]))]
    episode = context.ledger.ongoing(kind, person, "", zone, rule_kind.rsplit("/", 1)[0])
    if episode is not None:
        context.ledger.clear(episode, ended, at, facts)
