"""A phone that its carrier locates, and the bracelet of the same wearer: whether they lie apart.

A carrier's answer may come from the wrong mast, and a circle of 95 % is missed by one answer in twenty. So both circles
and whatever way lies between the two times are granted, and several answers in a row have to say so. Each device is
looked at on its own basis alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gateway.engine.credible import PRIOR
from gateway.engine.ledger import Finding
from gateway.engine.phones import LEAST_ANSWERS, LEAST_SPAN, OLDEST
from gateway.fusion.radius import NORMAL95, radii
from gateway.fusion.sigma import variance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.context import Context

KIND: Final = "phone_apart"
LEAST: Final = 1000.0
"""Metres below which nobody is told: a mast's answer is no better."""
WIDE: Final = 2000.0
"""Metres of a circle of 95 % beyond which its holding the bracelet says nothing."""
FRESH: Final = 900.0
"""Seconds between the bracelet's last place and the answer, at most."""
REST, RIDE, SETTLED = 2.0, 25.0, 120.0
"""Metres per second that the bracelet may have moved since: who has rested for SETTLED seconds, anybody else."""
GAIN: Final = 2.4
"""Log-odds that an answer adds to ``credible.PRIOR``."""


def watch_apart(context: Context, rows: NDArray[np.int64]) -> None:
    """Carriers' answers (rows of phones that somebody wears, ascending) against the bracelets of the same people."""
    reports = context.reports
    fresh = reports.received[rows] - reports.time[rows] <= OLDEST
    for row in rows[fresh & reports.located[rows] & ~reports.inferred[rows]].tolist():
        for track in _bracelets(context, row):
            _compare(context, row, track)


def _bracelets(context: Context, row: int) -> Iterator[Any]:
    """Tracks, as they were at a phone's place, of the bracelets that its wearer wears lawfully then."""
    policy, reports, time = context.policy, context.reports, context.reports.time[row : row + 1]
    mine = np.flatnonzero(policy.wearing_person == policy.wearing_person[reports.wearing[row]])
    for wearing in mine.tolist():
        device = np.array([policy.device_index[policy.wearings[wearing][0]]])
        worn = policy.wearing_at(device, time) == wearing
        if not policy.phone[device[0]] and worn[0] and policy.lawful(np.array([wearing]), time)[0]:
            track = context.fused.of(row, wearing, reports.wearing) if context.fused is not None else None
            track = context.state.track.records[wearing] if track is None else track
            if 0.0 <= time[0] - track["time"] <= FRESH:
                yield track


def _compare(context: Context, row: int, track: Any) -> None:  # noqa: ANN401  a record is a scalar of numpy's
    reports, trust = context.reports, context.state.trust.open(int(context.reports.wearing[row]))
    away = math.hypot(float(reports.x[row] - track["x"]), float(reports.y[row] - track["y"]))
    at = np.array([row])
    circle = NORMAL95 * math.sqrt(
        float(variance(reports.source[at], reports.accuracy_m[at], reports.satellites[at])[0])
    )  # fmt: skip
    reach = circle + _reach(track, float(reports.time[row] - track["time"]))
    if away > max(reach, LEAST):
        _add(context, row, trust, away)
    elif circle <= WIDE or away <= LEAST:
        trust.apart_n = 0
        if trust.apart:
            trust.apart = False
            for episode in context.ledger.of_device(KIND, context.device_key(row)):
                context.ledger.clear(episode, float(reports.time[row]), context.at(row))


def _reach(track: Any, elapsed: float) -> float:  # noqa: ANN401  as above
    """Metres from a bracelet's last place within which it is, so many seconds later."""
    one = radii(np.array([track]))
    return float(one["r95"][0]) + (REST if track["idle"] >= SETTLED else RIDE) * elapsed


def _add(context: Context, row: int, trust: Any, away: float) -> None:  # noqa: ANN401  as above
    """One answer more that puts the phone elsewhere."""
    time = float(context.reports.time[row])
    if trust.apart_n == 0:
        trust.apart_from, trust.apart_offset = time, context.offset(row)
    trust.apart_n += 1
    trust.apart_m = away
    if trust.apart or trust.apart_n < LEAST_ANSWERS or time - trust.apart_from < LEAST_SPAN:
        return
    trust.apart = True
    sure = 1.0 / (1.0 + math.exp(-PRIOR - GAIN * trust.apart_n))
    context.ledger.raise_(
        Finding(
            kind=KIND, device=context.device_key(row), person=context.person(row), onset=float(trust.apart_from),
            evidence_time=time, opening=context.opening(row), first_offset=int(trust.apart_offset),
            probability=round(sure, 4),
            facts={"answers": int(trust.apart_n), "apart_m": round(away), **context.last_known(row)},
            **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip
