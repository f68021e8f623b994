"""Zones of a configuration in the metres of the local plane, buffered; homes are zones named ``home:PERSON``."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from fencing import drawing
from fencing.zones import ZoneShape
from gateway.settings.model import Circle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fencing.plane import LocalPlane
    from fencing.zones import CirclePlace, GeometryPlace
    from gateway.settings.model import Area, Configuration

HOME = "home"


def zone_shapes(configuration: Configuration, plane: LocalPlane) -> list[ZoneShape]:
    """All zones, the officer's first, then the homes; sorted by id within each."""
    people = sorted(configuration.people.values(), key=lambda person: person.person)
    at_home = [(person.person, person.home) for person in people if person.home is not None]
    homes = [(Circle(HOME, home.latitude, home.longitude, home.radius_m), 0.0) for _, home in at_home]
    return officers_zones(configuration, plane) + [
        ZoneShape(home_of(person), HOME, (place,))
        for (person, _), place in zip(at_home, _placed(homes, plane), strict=True)
    ]


def home_of(person: str) -> str:
    """The zone that somebody's home is."""
    return f"{HOME}:{person}"


def officers_zones(configuration: Configuration, plane: LocalPlane) -> list[ZoneShape]:
    """The zones that officers have drawn, sorted by id; no homes."""
    zones = sorted(configuration.zones.values(), key=lambda zone: zone.id)
    placed = iter(_placed([(place, zone.buffer_m) for zone in zones for place in zone.places], plane))
    return [ZoneShape(zone.id, zone.name, tuple(islice(placed, len(zone.places)))) for zone in zones]


def _placed(drawn: Sequence[tuple[Circle | Area, float]], plane: LocalPlane) -> list[CirclePlace | GeometryPlace]:
    """Places with their buffers, in the metres of the plane, in their order."""
    round_ = [(at, place, buffer_m) for at, (place, buffer_m) in enumerate(drawn) if isinstance(place, Circle)]
    flat = [(at, place, buffer_m) for at, (place, buffer_m) in enumerate(drawn) if not isinstance(place, Circle)]
    circles = drawing.circles(
        [place.name for _, place, _ in round_], [place.latitude for _, place, _ in round_],
        [place.longitude for _, place, _ in round_], [place.radius_m + buffer_m for _, place, buffer_m in round_],
        plane,
    )  # fmt: skip
    areas = drawing.areas(
        [place.name for _, place, _ in flat], [place.geometry for _, place, _ in flat],
        [buffer_m for _, _, buffer_m in flat], plane,
    )  # fmt: skip
    found: dict[int, CirclePlace | GeometryPlace] = {at: one for (at, _, _), one in zip(round_, circles, strict=True)}
    found |= {at: one for (at, _, _), one in zip(flat, areas, strict=True)}
    return [found[at] for at in range(len(drawn))]
