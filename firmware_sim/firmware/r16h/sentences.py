"""The sentences of an R16H: ``@type,fields$`` in ASCII. Layouts: protocol notes, section 7.

A record, which the store keeps of a report, is a sentence without its identity and without R (live) or S (stored).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from firmware_sim.firmware.measurement import Alarm

if TYPE_CHECKING:
    from firmware_sim.firmware.measurement import Measurement

LONGEST_ORDER = 512
"""Bytes that are kept in the hope of an order's end."""
ALARMS = {Alarm.REMOVAL: "ULK", Alarm.SOS: "SOS", Alarm.BATTERY_LOW: "LBT"}
"""The word in the alarm field, the gravest first."""
_ALTITUDE = 95
_DBM_FLOOR, _DBM_STEP = -113, 2
"""A signal of 0 as modems count it, and dBm a step."""
_ORDER = re.compile(rb"@([A-Z]{4})(?:,([^@$]*))?\$")


class Order(NamedTuple):
    """What came down: the type and the fields behind it."""

    name: str
    fields: list[str]


def link(imei: str) -> bytes:
    """On connecting."""
    return f"@LINK,{imei.zfill(15)}$".encode("ascii")


def reply(imei: str, name: str, result: str) -> bytes:
    """The result of an order."""
    return f"@RPLY,{imei.zfill(15)},{name},{result}$".encode("ascii")


def record(measurement: Measurement) -> bytes:
    """GPSD with a fix, LBSD without: type, date, time, place or cell, battery, strap, alarm."""
    when = datetime.fromtimestamp(measurement.moment, UTC).strftime("%Y%m%d,%H%M%S")
    strap = "R" if measurement.alarm & Alarm.REMOVAL else "L"
    alarm = next((word for bit, word in ALARMS.items() if measurement.alarm & bit), "")
    name, where = ("GPSD", _place(measurement)) if measurement.located else ("LBSD", _cell(measurement))
    return f"{name},{when},{where},{measurement.battery_percent},{strap},{alarm}".encode("ascii")


def sentence(kept: bytes, imei: str, *, stored: bool) -> bytes:
    """A record as it goes out."""
    name, _, fields = kept.partition(b",")
    return b"@%s,%s,%s,%s$" % (name, imei.zfill(15).encode("ascii"), b"S" if stored else b"R", fields)


def has_place(kept: bytes) -> bool:
    """Whether a record holds a position."""
    return kept.startswith(b"GPSD")


def _place(measurement: Measurement) -> str:
    """Latitude, N/S, longitude, E/W in decimal degrees, speed in km/h, course, altitude in metres."""
    latitude, longitude = measurement.latitude, measurement.longitude
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    course = int(measurement.course) % 360
    place = f"{abs(latitude):.6f},{north},{abs(longitude):.6f},{east}"
    return f"{place},{measurement.speed_kmh:.1f},{course},{_ALTITUDE}"


def _cell(measurement: Measurement) -> str:
    """The serving cell, ``mcc-mnc-lac-cid:dBm`` (lac, cid hexadecimal), and two empty fields; without a cell three."""
    if not measurement.cells:
        return ",,"
    cell = measurement.cells[0]
    level = _DBM_FLOOR + _DBM_STEP * measurement.signal
    return f"{cell.mcc}-{cell.mnc:02d}-{cell.lac:x}-{cell.cid:x}:{level},,"


class OrderReader:
    """Cuts the platform's bytes into orders; anything between them is passed over."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Order]:
        """Take bytes in any split; return the orders that became whole."""
        self._rest += data
        orders, end = [], 0
        for found in _ORDER.finditer(self._rest):
            fields = (found[2] or b"").decode("ascii", "replace")
            orders.append(Order(found[1].decode("ascii"), fields.split(",")))
            end = found.end()
        self._rest = self._rest[end:][-LONGEST_ORDER:]
        return orders
