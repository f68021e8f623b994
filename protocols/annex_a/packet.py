"""The packet (JT/T 808, annex A): ``7E | sum B | version W | maker W | device type B | command B | data | 7E``.

Escaped as JT/T 808 itself. The sum stands first: the low 8 bits of the sum of maker to data; the version is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import construct

from protocols.errors import PeerFault
from protocols.jt808.wire import FLAG_BYTE, escape, unescape

HEAD = construct.Struct(
    "sum" / construct.Int8ub,
    "version" / construct.Int16ub,
    "maker" / construct.Int16ub,
    "device_type" / construct.Int8ub,
    "command" / construct.Int8ub,
)
HEAD_SIZE = HEAD.sizeof()
_SUMMED_FROM = 3
MAX_DATA = 512
"""Updates carry 256 bytes and two words a packet; the standard states no other limit."""
MAX_WIRE = 2 * (HEAD_SIZE + MAX_DATA) + 2
"""Every byte escaped, and two flags."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet without sum and escape.

    Attributes:
        version: of the protocol, 16 bit. maker: 16 bit. device_type, command: 8 bit each.
        data: what follows.
    """

    version: int
    maker: int
    device_type: int
    command: int
    data: bytes = b""


def seal(packet: Packet) -> bytes:
    """The packet as it goes out."""
    content = HEAD.build({**{name: getattr(packet, name) for name in _NAMED}, "sum": 0}) + packet.data
    return FLAG_BYTE + escape(bytes([sum_of(content)]) + content[1:]) + FLAG_BYTE


def read_packet(escaped: bytes) -> tuple[Packet, bool]:
    """What stands between two flags, and whether its sum is right.

    Raises:
        PeerFault: ``bad_escape``, ``short_frame``, ``malformed`` (more data than a packet may carry).
    """
    content = unescape(escaped)
    if len(content) < HEAD_SIZE:
        raise PeerFault("short_frame", "fewer bytes than a head")
    if len(content) > HEAD_SIZE + MAX_DATA:
        raise PeerFault("malformed", "more data than a packet may carry")
    head = HEAD.parse(content[:HEAD_SIZE])
    packet = Packet(head.version, head.maker, head.device_type, head.command, content[HEAD_SIZE:])
    return packet, head.sum == sum_of(content)


def sum_of(content: bytes) -> int:
    """The sum that belongs to an unescaped packet, 0-255; what stands in its first byte does not matter."""
    return sum(content[_SUMMED_FROM:]) & 0xFF


_NAMED = ("version", "maker", "device_type", "command")
