"""Fences on the device from the places of an order (8600, 8602, 8604), and their removal (8601, 8603, 8605, 8607)."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.messages import MESSAGES, Edition
from protocols.jt808.messages.areas import ENTERING_TOLD, LEAVING_TOLD, SOUTH, SPEED_LIMITED, TIMED, WEST
from protocols.jt808.orders.row import Row, Words, choice
from protocols.jt808.parameters import gbk, number_in
from protocols.order import OrderForm

if TYPE_CHECKING:
    from protocols.order import Order, Shape

_CIRCLES, _RECTANGLES, _POLYGON = 0x8600, 0x8602, 0x8604
_DELETIONS = {"circle": 0x8601, "rectangle": 0x8603, "polygon": 0x8605, "route": 0x8607}
_ALL = "all"
_MODES = {"add": 1, "modify": 2, "replace": 0}
_TOLD = {"both": ENTERING_TOLD | LEAVING_TOLD, "in": ENTERING_TOLD, "out": LEAVING_TOLD, "none": 0}
_YES = {"no": 0, "yes": 1}
_LARGEST_NUMBER = 0xFFFFFFFF
_MOST_DELETED = 125
_MOST_LISTED = 20
"""Circles or rectangles in one message: so many fit into one frame with a name each."""
_LONGEST_NAME = 30
_CORNERS = 4
_RING = 3
_DAILY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_MOST_VERTICES_2011 = 255


def _fence(order: Order, edition: Edition) -> tuple[Words, ...]:
    """One message for the circles (of a few each), one for the rectangles, one for every polygon."""
    if not order.shapes:
        raise OrderFault("fence: no place is given; name a zone of the configuration")
    mode, rules = choice(order, "mode", _MODES, "add"), _rules(order, edition)
    as_rectangles = choice(order, "rectangle", _YES, "no") == 1
    circles = [_circle(one, rules) for one in order.shapes if one.radius_m > 0]
    rings = [one for one in order.shapes if one.radius_m <= 0]
    messages = _lists(_CIRCLES, circles, mode, edition)
    if as_rectangles:
        messages += _lists(_RECTANGLES, [_rectangle(one, rules) for one in rings], mode, edition)
    else:
        if rings and mode == _MODES["replace"]:
            # Polygons come one a message, without a setting of their own.
            messages.append(Words(_DELETIONS["polygon"], b"\0"))
        messages += [_polygon(one, rules, edition) for one in rings]
    return tuple(messages)


def _rules(order: Order, edition: Edition) -> dict[str, object]:
    """What all places of the order have in common: attribute bits, times, speeds."""
    rules: dict[str, object] = dict.fromkeys(("start", "end", "speed_kmh", "speed_s", "night_kmh"))
    attribute = choice(order, "alarm", _TOLD, "both")
    if ("start" in order.values) != ("end" in order.values):
        raise OrderFault("fence: start and end are given together, as HH:MM every day")
    if "start" in order.values:
        attribute |= TIMED
        rules |= {"start": _daily(order.values["start"]), "end": _daily(order.values["end"])}
    if "speed_kmh" in order.values:
        attribute |= SPEED_LIMITED
        speed = number_in("speed_kmh", order.values["speed_kmh"], 1, 0xFFFF)
        rules |= {
            "speed_kmh": speed,
            "speed_s": number_in("speed_seconds", order.values.get("speed_seconds", "10"), 0, 255),
            "night_kmh": number_in("night_kmh", order.values.get("night_kmh", str(speed)), 1, 0xFFFF),
        }
    elif {"speed_seconds", "night_kmh"} & set(order.values):
        raise OrderFault("fence: speed_seconds and night_kmh belong to speed_kmh")
    if "night_kmh" in order.values and edition is not Edition.E2019:
        raise OrderFault(f"fence: night_kmh is of 2019; the device speaks {edition.value}")
    return rules | {"attribute": attribute}


def _daily(text: str) -> bytes:
    """BCD[6] of a time of day that holds every day: the date is zero."""
    found = _DAILY.fullmatch(text.strip())
    if found is None:
        raise OrderFault(f"fence: {text!r} is no time of day; write HH:MM")
    return bytes(3) + bytes.fromhex("".join(part.zfill(2) for part in (found[1], found[2], found[3] or "0")))


def _area(shape: Shape, rules: dict[str, object]) -> dict[str, object]:
    """Number, name, and the attribute with the hemispheres of all its points."""
    if not 1 <= shape.number <= _LARGEST_NUMBER:
        raise OrderFault(f"fence: {shape.name!r} has the number {shape.number}; 1 to {_LARGEST_NUMBER} are possible")
    for latitude, longitude in shape.points:
        if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):  # noqa: PLR2004  # the globe
            raise OrderFault(f"fence: {shape.name!r} has a point off the globe")
    south, west = ({value < 0 for value in column if value} for column in zip(*shape.points, strict=True))
    if len(south) > 1 or len(west) > 1:
        raise OrderFault(f"fence: {shape.name!r} crosses the equator or a zero meridian; a device's fence cannot")
    attribute = rules["attribute"] if isinstance(rules["attribute"], int) else 0
    attribute |= (SOUTH if True in south else 0) | (WEST if True in west else 0)
    return {**rules, "id": shape.number, "attribute": attribute, "name": _name(shape.name)}


def _name(text: str) -> bytes:
    """In GBK, cut to what a display shows; between characters."""
    while len(name := gbk(text)) > _LONGEST_NAME:
        text = text[:-1]
    return name


def _circle(shape: Shape, rules: dict[str, object]) -> dict[str, object]:
    if len(shape.points) != 1 or not 1 <= round(shape.radius_m) <= _LARGEST_NUMBER:
        raise OrderFault(f"fence: {shape.name!r} is no circle: one centre and a radius of at least 1 m are wanted")
    latitude, longitude = _degrees(*shape.points[0])
    return {
        **_area(shape, rules), "latitude": latitude, "longitude": longitude, "radius_m": round(shape.radius_m),
    }  # fmt: skip


def _rectangle(shape: Shape, rules: dict[str, object]) -> dict[str, object]:
    latitudes, longitudes = ({value[axis] for value in shape.points} for axis in (0, 1))
    if len(shape.points) != _CORNERS or len(latitudes) != 2 or len(longitudes) != 2:  # noqa: PLR2004  # sides
        raise OrderFault(f"fence: {shape.name!r} is no rectangle along the meridians; leave rectangle out")
    area = _area(shape, rules)
    top, left = _degrees(max(latitudes), min(longitudes))
    bottom, right = _degrees(min(latitudes), max(longitudes))
    return {**area, "top": top, "left": left, "bottom": bottom, "right": right}


def _polygon(shape: Shape, rules: dict[str, object], edition: Edition) -> Words:
    if len(shape.points) < _RING:
        raise OrderFault(f"fence: {shape.name!r} has {len(shape.points)} corners, at least {_RING} are wanted")
    if edition is Edition.E2011 and len(shape.points) > _MOST_VERTICES_2011:
        raise OrderFault(f"fence: {shape.name!r} has more than {_MOST_VERTICES_2011} corners, too many for 2011")
    corners = [_degrees(*point) for point in shape.points]
    vertices = [{"latitude": latitude, "longitude": longitude} for latitude, longitude in corners]
    area = {**_area(shape, rules), "total": len(vertices), "vertices": vertices}
    return Words(_POLYGON, MESSAGES[_POLYGON].schema_of(edition).build(area))


def _lists(message: int, areas: list[dict[str, object]], setting: int, edition: Edition) -> list[Words]:
    """Circles or rectangles, a few a message."""
    schema, words = MESSAGES[message].schema_of(edition), []
    for first in range(0, len(areas), _MOST_LISTED):
        part = areas[first : first + _MOST_LISTED]
        words.append(Words(message, schema.build({"setting": setting, "total": len(part), "areas": part})))
        setting = setting or _MODES["add"]
    return words


def _degrees(latitude: float, longitude: float) -> tuple[int, int]:
    """Millionths of a degree without sign: the attribute has it."""
    return round(abs(latitude) * 1_000_000), round(abs(longitude) * 1_000_000)


def _delete(order: Order, _edition: Edition) -> tuple[Words, ...]:
    kind = order.values["kind"].strip()
    if kind not in (*_DELETIONS, _ALL):
        raise OrderFault(f"fence_delete: kind {kind!r} is none of {', '.join((*_DELETIONS, _ALL))}")
    numbers = [
        number_in("numbers", one, 1, _LARGEST_NUMBER) for one in order.values.get("numbers", "").split(",") if one
    ]
    if kind == _ALL and numbers:
        raise OrderFault("fence_delete: numbers belong to one kind; kind=all deletes every fence and route")
    if len(numbers) > _MOST_DELETED:
        raise OrderFault(f"fence_delete: at most {_MOST_DELETED} numbers at a time")
    messages = _DELETIONS.values() if kind == _ALL else (_DELETIONS[kind],)
    body = struct.pack(f">B{len(numbers)}I", len(numbers), *numbers)
    return tuple(Words(message, body) for message in messages)


ROWS = {
    "fence": Row(
        OrderForm(
            "Put a zone's places on the device: alarm is both, in, out or none; mode is add, modify or replace (all of"
            " the same kind); start and end (HH:MM) limit it to a time of day, speed_kmh limits the speed in it;"
            " rectangle=yes sends rectangles as such.",
            (),
            ("zone", "alarm", "mode", "start", "end", "speed_kmh", "speed_seconds", "night_kmh", "rectangle"),
        ),
        _fence,
        takes_shapes=True,
    ),
    "fence_delete": Row(
        OrderForm(
            "Take fences off the device: kind is circle, rectangle, polygon, route or all; numbers joined by commas,"
            " none for all of the kind.",
            ("kind",),
            ("numbers",),
        ),
        _delete,
    ),
}
