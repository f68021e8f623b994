"""Zone alarms and breaches by the scene of the device's true track at their onset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score import tally
from firmware_sim.score.figures import SceneCount
from firmware_sim.score.rules import DAY, MONTH_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.score.matching import Matched
    from firmware_sim.score.records import Breach
    from firmware_sim.score.trace import Trace

NOWHERE = "unknown"
"""Of what has no true track."""


def by_scene(trace: Trace, counted: Sequence[Breach], zones: Matched) -> dict[str, SceneCount]:
    """Of each scene in which devices were: how long, and the zone alarms and counted breaches that began in it."""
    months, alarms = months_in(trace), [one.alarm for one in zones.judgements]
    began = scenes_at(trace, [alarm.device for alarm in alarms], [alarm.onset for alarm in alarms])
    happened = scenes_at(trace, [breach.device for breach in counted], [breach.onset for breach in counted])
    names = [*trace.scenes, *([NOWHERE] if NOWHERE in {*began, *happened} else [])]
    return {
        name: SceneCount(
            months.get(name, 0.0),
            tally.judged([one for one, scene in zip(zones.judgements, began, strict=True) if scene == name]),
            tally.found([one for one, scene in zip(counted, happened, strict=True) if scene == name], zones.found),
        )
        for name in names
    }


def scenes_at(trace: Trace, devices: Sequence[str], times: Sequence[float]) -> list[str]:
    """Name of the scene of each device at a time, UTC epoch seconds."""
    if not devices:
        return []
    device = np.array([trace.devices.get(name, -1) for name in devices], np.int64)
    places = trace.at(device, np.array(times, np.float64))
    pairs = zip(places.known.tolist(), places.scene.tolist(), strict=True)
    return [trace.scenes[scene] if known else NOWHERE for known, scene in pairs]


def months_in(trace: Trace) -> dict[str, float]:
    """Device-months of 30 days spent in each scene."""
    if not len(trace.time):
        return {}
    lasts = np.where(trace.device[1:] == trace.device[:-1], np.diff(trace.time), 0.0)
    seconds = np.bincount(trace.scene[:-1], weights=lasts, minlength=len(trace.scenes))
    return {name: float(spent) / (MONTH_DAYS * DAY) for name, spent in zip(trace.scenes, seconds, strict=True)}
