"""Numbers as text protocols write them. Whatever else stands there is absent, never a fault."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_BLANKS = " \t"
"""Only these: what Python strips besides, such as 1C, its numbers do not take."""
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?")
_WHOLE = {10: re.compile(r"[+-]?[0-9]{1,12}"), 16: re.compile(r"(?:0[xX])?[0-9A-Fa-f]{1,12}")}
_MOMENT = re.compile(r"[0-9]{14}")
_YEARS = range(1970, 9999)
"""The others are nobody's clock, and not every zone can write them."""


def decimal(text: str) -> float:
    """A decimal number; NaN for anything else (also for ``nan``, ``1e9``, digits of other scripts)."""
    return float(text) if _DECIMAL.fullmatch(text.strip(_BLANKS)) else math.nan


def whole(text: str, base: int = 10) -> int | None:
    """A whole number to base 10 (signed) or 16 (``0x`` allowed), at most 12 digits; None for anything else."""
    text = text.strip(_BLANKS)
    return int(text, base) if _WHOLE[base].fullmatch(text) else None


def moment(digits: str, zone_seconds: float = 0.0) -> float:
    """``YYYYMMDDhhmmss`` in a zone that many seconds ahead of UTC, as UTC epoch seconds; NaN if no such moment."""
    if not _MOMENT.fullmatch(digits):
        return math.nan
    year, (month, day, hour, minute, second) = int(digits[:4]), (int(digits[at : at + 2]) for at in range(4, 14, 2))
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return math.nan
    return local.timestamp() - zone_seconds if year in _YEARS else math.nan
