"""Login 01: IMEI BCD[8] (a leading zero), [type W, [zone W]].

Zone: bits 15-4 hours * 100 + minutes, bit 3: 1 west, bits 1-0 language. 3200 is +8:00, 190A -4:00.
"""

from __future__ import annotations

from construct import Bytes, GreedyBytes, Int16ub, Struct

from protocols.errors import PeerFault

IMEI_SIZE = 8
_ZONE_AT = 10
LOGIN = Struct("imei" / Bytes(IMEI_SIZE), "type" / Int16ub, "zone" / Int16ub, "rest" / GreedyBytes)
_WEST = 0x08
_HOUR_SECONDS, _MINUTE_SECONDS = 3600, 60
_MOST_HOURS = 14


def imei_of(data: bytes) -> str:
    """Digits without leading zeros.

    Raises:
        PeerFault: ``bad_identity``: too short, not decimal, or all zeros.
    """
    digits = data[:IMEI_SIZE].hex().lstrip("0")
    if len(data) < IMEI_SIZE or not digits.isdecimal():
        raise PeerFault("bad_identity", "an IMEI is eight BCD bytes, not all zero")
    return digits


def zone_of(content: bytes) -> int | None:
    """Seconds by which a login's clock is ahead of UTC; None where it does not say, or says what no zone is."""
    if len(content) < _ZONE_AT + 2:
        return None
    word = int.from_bytes(content[_ZONE_AT : _ZONE_AT + 2], "big")
    hours, minutes = divmod(word >> 4, 100)
    if hours > _MOST_HOURS or minutes >= _MINUTE_SECONDS:
        return None
    ahead = hours * _HOUR_SECONDS + minutes * _MINUTE_SECONDS
    return -ahead if word & _WEST else ahead
