"""Readers of items that list what a device heard as text: a cell, and access points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from formulas.formula import Loop, formula
from protocols.jt808.heard import is_cell, write_point
from protocols.jt808.readers import Reader, each
from protocols.lists import OWNER, SIZE, START
from protocols.report import SignalUnit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.jt808.readers import Collected
    from protocols.lists import Items

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

_CELL_TEXT = re.compile(rb"(\d{3});(\d{1,3});(\d{1,8});(\d{1,10})")
_COMMA, _MINUS, _ZERO, _NINE, _COLON = b",-09:"
_MOST_DIGITS = 3
_ADDRESS_SIZE, _PAIR = 17, 3
_NO_DIGIT = 16
_LEVEL_BITS = 0x7F


class CellTextItem(Reader):
    """One cell as decimal text ``MCC;MNC;LAC;CI``. Rare: read entry by entry."""

    kind: Literal["cell_text"]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries that are such a text and nothing else."""
        matches = [_CELL_TEXT.fullmatch(data) for data in each(items)]
        found = [
            (owner, *numbers, -1, SignalUnit.NONE, -1)
            for owner, match in zip(items.owner.tolist(), matches, strict=True)
            if match and is_cell((numbers := [*map(int, match.groups())])[-1])
        ]
        into.cells.append(np.array(found, np.int64).reshape(-1, 8))
        return np.array([match is not None for match in matches], np.bool_)


class WifiTextItem(Reader):
    """A count byte, then access points as text ``aa:bb:cc:dd:ee:ff,-30`` joined by commas (one may stand behind)."""

    kind: Literal["wifi_text"]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries that hold as many as they say and nothing else."""
        fits: NDArray[np.bool_]
        points, fits = _points_of_text(items.buffer, items.rows)
        into.wifi.append(points)
        return fits


@formula
def _hexadecimal(byte: int) -> int:
    """The digit that a character is; 16: none."""
    if _ZERO <= byte <= _NINE:
        return byte - _ZERO
    letter = (byte | 0x20) - ord("a")
    return letter + 10 if 0 <= letter < 6 else _NO_DIGIT  # noqa: PLR2004  # a to f


@formula
def _address(buffer: Bytes, at: int) -> int:
    """The address written there as six pairs of hexadecimal digits with colons between them; -1: none is."""
    address = 0
    for place in range(_ADDRESS_SIZE):
        byte = int(buffer[at + place])
        if place % _PAIR == _PAIR - 1:
            if byte != _COLON:
                return -1
        else:
            digit = _hexadecimal(byte)
            if digit == _NO_DIGIT:
                return -1
            address = address << 4 | digit
    return address


@formula
def _level(buffer: Bytes, at: int, end: int) -> tuple[int, int]:
    """A level of one to three digits, with or without a minus, as a byte without its sign, and where it ends.

    -1: none stands there.
    """
    first = at + (1 if at < end and buffer[at] == _MINUS else 0)
    level, place = 0, first
    while place < end and _ZERO <= buffer[place] <= _NINE:
        level, place = level * 10 + int(buffer[place]) - _ZERO, place + 1
        if place - first > _MOST_DIGITS:
            return -1, place
    return (level & _LEVEL_BITS if place > first else -1), place


@formula
def _text_points(buffer: Bytes, item: Rows, points: Rows, filled: int) -> int:
    """Fill rows, from ``filled`` on, with the access points of a text; how many are then filled, -1: it is none."""
    at, end = item[START] + 1, item[START] + item[SIZE]
    count = int(buffer[item[START]]) if at < end else 0
    for left in range(count, 0, -1):
        if at + _ADDRESS_SIZE >= end or buffer[at + _ADDRESS_SIZE] != _COMMA:
            return -1
        address, (level, at) = _address(buffer, at), _level(buffer, at + _ADDRESS_SIZE + 1, end)
        is_whole = at == end if left == 1 else at < end
        if left == 1 and at == end - 1:
            is_whole = buffer[at] == _COMMA
        if address < 0 or level < 0 or not is_whole or (left > 1 and buffer[at] != _COMMA):
            return -1
        filled, at = filled + write_point(item[OWNER], address, level, points[filled]), at + 1
    return filled if count else -1


@Loop
def _points_of_text(buffer: Bytes, items: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """Access points of the entries that are whole texts, and which entries are such."""
    fits = np.zeros(len(items), np.bool_)
    # A text has no more than its bytes have room for, or its first byte says.
    most, filled = 0, 0
    for row in range(len(items)):
        most += items[row, SIZE] // _ADDRESS_SIZE
    points = np.empty((most + 1, 3), np.int64)
    for row in range(len(items)):
        after = _text_points(buffer, items[row], points, filled)
        if after >= 0:
            fits[row], filled = True, after
    return points[:filled], fits
