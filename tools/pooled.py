"""Scores of one scenario under several seeds, counted together: the table of a long proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from firmware_sim.score.poisson import ONE_SIDED, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GATEWAY = 0
"""Place of the gateway's column; the baselines' stand behind it."""
KIND_HEADS = ("kind, per device-month", "alarms raised", "ever more than info", "notices to people, each answered")


@dataclass(slots=True)
class Pool:
    """Counts of several scores together, by name.

    ``months``: device-months; ``told_months``: those of them of which it is known what people were told.
    """

    months: float = 0.0
    told_months: float = 0.0
    seeds: list[int] = field(default_factory=list)
    raised: Counter[str] = field(default_factory=Counter)
    asking: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    months_in: dict[str, float] = field(default_factory=dict)
    true_in: Counter[str] = field(default_factory=Counter)
    false_in: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def add(self, score: Mapping[str, Any]) -> None:
        """One score more, as ``bracelet-sim score --json`` writes it."""
        column = score["columns"][GATEWAY]
        self.months += score["device_months"]
        self.seeds.append(score["seed"])
        _count(self.raised, column["notices_by_kind"])
        _count(self.asking, column["asking_by_kind"])
        if column["told"] is not None:
            self.told_months += score["device_months"]
            _count(self.told, column["told"]["by_kind"])
            _count(self.rungs, column["told"]["by_rung"])
        self.false.update(column["zones"]["reasons"])
        self._add_scenes(column["scenes"])
        for tier in column["breaches"]["tiers"]:
            self.happened[_tier(tier)] += tier["found"]["happened"]
            self.found[_tier(tier)] += tier["found"]["found"]

    def _add_scenes(self, scenes: Mapping[str, Any]) -> None:
        for scene, one in scenes.items():
            self.months_in[scene] = self.months_in.get(scene, 0.0) + one["device_months"]
            self.true_in[scene] += one["alarms"]["true"]
            self.false_in[scene] += one["alarms"]["false"]


def _count(counts: Counter[str], rates: Mapping[str, Any]) -> None:
    counts.update({name: rate["count"] for name, rate in rates.items()})


def _tier(tier: Mapping[str, Any]) -> str:
    least, below = tier["least_m"], tier["below_m"]
    depth = f"{least:.0f} m and more" if below is None else f"{least:.0f}-{below:.0f} m"
    return f"{depth}, {'usable' if tier['usable'] else 'little'} signal"


def table(pool: Pool) -> str:
    """The pool as Markdown."""
    scenes = sorted(pool.months_in.items(), key=lambda one: -one[1])
    parts = [
        _headline(pool),
        _rows(
            ("scene at onset", "device-months", "zone alarms true", "false", "false at most, per device-month there"),
            [(name, f"{months:,.1f}", *_judged(pool, name, months)) for name, months in scenes],
        ),
        _rows(
            ("breach, by true depth", "happened", "found"),
            [(tier, str(count), str(pool.found[tier])) for tier, count in pool.happened.items() if count],
        ),
        _rows(KIND_HEADS, _kinds(pool)),
    ]
    if pool.told_months:
        rungs = [(rung.replace("_", " "), _rate(count, pool.told_months)) for rung, count in pool.rungs.items()]
        parts.append(_rows((f"notices, by rung ({pool.told_months:,.0f} device-months)", "per device-month"), rungs))
    return "\n\n".join(parts)


def _headline(pool: Pool) -> str:
    false = pool.false.total()
    reasons = ", ".join(f"{count} {reason}" for reason, count in pool.false.items())
    return (
        f"{pool.months:,.0f} device-months (seeds {', '.join(map(str, sorted(pool.seeds)))})."
        f" **False zone alarms: {false}**, {false / pool.months:.4f} per device-month,"
        f" at most {_most(false, pool.months)} (one-sided 95 %): {reasons}."
    )


def _judged(pool: Pool, scene: str, months: float) -> tuple[str, str, str]:
    false = pool.false_in[scene]
    return str(pool.true_in[scene]), str(false), _most(false, months)


def _kinds(pool: Pool) -> Iterable[tuple[str, ...]]:
    counters = ((pool.raised, pool.months), (pool.asking, pool.months), (pool.told, pool.told_months))
    for kind in sorted({*pool.raised, *pool.told}):
        yield kind, *(_rate(counter[kind], months) for counter, months in counters)
    yield "**all**", *(f"**{_rate(counter.total(), months)}**" for counter, months in counters)


def _rate(count: int, months: float) -> str:
    return f"{count / months:.3f}" if months > 0.0 else "–"


def _most(count: int, months: float) -> str:
    return f"{bounds(count, ONE_SIDED)[1] / months:.3g}" if months > 0.0 else "–"


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
