"""Zones of a configuration in the metres of the local plane, buffered; homes are zones named ``home:PERSON``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fencing import drawing
from fencing.zones import ZoneShape
from gateway.settings.model import Circle

if TYPE_CHECKING:
    from fencing.plane import LocalPlane
    from fencing.zones import CirclePlace, GeometryPlace
    from gateway.settings.model import Area, Configuration

HOME = "home"


def zone_shapes(configuration: Configuration, plane: LocalPlane) -> list[ZoneShape]:
    """All zones, the officer's first, then the homes; sorted by id within each."""
    zones = officers_zones(configuration, plane)
    for person in sorted(configuration.people.values(), key=lambda person: person.person):
        if person.home is not None:
            home = Circle(HOME, person.home.latitude, person.home.longitude, person.home.radius_m)
            zones.append(ZoneShape(f"{HOME}:{person.person}", HOME, (_place(home, 0.0, plane),)))
    return zones


def officers_zones(configuration: Configuration, plane: LocalPlane) -> list[ZoneShape]:
    """The zones that officers have drawn, sorted by id; no homes."""
    return [
        ZoneShape(zone.id, zone.name, tuple(_place(place, zone.buffer_m, plane) for place in zone.places))
        for zone in sorted(configuration.zones.values(), key=lambda zone: zone.id)
    ]


def _place(place: Circle | Area, buffer_m: float, plane: LocalPlane) -> CirclePlace | GeometryPlace:
    if isinstance(place, Circle):
        return drawing.circle(place.name, place.latitude, place.longitude, place.radius_m + buffer_m, plane)
    return drawing.area(place.name, place.geometry, buffer_m, plane)
