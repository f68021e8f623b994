"""What the reports of some hours say of one place: where somebody was, looked up afterwards and by itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import ENOUGH, UNKNOWN, add, counts, judged, probability_beyond, runs_on
from gateway.engine.night import STALE
from gateway.engine.reports import is_usable
from gateway.engine.weigh import CAP, RAISE_AT
from gateway.engine.whereabouts import ANY_REACH
from gateway.fusion.sigma import variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports

TIME_CONSTANT: Final = 90.0
SUFFICES: Final = 2.2
"""Log-odds: 90 % that somebody was there, where 99 % are asked that he was not."""


def placed(policy: Policy, reports: Reports, person: str) -> NDArray[np.int64]:
    """Reports of somebody's bracelets with a place that is no mere cell's, as rows."""
    worn = np.flatnonzero((reports.wearing >= 0) & is_usable(reports) & ~policy.phone[reports.device])
    seat = policy.people.index(person)
    found: NDArray[np.int64] = worn[policy.wearing_person[reports.wearing[worn]] == seat]
    return found


def verdicts_on(
    policy: Policy, zone: str, reports: Reports, rows: NDArray[np.int64]
) -> tuple[float, NDArray[np.int64]]:  # fmt: skip
    """Evidence after the last row, and the verdict after each: OUT where somebody is elsewhere than in a zone."""
    seat = np.full(len(rows), policy.zone_ids.index(zone))
    reach = np.repeat(ANY_REACH, len(rows))
    inside, _ = policy.zones.signed_distance(seat, reports.x[rows], reports.y[rows], reach)
    sigma = np.sqrt(variance(reports.source[rows], reports.accuracy_m[rows], reports.satellites[rows]))
    log_odds, run, verdict, seen, counted, verdicts = 0.0, 0, UNKNOWN, math.nan, math.nan, []
    for time, depth, off in zip(reports.time[rows].tolist(), inside.tolist(), sigma.tolist(), strict=True):
        after = add(log_odds, probability_beyond(-depth, off), time - seen, TIME_CONSTANT, CAP)
        lies = math.copysign(1.0, -depth)
        counting = counts(lies, time - counted)
        run = runs_on(run, log_odds, after, lies, counting)
        log_odds, seen, counted = after, time, time if counting else counted
        verdict = judged(verdict, log_odds, run, RAISE_AT, SUFFICES, ENOUGH)
        verdicts.append(verdict)
    return log_odds, np.array(verdicts, np.int64)


def held(
    time: NDArray[np.float64], verdicts: NDArray[np.int64], verdict: int, start: float, until: float
) -> float:  # fmt: skip
    """Seconds of start <= t < until in which a verdict is known to have held; one holds for STALE."""
    ends = np.minimum(np.append(time[1:], np.inf), time + STALE)
    lasted = np.clip(ends, start, until) - np.clip(time, start, until)
    return float(lasted[verdicts == verdict].sum())
