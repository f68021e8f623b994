"""The places that officers have registered, found from a point: what a circle on the map may be.

Homes are left out, for nobody's is shown because of somebody else; and so are regions, which say nothing of a circle.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fencing.index import PlaceIndex
from fencing.plane import LocalPlane
from fencing.zones import ZoneTable
from gateway.categories import OTHER
from gateway.engine.shapes import officers_zones
from gateway.settings.model import REGION_M

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fencing.index import Near
    from gateway.settings.model import Configuration, ZoneDefinition

MOST_NAMED = 5
"""Names in one text: who looks further has the map."""


class Place(NamedTuple):
    """A registered place near a point: its zone's id, its name, metres to its edge (0: the point lies in it), its kind.

    ``category``: a key of ``gateway.categories``.
    """

    zone: str
    name: str
    distance_m: float
    category: str = OTHER


@dataclass(frozen=True, slots=True)
class Registered:
    """Registered places in the plane of a county."""

    plane: LocalPlane
    index: PlaceIndex
    zones: tuple[ZoneDefinition, ...]
    """Of the officers, in the order of the table."""

    @classmethod
    def build(
        cls, plane: LocalPlane, table: ZoneTable, region_m: NDArray[np.float64], configuration: Configuration
    ) -> Registered:
        """Of a table whose first zones are those of the configuration; ``region_m`` float64 (z,), as of a policy."""
        zones = tuple(sorted(configuration.zones.values(), key=lambda zone: zone.id))
        small = [zone for zone in range(len(zones)) if region_m[zone] < REGION_M]
        return cls(plane, PlaceIndex.build(table, small, ((zone.start, zone.until) for zone in zones)), zones)

    @classmethod
    def of(cls, configuration: Configuration) -> Registered:
        """Of a configuration that nothing else is compiled of."""
        plane = LocalPlane(*configuration.county.centre)
        table = ZoneTable.build(officers_zones(configuration, plane))
        return cls.build(plane, table, table.inner_radius_m(), configuration)

    def around(self, latitude: float, longitude: float, radius_m: float, time: float) -> list[Place]:
        """Places that a circle (WGS-84 degrees, metres) touches and that hold at a time, the nearest first."""
        return [self._place(near) for near in self._near(latitude, longitude, radius_m, time)]

    def names(self, latitude: float, longitude: float, radius_m: float, time: float) -> str:
        """Names of those places in a text, each once; of many the nearest."""
        names = dict.fromkeys(place.name for place in self.around(latitude, longitude, radius_m, time))
        return ", ".join(list(names)[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")

    def kinds(self, latitude: float, longitude: float, radius_m: float, time: float) -> str:
        """How many of those places are of each kind, as ``internet_cafe:3 bar:1``, the most first.

        One that is drawn in several zones of a kind is one.
        """
        drawn = {
            (self.zones[near.zone].category or OTHER, self._box(near))
            for near in self._near(latitude, longitude, radius_m, time)
        }  # fmt: skip
        count = Counter(kind for kind, _ in drawn)
        return " ".join(f"{kind}:{count[kind]}" for kind in sorted(count, key=lambda kind: (-count[kind], kind)))

    def _near(self, latitude: float, longitude: float, radius_m: float, time: float) -> list[Near]:
        x, y = self.plane.forward(latitude, longitude)
        return self.index.within(float(x), float(y), radius_m, time)

    def _place(self, near: Near) -> Place:
        zone, name = self.zones[near.zone], self.index.table.place_name(near.zone, near.place)
        return Place(zone.id, name, round(near.distance_m, 1), zone.category or OTHER)

    def _box(self, near: Near) -> tuple[float, ...]:
        table = self.index.table
        return tuple(table.bounds[:, int(table.first[near.zone]) + near.place].tolist())
