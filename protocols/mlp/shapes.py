"""Shapes of a position as centre and accuracy (OMA MLP 3.2, 5.2.2; 3GPP TS 23.032).

One rule for all shapes. Let s be the standard deviation, along the shape's longest axis, of a point uniformly in it
(disc of radius R: R/2; ellipse with semi-axis a: a/2; sector and polygon: their second moments about the centroid).
A normal error of which the share p falls inside a circle has R = k(p) sigma with k(p) = sqrt(-2 ln(1 - p)), Rayleigh's
distribution, so the disc is right with sigma = s * 2 / k(p), and the other shapes are scaled alike.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyproj import Geod

from protocols.errors import PeerFault
from protocols.mlp.coordinates import Place, read_place
from protocols.text import decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.mlp.reading import Reading
    from protocols.mlp.tree import Node

_GEOD = Geod(ellps="WGS84")
_A, _E2 = 6378137.0, 0.00669437999014
"""WGS-84: semi-major axis in metres, first eccentricity squared."""
ASSUMED_PERCENT = 67.0
"""Confidence of an answer that states none."""
_LEAST_PERCENT, _MOST_PERCENT = 10.0, 95.0
"""Beyond these a stated confidence is not believed."""
SOMEWHERE = (4999.0, 5000.0)
"""Radii that mean "somewhere in this cell": nothing was measured, whatever confidence is stated."""
_FARTHEST = 1_000_000.0
"""Metres; more is no accuracy."""
_METRES = {"": 1.0, "meter": 1.0, "metre": 1.0, "meters": 1.0, "m": 1.0, "km": 1000.0, "kilometer": 1000.0}
_LEAST_CORNERS = 3
_MOST_CORNERS = 1000
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Area:
    """A shape's centre, and ``spread_m``: standard deviation of a point uniformly in it; NaN for a bare point."""

    place: Place
    spread_m: float


def read_area(shape: Node, reading: Reading) -> Area:
    """The shape as centre and spread.

    Raises:
        PeerFault: ``mlp_shape``, ``mlp_coordinates``.
    """
    reader = _READERS.get(shape.name)
    if reader is None:
        raise PeerFault("mlp_shape", "the shape is none of those that are read")
    area = reader(shape, reading)
    if area.spread_m > _FARTHEST:
        raise PeerFault("mlp_shape", f"the shape is wider than {_FARTHEST:g} m")
    return area


def find_shape(position: Node) -> Node | None:
    """The first element that is a shape; it stands in ``shape``, in some answers below ``geo_info``."""
    found = (position.find(name) for name in ("shape", "msarea"))
    holder = next((node for node in found if node is not None), None)
    return holder.children[0] if holder is not None and holder.children else None


def sigma_m(area: Area, confidence: float, reading: Reading) -> float:
    """Standard deviation per axis in metres, from the spread and the stated confidence (percent, NaN none)."""
    somewhere = any(math.isclose(2.0 * area.spread_m, radius, abs_tol=0.5) for radius in SOMEWHERE)
    stated = not math.isnan(confidence) and confidence > 0.0 and not somewhere
    percent = min(max(confidence, _LEAST_PERCENT), _MOST_PERCENT) if stated else ASSUMED_PERCENT
    widening = 1.0 if stated else reading.widening
    return area.spread_m * widening * 2.0 / math.sqrt(-2.0 * math.log(1.0 - percent / 100.0))


def _coord(node: Node) -> Node:
    coord = node.find("coord")
    if coord is None:
        raise PeerFault("mlp_shape", "the shape has no coordinates")
    return coord


def _length(node: Node, name: str) -> float:
    unit = _METRES.get(_BLANK.sub("", node.word("distanceunit")).lower())
    value = decimal(node.word(name))
    if unit is None or not 0.0 <= value * unit <= _FARTHEST:
        raise PeerFault("mlp_shape", "a length is missing, out of range, or in an unknown unit")
    return value * unit


def _angle(node: Node, name: str) -> float:
    """Degrees, clockwise from north."""
    value = decimal(node.word(name))
    if math.isnan(value):
        raise PeerFault("mlp_shape", "an angle is missing or no number")
    return math.degrees(value) if node.word("angularunit").lower().startswith("rad") else value


def _point(shape: Node, reading: Reading) -> Area:
    del reading
    return Area(read_place(_coord(shape)), math.nan)


def _circle(shape: Node, reading: Reading) -> Area:
    """A circle; one with semi-axes and no radius is an ellipse that was given the wrong name."""
    if shape.child("radius") is None and shape.child("semimajor") is not None:
        return _ellipse(shape, reading)
    return Area(read_place(_coord(shape)), 0.5 * _length(shape, "radius"))


def _ellipse(shape: Node, reading: Reading) -> Area:
    """The longer semi-axis counts: in no direction is less claimed than was stated."""
    del reading
    return Area(read_place(_coord(shape)), 0.5 * max(_length(shape, "semimajor"), _length(shape, "semiminor")))


def _arc(shape: Node, reading: Reading) -> Area:
    """A ring sector about the mast: centroid and second moments of the sector r1..r2 that opens by t.

    Centroid at 2/3 (r2^3 - r1^3)/(r2^2 - r1^2) sin(t/2)/(t/2) on the middle bearing; with q = (r1^2 + r2^2)/2 the
    variances are q (1/2 + sin t/(2t)) - d^2 along it and q (1/2 - sin t/(2t)) across.
    """
    inner, outer = sorted((_length(shape, "inradius"), _length(shape, "outradius")))
    start, stop = _angle(shape, "startangle"), _angle(shape, "stopangle")
    opening = (stop if reading.stop_angle == "opening" else stop - start) % 360.0 or 360.0
    turn = math.radians(opening)
    mean = outer if inner == outer else 2.0 / 3.0 * (outer**3 - inner**3) / (outer**2 - inner**2)
    distance = mean * math.sin(turn / 2.0) / (turn / 2.0)
    square, twist = (inner**2 + outer**2) / 2.0, math.sin(turn) / (2.0 * turn)
    variance = max(square * (0.5 + twist) - distance**2, square * (0.5 - twist), 0.0)
    mast = read_place(_coord(shape))
    longitude, latitude, _ = _GEOD.fwd(mast.longitude, mast.latitude, (start + opening / 2.0) % 360.0, distance)
    return Area(Place(latitude, longitude), math.sqrt(variance))


def _polygon(shape: Node, reading: Reading) -> Area:
    """A ring less its holes: area, centroid and second moments by Green's theorem."""
    del reading
    outer = shape.child("outerboundaryis")
    rings = [_ring(outer if outer is not None else shape)]
    rings += [_ring(hole) for hole in shape.every("innerboundaryis")]
    return _of_rings(rings)


def _box(shape: Node, reading: Reading) -> Area:
    """Two opposite corners."""
    del reading
    corners = [read_place(coord) for coord in _coords(shape)]
    if len(corners) != 2:  # noqa: PLR2004  a box has two
        raise PeerFault("mlp_shape", "a box has two corners")
    (south, west), (north, east) = corners
    return _of_rings([[Place(south, west), Place(south, east), Place(north, east), Place(north, west)]])


def _coords(node: Node) -> list[Node]:
    """The ``coord`` elements at or below a node."""
    found = [node] if node.name == "coord" else [coord for child in node.children for coord in _coords(child)]
    if len(found) > _MOST_CORNERS:
        raise PeerFault("mlp_shape", f"a shape has at most {_MOST_CORNERS} corners")
    return found


def _ring(node: Node) -> list[Place]:
    places = [read_place(coord) for coord in _coords(node)]
    if len(places) < _LEAST_CORNERS:
        raise PeerFault("mlp_shape", "a ring has three corners at least")
    return places


def _of_rings(rings: Sequence[Sequence[Place]]) -> Area:
    origin = rings[0][0]
    north, east = _metres_per_degree(origin.latitude)
    planes = [[((p.longitude - origin.longitude) * east, (p.latitude - origin.latitude) * north) for p in ring]
              for ring in rings]  # fmt: skip
    if max(abs(value) for plane in planes for point in plane for value in point) > _FARTHEST:
        raise PeerFault("mlp_shape", f"the shape is wider than {_FARTHEST:g} m")
    x, y, spread = _moments(planes)
    return Area(Place(origin.latitude + y / north, origin.longitude + x / east), spread)


def _moments(rings: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float, float]:
    """Centroid and spread of the first ring less the others; of the corners where it has no area."""
    sums = [0.0] * 6
    for number, ring in enumerate(rings):
        own = _ring_sums(ring)
        # Whichever way round it was drawn, the first ring adds and the others take away.
        sign = math.copysign(1.0, own[0]) * (1.0 if number == 0 else -1.0)
        sums = [total + sign * value for total, value in zip(sums, own, strict=True)]
    if sums[0] < 1.0:
        return _corner_moments(rings[0])
    area, sx, sy, sxx, syy, sxy = sums
    x, y = sx / area, sy / area
    return x, y, _longest(sxx / area - x * x, syy / area - y * y, sxy / area - x * y)


def _ring_sums(ring: Sequence[tuple[float, float]]) -> list[float]:
    """Signed integrals of 1, x, y, x^2, y^2 and xy over a ring."""
    sums = [0.0] * 6
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        cross = x0 * y1 - x1 * y0
        terms = (
            1.0 / 2.0, (x0 + x1) / 6.0, (y0 + y1) / 6.0, (x0 * x0 + x0 * x1 + x1 * x1) / 12.0,
            (y0 * y0 + y0 * y1 + y1 * y1) / 12.0, (2.0 * (x0 * y0 + x1 * y1) + x0 * y1 + x1 * y0) / 24.0,
        )  # fmt: skip
        sums = [total + cross * term for total, term in zip(sums, terms, strict=True)]
    return sums


def _corner_moments(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    count = len(ring)
    x, y = sum(p[0] for p in ring) / count, sum(p[1] for p in ring) / count
    xx, yy = sum((p[0] - x) ** 2 for p in ring) / count, sum((p[1] - y) ** 2 for p in ring) / count
    return x, y, _longest(xx, yy, sum((p[0] - x) * (p[1] - y) for p in ring) / count)


def _longest(xx: float, yy: float, xy: float) -> float:
    """Square root of the larger eigenvalue of a symmetric 2 by 2 matrix."""
    value = (xx + yy) / 2.0 + math.hypot((xx - yy) / 2.0, xy)
    return math.sqrt(max(value, 0.0))


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Northward and eastward, from the radii of curvature of the ellipsoid."""
    sine = math.sin(math.radians(latitude))
    w = 1.0 - _E2 * sine * sine
    meridian, normal = _A * (1.0 - _E2) / w**1.5, _A / math.sqrt(w)
    return math.radians(meridian), max(math.radians(normal * math.cos(math.radians(latitude))), 1.0)


_READERS: Mapping[str, Callable[[Node, Reading], Area]] = {
    "point": _point,
    "circulararea": _circle,
    "ellipticalarea": _ellipse,
    "circulararcarea": _arc,
    "polygon": _polygon,
    "box": _box,
}
