"""A score as a whole: a column for each file of alarms, and the track. Its parts and units stand in ``figures``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_sim.score.figures import (
        Approaches,
        Breaches,
        Calibration,
        Events,
        Gathered,
        Judged,
        Latency,
        Rate,
        SceneCount,
        Strap,
        Told,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """All that one file of alarms is worth.

    Attributes:
        name: ``gateway``, or the baseline's.
        messages: in the file. ``after_the_end``: alarms left out, being decided after the scenario's end.
        notices: alarms raised, of all kinds; ``notices_by_kind`` likewise.
        asking: those of them that were ever more than ``info``. told: what people are told of them; None: not known.
        scenes: zone alarms and breaches by the scene of the true track at onset.
        zones: zone alarms. ``false_zones``: the false ones as a rate, ``false_zones_by_kind`` likewise.
        doubles, retracted: alarms of all sorts.
        latency: by family of breaches, and of ``all``.
        outages: the silences in them. events: by kind. ``unjudged``: alarms by kind of which there is no truth.
    """

    name: str
    messages: int
    after_the_end: int
    notices: Rate
    notices_by_kind: Mapping[str, Rate]
    asking: Rate
    asking_by_kind: Mapping[str, Rate]
    told: Told | None
    zones: Judged
    false_zones: Rate
    false_zones_by_kind: Mapping[str, Rate]
    doubles: int
    retracted: int
    breaches: Breaches
    scenes: Mapping[str, SceneCount]
    latency: Mapping[str, Latency]
    events: Mapping[str, Events]
    strap: Strap
    approaches: Approaches
    outages: Gathered
    repeated: Events
    calibration: Calibration
    unjudged: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SceneAccuracy:
    """The track against the truth in one scene: error percentiles, and how often the stated radii hold the truth."""

    rows: int
    p50_m: float | None
    p67_m: float | None
    p95_m: float | None
    covered67: float | None
    covered95: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """The gateway's track. ``unmatched``: rows of a device or a moment without a true place.

    ``unknown_hours``: with state ``unknown``, each row for 30 minutes at most.
    """

    rows: int
    unmatched: int
    unknown_hours: float
    all_scenes: SceneAccuracy
    scenes: Mapping[str, SceneAccuracy]


@dataclass(frozen=True, slots=True)
class Score:
    """A scenario's score: the gateway's column first, then the baselines'.

    Attributes:
        absent: file by baseline, for those whose file is not there.
        track: None without a track.
    """

    scenario: str
    why: str
    seed: int
    devices: float
    days: float
    device_months: float
    columns: tuple[Column, ...]
    absent: Mapping[str, str]
    track: Track | None
