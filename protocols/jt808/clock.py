"""BCD[6] times, ``YYMMDDhhmmss`` in GMT+8 (2013, table 1 and section 8.18): one at a time and as a column."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import construct
import numpy as np

from formulas.formula import formula
from protocols.civil import moment, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

GMT8_SECONDS = 8 * 3600
# Two decimal digits by their byte; 255, for no digits, is over every limit.
_DIGITS = bytes(
    10 * (byte >> 4) + (byte & 15) if byte >> 4 <= 9 and byte & 15 <= 9 else 255  # noqa: PLR2004  # a decimal digit
    for byte in range(256)
)
_DIGIT_COLUMN = np.frombuffer(_DIGITS, np.uint8).astype(np.int64)


def from_bcd(data: bytes) -> float:
    """Seconds since the epoch, UTC, of six BCD bytes in GMT+8, year 20YY; NaN if no such moment exists."""
    return moment(data.translate(_DIGITS)) - GMT8_SECONDS


def to_bcd(seconds: float, *, zone_seconds: int = GMT8_SECONDS) -> bytes:
    """Six BCD bytes for a moment of 2000-2099 (UTC epoch seconds), by default in GMT+8."""
    return bytes.fromhex(datetime.fromtimestamp(seconds + zone_seconds, UTC).strftime("%y%m%d%H%M%S"))


@formula
def _digits_at(buffer: NDArray[np.uint8], at: int) -> int:
    """The number that two decimal digits in a byte show; 255, over every limit, where they are none."""
    high, low = int(buffer[at]) >> 4, int(buffer[at]) & 15
    return 10 * high + low if high <= 9 and low <= 9 else 255  # noqa: PLR2004  # a decimal digit


@formula
def bcd_at(buffer: NDArray[np.uint8], at: int) -> float:
    """:func:`from_bcd` of the six bytes that begin at ``at``."""
    year, month, day = _digits_at(buffer, at), _digits_at(buffer, at + 1), _digits_at(buffer, at + 2)
    hour, minute, second = _digits_at(buffer, at + 3), _digits_at(buffer, at + 4), _digits_at(buffer, at + 5)
    return moment((year, month, day, hour, minute, second)) - GMT8_SECONDS


def column_from_bcd(data: NDArray[np.uint8]) -> NDArray[np.float64]:
    """:func:`from_bcd` for uint8 (n, 6): float64 (n,)."""
    return moments(_DIGIT_COLUMN[data]) - GMT8_SECONDS


class BcdTime(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """BCD[6] in GMT+8 as UTC epoch seconds; NaN where the digits are no moment."""

    def __init__(self) -> None:
        super().__init__(construct.Bytes(6))

    def _decode(self, obj: bytes, _context: object, _path: str) -> float:
        return from_bcd(obj)

    def _encode(self, obj: float, _context: object, _path: str) -> bytes:
        return to_bcd(obj)
