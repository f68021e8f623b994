"""Zones of a configuration in the metres of the local plane, buffered; homes are zones named ``home:PERSON``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from fencing.zones import CirclePlace, GeometryPlace, ZoneShape
from gateway.settings.model import Area, Circle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fencing.plane import LocalPlane
    from gateway.settings.model import Configuration

HOME = "home"


def zone_shapes(configuration: Configuration, plane: LocalPlane) -> list[ZoneShape]:
    """All zones, the officer's first, then the homes; sorted by id within each."""
    zones = [
        ZoneShape(zone.id, zone.name, tuple(_place(place, zone.buffer_m, plane) for place in zone.places))
        for zone in sorted(configuration.zones.values(), key=lambda zone: zone.id)
    ]
    for person in sorted(configuration.people.values(), key=lambda person: person.person):
        if person.home is not None:
            home = Circle(HOME, person.home.latitude, person.home.longitude, person.home.radius_m)
            zones.append(ZoneShape(f"{HOME}:{person.person}", HOME, (_place(home, 0.0, plane),)))
    return zones


def _place(place: Circle | Area, buffer_m: float, plane: LocalPlane) -> CirclePlace | GeometryPlace:
    if isinstance(place, Circle):
        x, y = plane.forward(place.latitude, place.longitude)
        return CirclePlace(place.name, float(x), float(y), place.radius_m + buffer_m)

    def to_plane(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = plane.forward(degrees[:, 1], degrees[:, 0])
        metres = degrees.copy()
        metres[:, 0], metres[:, 1] = x, y
        return metres

    geometry = shapely.transform(place.geometry, to_plane)
    return GeometryPlace(place.name, geometry.buffer(buffer_m) if buffer_m else geometry)
