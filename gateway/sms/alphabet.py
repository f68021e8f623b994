"""Characters of short messages as bits: the GSM 7 bit default alphabet and UCS-2 (3GPP TS 23.038, 6.1.2 and 6.2).

The tables of the alphabet are those of the library gsm0338; how septets lie in octets is here.
"""

from __future__ import annotations

from typing import Final

from gsm0338 import Codec

SEPTET: Final = 7
_ESCAPE: Final = "\x1b"
_CODEC: Final = Codec()


def septets_of(text: str) -> bytes | None:
    """A text in the default alphabet, a septet a byte, two for what is in its extension; None: it does not fit."""
    if _ESCAPE in text:
        return None
    try:
        encoded: bytes = _CODEC.encode(text)[0]
    except UnicodeEncodeError:
        return None
    return encoded


def text_of_septets(septets: bytes) -> str:
    """The text of septets; what the alphabet does not have is a replacement character."""
    text: str = _CODEC.decode(septets, "replace")[0]
    return text


def packed(septets: bytes, fill: int = 0) -> bytes:
    """Septets in octets, the first in the low bits of the first octet, behind ``fill`` bits of noughts (6.1.2.1.1)."""
    bits = sum(septet << (SEPTET * at) for at, septet in enumerate(septets)) << fill
    return bits.to_bytes((len(septets) * SEPTET + fill + 7) // 8, "little")


def unpacked(octets: bytes, count: int, fill: int = 0) -> bytes:
    """``count`` septets, or as many as there are, of octets behind ``fill`` bits: the inverse of :func:`packed`."""
    bits = int.from_bytes(octets, "little") >> fill
    there = max(0, (len(octets) * 8 - fill) // SEPTET)
    return bytes((bits >> (SEPTET * at)) & 0x7F for at in range(min(count, there)))
