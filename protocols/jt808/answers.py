"""Answers of the platform, ready for the wire but for their serial, which is 0 until they leave."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from protocols.jt808.clock import to_bcd
from protocols.jt808.header import (
    ANSWER_WANTED,
    EDITION_2019,
    LONG_HEADER,
    ONE_BYTE_SERIAL,
    SHORT_HEADER,
    Header,
    write_header,
)
from protocols.jt808.messages import Due, Edition
from protocols.jt808.messages.general import MALFORMED, OK, UNSUPPORTED
from protocols.jt808.messages.login import REGISTERED
from protocols.jt808.messages.media import MEDIUM_SIZE, MOST_MISSING
from protocols.jt808.wire import FLAG_BYTE, MAX_BODY, escape, seal, unescape, xor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GENERAL = struct.Struct(">HHB")
_GENERAL_SHORT = struct.Struct(">HH6sHHHB")
_BYTES = tuple(bytes((byte,)) for byte in range(256))
_REGISTER = struct.Struct(">HB")
_PADLOCK_ANSWER = b"\x44\x01"
_LONG_BIT = EDITION_2019 >> 8
_MAKER_TIME = struct.Struct(">H6B")  # year, month ... second, result


def answer(to: Header, message: int, body: bytes) -> bytes:
    """A whole frame to the sender of ``to``: its edition, its address bytes."""
    return seal(write_header(to, message, len(body), 0) + body)


def has_serial(frame: bytes) -> bool:
    """Whether a whole frame of ours has a serial: what padlocks are answered has one of its own."""
    return frame[1:3] != _PADLOCK_ANSWER


def numbered(frame: bytes, serial: int) -> bytes:
    """A whole frame of serial 0 with a serial."""
    content = bytearray(unescape(frame[1:-1]))
    high, low = serial.to_bytes(2, "big")
    at = (LONG_HEADER if content[2] & _LONG_BIT else SHORT_HEADER) - 2
    content[at], content[at + 1] = high, low
    content[-1] ^= high ^ low
    return FLAG_BYTE + escape(bytes(content)) + FLAG_BYTE


def general_answer(to: Header, result: int) -> bytes:
    """8001 for the message with header ``to`` (2013 in one go: it is sent once for every report)."""
    if to.version >= 0:
        return answer(to, 0x8001, _GENERAL.pack(to.serial, to.message, result))
    content = _GENERAL_SHORT.pack(0x8001, _GENERAL.size, to.address, 0, to.serial, to.message, result)
    return FLAG_BYTE + escape(content + _BYTES[xor(content)]) + FLAG_BYTE


def register_answer(to: Header, result: int, code: str) -> bytes:
    """8100; the code (GBK) goes out only with result 0."""
    text = code.encode("gb18030", "replace")[: MAX_BODY - _REGISTER.size] if result == REGISTERED else b""
    return answer(to, 0x8100, _REGISTER.pack(to.serial, result) + text)


def media_answer(to: Header, medium: bytes, missing: Sequence[int] = (), *, in_2011: bool = False) -> bytes:
    """8800: the medium (its id, 4 bytes) is complete, or lacks the fragments with these indices (the first 125)."""
    head = to.serial.to_bytes(2, "big") if in_2011 else b""
    missing = missing[:MOST_MISSING]
    named = bytes([len(missing)]) + struct.pack(f">{len(missing)}H", *missing) if missing else b""
    return answer(to, 0x8800, head + medium + named)


def _ok(to: Header, _body: bytes, _edition: Edition, _now: float) -> bytes:
    return general_answer(to, OK)


def _unsupported(to: Header, _body: bytes, _edition: Edition, _now: float) -> bytes:
    return general_answer(to, UNSUPPORTED)


def _media(to: Header, body: bytes, edition: Edition, _now: float) -> bytes:
    """A medium in one frame is complete; what has no id can only be called malformed."""
    if len(body) < MEDIUM_SIZE:
        return general_answer(to, MALFORMED)
    return media_answer(to, body[:MEDIUM_SIZE], in_2011=edition is Edition.E2011)


def _server_time(to: Header, _body: bytes, _edition: Edition, now: float) -> bytes:
    return answer(to, 0x8004, to_bcd(now, zone_seconds=0))


def _maker_time(to: Header, _body: bytes, _edition: Edition, now: float) -> bytes:
    moment = datetime.fromtimestamp(now, UTC)
    clock = (moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return answer(to, 0x8109, _MAKER_TIME.pack(moment.year, *clock, OK))


def _padlock(to: Header, _body: bytes, _edition: Edition, _now: float) -> bytes:
    """4401 with a one-byte serial, always 1 in the answers seen."""
    if not to.attributes & ANSWER_WANTED:
        return b""
    body = struct.pack(">HB", to.message, OK)
    head = write_header(to, 0x4401, len(body), 0)[:-2] + b"\x01"
    return seal(head + body) if to.message in ONE_BYTE_SERIAL else b""


ANSWERS: dict[Due, Callable[[Header, bytes, Edition, float], bytes]] = {
    Due.GENERAL: _ok,
    Due.UNSUPPORTED: _unsupported,
    Due.SERVER_TIME: _server_time,
    Due.MAKER_TIME: _maker_time,
    Due.MEDIA: _media,
    Due.PADLOCK: _padlock,
}
"""What is sent for each kind of debt, from (request, its body, its sender's edition, now). Logins: see the session."""
