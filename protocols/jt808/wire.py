"""JT/T 808 on the wire: flag, escape, checksum (2013, section 4.4.1 and 4.4.4; the same in 2011 and 2019).

``7E | header | body | XOR | 7E``; inside, ``7D`` goes out as ``7D 01`` and then ``7E`` as ``7D 02``.
"""

from __future__ import annotations

from protocols.errors import PeerFault

FLAG = 0x7E
FLAG_BYTE = b"\x7e"
MAX_BODY = 1023
"""Body length is a 10-bit field."""
MAX_WIRE = 2092
"""Longest legal frame: a 21-byte header, 1023 of body and the checksum, every byte escaped, and two flags."""
_HALVES = tuple(tuple(8 << half for half in reversed(range(bits))) for bits in range(24))
"""By the bit length of a size in bytes: by how much to shift so that halves fall on each other, down to one byte."""


def xor(data: bytes) -> int:
    """XOR of all bytes, 0-255 (0 for none). Folds one long integer in halves: a loop over bytes is ten times slower."""
    number = int.from_bytes(data, "little")
    for shift in _HALVES[len(data).bit_length()]:
        number ^= number >> shift
    return number & 0xFF


def escape(data: bytes) -> bytes:
    """Make ``data`` free of flags."""
    return data.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")


def unescape(data: bytes) -> bytes:
    """Undo :func:`escape`.

    Raises:
        PeerFault: ``bad_escape``, a ``7D`` is followed by neither 01 nor 02.
    """
    escapes = data.count(b"\x7d")
    if not escapes:
        return data
    if escapes != data.count(b"\x7d\x01") + data.count(b"\x7d\x02"):
        raise PeerFault("bad_escape", "7D is followed by neither 01 nor 02")
    return data.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")


def seal(content: bytes) -> bytes:
    """The frame as it goes out, for ``content`` = header and body: checksum appended, escaped, between flags."""
    return FLAG_BYTE + escape(content + xor(content).to_bytes(1, "big")) + FLAG_BYTE
