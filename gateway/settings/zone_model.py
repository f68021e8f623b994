"""The zones of a configuration as the daemon uses them: places in WGS-84, when they hold and for whom."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import Geometry


@dataclass(frozen=True, slots=True)
class Circle:
    """A circular place."""

    name: str
    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon or multipolygon; coordinates longitude, latitude in degrees."""

    name: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class ZoneDefinition:
    """A named zone: one or more places, each grown by ``buffer_m``; it holds where start <= t < until.

    Attributes:
        category: a key of ``gateway.categories``; empty: not said.
        people: resolved person ids, sorted, for whom alone it is; None: for all.
    """

    id: str
    name: str
    places: tuple[Circle | Area, ...]
    buffer_m: float = 0.0
    category: str = ""
    start: float = -math.inf
    until: float = math.inf
    people: tuple[str, ...] | None = None

    def is_for(self, person: str) -> bool:
        """Whether a rule about it may bind somebody."""
        if self.people is None:
            return True
        at = bisect_left(self.people, person)
        return at < len(self.people) and self.people[at] == person
