"""Counts, rates and latencies out of judgements."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score.figures import Found, Judged, Latency, Rate, Share
from firmware_sim.score.poisson import ONE_SIDED, bounds
from firmware_sim.score.rules import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from firmware_sim.score.matching import Discovery, Happening, Judgement

PERCENTS = np.arange(101.0)
TWO_SIDED95 = 1.959964
"""Standard deviations of a normal distribution that hold 95 % of it."""


def rate(count: int, device_months: float) -> Rate:
    """A count per device-month."""
    lower, upper = bounds(count)
    at_most = bounds(count, ONE_SIDED)[1]
    return Rate(count, *(mean / device_months for mean in (count, lower, upper, at_most)))


def share(count: int, of: int) -> Share:
    """A share with Wilson's interval (E. B. Wilson, Probable inference, J. Am. Stat. Assoc. 22, 1927)."""
    if not of:
        return Share(count, of, None, None, None)
    part, extra = count / of, TWO_SIDED95**2 / of
    middle = (part + extra / 2) / (1 + extra)
    half = TWO_SIDED95 / (1 + extra) * math.sqrt(part * (1 - part) / of + extra / (4 * of))
    return Share(count, of, part, max(0.0, middle - half), min(1.0, middle + half))


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
