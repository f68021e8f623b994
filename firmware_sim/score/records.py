"""The truth of a scenario: breaches, events of devices, repeated places and tracks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.score.rules import MONTH_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_sim.score.rules import Family
    from firmware_sim.score.trace import Trace


@dataclass(frozen=True, slots=True)
class Scenario:
    """What was simulated.

    Attributes:
        epoch, until: UTC epoch seconds of its beginning and end.
        devices, days: its size.
        baselines: file of alarms by the baseline's name.
    """

    name: str
    why: str
    seed: int
    epoch: float
    until: float
    devices: float
    days: float
    baselines: Mapping[str, str]

    @property
    def device_months(self) -> float:
        """Devices times months of 30 days."""
        return self.devices * self.days / MONTH_DAYS


@dataclass(frozen=True, slots=True)
class Breach:
    """A true breach, ``onset`` to ``until`` (``inf``: not over), at most ``depth_m`` beyond the boundary.

    ``usable_s``: seconds of it with usable signal; ``arrived_s``: counting what came late, too; ``heard``: when the
    last of that came (-inf: nothing did). ``line``: its line in the truth file, unlike any other's. ``device``: whose
    track tells its scene.
    """

    line: int
    person: str
    family: Family
    zone: str
    onset: float
    until: float
    depth_m: float
    usable_s: float
    excused: bool
    arrived_s: float = 0.0
    heard: float = -math.inf
    device: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What truly happened to a device, ``onset`` to ``until`` (``inf``: not over)."""

    line: int
    device: str
    kind: str
    onset: float
    until: float
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Approach:
    """When ``device`` truly was within what is barred around somebody protected, or the buffer: ``onset`` to ``until``.

    ``barred``: when what is barred was reached (``inf``: never). ``shown``: when the first report of the way there came
    in (``inf``: none did). ``line``: its line in the truth file.
    """

    line: int
    device: str
    onset: float
    until: float
    barred: float
    shown: float


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which ``devices`` had no network for one cause."""

    line: int
    onset: float
    until: float
    devices: frozenset[str]

    def has(self, event: Event) -> bool:
        """Whether a silence is of it: of one of its devices, at that time."""
        return event.device in self.devices and event.onset < self.until and self.onset < event.until


@dataclass(frozen=True, slots=True)
class Repeated:
    """A place where a person truly was night after night; WGS-84 degrees."""

    line: int
    person: str
    onset: float
    until: float
    latitude: float
    longitude: float
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """A whole truth file."""

    scenario: Scenario
    breaches: tuple[Breach, ...]
    events: tuple[Event, ...]
    repeated: tuple[Repeated, ...]
    trace: Trace
    outages: tuple[Outage, ...] = ()
    approaches: tuple[Approach, ...] = ()
    pairs: int = 0
    """Of people with somebody protected whom they are to keep away from."""
