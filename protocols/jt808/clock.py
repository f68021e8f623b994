"""BCD[6] times, ``YYMMDDhhmmss`` in GMT+8 (2013, table 1 and section 8.18): one at a time and as a column."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import construct
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GMT8_SECONDS = 8 * 3600
_DAY_SECONDS = 86_400
_DAYS_TO_2000 = 10_957
_BEGIN = (_DAYS_TO_2000 - 1) * _DAY_SECONDS - GMT8_SECONDS
_LEAST, _MOST = np.array(((0, 1, 1, 0, 0, 0), (99, 12, 31, 23, 59, 59)), np.int64)
"""Year, month, day, hour, minute, second."""
_WITHIN_MONTH = np.array((_DAY_SECONDS, 3600, 60, 1), np.int64)
_DAYS_BEFORE_MONTH = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LAST_YEAR = 99
# Two decimal digits by their byte; 255, for no digits, is over every limit.
_DIGITS = bytes(
    10 * (byte >> 4) + (byte & 15) if byte >> 4 <= 9 and byte & 15 <= 9 else 255  # noqa: PLR2004  # a decimal digit
    for byte in range(256)
)
_DIGIT_COLUMN = np.frombuffer(_DIGITS, np.uint8).astype(np.int64)
_YEARS, _MONTHS = np.arange(256), np.arange(13)
_YEAR_COLUMN = _BEGIN + _DAY_SECONDS * (365 * _YEARS + (_YEARS + 3) // 4)
"""Where its first day would be a day 0."""
_LEAP_COLUMN = (_YEARS % 4 == 0).astype(np.int64)
_LEAPS = np.array(((0,), (1,)), np.int64)
_MONTH_COLUMN = np.array(_DAYS_IN_MONTH, np.int64) + _LEAPS * (_MONTHS == _FEBRUARY)
_BEFORE_COLUMN = _DAY_SECONDS * (np.array(_DAYS_BEFORE_MONTH, np.int64) + _LEAPS * (_MONTHS > _FEBRUARY))
"""Both by leap year and month."""


def from_bcd(data: bytes) -> float:
    """Seconds since the epoch, UTC, of six BCD bytes in GMT+8, year 20YY; NaN if no such moment exists."""
    year, month, day, hour, minute, second = data.translate(_DIGITS)
    if year > _LAST_YEAR or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004  # calendar
        return math.nan
    # 2000 is a leap year and 2100 cannot be written, so every fourth year is one.
    leap = not year & 3
    if not 1 <= day <= _DAYS_IN_MONTH[month] + (leap and month == _FEBRUARY):
        return math.nan
    days = 365 * year + (year + 3 >> 2) + _DAYS_BEFORE_MONTH[month] + day + (leap and month > _FEBRUARY)
    return _BEGIN + days * 86_400.0 + hour * 3600 + minute * 60 + second


def to_bcd(seconds: float, *, zone_seconds: int = GMT8_SECONDS) -> bytes:
    """Six BCD bytes for a moment of 2000-2099 (UTC epoch seconds), by default in GMT+8."""
    return bytes.fromhex(datetime.fromtimestamp(seconds + zone_seconds, UTC).strftime("%y%m%d%H%M%S"))


def column_from_bcd(data: NDArray[np.uint8]) -> NDArray[np.float64]:
    """:func:`from_bcd` for uint8 (n, 6): float64 (n,)."""
    digits = _DIGIT_COLUMN[data]
    valid = ((digits >= _LEAST) & (digits <= _MOST)).all(axis=1)
    year, month = digits[:, 0], np.where(valid, digits[:, 1], 1)
    leap = _LEAP_COLUMN[year]
    valid &= digits[:, 2] <= _MONTH_COLUMN[leap, month]
    seconds = _YEAR_COLUMN[year] + _BEFORE_COLUMN[leap, month] + (digits[:, 2:] * _WITHIN_MONTH).sum(axis=1)
    return np.where(valid, seconds.astype(np.float64), np.nan)


class BcdTime(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """BCD[6] in GMT+8 as UTC epoch seconds; NaN where the digits are no moment."""

    def __init__(self) -> None:
        super().__init__(construct.Bytes(6))

    def _decode(self, obj: bytes, _context: object, _path: str) -> float:
        return from_bcd(obj)

    def _encode(self, obj: float, _context: object, _path: str) -> bytes:
        return to_bcd(obj)

    def column(self, raw: NDArray[np.uint8]) -> NDArray[np.float64]:
        """uint8 (n, 6) to float64 (n,)."""
        return column_from_bcd(raw)
