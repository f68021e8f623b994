"""Fences that the platform has put on the bracelet (8600-8605), and whether a place is where it should not be.

Layouts: JT/T 808, tables of chapter 8.37 to 8.42 (2013), through the wire schemas. Times of day and speeds of a fence
are kept with it and not acted upon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from firmware_sim.firmware.messages import Message
from protocols.jt808.messages.areas import DELETION, ENTERING_TOLD, LEAVING_TOLD, SOUTH, WEST

Degrees = tuple[float, float]
"""Latitude and longitude."""
_PER_DEGREE = 1_000_000
_METRES_PER_DEGREE = 111_195.0
_REPLACE = 0
KIND_OF = {
    Message.SET_CIRCLES: "circle", Message.SET_RECTANGLES: "rectangle", Message.SET_POLYGON: "polygon",
    Message.DELETE_CIRCLES: "circle", Message.DELETE_RECTANGLES: "rectangle", Message.DELETE_POLYGONS: "polygon",
}  # fmt: skip


class Fence(NamedTuple):
    """One fence: its attribute bits, its corners (of a circle the centre), and a circle's radius in metres."""

    attribute: int
    corners: tuple[Degrees, ...]
    radius_m: float = 0.0

    def holds(self, place: Degrees) -> bool:
        """Whether a place lies in it."""
        if len(self.corners) == 1:
            return _metres(self.corners[0], place) <= self.radius_m
        inside = False
        for (y0, x0), (y1, x1) in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True):
            if (y0 > place[0]) != (y1 > place[0]) and place[1] < x0 + (place[0] - y0) / (y1 - y0) * (x1 - x0):
                inside = not inside
        return inside


@dataclass(slots=True)
class Fences:
    """What the bracelet has, by kind and number."""

    kept: dict[tuple[str, int], Fence] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kept)

    def put(self, message: int, told: Any) -> None:  # noqa: ANN401  # construct ships no types
        """Keep the fences of a parsed setting; one that replaces takes the place of all of its kind."""
        kind = KIND_OF[Message(message)]
        if told.get("setting") == _REPLACE:
            self._remove(kind, [])
        for area in told.get("areas", [told]):
            self.kept[kind, area.id] = _READERS[kind](area)

    def delete(self, message: int, body: bytes) -> None:
        """8601, 8603, 8605: some numbers of a kind; none means all.

        Raises:
            ConstructError: the body is too short.
        """
        self._remove(KIND_OF[Message(message)], DELETION.parse(body).ids)

    def are_broken(self, place: Degrees) -> bool:
        """Whether a place is outside all fences that tell of leaving, or in one that tells of entering alone."""
        kept = self.kept.values()
        to_stay_in = [fence for fence in kept if fence.attribute & LEAVING_TOLD]
        barred = [fence for fence in kept if fence.attribute & (LEAVING_TOLD | ENTERING_TOLD) == ENTERING_TOLD]
        left = bool(to_stay_in) and not any(fence.holds(place) for fence in to_stay_in)
        return left or any(fence.holds(place) for fence in barred)

    def _remove(self, kind: str, numbers: list[int]) -> None:
        wanted = {(kind, number) for number in numbers} or {key for key in self.kept if key[0] == kind}
        for key in wanted & self.kept.keys():
            del self.kept[key]


def _circle(area: Any) -> Fence:  # noqa: ANN401  # construct ships no types
    return Fence(area.attribute, (_degrees(area.attribute, area.latitude, area.longitude),), float(area.radius_m))


def _rectangle(area: Any) -> Fence:  # noqa: ANN401  # construct ships no types
    corners = ((area.top, area.left), (area.top, area.right), (area.bottom, area.right), (area.bottom, area.left))
    return Fence(area.attribute, tuple(_degrees(area.attribute, *corner) for corner in corners))


def _polygon(area: Any) -> Fence:  # noqa: ANN401  # construct ships no types
    corners = tuple(_degrees(area.attribute, corner.latitude, corner.longitude) for corner in area.vertices)
    return Fence(area.attribute, corners)


_READERS = {"circle": _circle, "rectangle": _rectangle, "polygon": _polygon}


def _degrees(attribute: int, latitude: int, longitude: int) -> Degrees:
    """Millionths of a degree without sign, which the attribute gives."""
    signs = (-1 if attribute & SOUTH else 1, -1 if attribute & WEST else 1)
    return signs[0] * latitude / _PER_DEGREE, signs[1] * longitude / _PER_DEGREE


def _metres(centre: Degrees, place: Degrees) -> float:
    """Distance of two near places, as if the ground were flat there."""
    north = place[0] - centre[0]
    east = (place[1] - centre[1]) * math.cos(math.radians(centre[0]))
    return math.hypot(north, east) * _METRES_PER_DEGREE
