"""Counts, rates and latencies out of judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score.figures import Found, Judged, Latency, Rate
from firmware_sim.score.poisson import ONE_SIDED, bounds
from firmware_sim.score.rules import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from firmware_sim.score.matching import Discovery, Happening, Judgement

PERCENTS = np.arange(101.0)


def rate(count: int, device_months: float) -> Rate:
    """A count per device-month."""
    lower, upper = bounds(count)
    at_most = bounds(count, ONE_SIDED)[1]
    return Rate(count, *(mean / device_months for mean in (count, lower, upper, at_most)))


def judged(judgements: Sequence[Judgement]) -> Judged:
    """How many alarms are true, and why the others are not."""
    lines = {
        reason.value: tuple(sorted(one.alarm.line for one in judgements if one.reason is reason)) for reason in Reason
    }
    reasons = {reason: len(members) for reason, members in lines.items()}
    false = sum(reasons.values())
    return Judged(len(judgements), len(judgements) - false, false, reasons, lines)


def found(happenings: Iterable[Happening], discoveries: Mapping[int, Discovery]) -> Found:
    """How much of what happened was found."""
    told = [discoveries.get(happening.line) for happening in happenings]
    number = sum(discovery is not None for discovery in told)
    spanned = sum(discovery is not None and discovery.spanned for discovery in told)
    return Found(len(told), number, len(told) - number, spanned)


def latency(happenings: Iterable[Happening], discoveries: Mapping[int, Discovery]) -> Latency:
    """How long after its onset was decided what was found by an alarm of its own."""
    seconds = [
        discoveries[happening.line].decided - happening.onset
        for happening in happenings
        if happening.line in discoveries and not discoveries[happening.line].spanned
    ]
    if not seconds:
        return Latency(0, None, None, None, ())
    quantiles = tuple(round(float(value), 1) for value in np.percentile(seconds, PERCENTS))
    return Latency(len(seconds), quantiles[50], quantiles[95], quantiles[100], quantiles)
