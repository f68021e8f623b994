"""Pre-encoded 0200 frames: what changes from one to the next - serial, time, checksum - is put in, the rest stands.

All that stands is escaped once, byte for byte, which is right because escaping looks at single bytes. Binary-coded
decimals hold neither 7D nor 7E, so the time goes in as it is; serial and checksum go through a table of 256 rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, reduce
from operator import xor
from typing import TYPE_CHECKING

from firmware_sim.clock import LOCAL_OFFSET
from firmware_sim.firmware.measurement import Alarm, Measurement
from firmware_sim.firmware.messages import Message, location_body
from firmware_sim.firmware.wire import FLAG, build_frame, escape

if TYPE_CHECKING:
    from firmware_sim.firmware.wire import Edition

TIME = slice(22, 28)
"""Where the time stands in a 0200 body."""
_SERIAL_BYTES = 2
_ESCAPED = tuple(escape(bytes((octet,))) for octet in range(256))


@dataclass(frozen=True, slots=True)
class Stamp:
    """A device time: BCD[6] of the local time, and the XOR of these bytes."""

    octets: bytes
    parity: int


@lru_cache(maxsize=2)
def stamp_of(moment: int) -> Stamp:
    """The device time of a UTC epoch second."""
    local = datetime.fromtimestamp(moment + LOCAL_OFFSET, UTC)
    octets = bytes.fromhex(f"{local:%y%m%d%H%M%S}")
    return Stamp(octets, reduce(xor, octets))


@dataclass(frozen=True, slots=True)
class ReportTemplate:
    """A terminal's reports.

    Attributes:
        head: flag and header up to the serial; ``place``: body up to the time; ``items``: the rest of it. Escaped.
        parity: XOR of their bytes before escaping.
    """

    head: bytes
    place: bytes
    items: bytes
    parity: int

    def frame(self, serial: int, stamp: Stamp) -> bytes:
        """The whole frame, as ``build_frame`` would build it. ``serial``: 0 to 65,535."""
        high, low = serial >> 8, serial & 0xFF
        checksum = self.parity ^ high ^ low ^ stamp.parity
        return b"".join((
            self.head, _ESCAPED[high], _ESCAPED[low], self.place, stamp.octets, self.items, _ESCAPED[checksum], FLAG,
        ))  # fmt: skip


def template_of(phone: str, edition: Edition, body: bytes) -> ReportTemplate:
    """The template of reports that all have this 0200 body but for its time."""
    header = _header(phone, edition, body)
    place, items = body[: TIME.start], body[TIME.stop :]
    parity = reduce(xor, header + place + items)
    return ReportTemplate(FLAG + escape(header), escape(place), escape(items), parity)


def _header(phone: str, edition: Edition, body: bytes) -> bytes:
    """The header up to the serial, unescaped, cut from a frame without anything to escape behind it."""
    frame = build_frame(Message.LOCATION, phone, 0, bytes(len(body)), edition)
    plain = frame[1:-1].replace(b"\x7d\x02", FLAG).replace(b"\x7d\x01", b"\x7d")
    return plain[: -len(body) - 1 - _SERIAL_BYTES]


def body_at(latitude: float, longitude: float) -> bytes:
    """0200 body of a bracelet at rest with a good fix there (WGS-84 degrees); its time is to be put in."""
    rest = Measurement(
        moment=0.0, alarm=Alarm(0), located=True, latitude=latitude, longitude=longitude, speed_kmh=0.0,
        course=0.0, satellites=9, signal=23, battery_percent=86, mileage_km=10.0, cells=(),
    )  # fmt: skip
    return location_body(rest)
