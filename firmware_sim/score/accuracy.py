"""The gateway's track against the truth: errors, coverage of the stated radii, hours without knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score.distance import metres
from firmware_sim.score.result import SceneAccuracy, Track
from firmware_sim.score.rules import UNKNOWN_GAP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from firmware_sim.score.trace import Trace
    from firmware_sim.score.track_file import TrackRows

    Table = NDArray[np.void]

PERCENTILES = (50.0, 67.0, 95.0)
HOUR = 3600.0
STATES = np.dtype([("device", np.int32), ("time", np.float64), ("unknown", np.bool_)])
"""Kept of every row: number of the device, UTC epoch seconds, whether the state is unknown."""
COMPARED = np.dtype([("error", np.float32), ("scene", np.int16), ("within67", np.bool_), ("within95", np.bool_)])
"""Kept of rows with a true place: error in metres, the scene's number, whether the stated radii hold the truth."""


def track_accuracy(chunks: Iterable[TrackRows], trace: Trace) -> Track:
    """Compare a track with the truth, chunk by chunk."""
    numbers: dict[str, int] = {}
    states, compared = [np.empty(0, STATES)], [np.empty(0, COMPARED)]
    for rows in chunks:
        states.append(_states(rows, numbers))
        compared.append(_compare(rows, trace))
    every, known = np.concatenate(states), np.concatenate(compared)
    return Track(
        rows=len(every),
        unmatched=len(every) - len(known),
        unknown_hours=_unknown_hours(every),
        all_scenes=_accuracy(known),
        scenes={name: _accuracy(known[known["scene"] == number]) for number, name in enumerate(trace.scenes)},
    )


def _states(rows: TrackRows, numbers: dict[str, int]) -> Table:
    """States of a chunk; a device that is new gets the next number."""
    states = np.empty(len(rows.time), STATES)
    states["device"] = [numbers.setdefault(name, len(numbers)) for name in rows.device]
    states["time"], states["unknown"] = rows.time, rows.unknown
    return states


def _compare(rows: TrackRows, trace: Trace) -> Table:
    device = np.array([trace.devices.get(name, -1) for name in rows.device], dtype=np.int64)
    true = trace.at(device, rows.time)
    error = metres((rows.latitude, rows.longitude), (true.latitude, true.longitude))
    compared = np.empty(len(error), COMPARED)
    compared["error"], compared["scene"] = error, true.scene
    compared["within67"], compared["within95"] = error <= rows.radius67, error <= rows.radius95
    return compared[true.known]


def _accuracy(rows: Table) -> SceneAccuracy:
    if not len(rows):
        return SceneAccuracy(0, None, None, None, None, None)
    p50, p67, p95 = (round(float(value), 2) for value in np.percentile(rows["error"], PERCENTILES))
    return SceneAccuracy(len(rows), p50, p67, p95, float(rows["within67"].mean()), float(rows["within95"].mean()))


def _unknown_hours(states: Table) -> float:
    """Time from each unknown row to the device's next one, capped; the last row of a device counts nothing."""
    ordered = states[np.lexsort((states["time"], states["device"]))]
    same = ordered["device"][1:] == ordered["device"][:-1]
    gaps = np.minimum(np.diff(ordered["time"]), UNKNOWN_GAP)
    return float(gaps[same & ordered["unknown"][:-1]].sum()) / HOUR
