"""What a bracelet has measured, in no wire format: each firmware writes it down in its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.radio import Cell


class Alarm(IntFlag):
    """Conditions that hold while they last. The numbers are the bits of the G10LS maker's 0200."""

    SOS = 1 << 0
    BATTERY_LOW = 1 << 15
    REMOVAL = 1 << 17


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """A WiFi access point heard: its six address bytes, and its level in dBm (negative)."""

    bssid: bytes
    level_dbm: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One moment's measurement. Degrees WGS-84; without a fix what the model sends then, which is no place.

    ``moment`` is UTC epoch seconds, whole ones; ``speed_kmh``, ``course`` (degrees from north, clockwise) and
    ``satellites`` are 0 without a fix; ``signal`` is 0-31 as modems count it.
    """

    moment: float
    alarm: Alarm
    located: bool
    latitude: float
    longitude: float
    speed_kmh: float
    course: float
    satellites: int
    signal: int
    battery_percent: int
    mileage_km: float
    cells: Sequence[Cell]
    wifi: Sequence[AccessPoint] = ()
