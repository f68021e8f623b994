"""GT06 frames of many bracelets at once: 22 with a position and its cell, 26 when an alarm stands.

    78 78 | length B | 22 or 26 | GPS block | cell ... | serial W | CRC-16/X-25 W | 0D 0A
    GPS block: time 6 * B (UTC), C0 + satellites, latitude D, longitude D (1/1,800,000 degree), speed B,
               course and bits W
    cell: MCC W, MNC B, area W, cell 3 B

Without a fix bit 12 is clear, and the place is the middle of the county. Source: the maker's GT06 protocol, sections
5.2 and 5.3; tests hold the frames to the schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.towers import MCC, MNC
from firmware_sim.firmware.messages import Alarm
from firmware_sim.recording.measured import CASE_OPEN
from firmware_sim.recording.octets import calendar, flattened, joined, number, same
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap
    from firmware_sim.recording.sent import Sent

POSITION, ALARM = 0x22, 0x26
SCALE = 1_800_000
_FIXED, _NORTH = 1 << 12, 1 << 10
CODES = ((Alarm.REMOVAL, 0x13), (CASE_OPEN, 0x18), (Alarm.SOS, 0x01), (Alarm.BATTERY_LOW, 0x19))
"""Alarm byte by bit; the first that is set is said."""


def crc_table() -> NDArray[np.uint16]:
    """CRC-16/X-25 of each octet: polynomial 1021 reflected (ITU-T X.25, section 2.2.7.4)."""
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ 0x8408, table >> 1).astype(np.uint16)
    return table


_TABLE = crc_table()


def checksum(rows: NDArray[np.uint8]) -> NDArray[np.int64]:
    """CRC-16/X-25 of each row."""
    value = np.full(len(rows), 0xFFFF, np.uint16)
    for column in range(rows.shape[1]):
        value = value >> 8 ^ _TABLE[(value ^ rows[:, column]) & 0xFF]
    return (value ^ 0xFFFF).astype(np.int64)


def encode(sent: Sent, towers: TowerMap) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Frames: octets end to end, the length of each, and which rows of ``sent`` they are, in order."""
    alarming = sent.measured.bits != 0
    parts = []
    for message, chosen in ((POSITION, ~alarming), (ALARM, alarming)):
        rows = np.flatnonzero(chosen)
        part = sent.take(rows)
        tail = [number(_code(part.measured.bits), 1), same(b"\x02", len(rows))] if message == ALARM else []
        parts.append((*flattened(_framed(message, part, towers, tail)), rows))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _code(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    conditions = [(bits & int(bit)) != 0 for bit, _ in CODES]
    return np.select(conditions, [np.full(len(bits), code, np.int64) for _, code in CODES], 0)


def _framed(message: int, part: Sent, towers: TowerMap, tail: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    count = len(part.measured)
    middle = [_gps(part), _cell(part, towers)]
    if message == ALARM:
        battery = np.clip(part.measured.battery * 6 // 100, 0, 6)
        state = [same(b"\x40", count), number(battery, 1), same(b"\x04", count)]
        middle = [middle[0], same(b"\x09", count), middle[1], *state, *tail]
    else:
        middle.append(same(b"\0\0\0", count))
    content = joined(same(bytes((message,)), count), *middle, number(part.serial & 0xFFFF, 2))
    counted = joined(number(np.full(count, content.shape[1] + 2), 1), content)
    return joined(same(b"\x78\x78", count), counted, number(checksum(counted), 2), same(b"\r\n", count))


def _gps(part: Sent) -> NDArray[np.uint8]:
    measured, fix = part.measured, part.measured.located
    latitude = ORIGIN[0] + np.where(fix, measured.y, 0.0) / METRES_PER_DEGREE_NORTH
    longitude = ORIGIN[1] + np.where(fix, measured.x, 0.0) / METRES_PER_DEGREE_EAST
    course = np.where(fix, _FIXED | measured.course, 0) | _NORTH
    return joined(
        calendar(part.device_time).astype(np.uint8), number(0xC0 | np.clip(measured.satellites, 0, 15), 1),
        number(np.round(latitude * SCALE).astype(np.int64), 4), number(np.round(longitude * SCALE).astype(np.int64), 4),
        number(np.clip(np.round(measured.speed_kmh), 0, 255).astype(np.int64), 1), number(course, 2),
    )  # fmt: skip


def _cell(part: Sent, towers: TowerMap) -> NDArray[np.uint8]:
    """The serving cell, its identity cut to 24 bits as the family does; zeros for none."""
    serving = part.measured.cell[:, 0]
    area, identity = towers.identity(np.maximum(serving, 0))
    heard = serving >= 0
    head = same(MCC.to_bytes(2) + bytes((MNC,)), len(serving))
    return joined(head, number(np.where(heard, area, 0), 2), number(np.where(heard, identity & 0xFFFFFF, 0), 3))
