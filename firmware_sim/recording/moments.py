"""When a bracelet reports: often under way and in a breach, seldom at rest, at once when a bit changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.track import Track
    from firmware_sim.scenario.model import Firmware

STILL_AFTER = 600.0
"""Seconds of rest after which a bracelet takes its long interval."""


def report_moments(
    track: Track, breaches: Sequence[Span], changes: Iterable[float], within: Span, firmware: Firmware
) -> NDArray[np.float64]:
    """Moments of all reports, whole UTC seconds, increasing.

    Args:
        track: where the bracelet truly is.
        breaches: spans in which it knows that it is where it must not be.
        changes: moments at which an alarm bit changes.
        within: first and last moment.
        firmware: the intervals.
    """
    moving = np.append(track.speed()[:-1] > 0.0, False)
    starts = np.maximum(np.floor(track.time), within.start)
    ends = np.minimum(np.append(np.floor(track.time[1:]), within.until), within.until)
    pieces = [np.array([moment for moment in changes if within.start <= moment < within.until], np.float64)]
    for start, end, is_moving in zip(starts.tolist(), ends.tolist(), moving.tolist(), strict=True):
        still = end if is_moving else min(start + STILL_AFTER, end)
        pieces += [np.arange(start, still, firmware.moving_s), np.arange(still, end, firmware.resting_s)]
    pieces += [
        np.arange(np.ceil(max(span.start, within.start)), min(span.until, within.until), firmware.breach_s)
        for span in breaches
    ]
    return np.unique(np.concatenate(pieces))


def inside(moments: NDArray[np.float64], spans: Iterable[Span]) -> NDArray[np.bool_]:
    """Which moments lie in one of the spans."""
    within = np.zeros(len(moments), np.bool_)
    for span in spans:
        first, last = np.searchsorted(moments, [span.start, span.until])
        within[first:last] = True
    return within


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in time order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        last = found.pop() if found and span.start <= found[-1].until else span
        found.append(Span(last.start, max(last.until, span.until)))
    return found
