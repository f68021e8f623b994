"""Pass: who comes near a boundary, where the rule says how near that is. No breach; over with one, or the way back.

The same evidence as of the zone itself, of a boundary that lies so much nearer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fencing.verdict import BAND, ENOUGH, IN, OUT, add, counts, judged, posterior, probability_beyond, runs_on, side
from gateway.engine.ledger import Finding
from gateway.engine.lifted import why_lifted
from gateway.engine.pairing import REACH_SIGMAS
from gateway.engine.watching import WatchKind
from gateway.engine.weigh import CAP, CLEAR_AT, NEAR, RAISE_AT

if TYPE_CHECKING:
    from gateway.engine.context import Context
    from gateway.engine.episode import Fact

BOUNDARIES: Final = {WatchKind.STAY_INSIDE: "allowed", WatchKind.KEEP_OUT: "barred"}
"""What lies behind a boundary, by kind of watch; as an alarm's facts say it."""
FARTHEST: Final = 5.0
"""Standard deviations before the buffer from which on a place says nothing new of who is not near already."""


def watch_near(context: Context) -> None:
    """After a stretch is judged: its pairs against the buffers of their rules."""
    policy, fused, pairs = context.policy, context.fused, context.pairs
    if fused is None or pairs is None or not policy.near.any():
        return
    mine = pairs[(policy.near[pairs["watch"]] > 0.0) & pairs["alarms"] & ~pairs["soft"]]
    if not len(mine):
        return
    watch, tracks = mine["watch"], fused.records[np.searchsorted(fused.rows, mine["row"])]
    near = policy.near[watch]
    inside, _ = policy.zones.signed_distance(
        policy.watches.zone[watch], tracks["x"], tracks["y"], near + REACH_SIGMAS * mine["sigma"]
    )
    beyond = np.where(policy.watches.kind[watch] == WatchKind.KEEP_OUT, inside, -inside)
    bank = context.state.watch
    is_told = bank["near_raised"][watch] | (bank["near_odds"][watch] > -BAND)
    is_told |= beyond + near > -FARTHEST * mine["sigma"]
    for at in np.flatnonzero(is_told).tolist():
        _weigh(context, mine[at], float(beyond[at]), float(near[at]))


def _weigh(context: Context, pair: Any, beyond: float, near: float) -> None:  # noqa: ANN401  a record is a scalar of numpy's
    """Evidence with one fix more; ``beyond``: metres behind the boundary, negative before it."""
    evidence, time = context.state.watch.open(int(pair["watch"])), float(pair["time"])
    before, lies = float(evidence.near_odds), math.copysign(1.0, beyond + near)
    said = probability_beyond(beyond + near, float(pair["sigma"]))
    evidence.near_odds = add(before, said, time - evidence.near_seen, float(pair["constant"]), CAP)
    if side(evidence.near_odds) not in {0, side(before)}:
        evidence.near_since, evidence.near_offset = time, int(pair["offset"])
    counting = counts(lies, time - evidence.near_counted)
    evidence.near_run = runs_on(int(evidence.near_run), before, float(evidence.near_odds), lies, counting)
    evidence.near_counted, evidence.near_seen = time if counting else evidence.near_counted, time
    evidence.near_verdict = judged(
        int(evidence.near_verdict), float(evidence.near_odds), int(evidence.near_run), RAISE_AT, CLEAR_AT, ENOUGH
    )
    _tell(context, pair, beyond)


def _tell(context: Context, pair: Any, beyond: float) -> None:  # noqa: ANN401  as above
    watch, time = int(pair["watch"]), float(pair["time"])
    evidence = context.state.watch.open(watch)
    is_out = pair["verdict"] == OUT
    if evidence.near_raised and (pair["leave"] or is_out or evidence.near_verdict == IN):
        evidence.near_raised = False
        ended, facts = why_lifted(context.policy, watch, time) if pair["leave"] else (time, {})
        _clear(context, pair, float(evidence.near_since) if evidence.near_verdict == IN else ended, facts)
    elif evidence.near_verdict == OUT and not (evidence.near_raised or is_out or pair["leave"]):
        evidence.near_raised, evidence.over = True, False
        _raise(context, pair, beyond)


def _placed(context: Context, row: int) -> dict[str, Fact]:
    """Of the last place what is its own: verdicts on zones have run ahead with the stretch."""
    known = context.last_known(row)
    return {name: known[name] for name in ("placed", "source", "home_m", "home_deg") if name in known}


def _clear(context: Context, pair: Any, ended: float, facts: dict[str, Fact]) -> None:  # noqa: ANN401  as above
    person, rule_kind, zone = context.policy.watches.key[int(pair["watch"])]
    episode = context.ledger.ongoing(NEAR, person, "", zone, rule_kind.rsplit("/", 1)[0])
    if episode is not None:
        context.ledger.clear(episode, ended, context.at(int(pair["row"])), facts)


def _raise(context: Context, pair: Any, beyond: float) -> None:  # noqa: ANN401  as above
    policy, row, watch = context.policy, int(pair["row"]), int(pair["watch"])
    person, rule_kind, zone = policy.watches.key[watch]
    rule, evidence = policy.rules[rule_kind.rsplit("/", 1)[0]], context.state.watch.records[watch]
    facts: dict[str, Fact] = {
        "boundary": BOUNDARIES[WatchKind(int(policy.watches.kind[watch]))],
        "boundary_m": max(0, round(-beyond)), "near_m": round(rule.near_m),
    }  # fmt: skip
    context.ledger.raise_(
        Finding(
            kind=NEAR, device=context.device_key(row), person=person, onset=float(evidence["near_since"]),
            evidence_time=float(pair["time"]), opening=context.opening(row),
            first_offset=int(evidence["near_offset"]), zone=zone,
            zone_name=policy.zones.zone_name(int(policy.watches.zone[watch])), rule=rule.id, basis=rule.basis,
            probability=round(float(posterior(evidence["near_odds"])), 4),
            facts={**facts, **_placed(context, row)}, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip
