"""Breaches by depth, signal and length: what was found of them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from firmware_sim.score import tally
from firmware_sim.score.figures import Breaches, Tier
from firmware_sim.score.rules import LEAST_BREACH, LEAST_USABLE, TIERS, Family

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firmware_sim.score.figures import Latency
    from firmware_sim.score.matching import Discovery
    from firmware_sim.score.records import Breach


def breaches(happened: Sequence[Breach], found: Mapping[int, Discovery], end: float) -> Breaches:
    """What was found of a scenario's breaches; one that is not over lasts until the scenario's ``end``."""
    due, counted = [breach for breach in happened if not breach.excused], counted_of(happened, end)
    short = [breach for breach in due if _seconds(breach, end) <= LEAST_BREACH]
    families = {
        family.value: tally.found([breach for breach in counted if breach.family is family], found) for family in Family
    }
    late = [breach for breach in counted if breach.usable_s < LEAST_USABLE <= breach.arrived_s]
    return Breaches(
        tally.found(counted, found), tally.found(short, found), len(happened) - len(due), tally.found(late, found),
        families, _tiers(counted, found), tuple(breach.line for breach in counted if breach.line not in found),
    )  # fmt: skip


def counted_of(happened: Sequence[Breach], end: float) -> list[Breach]:
    """Those that count: neither excused nor short."""
    return [breach for breach in happened if not breach.excused and _seconds(breach, end) > LEAST_BREACH]


def latencies(happened: Sequence[Breach], found: Mapping[int, Discovery]) -> dict[str, Latency]:
    """Latency by family, and of ``all``."""
    families = {family.value: [breach for breach in happened if breach.family is family] for family in Family}
    return {name: tally.latency(members, found) for name, members in {**families, "all": happened}.items()}


def _seconds(breach: Breach, end: float) -> float:
    return min(breach.until, end) - breach.onset


def _tiers(counted: Sequence[Breach], found: Mapping[int, Discovery]) -> tuple[Tier, ...]:
    return tuple(
        Tier(least, below if math.isfinite(below) else None, usable, tally.found(members, found))
        for usable in (True, False)
        for least, below in pairwise((*TIERS, math.inf))
        for members in [[one for one in counted if _belongs(one, least, below, usable=usable)]]
    )


def _belongs(breach: Breach, least: float, below: float, *, usable: bool) -> bool:
    return least <= max(breach.depth_m, 0.0) < below and (breach.usable_s >= LEAST_USABLE) is usable
