"""Who speaks: the header's address bytes as one normalised identity."""

from __future__ import annotations

_IMEI_ADDRESS_BYTES = 6
_IMEI_BODY_DIGITS = 14
_BCD_NINE = 9


def luhn_digit(digits: str) -> int:
    """Check digit (0-9) that completes decimal ``digits`` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - _BCD_NINE if value > _BCD_NINE else value
    return -total % 10


def identity_of(address: bytes, *, hexadecimal_imei: bool = False) -> str:
    """Digits without leading zeros; ``0`` for an all-zero address.

    Some makers put an IMEI into the six bytes of a 2011/2013 address as a number: its first 14 digits in binary, the
    15th left to Luhn. Such bytes are told by not being BCD; when they happen to look like BCD only the device's own
    setting can tell.

    Args:
        address: BCD[6] (2011, 2013) or BCD[10] (2019).
        hexadecimal_imei: read a six-byte address as such a number even if it looks like BCD.

    Returns:
        The identity; bytes that are neither BCD nor an IMEI give their hexadecimal digits, lower case.
    """
    digits = address.hex()
    if len(address) == _IMEI_ADDRESS_BYTES and (hexadecimal_imei or not digits.isdecimal()):
        number = int.from_bytes(address, "big")
        if 0 < number < 10**_IMEI_BODY_DIGITS:
            body = f"{number:0{_IMEI_BODY_DIGITS}d}"
            return f"{body}{luhn_digit(body)}".lstrip("0")
    return digits.lstrip("0") or "0"
