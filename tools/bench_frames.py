"""Frames of the benchmark's bracelets: what stands is encoded once, number, time and checksum are put in.

A bracelet is at home and walks a little. Its reports are numbered; ``moment`` is a device time in UTC epoch seconds.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

from bench_county import HOME, identity_of

from firmware_sim.firmware.wire import Edition
from firmware_sim.load.frames import stamp_of, template_of
from protocols.gt06.crc import crc16

STEPS = 5
"""Places that a bracelet goes through in turn, a third of a metre apart."""
UNKNOWN = 9_000_000
"""Bracelets from this number on stand in no county's table."""
_SOS = (1).to_bytes(4, "big")
_PLACE = struct.Struct(">IIHHH")
_ITEMS = bytes.fromhex("0104000000643001173101095602054b")
_GT06_LOGIN, _GT06_POSITION = 0x01, 0x22
_GT06_FIX = 0x1400
"""Located, north, due north."""
_GT06_CELL = bytes.fromhex("01cc00287d001f71000000")


class Bracelet(Protocol):
    """What a load needs of a wire format."""

    def login(self) -> bytes:
        """What is said first, and answered before anything else is said; empty: nothing."""

    def report(self, number: int, moment: int) -> bytes:
        """A position."""

    def sos(self, number: int, moment: int) -> bytes:
        """The same with the emergency button pressed."""


def _body(device: int, step: int, alarm: bytes = bytes(4)) -> bytes:
    """Body of 0200, with zeros for the time."""
    latitude, longitude = HOME(device)
    place = _PLACE.pack(int(1e6 * latitude) + 3 * step, int(1e6 * longitude) + 3 * step, 90, 12, 45)
    return alarm + (2).to_bytes(4, "big") + place + bytes(6) + _ITEMS


class Jt808:
    """A bracelet of ``g10ls``, which may report without a login."""

    def __init__(self, device: int) -> None:
        self._phone = identity_of(device)
        self._templates = [template_of(self._phone, Edition.Y2013, _body(device, step)) for step in range(STEPS)]
        self._emergency = template_of(self._phone, Edition.Y2013, _body(device, 0, _SOS))

    def login(self) -> bytes:
        """None."""
        return b""

    def report(self, number: int, moment: int) -> bytes:
        """See ``Bracelet``."""
        return self._templates[number % STEPS].frame(number & 0xFFFF, stamp_of(moment))

    def sos(self, number: int, moment: int) -> bytes:
        """See ``Bracelet``."""
        return self._emergency.frame(number & 0xFFFF, stamp_of(moment))


class Gt06:
    """A bracelet of ``concox``: the login first."""

    def __init__(self, device: int) -> None:
        self._device = device
        latitude, longitude = HOME(device)
        # 1/30,000 of a minute; the last byte says that it is no stored one.
        places = [
            struct.pack(">II", int(1.8e6 * latitude) + 6 * step, int(1.8e6 * longitude) + 6 * step)
            for step in range(STEPS)
        ]
        self._places = [b"\xc9" + place + struct.pack(">BH", 12, _GT06_FIX) + _GT06_CELL for place in places]

    def login(self) -> bytes:
        """01: IMEI, type, zone."""
        imei = bytes.fromhex(identity_of(self._device).zfill(16))
        return _gt06_frame(_GT06_LOGIN, imei + bytes.fromhex("36040002"), 0)

    def report(self, number: int, moment: int) -> bytes:
        """See ``Bracelet``."""
        return _gt06_frame(_GT06_POSITION, _clock(moment) + self._places[number % STEPS], number & 0xFFFF)

    def sos(self, number: int, moment: int) -> bytes:
        """Not measured with this format."""
        raise NotImplementedError


def _gt06_frame(message: int, content: bytes, serial: int) -> bytes:
    checked = bytes((len(content) + 5, message)) + content + serial.to_bytes(2, "big")
    return b"\x78\x78" + checked + crc16(checked).to_bytes(2, "big") + b"\r\n"


@lru_cache(maxsize=2)
def _clock(moment: int) -> bytes:
    at = datetime.fromtimestamp(moment, UTC)
    return bytes((at.year - 2000, at.month, at.day, at.hour, at.minute, at.second))


class Wire(NamedTuple):
    """A wire format: its bracelets, and how its answers are counted without reading them."""

    bracelet: type[Jt808 | Gt06]
    flag: bytes
    """What is counted of an answer; empty: its bytes are."""
    a_piece: int
    """So many of them make one."""


WIRES = {"jt808": Wire(Jt808, b"\x7e", 2), "gt06": Wire(Gt06, b"", 10)}
