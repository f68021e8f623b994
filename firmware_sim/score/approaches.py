"""Who came near somebody protected, and whether that was said before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firmware_sim.score import tally
from firmware_sim.score.figures import Approaches
from firmware_sim.score.rules import MONTH_DAYS, PROTECTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.score.alarm_file import Alarm
    from firmware_sim.score.figures import Events, Share
    from firmware_sim.score.records import Approach, Truth


def approaches(truth: Truth, alarms: Sequence[Alarm], events: Events | None) -> Approaches:
    """All figures of approaches; ``events``: what the alarms of the kind are worth, None: there are no pairs."""
    true = [one for one in truth.approaches if math.isfinite(one.barred)]
    told: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        if alarm.kind == PROTECTED and not alarm.retracted:
            told.setdefault(alarm.device, []).append(alarm)
    pair_months = truth.pairs * truth.scenario.days / MONTH_DAYS
    false = events.judged.false if events is not None else 0
    return Approaches(
        before_buffer=_share(true, lambda one: _warned(one, told, one.onset)),
        could=_share(true, lambda one: one.shown < one.onset),
        before_barred=_share(true, lambda one: _warned(one, told, one.barred)),
        pair_months=pair_months, false=tally.rate(false, pair_months) if pair_months else None,
    )  # fmt: skip


def _share(true: Sequence[Approach], holds: Callable[[Approach], bool]) -> Share:
    return tally.share(sum(map(holds, true)), len(true))


def _warned(approach: Approach, told: dict[str, list[Alarm]], moment: float) -> bool:
    """Whether an alarm decided before a moment stands at it."""
    return any(alarm.decided < moment <= alarm.end for alarm in told.get(approach.device, ()))
