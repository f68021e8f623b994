"""What a GT06 bracelet says: contents of its messages, built from the wire schemas' blocks.

A record, which the store keeps of a report, is its message's number and its content. Source: protocol notes, sections
4.2 to 4.6.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from construct import Array, Int8ub, Int16ub, Struct

from firmware_sim.firmware.measurement import Alarm
from protocols.gt06.messages.blocks import CELL, CID_24, GPS, MCC, MNC, STATE, STORED, TIME
from protocols.gt06.messages.cells import ACCESS_POINT
from protocols.gt06.messages.login import LOGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.radio import Cell


class Message(IntEnum):
    """Message numbers."""

    LOGIN = 0x01
    HEARTBEAT = 0x13
    ORDER_ANSWER = 0x15
    LONG_ORDER_ANSWER = 0x21
    POSITION = 0x22
    ALARM = 0x26
    CELLS = 0x28
    CELLS_WIFI = 0x2C
    ORDER = 0x80
    ASK_TIME = 0x8A


class Event(NamedTuple):
    """How an alarm is told: its number in bits 5-3 of the status byte, and its code in the alarm byte."""

    status: int
    code: int


EVENTS = {
    Alarm.REMOVAL: Event(7, 0x13),
    Alarm.SOS: Event(4, 0x01),
    Alarm.BATTERY_LOW: Event(3, 0x19),
}
"""The alarms, the gravest first."""
_QUIET = Event(0, 0)
NORTH, WEST, LOCATED = 1 << 10, 1 << 11, 1 << 12
"""Flags behind the speed; the course stands below them."""
_GPS_ON = 1 << 6
_STEPS = (0, 5, 15, 30, 60, 85)
"""Percent up to which the battery's step is 0, 1 ... 5; above it is 6."""
_CELL_SIZE = 9
_ENGLISH = 2
_MOST_CELLS = 7
_NO_ADVANCE = 0xFF
_TRACKER = 0x3604
_UTC = 2
"""The login's zone: +0:00, English."""
_LANGUAGE = "language" / Int8ub
_POSITION = Struct(*GPS, *CELL, "acc" / Int8ub, "reason" / Int8ub, STORED)
_ALARM = Struct(*GPS, "cell_size" / Int8ub, *CELL, *STATE, _LANGUAGE)
_HEARTBEAT = Struct(*STATE[:3])
_HEARD = Struct("lac" / Int16ub, CID_24, "level" / Int8ub)
_CELLS = Struct(TIME, MCC, MNC, "cells" / Array(_MOST_CELLS, _HEARD), "ta" / Int8ub, "language" / Int16ub)
_CELL_ID = 0xFFFFFF
"""What three bytes hold of a cell id: an LTE one loses its highest bits."""


def login(imei: str) -> bytes:
    """01: IMEI BCD[8], type, zone."""
    content: bytes = LOGIN.build({"imei": bytes.fromhex(imei.zfill(16)), "type": _TRACKER, "zone": _UTC, "rest": b""})
    return content


def records(measurement: Measurement, risen: Sequence[Alarm]) -> list[bytes]:
    """The reports of a measurement: an alarm for each that has begun, else where it is, or what it hears.

    ``risen`` are the alarms that were not there at the measurement before.
    """
    if risen:
        return [_record(Message.ALARM, _alarm(measurement, alarm)) for alarm in risen]
    if measurement.located:
        return [_record(Message.POSITION, _position(measurement))]
    if measurement.wifi:
        return [_record(Message.CELLS_WIFI, _cells(measurement) + _access_points(measurement))]
    return [_record(Message.CELLS, _cells(measurement))]


def opened(record: bytes, *, stored: bool) -> tuple[Message, bytes]:
    """Message and content of a record; a position says in its last byte whether it comes from the memory."""
    message, content = Message(record[0]), record[1:]
    return message, content[:-1] + bytes((stored,)) if message is Message.POSITION else content


def heartbeat(measurement: Measurement | None) -> bytes:
    """13: status, battery step, signal step; before the first measurement the battery is full."""
    if measurement is None:
        return bytes((_GPS_ON, len(_STEPS), 0))
    worst = next((event for alarm, event in EVENTS.items() if measurement.alarm & alarm), _QUIET)
    content: bytes = _HEARTBEAT.build(_state(measurement, worst))
    return content


def order_answer(message: Message, flag: bytes, text: str) -> bytes:
    """15: length B, flag, text, language W; 21: flag, coding B (1: ASCII), text."""
    said = text.encode("ascii")
    if message is Message.LONG_ORDER_ANSWER:
        return flag + b"\x01" + said
    return bytes((len(flag) + len(said),)) + flag + said + struct.pack(">H", _ENGLISH)


def _record(message: Message, content: bytes) -> bytes:
    return bytes((message,)) + content


def _position(measurement: Measurement) -> bytes:
    """22: GPS block, cell block, ACC, reason (0: by time), stored."""
    fields = _place(measurement) | _serving(measurement) | {"acc": 0, "reason": 0, "stored": 0}
    content: bytes = _POSITION.build(fields)
    return content


def _alarm(measurement: Measurement, alarm: Alarm) -> bytes:
    """26: GPS block, cell block with its size, status, battery step, signal step, alarm, language."""
    fields = _place(measurement) | _serving(measurement) | _state(measurement, EVENTS[alarm])
    content: bytes = _ALARM.build(fields | {"cell_size": _CELL_SIZE, "language": _ENGLISH})
    return content


def _cells(measurement: Measurement) -> bytes:
    """28: date, network, seven cells (those that are not there are zero), timing advance, language."""
    heard = [{"lac": cell.lac, "cid": cell.cid & _CELL_ID, "level": cell.level} for cell in measurement.cells]
    cells = [*heard, *({"lac": 0, "cid": 0, "level": 0},) * _MOST_CELLS][:_MOST_CELLS]
    head = {name: value for name, value in _serving(measurement).items() if name in ("mcc", "mnc")}
    rest = {"time": measurement.moment, "cells": cells, "ta": _NO_ADVANCE, "language": _ENGLISH}
    content: bytes = _CELLS.build(head | rest)
    return content


def _access_points(measurement: Measurement) -> bytes:
    """Behind the cells in 2C: count B, {BSSID, level in dBm without its sign}*."""
    points = (ACCESS_POINT.build({"bssid": each.bssid, "level": -each.level_dbm}) for each in measurement.wifi)
    return bytes((len(measurement.wifi),)) + b"".join(points)


def _place(measurement: Measurement) -> dict[str, object]:
    flags = (NORTH if measurement.latitude >= 0 else 0) | (WEST if measurement.longitude < 0 else 0)
    return {
        "time": measurement.moment,
        "satellites": min(measurement.satellites, 15),
        "latitude": abs(measurement.latitude),
        "longitude": abs(measurement.longitude),
        "speed_kmh": min(round(measurement.speed_kmh), 0xFF),
        "fix": flags | (LOCATED if measurement.located else 0) | int(measurement.course) % 360,
    }


def _serving(measurement: Measurement) -> dict[str, object]:
    """The cell block: the first cell, or zeros."""
    if not measurement.cells:
        return dict.fromkeys(("mcc", "mnc", "lac", "cid"), 0)
    cell: Cell = measurement.cells[0]
    return {"mcc": cell.mcc, "mnc": cell.mnc & 0xFF, "lac": cell.lac, "cid": cell.cid & _CELL_ID}


def _state(measurement: Measurement, event: Event) -> dict[str, object]:
    """Status byte, battery step 0-6, signal step 0-4, alarm byte."""
    return {
        "status": _GPS_ON | event.status << 3,
        "voltage": bisect_left(_STEPS, measurement.battery_percent),
        "signal": min(measurement.signal // 8 + 1, 4) if measurement.signal else 0,
        "alarm": event.code,
    }
