"""Moments on the wire: six plain binary bytes, six BCD bytes, or epoch seconds; one at a time and as a column.

What a device writes is a wall clock; whose zone it shows is not in the bytes. All here read it as UTC, and the zone a
session has found out is taken off afterwards.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import construct
import numpy as np

from protocols.civil import moment, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 6
_NO_DIGITS = 255
_BCD_FROM = 0x24
"""A year byte that is 2024 in BCD and 2036 in plain."""


def from_binary(data: bytes) -> float:
    """Epoch seconds of year - 2000, month, day, hour, minute, second; NaN if there is no such moment."""
    if len(data) < WIDTH:
        return math.nan
    return moment(data[:WIDTH])


def to_binary(seconds: float) -> bytes:
    """Inverse of :func:`from_binary` for moments of 2000-2099."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return bytes((moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second))


def from_bcd(data: bytes) -> float:
    """Epoch seconds of six BCD bytes ``YYMMDDhhmmss``; NaN if the digits are no moment."""
    return from_binary(bytes(10 * (byte >> 4) + (byte & 15) if byte & 15 <= 9 else _NO_DIGITS for byte in data))  # noqa: PLR2004  # a decimal digit


def from_either(data: bytes) -> float:
    """Epoch seconds of six bytes of which it is not known whether they are plain or BCD.

    Most bytes are only one of the two. Of those that are both, BCD is later by some twelve years: from
    :data:`_BCD_FROM` on it is taken for the moment that is meant.
    """
    plain, digits = from_binary(data), from_bcd(data)
    return digits if math.isnan(plain) or (not math.isnan(digits) and data[0] >= _BCD_FROM) else plain


def to_bcd(seconds: float) -> bytes:
    """Inverse of :func:`from_bcd`."""
    return bytes(value // 10 << 4 | value % 10 for value in to_binary(seconds))


def column_from_binary(data: NDArray[np.uint8]) -> NDArray[np.float64]:
    """:func:`from_binary` for uint8 (n, 6): float64 (n,)."""
    return moments(data.astype(np.int64))


class BinaryTime(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """Six plain bytes as epoch seconds of the wall clock they show; NaN where they are no moment."""

    def __init__(self) -> None:
        super().__init__(construct.Bytes(WIDTH))

    def _decode(self, obj: bytes, _context: object, _path: str) -> float:
        return from_binary(obj)

    def _encode(self, obj: float, _context: object, _path: str) -> bytes:
        return to_binary(obj)

    def column(self, raw: NDArray[np.uint8]) -> NDArray[np.float64]:
        """uint8 (n, 6) to float64 (n,)."""
        return column_from_binary(raw)


class EitherTime(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """Six bytes, plain or BCD; see :func:`from_either`."""

    def __init__(self) -> None:
        super().__init__(construct.Bytes(WIDTH))

    def _decode(self, obj: bytes, _context: object, _path: str) -> float:
        return from_either(obj)

    def _encode(self, obj: float, _context: object, _path: str) -> bytes:
        return to_binary(obj)


class BcdTime(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """Six BCD bytes, as :class:`BinaryTime`."""

    def __init__(self) -> None:
        super().__init__(construct.Bytes(WIDTH))

    def _decode(self, obj: bytes, _context: object, _path: str) -> float:
        return from_bcd(obj)

    def _encode(self, obj: float, _context: object, _path: str) -> bytes:
        return to_bcd(obj)
