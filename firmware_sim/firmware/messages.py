"""Bodies of the messages that a bracelet of profile g10ls sends, and of the answers it understands.

Built from and read by the wire schemas, all that is shared with the gateway; items and the envelope of a batch are
written here. Source: JT/T 808-2013 and -2019, chapter 8; the items 53 to 5D are the G10LS maker's.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

import construct

from firmware_sim.firmware.measurement import Alarm, Measurement
from firmware_sim.firmware.wire import Edition, FrameFault
from protocols.jt808.messages import general, login, position

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Alarm", "Location", "Message", "Status"]
Location = Measurement
"""What a 0200 says."""


class Message(IntEnum):
    """Message numbers, up 0xxx, down 8xxx."""

    TERMINAL_ANSWER = 0x0001
    HEARTBEAT = 0x0002
    LOG_OUT = 0x0003
    ASK_TIME = 0x0004
    REGISTER = 0x0100
    AUTHENTICATE = 0x0102
    PARAMETERS = 0x0104
    MAKER_ASK_TIME = 0x0109
    LOCATION = 0x0200
    LOCATION_ANSWER = 0x0201
    LOCATION_BATCH = 0x0704
    PLATFORM_ANSWER = 0x8001
    SERVER_TIME = 0x8004
    REGISTER_ANSWER = 0x8100
    SET_PARAMETERS = 0x8103
    ASK_ALL_PARAMETERS = 0x8104
    ASK_PARAMETERS = 0x8106
    MAKER_TIME = 0x8109
    ASK_LOCATION = 0x8201
    TRACK = 0x8202
    TEST_LINK = 0x8204
    TEXT = 0x8300
    SET_CIRCLES = 0x8600
    DELETE_CIRCLES = 0x8601
    SET_RECTANGLES = 0x8602
    DELETE_RECTANGLES = 0x8603
    SET_POLYGON = 0x8604
    DELETE_POLYGONS = 0x8605


class Status(IntFlag):
    """Status bits the bracelet uses."""

    LOCATED = 1 << 1
    SOUTH = 1 << 2
    WEST = 1 << 3
    GPS_USED = 1 << 18
    BEIDOU_USED = 1 << 19


_ANSWER = general.GENERAL_ANSWER.compile()
_ANSWER_SIZE = general.GENERAL_ANSWER.sizeof()
"""Compiled: a third of the time of the interpreted schema, once a report."""
DONE = general.OK
NOT_SUPPORTED = general.UNSUPPORTED
_MODEL = b"G10LS"
_ALTITUDE = 95
"""Metres, of the whole made-up county."""


def location_body(location: Location) -> bytes:
    """0200: the fixed part of 28 bytes and items."""
    fixed: bytes = position.LOCATION.build({
        "alarm": int(location.alarm),
        "status": int(_status(location)),
        "latitude": abs(location.latitude),
        "longitude": abs(location.longitude),
        "altitude_m": _ALTITUDE if location.located else 0,
        "speed_kmh": location.speed_kmh,
        "course_deg": int(location.course) % 360,
        "time": location.moment,
    })  # fmt: skip
    return fixed + _items(location)


def _status(location: Location) -> Status:
    """Whether it is located, by what, and the hemispheres: coordinates have no sign."""
    status = Status.LOCATED | Status.GPS_USED | Status.BEIDOU_USED if location.located else Status(0)
    status |= Status.SOUTH if location.latitude < 0 else Status(0)
    return status | Status.WEST if location.longitude < 0 else status


def _items(location: Location) -> bytes:
    """01 mileage D 0.1 km; 30 signal B; 31 satellites B; 56 step B, percent B; 5D cells; 54 access points, if any."""
    cells = b"".join(
        struct.pack(">HBHIB", cell.mcc, cell.mnc, cell.lac, cell.cid, cell.level) for cell in location.cells
    )
    percent = location.battery_percent
    return b"".join((
        struct.pack(">BBI", 0x01, 4, round(location.mileage_km * 10)),
        struct.pack(">BBB", 0x30, 1, location.signal),
        struct.pack(">BBB", 0x31, 1, location.satellites),
        struct.pack(">BBBB", 0x56, 2, percent // 10, percent),
        struct.pack(">BBB", 0x5D, 1 + len(cells), len(location.cells)), cells, _access_points(location),
    ))  # fmt: skip


def _access_points(location: Location) -> bytes:
    """54: count B, {address BYTE[6], level B in two's complement}*; nothing where none was heard."""
    if not location.wifi:
        return b""
    heard = b"".join(point.bssid + struct.pack(">b", point.level_dbm) for point in location.wifi)
    return struct.pack(">BBB", 0x54, 1 + len(heard), len(location.wifi)) + heard


def batch_body(locations: Sequence[bytes]) -> bytes:
    """0704: count W, kind B, then length W and 0200 body each."""
    return struct.pack(">HB", len(locations), position.KIND_STORED) + b"".join(
        struct.pack(">H", len(body)) + body for body in locations
    )


def register_body(terminal: str, edition: Edition) -> bytes:
    """0100, of a terminal without a vehicle. 2019 fills its strings from the left, 2013 on the right."""
    name = terminal.encode("ascii")
    fields: dict[str, object] = {"province": 45, "city": 200, "plate_colour": 0, "plate": b""}
    if edition is Edition.Y2019:
        wide = {"maker": b"450200GOOME", "model": _MODEL.rjust(30, b"\0"), "terminal": name.rjust(30, b"\0")}
        return _built(login.REGISTER_2019, fields | wide)
    narrow = {"maker": b"GOOME", "model": _MODEL.ljust(20, b"\0"), "terminal": name[-7:].ljust(7, b"\0")}
    return _built(login.REGISTER, fields | narrow)


def authenticate_body(code: bytes, phone: str, edition: Edition) -> bytes:
    """0102: 2013 the code alone; 2019 with the IMEI (here the phone) and the software's version."""
    if edition is Edition.Y2013:
        return _built(login.AUTHENTICATE, {"code": code})
    imei = phone.rjust(15, "0").encode("ascii")
    return _built(login.AUTHENTICATE_2019, {"code": code, "imei": imei, "software": b"SIM-1.0".ljust(20, b"\0")})


def answer_body(serial: int, message: int, result: int) -> bytes:
    """0001, and 8001 of a platform: answered serial, answered message, result."""
    return _built(_ANSWER, {"answered_serial": serial, "answered_message": message, "result": result})


def read_answer(body: bytes) -> tuple[int, int, int]:
    """8001: answered serial, answered message, result.

    Raises:
        FrameFault: the body has another length.
    """
    if len(body) != _ANSWER_SIZE:
        raise FrameFault("general answer of a wrong length")
    answer = _ANSWER.parse(body)
    return answer.answered_serial, answer.answered_message, answer.result


def read_register_answer(body: bytes) -> tuple[int, int, bytes]:
    """8100: answered serial, result, and the authentication code, empty unless the result is 0.

    Raises:
        FrameFault: the body is too short.
    """
    try:
        answer = login.REGISTER_ANSWER.parse(body)
    except construct.ConstructError:
        raise FrameFault("register answer too short") from None
    return answer.answered_serial, answer.result, answer.code or b""


def read_time(message: int, body: bytes) -> float:
    """8004: BCD[6], or a maker's 8109: year W, month, day, hour, minute, second B, result B. UTC epoch seconds.

    Raises:
        FrameFault: it is no moment.
    """
    try:
        if message == Message.SERVER_TIME:
            return datetime.strptime(body.hex() + "+0000", "%y%m%d%H%M%S%z").timestamp()
        told = general.MAKER_TIME.parse(body)
        moment = datetime(told.year, told.month, told.day, told.hour, told.minute, told.second, tzinfo=UTC)
    except (ValueError, construct.ConstructError):
        raise FrameFault("no moment") from None
    return moment.timestamp()


def _built(schema: construct.Construct, fields: dict[str, object]) -> bytes:
    body: bytes = schema.build(fields)
    return body
