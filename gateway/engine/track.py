"""The ``state`` of a fix in a track: what the engine's verdicts were then, by rule and zone. Verdicts, no findings.

    outside:RULE:ZONE   judged outside an allowed area, or a region
    inside:RULE:ZONE    judged inside a barred zone
    away:RULE:ZONE      judged away from where a curfew asks to be, its grace over
    unknown:RULE:ZONE   undetermined
    grace:RULE:ZONE     as away, in the grace
    leave:RULE:ZONE     judged outside or away, while a leave lifts the duty
    well                none of these

Several are joined by ``;`` in this order. The zone ``home`` is the wearer's. A rule that does not hold at that time, as
a curfew by day, says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from fencing.verdict import Verdict
from gateway.engine.lifted import bound_since, is_lifted
from gateway.engine.shapes import HOME
from gateway.engine.watching import WatchKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy

WELL = "well"
ORDER = ("outside", "inside", "away", "unknown", "grace", "leave")
OUT = {
    WatchKind.STAY_INSIDE: "outside", WatchKind.REGION: "outside", WatchKind.KEEP_OUT: "inside",
    WatchKind.BE_THERE: "away",
}  # fmt: skip


def state_of(context: Context, row: int) -> str:
    """The state of a row's wearer just after its fix was weighed."""
    policy, person = context.policy, int(context.people_of(np.array([row]))[0])
    first = int(policy.watches.first[person])
    watches = range(first, first + int(policy.watches.count[person]))
    said = [(_word(context, row, watch), watch) for watch in watches if _asked(context, row, watch)]
    return in_words(context.policy, [(word, watch) for word, watch in said if word])


def in_words(policy: Policy, said: Iterable[tuple[str, int]]) -> str:
    """The state of what is said, words of ``ORDER``, of which watch."""
    told = sorted((ORDER.index(word), f"{word}:{_name(policy, watch)}") for word, watch in said)
    return ";".join(text for _, text in told) or WELL


def _asked(context: Context, row: int, watch: int) -> bool:
    """Whether a fix of this device is held against the watch: phones against regions, bracelets against the others."""
    region = context.policy.watches.kind[watch] == WatchKind.REGION
    return bool(region == context.policy.phone[context.reports.device[row]])


def _word(context: Context, row: int, watch: int) -> str:
    kind, time = WatchKind(int(context.policy.watches.kind[watch])), float(context.reports.time[row])
    start = _duty_since(context, watch, time)
    verdict = context.state.watch["verdict"][watch]
    if np.isnan(start) or verdict == Verdict.IN:
        return ""
    if context.policy.idle.span(watch, time).holds:
        return ""
    if is_lifted(context.state, context.policy, np.array([watch]), np.array([time]))[0]:
        return "leave" if verdict == Verdict.OUT else ""
    if verdict == Verdict.UNKNOWN:
        return "unknown"
    start = max(start, bound_since(context, watch, row))
    return "grace" if time < start + _grace(context, watch) else OUT[kind]


def _duty_since(context: Context, watch: int, time: float) -> float:
    """When the duty began that holds at a time: of a curfew the night's begin; NaN: none holds."""
    curfew = int(context.policy.curfews.by_watch[watch])
    if curfew < 0:
        return -np.inf
    night = context.state.curfew
    start, until = float(night["start"][curfew]), float(night["until"][curfew])
    return start if start <= time < until else np.nan


def _grace(context: Context, watch: int) -> float:
    curfew = int(context.policy.curfews.by_watch[watch])
    return 0.0 if curfew < 0 else float(context.policy.curfews.grace[curfew])


def _name(policy: Policy, watch: int) -> str:
    _, rule_kind, zone = policy.watches.key[watch]
    return f"{rule_kind.rsplit('/', 1)[0]}:{HOME if zone.startswith(f'{HOME}:') else zone}"


class Fix(msgspec.Struct, array_like=True, frozen=True):
    """One fused place: UTC epoch seconds, WGS-84 degrees, 95 % radius in metres; ``state`` as in a track."""

    time: float
    latitude: float
    longitude: float
    radius_m: float
    speed_kmh: float
    state: str
    source: str
    device: str


class Told(msgspec.Struct, array_like=True, frozen=True):
    """A place as the report told it, by itself: UTC epoch seconds, WGS-84 degrees, 95 % radius in metres.

    ``used``: it was taken into the track; not so where nobody could have gone there, or where it came too late.
    """

    time: float
    latitude: float
    longitude: float
    radius_m: float
    source: str
    device: str
    received: float
    used: bool


class Gap(msgspec.Struct, array_like=True, frozen=True):
    """A stretch between two places of a track in which nobody knows the way; ``reports``: without a place, in it."""

    since: float
    until: float
    reports: int


class Curve(msgspec.Struct, frozen=True):
    """What the evidence said of a rule and a zone, fix by fix.

    Attributes:
        rule, zone, name, asks: as of a place (``where``).
        threshold: probability from which on, with enough fixes, an alarm is raised; of its opposite, cleared.
        times: UTC epoch seconds.
        breach: probability that the rule is broken, just after each.
        moments: when a verdict became another: the time, and whether the wearer then was ``inside``, ``outside``, or it
            was ``unknown``.
    """

    rule: str
    zone: str
    name: str
    asks: str
    threshold: float
    times: list[float]
    breach: list[float]
    moments: list[tuple[float, str]]


class Past(msgspec.Struct, frozen=True):
    """A stretch of a track; ``cut``: there was more of it than a track may have.

    Attributes:
        fixes: the track, where all fixes together put it.
        told: what was told of places, as it was told.
        gaps: where the track has none for long.
        curves: the evidence.
    """

    fixes: list[Fix]
    cut: bool = False
    told: list[Told] = []
    gaps: list[Gap] = []
    curves: list[Curve] = []
