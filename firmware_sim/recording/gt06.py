"""GT06 frames of many bracelets at once: 22 with a position and its cell, 26 when an alarm stands, else 28 or 2C.

    78 78 | length B | 22 or 26 | GPS block | cell ... | serial W | CRC-16/X-25 W | 0D 0A
    78 78 | length B | 28 or 2C | time 6 * B (UTC), MCC W, MNC B, 7 * {area W, cell 3 B, level B}, timing advance B,
                                  language W, in 2C access points: count B, {BSSID, level B}* | serial W ...
    GPS block: time 6 * B (UTC), C0 + satellites, latitude D, longitude D (1/1,800,000 degree), speed B,
               course and bits W
    cell: MCC W, MNC B, area W, cell 3 B

An alarm without a fix has bit 12 clear, and the middle of the county as its place. Source: the maker's GT06 protocol,
sections 5.2 and 5.3, and of 28 and 2C the schemas; tests hold the frames to these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.towers import MCC, MNC
from firmware_sim.firmware.messages import Alarm
from firmware_sim.recording.jt808 import LEVEL_BASE
from firmware_sim.recording.measured import CASE_OPEN, GOING_OFF, JAMMING, OTHER_CARD
from firmware_sim.recording.octets import calendar, flattened, joined, number, same
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap
    from firmware_sim.recording.jt808 import Radio
    from firmware_sim.recording.sent import Sent

POSITION, ALARM, CELLS, CELLS_WIFI = 0x22, 0x26, 0x28, 0x2C
LISTED = 7
"""Cells in 28 and 2C; those that are not there are zeros."""
NO_ADVANCE, ENGLISH = 0xFF, 2
SCALE = 1_800_000
_FIXED, _NORTH = 1 << 12, 1 << 10
CODES = (
    (GOING_OFF, 0x11), (Alarm.REMOVAL, 0x13), (CASE_OPEN, 0x18), (Alarm.SOS, 0x01), (JAMMING, 0x30),
    (OTHER_CARD, 0x10), (Alarm.BATTERY_LOW, 0x19),
)  # fmt: skip
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


def encode(sent: Sent, radio: Radio) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Frames: octets end to end, the length of each, and which rows of ``sent`` they are, in order."""
    alarming, points = sent.measured.bits != 0, (sent.measured.wifi >= 0).sum(axis=1)
    blind = ~alarming & ~sent.measured.located
    kinds = [(POSITION, ~alarming & ~blind, 0), (ALARM, alarming, 0), (CELLS, blind & (points == 0), 0)]
    kinds += [(CELLS_WIFI, blind & (points == count), int(count)) for count in np.unique(points[blind]) if count]
    parts = []
    for message, chosen, count in kinds:
        rows = np.flatnonzero(chosen)
        part = sent.take(rows)
        content = _heard(part, radio, count) if message in {CELLS, CELLS_WIFI} else _placed(message, part, radio.towers)
        parts.append((*flattened(_framed(message, part, content)), rows))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _code(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    conditions = [(bits & int(bit)) != 0 for bit, _ in CODES]
    return np.select(conditions, [np.full(len(bits), code, np.int64) for _, code in CODES], 0)


def _framed(message: int, part: Sent, content: NDArray[np.uint8]) -> NDArray[np.uint8]:
    count = len(content)
    whole = joined(same(bytes((message,)), count), content, number(part.serial & 0xFFFF, 2))
    counted = joined(number(np.full(count, whole.shape[1] + 2), 1), whole)
    return joined(same(b"\x78\x78", count), counted, number(checksum(counted), 2), same(b"\r\n", count))


def _placed(message: int, part: Sent, towers: TowerMap) -> NDArray[np.uint8]:
    """Content of 22 and 26."""
    count, gps, cell = len(part.measured), _gps(part), _cell(part, towers)
    if message == POSITION:
        return joined(gps, cell, same(b"\0\0\0", count))
    battery = np.clip(part.measured.battery * 6 // 100, 0, 6)
    state = (same(b"\x40", count), number(battery, 1), same(b"\x04", count))
    return joined(gps, same(b"\x09", count), cell, *state, number(_code(part.measured.bits), 1), same(b"\x02", count))


def _heard(part: Sent, radio: Radio, points: int) -> NDArray[np.uint8]:
    """Content of 28, and of 2C with so many access points; the levels of these in dBm without their sign."""
    measured, count = part.measured, len(part.measured)
    heard = measured.cell >= 0
    order = np.argsort(~heard, axis=1, kind="stable")
    cell, level = np.take_along_axis(measured.cell, order, 1), np.take_along_axis(measured.level, order, 1)
    listed = [_listed(radio.towers, *column) for column in zip(cell.T, level.T, strict=True)]
    network = same(MCC.to_bytes(2) + bytes((MNC,)), count) * (cell[:, :1] >= 0)
    absent = same(bytes(6 * (LISTED - len(listed))), count)
    advance = np.where(measured.advance < 0, NO_ADVANCE, np.minimum(measured.advance, NO_ADVANCE - 1))
    tail = [number(advance, 1), same(ENGLISH.to_bytes(2), count)]
    if points:
        tail.append(same(bytes((points,)), count))
    for place in range(points):
        dbm = -measured.wifi_level[:, place].astype(np.int64)
        tail += [number(radio.air.bssid[measured.wifi[:, place]], 6), number(dbm, 1)]
    return joined(calendar(part.device_time).astype(np.uint8), network, *listed, absent, *tail)


def _listed(towers: TowerMap, cell: NDArray[np.int32], level: NDArray[np.int16]) -> NDArray[np.uint8]:
    """One cell of each row's list; zeros where there is none."""
    area, identity = towers.identity(np.maximum(cell, 0))
    raw = np.clip(level.astype(np.int64) + LEVEL_BASE, 0, 97)
    octets = joined(number(area, 2), number(identity & 0xFFFFFF, 3), number(raw, 1))
    return np.where(cell[:, None] >= 0, octets, 0).astype(np.uint8)


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
