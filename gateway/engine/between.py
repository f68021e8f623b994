"""Step: between people, over what a run has found: who is together with whom. In log order, whatever the groups.

Each is where the last report that had come put them: what comes late decides nothing here, and nothing is ever decided
anew. How far both places may be off counts, and how far the older of them may have been left since. One person's alarm
never tells where another is: it has no place at all.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fencing.verdict import (
    BAND,
    ENOUGH,
    IN,
    OUT,
    add,
    counts,
    judged,
    posterior,
    probability_beyond,
    runs_on,
    side,
)
from gateway.engine.ledger import At, Finding
from gateway.engine.state import copied
from gateway.engine.weigh import CAP, CLEAR_AT, RAISE_AT
from gateway.fusion.radius import SETTLED, radii

if TYPE_CHECKING:
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy

TOGETHER: Final = "wearers_together"
KINDS: Final = frozenset({TOGETHER})
TIME_CONSTANT: Final = 90.0
"""Seconds over which errors repeat each other, as of a zone (``fencing.verdict``)."""
FRESH: Final = 900.0
"""Seconds by which one place may be older than the other, at most."""
REST, WALK = 0.3, 1.5
"""Metres per second by which an older place may have been left: of who has rested, and of anybody else at least."""
LEAST_SIGMA: Final = 1.0
FARTHEST: Final = 5.0
"""Standard deviations beyond the distance from which on a place says nothing new of who is apart already."""
SHOWN: Final = 12
"""Digits of a configuration's digest that an alarm quotes."""
SEEN = np.dtype([
    ("row", "i8"), ("seat", "i8"), ("time", "f8"), ("x", "f8"), ("y", "f8"), ("sigma", "f8"), ("pace", "f8"),
])  # fmt: skip
"""A place of somebody who is in a pair, as a report put them: metres of the plane, sigma per axis, m/s."""


def note_seen(context: Context) -> None:
    """After a stretch: places of people who are in pairs, for the end of the run."""
    fused = context.fused
    if context.seen is None or fused is None or not len(fused.rows):
        return
    seat = context.policy.pairs.seat[context.reports.wearing[fused.rows]]
    at = np.flatnonzero(seat >= 0)
    if not len(at):
        return
    tracks, seen = copied(fused.records, at), np.empty(len(at), SEEN)
    seen["row"], seen["seat"] = fused.rows[at], seat[at]
    for name in ("time", "x", "y"):
        seen[name] = tracks[name]
    seen["sigma"] = np.maximum(radii(tracks)["sigma"], LEAST_SIGMA)
    pace = np.maximum(np.hypot(tracks["vx"], tracks["vy"]), WALK)
    seen["pace"] = np.where(tracks["idle"] >= SETTLED, REST, pace)
    context.seen.append(seen)


def watch_pairs(context: Context) -> None:
    """At a run's end: the places it has brought, one by one in log order."""
    if context.seen:
        seen = np.concatenate(context.seen)
        for one in seen[np.argsort(seen["row"], kind="stable")]:
            _take(context, one)


def _take(context: Context, one: Any) -> None:  # noqa: ANN401  a record is a scalar of numpy's
    """One place more; an older one than is known says nothing."""
    places, pairs, seat = context.state.banks["met"].records, context.policy.pairs, int(one["seat"])
    if one["time"] < places[seat]["time"]:
        return
    for name in ("time", "x", "y", "sigma", "pace"):
        places[name][seat] = one[name]
    rows = pairs.of[seat]
    others = places[pairs.seats[rows].sum(axis=1) - seat]
    age = np.abs(one["time"] - others["time"])
    drift = np.where(others["time"] <= one["time"], others["pace"], one["pace"]) * age
    sigma = np.sqrt(one["sigma"] ** 2 + others["sigma"] ** 2 + drift**2)
    # The mean of a distance between two places is longer than the distance of their means (Rice).
    apart = np.sqrt((one["x"] - others["x"]) ** 2 + (one["y"] - others["y"]) ** 2 + sigma**2)
    now = np.fmax(one["time"], others["time"])
    bank, too_near = context.state.banks["pair"].records[rows], pairs.within[rows] - apart
    is_told = (age <= FRESH) & (bank["raised"] | (bank["log_odds"] > -BAND) | (too_near > -FARTHEST * sigma))
    for at in np.flatnonzero(is_told).tolist():
        _weigh(context, int(one["row"]), int(rows[at]), float(now[at]), (float(too_near[at]), float(sigma[at])))


def _weigh(context: Context, row: int, pair: int, now: float, lies: tuple[float, float]) -> None:
    """Evidence of one pair with one place more; ``lies``: metres nearer than is allowed, and their sigma."""
    evidence, pairs = context.state.banks["pair"].open(pair), context.policy.pairs
    if not pairs.start[pair] <= now < pairs.until[pair]:
        _clear(context, row, pair, now, {"rule_over": float(pairs.until[pair])})
        return
    before, beyond = float(evidence.log_odds), math.copysign(1.0, lies[0])
    evidence.log_odds = add(before, probability_beyond(*lies), now - evidence.seen, TIME_CONSTANT, CAP)
    if side(evidence.log_odds) not in {0, side(before)}:
        evidence.since, evidence.since_offset = now, context.offset(row)
    counting = counts(beyond, now - evidence.counted)
    evidence.run = runs_on(int(evidence.run), before, float(evidence.log_odds), beyond, counting)
    evidence.counted, evidence.seen = now if counting else evidence.counted, now
    evidence.verdict = judged(
        int(evidence.verdict), float(evidence.log_odds), int(evidence.run), RAISE_AT, CLEAR_AT, ENOUGH
    )
    if evidence.verdict == OUT and not evidence.raised and now - evidence.since >= pairs.lasting[pair]:
        evidence.raised = True
        _raise(context, row, pair)
    elif evidence.verdict == IN and evidence.raised:
        _clear(context, row, pair, float(evidence.since), {})


def _raise(context: Context, row: int, pair: int) -> None:
    """An alarm of each of the two, for each has an office."""
    rule, *both = context.policy.pairs.key[pair]
    evidence = context.state.banks["pair"].records[pair]
    now = float(context.reports.time[row])
    facts: dict[str, Fact] = {"within_m": round(float(context.policy.pairs.within[pair]))}
    for person, other in (both, both[::-1]):
        context.ledger.raise_(
            Finding(
                kind=TOGETHER, device=_worn(context.policy, person, now), person=person,
                onset=float(evidence["since"]), evidence_time=float(evidence["seen"]),
                opening=f"{rule} {person} {other}".encode(), first_offset=int(evidence["since_offset"]), rule=rule,
                basis=context.policy.rules[rule].basis,
                probability=round(float(posterior(evidence["log_odds"])), 4), facts={"with": other, **facts},
            ),
            context.at(row),
        )  # fmt: skip


def _worn(policy: Policy, person: str, time: float) -> str:
    """The bracelet that somebody wears at a time; empty: none."""
    for device, wearer in policy.wearings:
        seat = policy.device_index[device]
        if wearer == person and not policy.phone[seat]:
            worn = int(policy.wearing_at(np.array([seat]), np.array([time]))[0])
            if worn >= 0 and policy.wearings[worn][1] == person:
                return device
    return ""


def _clear(context: Context, row: int, pair: int, ended: float, facts: dict[str, Fact]) -> None:
    """It is over: of both."""
    bank, (rule, *both) = context.state.banks["pair"], context.policy.pairs.key[pair]
    if not bank["raised"][pair]:
        return
    bank["raised"][pair] = False
    for person, other in (both, both[::-1]):
        for episode in _standing(context.ledger, rule, person, other):
            context.ledger.clear(episode, ended, context.at(row), facts)


def _standing(ledger: Ledger, rule: str, person: str, other: str) -> list[Episode]:
    found = [ledger.state.open.get((kind, person, rule, other)) for kind in sorted(KINDS)]
    known = [ledger.state.episodes.get(identity) for identity in found if identity]
    return [episode for episode in known if episode is not None]


def end_lost_pairs(ledger: Ledger, at: At, digest: str) -> None:
    """Another configuration: what stands of pairs that it does not have ends, and where one of two wears nothing."""
    pairs, bank = ledger.policy.pairs, ledger.state.banks["pair"]
    for episode in sorted(ledger.state.episodes.values(), key=lambda one: one.id):
        if episode.kind in KINDS and episode.is_ongoing:
            other = str(episode.facts["with"])
            key = (episode.rule, *sorted((episode.person, other)))
            if key not in pairs.key:
                ledger.clear(episode, at.time, at, {"taken_away": at.time, "configuration": digest[:SHOWN]})
            elif not all(_worn(ledger.policy, each, at.time) for each in (episode.person, other)):
                bank.reset(np.array([pairs.key.index(key)]))
                ledger.clear(episode, at.time, at, {"handed_over": at.time})
