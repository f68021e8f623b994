"""Who the subscriber is has no place in a scan: it is taken out before anything is kept or shown."""

from __future__ import annotations

import re

_LONG_NUMBER = re.compile(rb"(?<![0-9])[0-9]{14,}(?![0-9])")
"""IMSI, IMEI, ICCID; the longest number of a cell, a decimal NR identity, has 11 digits."""
_CCED_IMSI = re.compile(rb"(\+CCED\s*:\s*LTE\s+current[^:]*:[^,]*,[^,]*,)[^,]*", re.IGNORECASE)
_ANY_NUMBER = re.compile(rb"[0-9]{6,}")


def without_subscriber(line: bytes) -> bytes:
    """The line with the IMSI's column empty and every number of 14 digits and more left out."""
    return _LONG_NUMBER.sub(b"", _CCED_IMSI.sub(rb"\1", line))


def without_numbers(stretch: bytes) -> bytes:
    """A cut stretch without any long run of digits: it could be part of one."""
    return _ANY_NUMBER.sub(b"", stretch)
