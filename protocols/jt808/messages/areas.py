"""Areas and routes on the device (section 8; 2019 adds names, a night speed, and 8608/0608).

Coordinates are 1e-6 degree without sign; attribute bits 6 (south) and 7 (west) give it. Times are BCD[6] in GMT+8,
``00-00-00-HH-MM-SS`` means every day. ``[t]`` only with attribute bit 0, ``[s]`` only with bit 1.

8600: setting BYTE (0 replace all, 1 add, 2 modify), count BYTE (2011: in all, then in this packet BYTE), {id DWORD,
attribute WORD, latitude, longitude, radius m DWORD, [t] start, end, [s] maximum km/h WORD, seconds BYTE, 2019: [s]
night maximum WORD, name with length WORD}*. 8602: the same with two corners (upper left, lower right) and no radius.
8604, one a message: id DWORD, attribute WORD, [t], [s], vertices WORD (2011: in all WORD, in this packet BYTE),
{latitude, longitude}*, 2019: [s] night maximum WORD, name with length WORD.
8606: id DWORD, attribute WORD, [t], points WORD (2011: in all WORD, in this packet BYTE), points; 2019: name.
8601 8603 8605 8607: count BYTE (0 = all of the kind), ids DWORD*. 8608: kind BYTE, count DWORD (0 = all), ids DWORD*.
0608: kind BYTE, count DWORD, data.
"""

from __future__ import annotations

from typing import Any

from construct import Bytes, GreedyBytes, If, Int8ub, Int16ub, Int32ub, Prefixed, PrefixedArray, Struct, this

TIMED, SPEED_LIMITED, ENTERING_TOLD, LEAVING_TOLD, SOUTH, WEST = 1 << 0, 1 << 1, 1 << 3, 1 << 5, 1 << 6, 1 << 7
"""Bits of an area's attribute; entering and leaving are told to the platform."""
SECTION_TIMED, SECTION_LIMITED = 1 << 0, 1 << 1

_NAME = "name" / Prefixed(Int16ub, GreedyBytes)
_TIMES = (
    "start" / If(this.attribute & TIMED, Bytes(6)),
    "end" / If(this.attribute & TIMED, Bytes(6)),
)
_SPEED = (
    "speed_kmh" / If(this.attribute & SPEED_LIMITED, Int16ub),
    "speed_s" / If(this.attribute & SPEED_LIMITED, Int8ub),
)
_SINCE_2019 = ("night_kmh" / If(this.attribute & SPEED_LIMITED, Int16ub), _NAME)
_CIRCLE = ("latitude" / Int32ub, "longitude" / Int32ub, "radius_m" / Int32ub)
_RECTANGLE = ("top" / Int32ub, "left" / Int32ub, "bottom" / Int32ub, "right" / Int32ub)
_VERTEX = Struct("latitude" / Int32ub, "longitude" / Int32ub)


def _list(place: tuple[Any, ...], *, in_all: bool = False, since_2019: bool = False) -> Any:  # noqa: ANN401  # construct ships no types
    tail = _SINCE_2019 if since_2019 else ()
    area = Struct("id" / Int32ub, "attribute" / Int16ub, *place, *_TIMES, *_SPEED, *tail)
    total = ("total" / Int8ub,) if in_all else ()
    return Struct("setting" / Int8ub, *total, "areas" / PrefixedArray(Int8ub, area))


def _polygon(vertices: tuple[Any, ...], tail: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401  # construct ships no types
    return Struct("id" / Int32ub, "attribute" / Int16ub, *_TIMES, *_SPEED, *vertices, *tail)


CIRCLES, CIRCLES_2011, CIRCLES_2019 = _list(_CIRCLE), _list(_CIRCLE, in_all=True), _list(_CIRCLE, since_2019=True)
RECTANGLES = _list(_RECTANGLE)
RECTANGLES_2011, RECTANGLES_2019 = _list(_RECTANGLE, in_all=True), _list(_RECTANGLE, since_2019=True)
_VERTICES = ("vertices" / PrefixedArray(Int16ub, _VERTEX),)
POLYGON = _polygon(_VERTICES)
POLYGON_2011 = _polygon(("total" / Int16ub, "vertices" / PrefixedArray(Int8ub, _VERTEX)))
POLYGON_2019 = _polygon(_VERTICES, _SINCE_2019)


def _point(*tail: Any) -> Any:  # noqa: ANN401  # construct ships no types
    return Struct(
        "point" / Int32ub,
        "section" / Int32ub,
        "latitude" / Int32ub,
        "longitude" / Int32ub,
        "width_m" / Int8ub,
        "flags" / Int8ub,
        "longest_s" / If(this.flags & SECTION_TIMED, Int16ub),
        "shortest_s" / If(this.flags & SECTION_TIMED, Int16ub),
        "speed_kmh" / If(this.flags & SECTION_LIMITED, Int16ub),
        "speed_s" / If(this.flags & SECTION_LIMITED, Int8ub),
        *tail,
    )


_ROUTE = ("id" / Int32ub, "attribute" / Int16ub, *_TIMES)
_NIGHT = "night_kmh" / If(this.flags & SECTION_LIMITED, Int16ub)
_POINT_2011 = Struct(
    "section" / Int32ub,
    "latitude" / Int32ub,
    "longitude" / Int32ub,
    "width_m" / Int8ub,
    "flags" / Int8ub,
    "time_s" / Int16ub,
    "speed_kmh" / Int16ub,
    "speed_s" / Int8ub,
)
ROUTE = Struct(*_ROUTE, "points" / PrefixedArray(Int16ub, _point()))
ROUTE_2011 = Struct(*_ROUTE, "total" / Int16ub, "points" / PrefixedArray(Int8ub, _POINT_2011))
ROUTE_2019 = Struct(*_ROUTE, "points" / PrefixedArray(Int16ub, _point(_NIGHT)), _NAME)

DELETION = Struct("ids" / PrefixedArray(Int8ub, Int32ub))
AREA_QUERY = Struct("kind" / Int8ub, "ids" / PrefixedArray(Int32ub, Int32ub))
AREAS = Struct("kind" / Int8ub, "count" / Int32ub, "data" / GreedyBytes)
"""The data are in the shape of the setting message; whether its setting and count are repeated is not clear."""
