"""Loops over points and zones: what needs no geometry is measured here, what does is listed for whoever has it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.boxes import STACK, meeting
from fencing.clearance import NEAR, square_of
from formulas.formula import Loop, Record, formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Listed = tuple[Ints, Ints, Floats]

PLACE: Final = np.dtype([
    ("west", "f8"), ("south", "f8"), ("east", "f8"), ("north", "f8"), ("radius", "f8"), ("x", "f8"), ("y", "f8"),
    ("squares", "i8"),
])  # fmt: skip
"""A place: its box; of a circle radius and centre, else NaN; where its squares begin (``clearance``)."""
ZONE: Final = np.dtype([("first", "i8"), ("count", "i8"), ("root", "i8")])
"""A zone: its places, and its tree (``boxes``)."""
SHORT: Final = 64
"""Places that are found at once, before there is more room for them."""
ASKED: Final = math.inf
"""Of a place that is to be measured."""


@formula
def is_within(place: Record, x: float, y: float, reach: float) -> bool:
    """Whether a point lies within reach of a place's box."""
    across = x >= place.west - reach and x <= place.east + reach
    return bool(across and y >= place.south - reach and y <= place.north + reach)


@formula
def to_place(place: Record, bound: Floats, x: float, y: float, reach: float) -> float:
    """Signed distance of a point to a place, clamped to its reach; ASKED where only its outline tells."""
    if math.isnan(x + y):
        return math.nan
    if not is_within(place, x, y, reach):
        return -reach
    if not math.isnan(place.radius):
        dx, dy = x - place.x, y - place.y
        return float(min(max(place.radius - math.sqrt(dx * dx + dy * dy), -reach), reach))
    square = square_of(place.squares, place.west, place.south, place.east, place.north, x, y)
    if square >= 0 and abs(bound[square]) > reach:
        return reach if bound[square] > 0.0 else -reach
    return ASKED


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
    end: Ints, bound: Floats, inside: NDArray[np.bool_],
) -> tuple[Ints, Ints]:  # fmt: skip
    """Which points lie in their zones; (row, place) of which only the outline tells."""
    stack, found = np.empty(STACK, np.int64), np.empty(SHORT, np.int64)
    rows, listed, count = np.empty(SHORT, np.int64), np.empty(SHORT, np.int64), 0
    for row in range(len(zone)):
        number = -1
        while number < 0:
            number = places_of(zones[zone[row]], sides, begin, end, x[row], y[row], 0.0, stack, found)
            if number < 0:
                found = np.empty(2 * len(found), np.int64)
        while count + number > len(rows):
            rows, listed = np.append(rows, rows), np.append(listed, listed)
        for at in range(number):
            side = lies_in(places[found[at]], bound, x[row], y[row])
            if side > 0:
                inside[row] = True
            elif side == 0:
                rows[count], listed[count] = row, found[at]
                count += 1
    return rows[:count], listed[:count]


@formula
def lies_in(place: Record, bound: Floats, x: float, y: float) -> int:
    """1 where a point lies in a place, and not on its boundary; -1 where not; 0 where only the outline tells."""
    if not is_within(place, x, y, 0.0):
        return -1
    if not math.isnan(place.radius):
        dx, dy = x - place.x, y - place.y
        return 1 if math.sqrt(dx * dx + dy * dy) < place.radius else -1
    square = square_of(place.squares, place.west, place.south, place.east, place.north, x, y)
    if square >= 0 and abs(bound[square]) > NEAR:
        return 1 if bound[square] > 0.0 else -1
    return 0


@Loop
def measure(  # noqa: PLR0913, PLR0917  columns
    zone: Ints, x: Floats, y: Floats, reach: Floats, zones: NDArray[np.void], places: NDArray[np.void], sides: Floats,
    begin: Ints, end: Ints, bound: Floats, distance: Floats, chosen: Ints,
) -> Listed:  # fmt: skip
    """Distance and deciding place of each row; of rows that need geometry all (row, place, distance or ASKED)."""
    stack, found = np.empty(STACK, np.int64), np.empty(SHORT, np.int64)
    rows, listed, each, count = np.empty(SHORT, np.int64), np.empty(SHORT, np.int64), np.empty(SHORT), 0
    for row in range(len(zone)):
        number = -1
        while number < 0:
            number = places_of(zones[zone[row]], sides, begin, end, x[row], y[row], reach[row], stack, found)
            if number < 0:
                found = np.empty(2 * len(found), np.int64)
        while count + number > len(rows):
            rows, listed = np.append(rows, rows), np.append(listed, listed)
            each = np.append(each, each)
        is_asked = False
        for at in range(number):
            rows[count + at], listed[count + at] = row, found[at]
            each[count + at] = to_place(places[found[at]], bound, x[row], y[row], reach[row])
            is_asked = is_asked or each[count + at] == ASKED
        if is_asked:
            count += number
        else:
            nowhere = math.nan if math.isnan(x[row] + y[row]) else -reach[row]
            deepest = decide(each, count, count + number)
            distance[row] = nowhere if deepest < 0 else each[deepest]
            chosen[row] = 0 if deepest < 0 else listed[deepest] - zones[zone[row]].first
    return rows[:count], listed[:count], each[:count]


@formula
def decide(each: Floats, begin: int, end: int) -> int:
    """Which of several places decides: the first of the deepest; -1: there is none. NaN decides before all."""
    deepest = -1
    for at in range(begin, end):
        if math.isnan(each[at]):
            return at
        if deepest < 0 or each[at] > each[deepest]:
            deepest = at
    return deepest


@Loop
def settle(  # noqa: PLR0913, PLR0917  columns
    rows: Ints, listed: Ints, each: Floats, zone: Ints, zones: NDArray[np.void], distance: Floats, chosen: Ints
) -> None:
    """The rows that were listed, once all their places are measured."""
    begin = 0
    while begin < len(rows):
        end = begin
        while end < len(rows) and rows[end] == rows[begin]:
            end += 1
        deepest = decide(each, begin, end)
        distance[rows[begin]], chosen[rows[begin]] = each[deepest], listed[deepest] - zones[zone[rows[begin]]].first
        begin = end
