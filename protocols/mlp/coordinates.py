"""Coordinates under EPSG 4326: X is latitude, Y longitude, ``DD MM SS.sssH`` or decimal degrees (MLP 3.2, 5.3.17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import PeerFault
from protocols.rows import is_place

if TYPE_CHECKING:
    from protocols.mlp.tree import Node

_DECIMAL = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?)\s*([NSEW]?)")
_PARTS = re.compile(r"([+-]?[0-9]{1,3})[\s°:]+([0-9]{1,2})[\s′':]+([0-9]{1,2}(?:\.[0-9]{1,9})?)[\s″\"]*([NSEW]?)")
_SIXTY = 60.0


class Place(NamedTuple):
    """Degrees."""

    latitude: float
    longitude: float


def read_place(coord: Node) -> Place:
    """The place of a ``coord``; hemisphere letters decide which is which where they contradict the order.

    Raises:
        PeerFault: ``mlp_coordinates``.
    """
    first, second = _degrees(coord.word("x")), _degrees(coord.word("y"))
    if first[1] in ("E", "W") and second[1] in ("N", "S"):
        first, second = second, first
    if first[1] in ("E", "W") or second[1] in ("N", "S") or not is_place(first[0], second[0]):
        raise PeerFault("mlp_coordinates", "the two coordinates are no place on the globe")
    return Place(first[0], second[0])


def _degrees(written: str) -> tuple[float, str]:
    text = written.upper()
    if (parts := _PARTS.fullmatch(text)) is not None:
        minutes, seconds = float(parts[2]), float(parts[3])
        degrees = abs(float(parts[1])) + minutes / _SIXTY + seconds / 3600.0
        if minutes < _SIXTY and seconds < _SIXTY:
            return _signed(degrees, parts[4], negative=parts[1].startswith("-"))
    elif (whole := _DECIMAL.fullmatch(text)) is not None:
        return _signed(abs(float(whole[1])), whole[2], negative=whole[1].startswith("-"))
    raise PeerFault("mlp_coordinates", "a coordinate is neither DD MM SS.sssH nor decimal degrees")


def _signed(degrees: float, letter: str, *, negative: bool) -> tuple[float, str]:
    return (-degrees if negative != (letter in ("S", "W")) else degrees), letter
