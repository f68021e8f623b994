"""Loops over points and zones: how deep each point lies in its zone, by which place, and whether it lies in one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.boxes import STACK, meeting
from fencing.outlines import is_inside, nearest, to_outline
from formulas.formula import Loop, Record, formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fencing.outlines import Trees

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PLACE: Final = np.dtype([
    ("west", "f8"), ("south", "f8"), ("east", "f8"), ("north", "f8"), ("radius", "f8"), ("x", "f8"), ("y", "f8"),
])  # fmt: skip
"""A place: its box; of a circle radius and centre, else NaN."""
ZONE: Final = np.dtype([("first", "i8"), ("count", "i8"), ("root", "i8")])
"""A zone: its places, and its tree (``boxes``)."""
SHORT: Final = 64
"""Places that are found at once, before there is more room for them."""
LEAST: Final = 1e-300
"""Square of a distance: what is no nearer than this to an outline does not lie on it."""


@formula
def is_within(place: Record, x: float, y: float, reach: float) -> bool:
    """Whether a point lies within reach of a place's box."""
    across = x >= place.west - reach and x <= place.east + reach
    return bool(across and y >= place.south - reach and y <= place.north + reach)


@formula
def to_place(places: NDArray[np.void], trees: Trees, at: int, x: float, y: float, reach: float, stack: Ints) -> float:  # noqa: PLR0913, PLR0917  a place and a point
    """Signed distance of a point to a place, clamped to its reach."""
    place = places[at]
    if math.isnan(x + y):
        return math.nan
    if not is_within(place, x, y, reach):
        return -reach
    if math.isnan(place.radius):
        return to_outline(trees, at, x, y, reach, stack)
    dx, dy = x - place.x, y - place.y
    return float(min(max(place.radius - math.sqrt(dx * dx + dy * dy), -reach), reach))


@formula
def lies_in(places: NDArray[np.void], trees: Trees, at: int, x: float, y: float, stack: Ints) -> bool:
    """Whether a point lies in a place, and not on its boundary."""
    place = places[at]
    if not is_within(place, x, y, 0.0):
        return False
    if math.isnan(place.radius):
        return is_inside(trees, at, x, y, stack) and nearest(trees, at, x, y, LEAST, stack) > 0.0
    dx, dy = x - place.x, y - place.y
    return bool(math.sqrt(dx * dx + dy * dy) < place.radius)


@formula
def places_of(  # noqa: PLR0913, PLR0917  a zone, its tree and a box
    zone: Record, sides: Floats, begin: Ints, end: Ints, x: float, y: float, reach: float, stack: Ints, found: Ints
) -> int:
    """Places worth measuring, ascending: all of a small zone, the near ones of a large one; -1: there is no room."""
    if zone.root >= 0:
        return meeting(sides, begin, end, zone.root, x - reach, y - reach, x + reach, y + reach, stack, found)
    if zone.count > len(found):
        return -1
    for at in range(zone.count):
        found[at] = zone.first + at
    return int(zone.count)


@Loop
def find_inside(  # noqa: PLR0913, PLR0917  columns
    zone: Ints, x: Floats, y: Floats, zones: NDArray[np.void], places: NDArray[np.void], sides: Floats, begin: Ints,
    end: Ints, trees: Trees, inside: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Which points lie in their zones."""
    stack, found = np.empty(STACK, np.int64), np.empty(SHORT, np.int64)
    for row in range(len(zone)):
        number = -1
        while number < 0:
            number = places_of(zones[zone[row]], sides, begin, end, x[row], y[row], 0.0, stack, found)
            if number < 0:
                found = np.empty(2 * len(found), np.int64)
        for at in range(number):
            if lies_in(places, trees, found[at], x[row], y[row], stack):
                inside[row] = True
                break


@Loop
def measure(  # noqa: PLR0913, PLR0917  columns
    zone: Ints, x: Floats, y: Floats, reach: Floats, zones: NDArray[np.void], places: NDArray[np.void], sides: Floats,
    begin: Ints, end: Ints, trees: Trees, distance: Floats, chosen: Ints,
) -> None:  # fmt: skip
    """Distance and deciding place of each row."""
    stack, found = np.empty(STACK, np.int64), np.empty(SHORT, np.int64)
    for row in range(len(zone)):
        number = -1
        while number < 0:
            number = places_of(zones[zone[row]], sides, begin, end, x[row], y[row], reach[row], stack, found)
            if number < 0:
                found = np.empty(2 * len(found), np.int64)
        # Where no place is within reach.
        deepest, chosen[row] = math.nan if math.isnan(x[row] + y[row]) else -reach[row], 0
        for at in range(number):
            each = to_place(places, trees, found[at], x[row], y[row], reach[row], stack)
            # Of several as deep the first decides; what is not known decides before all.
            if at == 0 or each > deepest:
                deepest, chosen[row] = each, found[at] - zones[zone[row]].first
        distance[row] = deepest
