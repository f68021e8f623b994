"""The message header of JT/T 808 (2013, section 4.4.3; 2019 adds the version byte and a longer address).

| offset 2011/2013 | offset 2019 | field | type |
| --- | --- | --- | --- |
| 0 | 0 | message id | WORD |
| 2 | 2 | attributes: 0-9 body length, 10-12 encryption, 0 for none, 13 fragmented, 14 header of 2019 | WORD |
| - | 4 | protocol version | BYTE |
| 4 | 5 | terminal address | BCD[6], BCD[10] |
| 10 | 15 | serial number | WORD |
| 12 | 17 | fragments in all, index from 1, only when fragmented | WORD, WORD |
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import construct

from protocols.errors import PeerFault

LENGTH_MASK = 0x03FF
ENCRYPTED = 0x1C00
"""Bits 10-12: a body with any of them set is not plain, whatever the method."""
FRAGMENTED = 0x2000
EDITION_2019 = 0x4000
ANSWER_WANTED = 0x8000
ONE_BYTE_SERIAL = frozenset({0x5501, 0x5502})
"""Padlocks that borrow the frame but write the serial number in one byte."""

SHORT_HEADER = 12
LONG_HEADER = 17
FRAGMENT_HEADER = 4
ONLY_FRAGMENT = 0x0001_0001
"""1 in all, index 1: the two fragment fields of a message that came whole after all, as one number."""

_ATTRIBUTES = struct.Struct(">HH")
_SHORT = struct.Struct(">6sH")
_LONG = struct.Struct(">B10sH")
_FRAGMENT = struct.Struct(">HH")

HEADER = construct.Struct(
    "message" / construct.Int16ub,
    "attributes" / construct.Int16ub,
    "version" / construct.If(construct.this.attributes & EDITION_2019, construct.Int8ub),
    "address" / construct.Bytes(lambda this: 10 if this.attributes & EDITION_2019 else 6),
    "serial" / construct.Int16ub,
    "fragment"
    / construct.If(
        construct.this.attributes & FRAGMENTED,
        construct.Struct("total" / construct.Int16ub, "index" / construct.Int16ub),
    ),
)
"""The declared truth; :func:`read_header` is its fast twin."""


class Header(NamedTuple):
    """A header as read.

    ``version`` is -1 before 2019; ``fragments`` (in all) and ``fragment`` (index from 1) are 0 when not fragmented.
    """

    message: int
    attributes: int
    version: int
    address: bytes
    serial: int
    fragments: int
    fragment: int
    size: int
    """Bytes of the header itself."""

    @property
    def is_fragment(self) -> bool:
        """Part of a longer message; 1 of 1 is the whole message, other impossible numbers are not."""
        return self.attributes & FRAGMENTED > 0 and (self.fragments, self.fragment) != (1, 1)

    @property
    def length(self) -> int:
        """Declared length of the body in bytes."""
        return self.attributes & LENGTH_MASK


def read_header(content: bytes) -> Header:
    """Read the header of an unescaped frame (checksum still behind it, flags gone).

    Raises:
        PeerFault: ``short_frame``, not even a header and a checksum.
    """
    try:
        message, attributes = _ATTRIBUTES.unpack_from(content)
        version, total, index = -1, 0, 0
        if attributes & EDITION_2019:
            version, address, serial = _LONG.unpack_from(content, 4)
            size = LONG_HEADER
        elif message in ONE_BYTE_SERIAL:
            address, serial, size = content[4:10], content[10], SHORT_HEADER - 1
        else:
            address, serial = _SHORT.unpack_from(content, 4)
            size = SHORT_HEADER
        if attributes & FRAGMENTED:
            total, index = _FRAGMENT.unpack_from(content, size)
            size += FRAGMENT_HEADER
    except (struct.error, IndexError):
        raise PeerFault("short_frame", "shorter than its header") from None
    if len(content) <= size:
        raise PeerFault("short_frame", "header without a checksum")
    return Header(message, attributes, version, address, serial, total, index, size)


def write_header(to: Header, message: int, length: int, serial: int, fragment: tuple[int, int] | None = None) -> bytes:
    """Header of a frame to the sender of ``to``: same edition and same address bytes.

    ``fragment`` is (in all, index from 1), None for a whole message.
    """
    attributes = length | (FRAGMENTED if fragment else 0)
    tail = _FRAGMENT.pack(*fragment) if fragment else b""
    if to.version < 0:
        return _ATTRIBUTES.pack(message, attributes) + _SHORT.pack(to.address, serial) + tail
    return _ATTRIBUTES.pack(message, EDITION_2019 | attributes) + _LONG.pack(to.version, to.address, serial) + tail
