"""Whether the coordinates of a GeoJSON geometry are as in RFC 7946, section 3.1, before a shape is made of them."""

from __future__ import annotations

from typing import Any, NamedTuple

_DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""Lists around each position."""
_AXES = 2
_FEWEST_CORNERS, _FEWEST_POINTS = 3, 2
_MOST = 1e300
"""Beyond is infinity, or as good as."""


class Flaw(NamedTuple):
    """What is wrong: a key of the message table, the value, and the index of the corner counted over all rings."""

    key: str
    value: object
    corner: int


class _Flawed(Exception):
    """Ends the walk through the coordinates at the first flaw."""

    def __init__(self, key: str, value: object = "") -> None:
        super().__init__(key)
        self.key, self.value = key, value


class _Walk:
    """Goes through nested coordinates in the order in which they are written, counting corners."""

    def __init__(self, kind: str) -> None:
        self.corners = 0
        self._check = self._check_line if kind.endswith("LineString") else self._check_ring

    def positions(self, depth: int, written: object) -> None:
        if depth == 0:
            self._position(written)
            return
        if not isinstance(written, list) or not written:
            raise _Flawed("geojson_coordinates")
        first = self.corners
        for item in written:
            self.positions(depth - 1, item)
        if depth == 1:
            self._check(written, first)

    def _position(self, written: object) -> None:
        if not isinstance(written, list) or len(written) < _AXES:
            raise _Flawed("geojson_coordinates")
        for number in written:
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                raise _Flawed("geojson_coordinates" if isinstance(number, list) else "geojson_numbers", number)
            if not abs(number) < _MOST:
                raise _Flawed("geojson_finite", number)
        self.corners += 1

    def _check_ring(self, ring: list[list[float]], first: int) -> None:
        key = ""
        if len({tuple(corner[:_AXES]) for corner in ring}) < _FEWEST_CORNERS:
            key = "geojson_coordinates"
        elif ring[0] != ring[-1]:
            key = "geojson_ring_open"
        if key:
            self.corners = first
            raise _Flawed(key)

    def _check_line(self, line: list[list[float]], first: int) -> None:
        if len({tuple(point[:_AXES]) for point in line}) < _FEWEST_POINTS:
            self.corners = first
            raise _Flawed("geojson_line")


def coordinate_flaw(kind: str, coordinates: object) -> Flaw | None:
    """The first flaw of the coordinates of a geometry that may be drawn (axes are judged elsewhere), or None."""
    walk = _Walk(kind)
    try:
        walk.positions(_DEPTH[kind], coordinates)
    except _Flawed as flawed:
        return Flaw(flawed.key, flawed.value, walk.corners)
    return None


def planar(coordinates: list[Any]) -> list[Any]:
    """Flawless coordinates without heights, all of them floats."""
    if isinstance(coordinates[0], list):
        return [planar(each) for each in coordinates]
    return [float(number) for number in coordinates[:_AXES]]
