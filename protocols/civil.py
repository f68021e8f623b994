"""Years, months, days, hours, minutes and seconds of 2000 to 2099 as epoch seconds: one moment, or a column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY_SECONDS = 86_400
_BEGIN = 10_956 * _DAY_SECONDS
"""1999-12-31: days of a month begin at 1."""
_DAYS_BEFORE_MONTH = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LAST_YEAR = 99
_LEAST, _MOST = np.array(((0, 1, 1, 0, 0, 0), (_LAST_YEAR, 12, 31, 23, 59, 59)), np.int64)
_WITHIN_MONTH = np.array((_DAY_SECONDS, 3600, 60, 1), np.int64)
_YEARS, _MONTHS = np.arange(256), np.arange(13)
_BEFORE_YEAR = _BEGIN + _DAY_SECONDS * (365 * _YEARS + (_YEARS + 3) // 4)
# 2000 is a leap year and 2100 cannot be written, so every fourth year is one.
_IS_LEAP = (_YEARS % 4 == 0).astype(np.int64)
_LEAPS = np.array(((0,), (1,)), np.int64)
_MONTH_DAYS = np.array(_DAYS_IN_MONTH, np.int64) + _LEAPS * (_MONTHS == _FEBRUARY)
_BEFORE_MONTH = _DAY_SECONDS * (np.array(_DAYS_BEFORE_MONTH, np.int64) + _LEAPS * (_MONTHS > _FEBRUARY))
"""Both by leap year and month."""


@formula
def moment(fields: bytes | tuple[int, int, int, int, int, int]) -> float:
    """Epoch seconds of a clock in UTC that shows six numbers, year - 2000 first; NaN if there is no such moment."""
    year, month, day, hour, minute, second = fields
    if year > _LAST_YEAR or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004  # calendar
        return math.nan
    leap = not year & 3
    if not 1 <= day <= _DAYS_IN_MONTH[month] + (leap and month == _FEBRUARY):
        return math.nan
    days = 365 * year + (year + 3 >> 2) + _DAYS_BEFORE_MONTH[month] + day + (leap and month > _FEBRUARY)
    return float(_BEGIN + days * 86_400.0 + hour * 3600 + minute * 60 + second)


def moments(fields: NDArray[np.int64]) -> NDArray[np.float64]:
    """:func:`moment` for int64 (n, 6) of 0 to 255: float64 (n,)."""
    valid = ((fields >= _LEAST) & (fields <= _MOST)).all(axis=1)
    year, month = fields[:, 0], np.where(valid, fields[:, 1], 1)
    leap = _IS_LEAP[year]
    valid &= fields[:, 2] <= _MONTH_DAYS[leap, month]
    seconds = _BEFORE_YEAR[year] + _BEFORE_MONTH[leap, month] + (fields[:, 2:] * _WITHIN_MONTH).sum(axis=1)
    return np.where(valid, seconds.astype(np.float64), np.nan)
