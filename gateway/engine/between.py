"""Step: between people, over what a run has found: who keeps company, and who comes near somebody protected.

In log order, whatever the groups. Each is where the last report that had come put them: what comes late decides nothing
here, and nothing is ever decided anew. How far both places may be off counts, and how far the older of them may have
been left since. Who is about to be near somebody protected is said before (``coming``). One person's alarm never tells
where another is: it has no place at all.
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
from gateway.engine.coming import HURRY, REST, closing, comes, follow
from gateway.engine.ledger import At, Finding
from gateway.engine.state import copied
from gateway.engine.weigh import CAP, CLEAR_AT, RAISE_AT
from gateway.fusion.radius import SETTLED, radii

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy

TOGETHER, NEAR = "wearers_together", "protected_near"
KINDS: Final = (NEAR, TOGETHER)
TIME_CONSTANT: Final = 90.0
"""Seconds over which errors repeat each other, as of a zone (``fencing.verdict``)."""
FRESH: Final = 900.0
"""Seconds by which one place may be older than the other, at most."""
WALK: Final = 1.5
"""Metres per second by which an older place may have been left, at least; of who has rested it is ``REST``."""
LEAST_SIGMA: Final = 1.0
FARTHEST: Final = 5.0
"""Standard deviations beyond the distance from which on a place says nothing new of who is apart already."""
FAR: Final = 5000.0
"""Metres beyond the distance from which on nobody protected is about to be reached, however fast."""
GONE_IN, UNDER_ROOF = 120.0, 12 * 3600.0
"""Seconds in which somebody of whom no place comes any more has gone under a roof; and for which that is believed."""
LEAD: Final = 300.0
"""Seconds for which it stands that somebody comes, though he is not near."""
WARY: Final = 5.0
"""Log-odds of evidence about somebody protected, at most: little more than it takes, so that it turns soon."""
CLOSE, COMING, FAST = "near", "coming", "fast"
SHOWN: Final = 12
"""Digits of a configuration's digest that an alarm quotes."""
SEEN = np.dtype([
    ("row", "i8"), ("seat", "i8"), ("time", "f8"), ("x", "f8"), ("y", "f8"), ("sigma", "f8"), ("pace", "f8"),
])  # fmt: skip
"""A report of somebody who is in a pair: metres of the plane, sigma per axis, m/s; NaN where it has no place."""
KEPT: Final = ("time", "x", "y", "sigma", "pace")


def note_seen(context: Context, worn: NDArray[np.int64]) -> None:
    """After a stretch: what came of people who are in pairs, for the end of the run; ``worn``: rows of the stretch."""
    fused, reports = context.fused, context.reports
    if context.seen is None or fused is None:
        return
    seat = context.policy.pairs.seat
    rows = worn[seat[reports.wearing[worn]] >= 0]
    if not len(rows):
        return
    seen = np.empty(len(rows), SEEN)
    seen["row"], seen["seat"], seen["time"] = rows, seat[reports.wearing[rows]], reports.time[rows]
    for name in ("x", "y", "sigma", "pace"):
        seen[name] = np.nan
    of_fix, at = np.flatnonzero(np.isin(rows, fused.rows)), np.flatnonzero(seat[reports.wearing[fused.rows]] >= 0)
    tracks = copied(fused.records, at)
    for name in ("time", "x", "y"):
        seen[name][of_fix] = tracks[name]
    seen["sigma"][of_fix] = np.maximum(radii(tracks)["sigma"], LEAST_SIGMA)
    pace = np.maximum(np.hypot(tracks["vx"], tracks["vy"]), WALK)
    seen["pace"][of_fix] = np.where(tracks["idle"] >= SETTLED, REST, pace)
    context.seen.append(seen)


def watch_pairs(context: Context) -> None:
    """At a run's end: the places it has brought, one by one in log order."""
    if context.seen:
        seen = np.concatenate(context.seen)
        for one in seen[np.argsort(seen["row"], kind="stable")]:
            _take(context, one)


def _take(context: Context, one: Any) -> None:  # noqa: ANN401  a record is a scalar of numpy's
    """One report more; a place that is older than what is known says nothing."""
    places, pairs, seat = context.state.banks["met"].records, context.policy.pairs, int(one["seat"])
    places["heard"][seat] = np.fmax(places["heard"][seat], one["time"])
    if np.isnan(one["x"]) or one["time"] < places[seat]["time"]:
        return
    follow(places[seat : seat + 1], one)
    for name in KEPT:
        places[name][seat] = one[name]
    rows = pairs.of[seat]
    others = places[pairs.seats[rows].sum(axis=1) - seat]
    guarded = pairs.barred[rows] > 0.0
    age, is_fresh = _ages(one, others, guarded)
    drift = np.where(others["time"] <= one["time"], others["pace"], one["pace"]) * age
    sigma = np.sqrt(one["sigma"] ** 2 + others["sigma"] ** 2 + drift**2)
    # The mean of a distance between two places is longer than the distance of their means (Rice).
    apart = np.sqrt((one["x"] - others["x"]) ** 2 + (one["y"] - others["y"]) ** 2 + sigma**2)
    now = np.fmax(one["time"], others["time"])
    bank, too_near = context.state.banks["pair"].records[rows], pairs.within[rows] - apart
    is_told = guarded & (too_near > -FAR) | bank["raised"] | (bank["log_odds"] > -BAND) | (too_near > -FARTHEST * sigma)
    for at in np.flatnonzero(is_told & is_fresh).tolist():
        pair = int(rows[at])
        coming = _coming(context, pair, places[seat], others[at]) if guarded[at] else ""
        _weigh(context, int(one["row"]), pair, float(now[at]), (float(too_near[at]), float(sigma[at])), coming)


def _ages(
    one: Any, others: NDArray[np.void], guarded: NDArray[np.bool_],  # noqa: ANN401  as above
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:  # fmt: skip
    """By how many seconds one place of each two is older, as far as that tells; and whether both are known.

    Where somebody is protected, a bracelet that goes on reporting, without a place, is under a roof near its last one:
    who goes on is seen again.
    """
    age = np.abs(one["time"] - others["time"])
    heard = guarded & (one["time"] - others["heard"] <= FRESH) & (age <= UNDER_ROOF)
    return np.where(heard, np.minimum(age, GONE_IN), age), (age <= FRESH) | heard


def _coming(context: Context, pair: int, one: Any, other: Any) -> str:  # noqa: ANN401  as above
    """How somebody comes who is about to be near: ``COMING``, ``FAST``; empty: he is not, or has only just turned."""
    evidence, speed = context.state.banks["pair"].open(pair), closing(one, other)
    closed_in, evidence.closes = bool(evidence.closes), speed[1] > 0.0
    if not closed_in or not comes(one, other, float(context.policy.pairs.within[pair])):
        return ""
    return FAST if speed[0] >= HURRY else COMING


def _weigh(context: Context, row: int, pair: int, now: float, lies: tuple[float, float], coming: str) -> None:
    """One place more; ``lies``: metres nearer than is allowed, and their sigma; ``coming``: as ``_coming`` says."""
    evidence, pairs = context.state.banks["pair"].open(pair), context.policy.pairs
    if not pairs.start[pair] <= now < pairs.until[pair]:
        _clear(context, row, pair, now, {"rule_over": float(pairs.until[pair])})
        return
    evidence.came = now if coming else evidence.came
    _add(context, row, pair, now, lies)
    is_near = evidence.verdict == OUT and now - evidence.since >= pairs.lasting[pair]
    if (is_near or coming) and not evidence.raised:
        evidence.raised, evidence.said_near = True, is_near
        _raise(context, row, pair, coming)
    elif is_near and evidence.raised and not evidence.said_near:
        evidence.said_near = True
        _say_near(context, row, pair)
    elif evidence.verdict == IN and evidence.raised and not now - evidence.came < LEAD:
        _clear(context, row, pair, float(evidence.since) if evidence.said_near else now, {})


def _add(context: Context, row: int, pair: int, now: float, lies: tuple[float, float]) -> None:
    """Evidence of one pair with one place more."""
    evidence = context.state.banks["pair"].open(pair)
    before, beyond = float(evidence.log_odds), math.copysign(1.0, lies[0])
    cap = WARY if context.policy.pairs.barred[pair] else CAP
    evidence.log_odds = add(before, probability_beyond(*lies), now - evidence.seen, TIME_CONSTANT, cap)
    if side(evidence.log_odds) not in {0, side(before)}:
        evidence.since, evidence.since_offset = now, context.offset(row)
    counting = counts(beyond, now - evidence.counted)
    evidence.run = runs_on(int(evidence.run), before, float(evidence.log_odds), beyond, counting)
    evidence.counted, evidence.seen = now if counting else evidence.counted, now
    evidence.verdict = judged(
        int(evidence.verdict), float(evidence.log_odds), int(evidence.run), RAISE_AT, CLEAR_AT, ENOUGH
    )


def _raise(context: Context, row: int, pair: int, coming: str) -> None:
    """Of accomplices an alarm of each, for each has an office; of who is protected none."""
    pairs, evidence = context.policy.pairs, context.state.banks["pair"].records[pair]
    (rule, *both), guarded, time = pairs.key[pair], pairs.barred[pair] > 0.0, float(context.reports.time[row])
    facts: dict[str, Fact] = {"within_m": round(float(pairs.barred[pair] if guarded else pairs.within[pair]))}
    near = bool(evidence["said_near"])
    if guarded:
        facts["approach"] = CLOSE if near else coming
    for person, other in (both, both[::-1])[: 1 if guarded else 2]:
        context.ledger.raise_(
            Finding(
                kind=NEAR if guarded else TOGETHER, device=_worn(context.policy, person, time), person=person,
                onset=float(evidence["since"]) if near else float(evidence["seen"]),
                evidence_time=float(evidence["seen"]), opening=f"{rule} {person} {other}".encode(),
                first_offset=int(evidence["since_offset"]) if near else context.offset(row), rule=rule,
                basis=context.policy.rules[rule].basis,
                probability=round(float(posterior(evidence["log_odds"])), 4) if near else None,
                facts={"with": other, **facts},
            ),
            context.at(row),
        )  # fmt: skip


def _say_near(context: Context, row: int, pair: int) -> None:
    """Who came fast is there."""
    for episode in _standing(context.ledger, *context.policy.pairs.key[pair]):
        context.ledger.revise(episode, context.at(row), {"approach": CLOSE})


def _worn(policy: Policy, person: str, time: float) -> str:
    """What somebody wears at a time that pairs look at; empty: nothing."""
    for at, (device, wearer) in enumerate(policy.wearings):
        seat = np.array([policy.device_index[device]])
        told = wearer == person and policy.pairs.seat[at] >= 0
        if told and int(policy.wearing_at(seat, np.array([time]))[0]) == at:
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
    found = [ledger.state.open.get((kind, person, rule, other)) for kind in KINDS]
    known = [ledger.state.episodes.get(identity) for identity in found if identity]
    return [episode for episode in known if episode is not None]


def key_of(episode: Episode) -> tuple[str, str, str]:
    """Of the pair that an alarm is about."""
    one, other = episode.person, str(episode.facts.get("with"))
    return (episode.rule, one, other) if episode.kind == NEAR else (episode.rule, min(one, other), max(one, other))


def end_lost_pairs(ledger: Ledger, at: At, digest: str) -> None:
    """Another configuration: what stands of pairs that it does not have ends, and where one of two wears nothing."""
    pairs, bank = ledger.policy.pairs, ledger.state.banks["pair"]
    for episode in sorted(ledger.state.episodes.values(), key=lambda one: one.id):
        if episode.kind in KINDS and episode.is_ongoing:
            key = key_of(episode)
            if key not in pairs.key:
                ledger.clear(episode, at.time, at, {"taken_away": at.time, "configuration": digest[:SHOWN]})
            elif not all(_worn(ledger.policy, each, at.time) for each in key[1:]):
                bank.reset(np.array([pairs.key.index(key)]))
                ledger.clear(episode, at.time, at, {"handed_over": at.time})
