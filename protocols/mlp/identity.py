"""Subscriber numbers: E.164 digits, as carriers write them with and without the country code."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\s+()-]")
_LONGEST = 15
"""Digits of an E.164 number."""
_CHINA = re.compile(r"86(1[0-9]{10})")


def msisdn(written: str) -> str:
    """The number as devices are found by: digits, no leading zeros, China's country code off a mobile number.

    Empty where it is no number.
    """
    digits = _SIGNS.sub("", written).lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST:
        return ""
    return _CHINA.sub(r"\1", digits) if _CHINA.fullmatch(digits) else digits
