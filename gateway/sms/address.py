"""Telephone numbers of a PDU: two digits an octet, the first in the low half (3GPP TS 23.040, 9.1.2.3 and 9.1.2.5)."""

from __future__ import annotations

import re
from typing import Final

from gateway.sms.alphabet import text_of_septets, unpacked
from gateway.sms.faults import PduFault

INTERNATIONAL, UNKNOWN = 0x91, 0x81
"""Type of number and numbering plan: an E.164 number behind its ``+``; one as it is dialled."""
_ALPHANUMERIC: Final = 5
_DIGITS: Final = "0123456789*#abc"
_FORM: Final = re.compile(r"\+?[0-9*#]{1,20}")
_DRESS: Final = re.compile(r"[ ()-]")


def dialled(written: str) -> str:
    """A number as somebody writes it, without blanks, brackets and hyphens."""
    return _DRESS.sub("", written)


def to_octets(number: str) -> bytes:
    """Length in digits, type, digits.

    Raises:
        PduFault: it is no number that can be dialled; the fault does not repeat it.
    """
    if _FORM.fullmatch(number) is None:
        raise PduFault("a number has to be digits, with a + before them at most")
    digits = number.removeprefix("+")
    kind = INTERNATIONAL if number.startswith("+") else UNKNOWN
    return bytes([len(digits), kind]) + semi_octets(digits)


def semi_octets(digits: str) -> bytes:
    """Digits two an octet; an odd one has a filler of ones beside it."""
    values = [_DIGITS.index(digit) for digit in digits] + [0xF] * (len(digits) % 2)
    return bytes(low | high << 4 for low, high in zip(values[::2], values[1::2], strict=True))


def digits_of(octets: bytes) -> str:
    """The inverse of :func:`semi_octets`, up to the filler."""
    halves = [half for octet in octets for half in (octet & 0xF, octet >> 4)]
    return "".join(_DIGITS[half] for half in halves if half < len(_DIGITS))


def address_of(length: int, kind: int, octets: bytes) -> str:
    """A number with its ``+`` where it is international, or the name of a sender that has no number."""
    if kind >> 4 & 0x7 == _ALPHANUMERIC:
        return text_of_septets(unpacked(octets, length * 4 // 7))
    return ("+" if kind >> 4 & 0x7 == INTERNATIONAL >> 4 & 0x7 else "") + digits_of(octets)
