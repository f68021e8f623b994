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

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 6
_DAY_SECONDS = 86_400
_DAYS_TO_2000 = 10_957
_LAST_YEAR = 99
_FEBRUARY = 2
_DAYS_BEFORE_MONTH = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE_MONTH = np.array(_DAYS_BEFORE_MONTH, np.int64)
_MONTH_DAYS = np.array(_DAYS_IN_MONTH, np.int64)
_NO_DIGITS = 255
_BCD_FROM = 0x24
"""A year byte that is 2024 in BCD and 2036 in plain."""


def from_binary(data: bytes) -> float:
    """Epoch seconds of year - 2000, month, day, hour, minute, second; NaN if there is no such moment."""
    if len(data) < WIDTH:
        return math.nan
    year, month, day, hour, minute, second = data[:WIDTH]
    if year > _LAST_YEAR or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004  # calendar
        return math.nan
    # 2000 is a leap year and 2100 cannot be written, so every fourth year is one.
    leap = not year & 3
    if not 1 <= day <= _DAYS_IN_MONTH[month] + (leap and month == _FEBRUARY):
        return math.nan
    days = 365 * year + (year + 3 >> 2) + _DAYS_BEFORE_MONTH[month] + day - 1 + (leap and month > _FEBRUARY)
    return (_DAYS_TO_2000 + days) * 86_400.0 + hour * 3600 + minute * 60 + second


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
    year, month, day, hour, minute, second = data.T.astype(np.int64)
    valid = (year <= _LAST_YEAR) & (month >= 1) & (month <= 12) & (hour <= 23) & (minute <= 59) & (second <= 59)  # noqa: PLR2004  # calendar
    month = np.where(valid, month, 1)
    leap = year % 4 == 0
    valid &= (day >= 1) & (day <= _MONTH_DAYS[month] + (leap & (month == _FEBRUARY)))
    days = _DAYS_TO_2000 + 365 * year + (year + 3) // 4 + _BEFORE_MONTH[month] + day - 1 + (leap & (month > _FEBRUARY))
    seconds = days * _DAY_SECONDS + hour * 3600 + minute * 60 + second
    return np.where(valid, seconds.astype(np.float64), np.nan)


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
