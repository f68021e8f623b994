"""A zone of the configuration as the shapes of a fence order: WGS-84, buffered, numbered the same for ever."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import shapely

from fencing.plane import LocalPlane
from fencing.zones import CirclePlace
from gateway.engine import zone_shapes
from gateway.errors import UserFault
from gateway.words.phrases import phrase
from protocols.order import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from fencing.zones import GeometryPlace
    from gateway.settings.model import Configuration

MOST_CORNERS = 2000
"""Of all places of a zone together: more than any device holds."""
DECIMALS = 6
"""Of a degree: a tenth of a metre."""


def shapes_of(configuration: Configuration, zone: str) -> tuple[Shape, ...]:
    """The places of a zone (``home:PERSON`` is a person's home): circles stay circles, polygons become outer rings.

    Raises:
        UserFault: there is no such zone, one of its polygons has a hole, or it has too many corners.
    """
    plane = LocalPlane(*configuration.county.centre)
    known = {shape.id: shape for shape in zone_shapes(configuration, plane)}
    if zone not in known:
        raise UserFault(phrase("zone_unknown", value=zone, allowed=", ".join(sorted(known)) or "-"))
    outlines = [outline for place in known[zone].places for outline in _outlines(zone, place, plane)]
    if sum(len(points) for _, points, _ in outlines) > MOST_CORNERS:
        raise UserFault(phrase("zone_corners", value=zone, most=MOST_CORNERS))
    return tuple(
        Shape(number_of(zone, index), name, points, radius) for index, (name, points, radius) in enumerate(outlines)
    )


def number_of(zone: str, index: int) -> int:
    """Number of a zone's n-th place on a device, 1 .. 2^32 - 1: the same for ever, whatever else is configured."""
    digest = hashlib.sha256(f"{zone}\n{index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") or 1


_Outline = tuple[str, tuple[tuple[float, float], ...], float]
"""Name, points (latitude, longitude), radius in metres."""


def _outlines(zone: str, place: CirclePlace | GeometryPlace, plane: LocalPlane) -> Iterator[_Outline]:
    if isinstance(place, CirclePlace):
        yield place.name, _degrees(np.array([[place.x, place.y]]), plane), place.radius
        return
    for part in shapely.get_parts(place.geometry):
        if shapely.get_num_interior_rings(part):
            raise UserFault(phrase("zone_hole", value=zone, name=place.name))
        yield place.name, _degrees(shapely.get_coordinates(shapely.get_exterior_ring(part))[:-1], plane), 0.0


def _degrees(metres: NDArray[np.float64], plane: LocalPlane) -> tuple[tuple[float, float], ...]:
    latitude, longitude = plane.inverse(metres[:, 0], metres[:, 1])
    return tuple(
        (round(float(lat), DECIMALS), round(float(lon), DECIMALS)) for lat, lon in zip(latitude, longitude, strict=True)
    )
