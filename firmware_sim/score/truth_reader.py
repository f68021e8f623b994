"""A scenario's truth as the scorer reads it: JSON lines, the scenario first.

Times are UTC epoch seconds, coordinates WGS-84 degrees; ``until`` null: not over.

    {"record": "scenario", "name", "why", "seed", "epoch", "until", "devices", "days", "baselines": {NAME: FILE}};
     what else it has is not scored
    {"record": "breach", "person", "device", "kind", "zone", "onset", "until", "heard", "depth_m", "usable_s",
     "arrived_s", "excused"}; "heard" and "arrived_s" may be missing: then nothing came late
    {"record": "event", "person", "device", "kind", "onset", "until"}
    {"record": "pair", "person", "device"}: who is to keep away from somebody protected
    {"record": "approach", "person", "device", "onset", "until", "barred", "shown"}; null: never
    {"record": "outage", "onset", "until", "devices": [DEVICE]}: many silent for one cause
    {"record": "repeated", "person", "device", "onset", "until", "latitude", "longitude"}
    {"record": "track", "device", "person", "time", "latitude", "longitude", "scene"}

Track lines are the corners of each device's true way in time order: between two it is straight and even, and a
corner's scene holds from there on. Baselines are files of alarms beside the truth file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firmware_sim.score.json_lines import ScoreFault, read_lines
from firmware_sim.score.records import Approach, Breach, Event, Outage, Repeated, Scenario, Truth
from firmware_sim.score.rules import BREACH_FAMILIES, FAMILIES, OUTAGE, REPEATED
from firmware_sim.score.trace import Corners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from firmware_sim.score.json_lines import Line

ELSEWHERE = frozenset({*FAMILIES, *BREACH_FAMILIES, REPEATED})
"""Kinds that have records of their own."""


@dataclass(slots=True)
class _Gathered:
    """The records of a file in the making."""

    scenarios: list[Scenario] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    corners: Corners = field(default_factory=Corners)
    approaches: list[Approach] = field(default_factory=list)
    pairs: int = 0


def read_truth(path: Path) -> Truth:
    """Read a truth file.

    Raises:
        ScoreFault: it cannot be read, or a line is not what it has to be.
    """
    gathered = _Gathered()
    for line in read_lines(path):
        take = _RECORDS.get(line.text("record"))
        if take is None:
            raise line.fault(f"unknown record {line.text('record')!r}; known: {', '.join(_RECORDS)}")
        take(gathered, line)
    if len(gathered.scenarios) != 1:
        raise ScoreFault(path, 0, f"{len(gathered.scenarios)} scenario records; a truth file has exactly one")
    parts = (tuple(gathered.breaches), tuple(gathered.events), tuple(gathered.repeated))
    return Truth(
        gathered.scenarios[0], *parts, gathered.corners.trace(), tuple(gathered.outages),
        tuple(gathered.approaches), gathered.pairs,
    )  # fmt: skip


def _scenario(gathered: _Gathered, line: Line) -> None:
    baselines = line.inner("baselines")
    scenario = Scenario(
        line.text("name"), line.text_or_empty("why"), int(line.number("seed")), line.number("epoch"),
        line.number("until"), line.number("devices"), line.number("days"),
        {name: baselines.text(name) for name in baselines.fields},
    )  # fmt: skip
    if scenario.device_months <= 0.0 or scenario.until <= scenario.epoch:
        raise line.fault("devices and days have to be above 0, and until after epoch")
    gathered.scenarios.append(scenario)


def _breach(gathered: _Gathered, line: Line) -> None:
    family = BREACH_FAMILIES.get(line.text("kind"))
    if family is None:
        raise line.fault(f"unknown breach {line.text('kind')!r}; known: {', '.join(BREACH_FAMILIES)}")
    usable = line.number("usable_s")
    who, depth = (line.text("person"), family, line.text("zone")), line.number("depth_m")
    late = (line.number_or("arrived_s", usable), line.number_or("heard", -math.inf))
    excused, device = line.flag("excused"), line.text("device")
    gathered.breaches.append(Breach(line.row, *who, *_times(line), depth, usable, excused, *late, device))


def _event(gathered: _Gathered, line: Line) -> None:
    if line.text("kind") in ELSEWHERE:
        raise line.fault(f"{line.text('kind')} is no event of a device; write it as a breach or as repeated")
    gathered.events.append(Event(line.row, line.text("device"), line.text("kind"), *_times(line)))


def _pair(gathered: _Gathered, line: Line) -> None:
    line.text("device")
    gathered.pairs += 1


def _approach(gathered: _Gathered, line: Line) -> None:
    known = (line.number_or("barred", math.inf), line.number_or("shown", math.inf))
    gathered.approaches.append(Approach(line.row, line.text("device"), *_times(line), *known))


def _outage(gathered: _Gathered, line: Line) -> None:
    onset, until = _times(line)
    devices = line.fields.get("devices")
    if not isinstance(devices, list) or not all(isinstance(each, str) for each in devices):
        raise line.fault("devices has to be a list of texts")
    gathered.outages.append(Outage(line.row, onset, until, frozenset(devices)))
    gathered.events.append(Event(line.row, "", OUTAGE, onset, until))


def _repeated(gathered: _Gathered, line: Line) -> None:
    place = (line.number("latitude"), line.number("longitude"))
    gathered.repeated.append(Repeated(line.row, line.text("person"), *_times(line), *place))


def _track(gathered: _Gathered, line: Line) -> None:
    place = (line.number("latitude"), line.number("longitude"))
    if not gathered.corners.add(line.text("device"), line.number("time"), place, line.text("scene")):
        raise line.fault("this corner is earlier than the one before; write a device's corners in time order")


def _times(line: Line) -> tuple[float, float]:
    onset, until = line.number("onset"), line.number_or("until", math.inf)
    if until < onset:
        raise line.fault("until is before onset; write null for what is not over")
    return onset, until


_RECORDS: Mapping[str, Callable[[_Gathered, Line], None]] = {
    "scenario": _scenario,
    "breach": _breach,
    "event": _event,
    "pair": _pair,
    "approach": _approach,
    "outage": _outage,
    "repeated": _repeated,
    "track": _track,
}
