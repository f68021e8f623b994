"""The places that officers have registered, found from a point: what a circle on the map may be.

Homes are left out, for nobody's is shown because of somebody else; and so are regions, which say nothing of a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fencing.index import PlaceIndex
from fencing.plane import LocalPlane
from fencing.zones import ZoneTable
from gateway.engine.shapes import officers_zones
from gateway.settings.model import REGION_M

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gateway.settings.model import Configuration

MOST_NAMED = 5
"""Names in one text: who looks further has the map."""


class Place(NamedTuple):
    """A registered place near a point: its zone's id, its name, and metres to its edge; 0: the point lies in it."""

    zone: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Registered:
    """Registered places in the plane of a county."""

    plane: LocalPlane
    index: PlaceIndex

    @classmethod
    def build(cls, plane: LocalPlane, table: ZoneTable, region_m: NDArray[np.float64], officers: int) -> Registered:
        """Of a table whose first ``officers`` zones are no homes; ``region_m`` float64 (z,), as of a policy."""
        return cls(plane, PlaceIndex.build(table, [zone for zone in range(officers) if region_m[zone] < REGION_M]))

    @classmethod
    def of(cls, configuration: Configuration) -> Registered:
        """Of a configuration that nothing else is compiled of."""
        plane = LocalPlane(*configuration.county.centre)
        table = ZoneTable.build(officers_zones(configuration, plane))
        return cls.build(plane, table, table.inner_radius_m(), len(table.count))

    def around(self, latitude: float, longitude: float, radius_m: float) -> list[Place]:
        """Places that a circle touches (WGS-84 degrees, metres), the nearest first."""
        x, y = self.plane.forward(latitude, longitude)
        table = self.index.table
        return [
            Place(table.shapes[near.zone].id, table.place_name(near.zone, near.place), round(near.distance_m, 1))
            for near in self.index.within(float(x), float(y), radius_m)
        ]

    def names(self, latitude: float, longitude: float, radius_m: float) -> str:
        """Names of those places in a text, each once; of many the nearest."""
        names = dict.fromkeys(place.name for place in self.around(latitude, longitude, radius_m))
        return ", ".join(list(names)[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
