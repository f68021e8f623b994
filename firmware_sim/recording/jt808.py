"""JT/T 808 position reports of many bracelets at once: 0200 with the items of a G10LS, 2013 and 2019.

    header 2013: message W, attributes W, phone BCD[6], serial W       2019: ... version B, phone BCD[10], serial W
    body: the 28 bytes of 0200, items 01 mileage, 30 signal, 31 satellites, 56 battery, 5D cells, 54 WiFi

Source: JT/T 808-2013 and -2019, sections 4.4.3 and 8.18; items 56, 5D and 54 of the G10LS's maker. Tests hold the
bodies to those of the firmware that speaks over sockets, which the schemas build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.towers import MCC, MNC
from firmware_sim.firmware.messages import Message, Status
from firmware_sim.firmware.wire import Edition
from firmware_sim.recording.octets import GMT8, binary_coded, calendar, digits, escaped, joined, number, same
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap
    from firmware_sim.reception.wifi import Air
    from firmware_sim.recording.sent import Sent

ALTITUDE = 95
SIGNAL = 24
FIXED = int(Status.LOCATED | Status.GPS_USED | Status.BEIDOU_USED)
CELLS_AND_MORE = 10
"""More than a report has cells."""
_VERSION_BIT = 1 << 14
LEVEL_BASE = 141
"""The raw level of a cell is RSRP + 141 (3GPP TS 36.133, table 9.1.4-1)."""
_WRONG_LENGTH = 7
"""Bytes by which a bracelet that lies about its length is off."""


@dataclass(frozen=True, slots=True)
class Radio:
    """What numbers of cells and access points stand for."""

    towers: TowerMap
    air: Air


def encode(
    sent: Sent, phones: list[str], radio: Radio, edition: Edition
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Frames of one edition: octets end to end, the length of each, and which rows of ``sent`` they are, in order."""
    heard = CELLS_AND_MORE * (sent.measured.wifi >= 0).sum(axis=1) + (sent.measured.cell >= 0).sum(axis=1)
    parts = [_encoded(sent, np.flatnonzero(heard == count), phones, radio, edition) for count in np.unique(heard)]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _encoded(
    sent: Sent, rows: NDArray[np.int64], phones: list[str], radio: Radio, edition: Edition
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Frames of rows that hear equally many cells and access points, so that they are equally long."""
    part = sent.take(rows)
    body = joined(_location(part), _items(part, radio))
    content = joined(_header(part, [phones[device] for device in part.measured.device], body.shape[1], edition), body)
    checksum = np.bitwise_xor.reduce(content, axis=1)[:, None]
    return *escaped(joined(content, checksum)), rows


def _header(part: Sent, phones: list[str], length: int, edition: Edition) -> NDArray[np.uint8]:
    count = len(part.measured)
    attributes = np.where(part.wrong_length, length - _WRONG_LENGTH, length)
    if edition is Edition.Y2019:
        version = joined(number(attributes | _VERSION_BIT, 2), same(b"\1", count), digits(phones, 10))
    else:
        version = joined(number(attributes, 2), digits(phones, 6))
    return joined(number(np.full(count, Message.LOCATION), 2), version, number(part.serial & 0xFFFF, 2))


def _location(part: Sent) -> NDArray[np.uint8]:
    """The fixed part; without a fix zeros stand for the place."""
    measured, fix = part.measured, part.measured.located
    latitude = np.where(fix, ORIGIN[0] + measured.y / METRES_PER_DEGREE_NORTH, 0.0)
    longitude = np.where(fix, ORIGIN[1] + measured.x / METRES_PER_DEGREE_EAST, 0.0)
    return joined(
        number(measured.bits & 0x7FFFFFFF, 4), number(np.where(fix, FIXED, 0), 4),
        number(np.round(latitude * 1e6).astype(np.int64), 4), number(np.round(longitude * 1e6).astype(np.int64), 4),
        number(np.where(fix, ALTITUDE, 0), 2),
        number(np.where(fix, np.round(measured.speed_kmh * 10.0), 0.0).astype(np.int64), 2),
        number(np.where(fix, measured.course, 0), 2), binary_coded(calendar(part.device_time, GMT8)),
    )  # fmt: skip


def _items(part: Sent, radio: Radio) -> NDArray[np.uint8]:
    measured, count = part.measured, len(part.measured)
    battery = np.clip(measured.battery, 0, 100)
    items = joined(
        same(b"\x01\x04", count), number(np.zeros(count, np.int64), 4), same(bytes((0x30, 1, SIGNAL, 0x31, 1)), count),
        number(measured.satellites, 1), same(b"\x56\x02", count), number(battery // 10, 1), number(battery, 1),
    )  # fmt: skip
    heard = measured.cell >= 0
    cells = int(heard[0].sum()) if count else 0
    listed = _cells(part, heard, cells, radio.towers)
    return joined(items, same(bytes((0x5D, 1 + 10 * cells, cells)), count), *listed, *_access_points(part, radio.air))


def _access_points(part: Sent, air: Air) -> list[NDArray[np.uint8]]:
    """54: count B, {address BYTE[6], level B in two's complement}*; nothing where none was heard."""
    wifi, level = part.measured.wifi, part.measured.wifi_level
    count = int((wifi[0] >= 0).sum()) if len(wifi) else 0
    if not count:
        return []
    points = [
        joined(number(air.bssid[wifi[:, place]], 6), number(level[:, place].astype(np.int64) & 0xFF, 1))
        for place in range(count)
    ]
    return [same(bytes((0x54, 1 + 7 * count, count)), len(wifi)), *points]


def _cells(part: Sent, heard: NDArray[np.bool_], cells: int, towers: TowerMap) -> list[NDArray[np.uint8]]:
    """5D: MCC W, MNC B, area W, cell D, level B, for each cell heard."""
    order = np.argsort(~heard, axis=1, kind="stable")[:, :cells]
    cell = np.take_along_axis(part.measured.cell, order, 1)
    level = np.take_along_axis(part.measured.level, order, 1)
    found = []
    for place in range(cells):
        area, identity = towers.identity(cell[:, place])
        raw = np.clip(level[:, place].astype(np.int64) + LEVEL_BASE, 0, 97)
        head = same(MCC.to_bytes(2) + bytes((MNC,)), len(raw))
        found.append(joined(head, number(area, 2), number(identity, 4), number(raw, 1)))
    return found
