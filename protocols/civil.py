"""Years, months, days, hours, minutes and seconds of 2000 to 2099 as epoch seconds: one moment, or a column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY_SECONDS = 86_400
_BEGIN = 10_956 * _DAY_SECONDS
"""1999-12-31: days of a month begin at 1."""
_DAYS_BEFORE_MONTH = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LAST_YEAR = 99


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
    seconds = np.empty(len(fields))
    _moments(fields, seconds)
    return seconds


@Loop
def _moments(fields: NDArray[np.int64], seconds: NDArray[np.float64]) -> None:
    """Row by row."""
    for row in range(len(fields)):
        year, month, day = fields[row, 0], fields[row, 1], fields[row, 2]
        seconds[row] = moment((year, month, day, fields[row, 3], fields[row, 4], fields[row, 5]))
