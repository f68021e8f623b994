"""JT/T 808 frames: flag, escape, header, checksum. The simulator's own code, so that it checks the gateway's.

    7E | header | body | XOR of header and body | 7E        (escaped: 7D -> 7D 01, 7E -> 7D 02)

    header 2013: message W, attributes W, phone BCD[6], serial W
    header 2019: message W, attributes W, version B, phone BCD[10], serial W

Attributes: bits 0-9 body length, bit 14 the 2019 header. Source: JT/T 808-2013 and -2019, chapter 4.4.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

FLAG = b"\x7e"
LONGEST_FRAME = 2092
"""Bytes on the wire of the longest legal frame, every byte escaped."""
_VERSION_BIT = 1 << 14
_LENGTH_MASK = 0x3FF


class Edition(Enum):
    """Which header, and which layouts, a terminal uses."""

    Y2013 = 2013
    Y2019 = 2019


_HEAD = {Edition.Y2013: 12, Edition.Y2019: 17}
_PHONE = {Edition.Y2013: 6, Edition.Y2019: 10}
"""Bytes of an unfragmented header, and of the phone in it."""


class FrameFault(ValueError):
    """The platform sent a frame that is none: bad escape, checksum, length or header."""


@dataclass(frozen=True, slots=True)
class Received:
    """A frame of the platform, taken apart."""

    message: int
    serial: int
    phone: str
    edition: Edition
    body: bytes


def build_frame(message: int, phone: str, serial: int, body: bytes, edition: Edition, *, excess: int = 0) -> bytes:
    """A whole frame, escaped, with its flags.

    Args:
        message: its number.
        phone: digits.
        serial: the sender's count.
        body: at most 1023 bytes.
        edition: of the header.
        excess: bytes by which the declared length is too long.
    """
    if len(body) > _LENGTH_MASK:
        raise ValueError(f"body of {len(body)} bytes: at most {_LENGTH_MASK} fit into one frame")
    declared = min(len(body) + excess, _LENGTH_MASK)
    if edition is Edition.Y2019:
        head = struct.pack(">HHB", message, declared | _VERSION_BIT, 1)
    else:
        head = struct.pack(">HH", message, declared)
    head += bytes.fromhex(phone.zfill(2 * _PHONE[edition]))
    content = head + struct.pack(">H", serial) + body
    content += bytes((reduce(xor, content),))
    return FLAG + escape(content) + FLAG


def escape(content: bytes) -> bytes:
    """Free the content of flags: 7D becomes 7D 01, 7E becomes 7D 02."""
    return content.replace(b"\x7d", b"\x7d\x01").replace(FLAG, b"\x7d\x02")


def parse_frame(content: bytes, *, is_length_checked: bool = True) -> Received:
    """Take apart what stood between two flags, still escaped; unchecked, the flags decide how long the body is.

    Raises:
        FrameFault: it is not a whole, unfragmented JT/T 808 frame.
    """
    plain = _unescape(content)
    if reduce(xor, plain, 0):
        raise FrameFault("checksum")
    edition = Edition.Y2019 if plain[2:3] and plain[2] & 0x40 else Edition.Y2013
    head = _HEAD[edition]
    if len(plain) < head + 1:
        raise FrameFault("too short for a header")
    message, attributes = struct.unpack_from(">HH", plain)
    body = plain[head:-1]
    if is_length_checked and attributes & _LENGTH_MASK != len(body):
        raise FrameFault("body length")
    phone = plain[head - 2 - _PHONE[edition] : head - 2].hex()
    return Received(message, int.from_bytes(plain[head - 2 : head]), phone.lstrip("0"), edition, body)


def _unescape(content: bytes) -> bytes:
    parts = content.split(b"\x7d")
    plain = bytearray(parts[0])
    for part in parts[1:]:
        if part[:1] not in (b"\x01", b"\x02"):
            raise FrameFault("escape")
        plain.append(0x7C + part[0])
        plain += part[1:]
    return bytes(plain)


class FrameReader:
    """Cuts the platform's bytes into frames; what is broken is counted and left out."""

    def __init__(self, *, is_length_checked: bool = True) -> None:
        self._is_length_checked = is_length_checked
        self._rest = b""
        self.broken = 0

    def feed(self, data: bytes) -> list[Received]:
        """Take bytes in any split; return the frames that became whole."""
        *contents, self._rest = (self._rest + data).split(FLAG)
        if len(self._rest) > LONGEST_FRAME:
            self._rest = b""
            self.broken += 1
        frames = []
        for content in filter(None, contents):
            try:
                frames.append(parse_frame(content, is_length_checked=self._is_length_checked))
            except FrameFault:
                self.broken += 1
        return frames
