"""What was judged of one person, stretch by stretch: the state of each fix, the evidence of each rule as a curve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import Verdict, posterior
from gateway.engine import IS_IN, Curve, WatchKind
from gateway.engine.lifted import binds_since, is_lifted
from gateway.engine.pairing import PAIR
from gateway.engine.track import ORDER, OUT, in_words
from gateway.engine.weigh import RAISE_AT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine import Context, Policy

THRESHOLD: Final = round(float(posterior(RAISE_AT)), 4)
NOTHING: Final = -1
_CODE: Final = {word: number for number, word in enumerate(ORDER)}

Key = tuple[str, str, str]


@dataclass(slots=True)
class _Line:
    """A curve that grows."""

    policy: Policy
    watch: int
    times: list[float] = field(default_factory=list)
    breach: list[float] = field(default_factory=list)
    moments: list[tuple[float, int]] = field(default_factory=list)


@dataclass(slots=True)
class Verdicts:
    """Verdicts of a person since <= time < until, fed with every stretch in its order."""

    person: str
    since: float
    until: float
    _held: dict[Key, int] = field(default_factory=dict)
    """Verdicts so far."""
    _lines: dict[Key, _Line] = field(default_factory=dict)

    def take(self, context: Context, rows: NDArray[np.int64]) -> list[str]:
        """A stretch more; the state (``engine.track``) of each of the rows whose fix was taken."""
        policy = context.policy
        pairs = np.empty(0, PAIR) if context.pairs is None else context.pairs
        person = policy.people.index(self.person)
        first = int(policy.watches.first[person])
        watches = range(first, first + int(policy.watches.count[person]))
        codes = np.full((len(rows), len(watches)), NOTHING)
        for column, watch in enumerate(watches):
            judged = self._verdicts(policy, watch, pairs[pairs["watch"] == watch], rows)
            codes[:, column] = _codes(context, rows, watch, judged)
        kinds, of = np.unique(codes, axis=0, return_inverse=True)
        states = [
            in_words(policy, [(ORDER[code], watches[at]) for at, code in enumerate(kind) if code != NOTHING])
            for kind in kinds.tolist()
        ]  # fmt: skip
        return [states[each] for each in of.reshape(-1).tolist()]

    def _verdicts(
        self, policy: Policy, watch: int, pairs: NDArray[np.void], rows: NDArray[np.int64]
    ) -> NDArray[np.uint8]:  # fmt: skip
        """What was judged of a watch just after each row; its curve goes on."""
        key = policy.watches.key[watch]
        before = self._held.get(key, int(Verdict.UNKNOWN))
        if not len(pairs):
            return np.full(len(rows), before, np.uint8)
        verdict = np.concatenate([[before], pairs["verdict"]])
        self._draw(policy, watch, pairs, verdict)
        self._held[key] = int(verdict[-1])
        found: NDArray[np.uint8] = verdict[pairs["row"].searchsorted(rows, "right")].astype(np.uint8)
        return found

    def _draw(self, policy: Policy, watch: int, pairs: NDArray[np.void], verdict: NDArray[np.int64]) -> None:
        key = policy.watches.key[watch]
        wanted = (pairs["time"] >= self.since) & (pairs["time"] < self.until)
        if not wanted.any():
            return
        line = self._lines.setdefault(key, _Line(policy, watch))
        line.policy, line.watch = policy, watch
        line.times += pairs["time"][wanted].tolist()
        line.breach += np.round(posterior(pairs["after"][wanted]), 4).tolist()
        turned = wanted & (verdict[1:] != verdict[:-1])
        line.moments += zip(pairs["time"][turned].tolist(), verdict[1:][turned].tolist(), strict=True)

    def curves(self) -> list[Curve]:
        """The evidence, by rule and zone."""
        return [_curve(key, line) for key, line in sorted(self._lines.items())]


def _curve(key: Key, line: _Line) -> Curve:
    watches, zones = line.policy.watches, line.policy.zones
    kind = WatchKind(int(watches.kind[line.watch]))
    moments = [(time, IS_IN[kind][verdict]) for time, verdict in line.moments]
    name = zones.zone_name(int(watches.zone[line.watch]))
    rule = key[1].rsplit("/", 1)[0]
    return Curve(rule, key[2], name, kind.name.lower(), THRESHOLD, line.times, line.breach, moments)


def _codes(
    context: Context, rows: NDArray[np.int64], watch: int, verdict: NDArray[np.uint8]
) -> NDArray[np.int64]:  # fmt: skip
    """What is said of a watch at each row: an index in ``ORDER``, or NOTHING."""
    policy, time = context.policy, context.reports.time[rows]
    kind = WatchKind(int(policy.watches.kind[watch]))
    asked = policy.phone[context.reports.device[rows]] == (kind is WatchKind.REGION)
    begins, grace = _duty(policy, watch, time)
    watches = np.full(len(rows), watch)
    is_idle, on_leave = policy.idle.lookup(watches, time) >= 0, is_lifted(context.state, policy, watches, time)
    is_out = verdict == Verdict.OUT
    since = binds_since(context.state, policy, watches, context.reports.wearing[rows], time)
    broken = np.where(time < np.maximum(begins, since) + grace, _CODE["grace"], _CODE[OUT[kind]])
    said = np.where(is_out, broken, _CODE["unknown"])
    said = np.where(on_leave, np.where(is_out, _CODE["leave"], NOTHING), said)
    return np.where(asked & ~is_idle & ~np.isnan(begins) & (verdict != Verdict.IN), said, NOTHING)


def _duty(policy: Policy, watch: int, time: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """When the duty began that holds at each time, NaN where none does; and seconds of grace."""
    curfew = int(policy.curfews.by_watch[watch])
    if curfew < 0:
        return np.full(len(time), -np.inf), 0.0
    begins, _ = policy.curfews.schedules[int(policy.curfews.schedule[curfew])].window(time)
    return begins, float(policy.curfews.grace[curfew])
