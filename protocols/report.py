"""ReportBatch: the columns every wire format decodes into, and their enums (the one vocabulary).

A batch is a struct of arrays, one row a report. Absent values are NaN (floats) or -1 (integers), never zero: no fix is
not a place.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Source(IntEnum):
    """Where a position comes from."""

    NONE = 0
    GNSS = 1
    WIFI = 2
    CELL = 3
    BEACON = 4
    PHONE = 5


class SourceDatum(IntEnum):
    """The datum the device reports in (a plug-in or a carrier's map may have shifted it)."""

    WGS84 = 0
    GCJ02 = 1


class SignalUnit(IntEnum):
    """Unit of a cell's signal figure. RAW: not established, never to be read as dBm."""

    NONE = 0
    RAW = 1
    DBM = 2
    CSQ = 3
    RXLEV = 4


class Flag(IntFlag):
    """What a device says of itself, in the field's words; a profile maps its bits and items onto these."""

    SOS = 1 << 0
    STRAP_CUT = 1 << 1
    STRAP_LOOSE = 1 << 2
    CASE_OPEN = 1 << 3
    OFF_BODY = 1 << 4
    BATTERY_LOW = 1 << 5
    BATTERY_EMPTY = 1 << 6
    POWER_OFF = 1 << 7
    CHARGING = 1 << 8
    MOVING = 1 << 9
    VIBRATION = 1 << 10
    FALL = 1 << 11
    COLLISION = 1 << 12
    ROLLOVER = 1 << 13
    PSEUDO_BASE_STATION = 1 << 14
    JAMMING = 1 << 15
    AREA = 1 << 16
    ROUTE = 1 << 17
    ILLEGAL_DISPLACEMENT = 1 << 18
    OVERSPEED = 1 << 19
    FATIGUE = 1 << 20
    DANGER_WARNING = 1 << 21
    GNSS_FAULT = 1 << 22
    ANTENNA_CUT = 1 << 23
    ANTENNA_SHORT = 1 << 24
    POWER_LOW = 1 << 25
    POWER_LOST = 1 << 26
    DISPLAY_FAULT = 1 << 27
    SPEECH_FAULT = 1 << 28
    CAMERA_FAULT = 1 << 29
    CARD_FAULT = 1 << 30
    OVERSPEED_WARNING = 1 << 31
    FATIGUE_WARNING = 1 << 32
    FORBIDDEN_TIME = 1 << 33
    TYRE_PRESSURE = 1 << 34
    BLIND_ZONE = 1 << 35
    DRIVING_TIME = 1 << 36
    OVERLONG_STOP = 1 << 37
    SECTION_TIME = 1 << 38
    OFF_ROUTE = 1 << 39
    SPEED_SENSOR_FAULT = 1 << 40
    FUEL_FAULT = 1 << 41
    STOLEN = 1 << 42
    ILLEGAL_IGNITION = 1 << 43
    ILLEGAL_DOOR = 1 << 44
    SLEEP = 1 << 45
    DEEP_SLEEP = 1 << 46
    ACCELERATION = 1 << 47
    DECELERATION = 1 << 48
    SHARP_TURN = 1 << 49
    LIGHT_EXPOSED = 1 << 50
    RESERVED_15 = 1 << 51
    RESERVED_16 = 1 << 52
    RESERVED_17 = 1 << 53
    RESERVED_31 = 1 << 54
    ABSENT = 1 << 55
    """The network cannot reach the subscriber: off, or out of coverage."""
    SIM_CHANGED = 1 << 56
    """Another SIM card than before is in the device."""


URGENT = Flag.SOS | Flag.STRAP_CUT | Flag.STRAP_LOOSE | Flag.CASE_OPEN | Flag.OFF_BODY
"""Help is called for, or strap or case is tampered with: overtakes positions where not all can be taken at once."""
EVERY_FLAG = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
"""``stated`` of a report that tells all its model can tell."""


@dataclass(frozen=True, slots=True)
class CellColumns:
    """Cells heard, ragged: row ``i`` belongs to report ``report[i]``; the first of a report is its serving cell.

    All int64 of shape (m,), except ``signal_raw`` and ``ta``, int32 with -1 for absent (``signal_raw`` may itself be
    negative when ``signal_unit`` is DBM; it is absent only when the unit is NONE); ``signal_unit`` is uint8.
    """

    report: NDArray[np.int64]
    mcc: NDArray[np.int64]
    mnc: NDArray[np.int64]
    lac: NDArray[np.int64]
    cid: NDArray[np.int64]
    signal_raw: NDArray[np.int32]
    signal_unit: NDArray[np.uint8]
    ta: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class WifiColumns:
    """Access points heard, ragged: ``report`` int64 (m,), ``bssid`` uint64 (48 bit), ``rssi_dbm`` int16 (0 unknown)."""

    report: NDArray[np.int64]
    bssid: NDArray[np.uint64]
    rssi_dbm: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class ReportBatch:
    """Reports of one batch of frames, ordered by frame and, within a frame, as they stand in it.

    Attributes (arrays of shape (n,)):
        frame: int64, index of the frame in the batch that was decoded.
        time: float64, device time, seconds since the epoch, UTC; NaN when the device gave none that is valid.
        located: bool, a position of this moment is present. False: latitude ... course are NaN.
        latitude, longitude: float64, degrees in ``datum``.
        datum: uint8, :class:`SourceDatum`.
        altitude_m, speed_kmh, course_deg: float64.
        accuracy_m: float64, the device's own stated 1-sigma, NaN when it states none.
        satellites: int16, -1 absent.
        battery_percent: int16, -1 absent.
        source: uint8, :class:`Source`.
        stored: bool, sent late from the device's memory.
        flags: uint64, :class:`Flag`.
        stated: uint64, the flags of whose level this report speaks; all but for a heartbeat and its like, which tell of
            the device and not of a place: the others keep the level they had.
        momentary: uint64, the flags that the device takes back once it has been answered, whether the condition lasts
            or not: their absence later is no end.
    """

    frame: NDArray[np.int64]
    time: NDArray[np.float64]
    located: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    datum: NDArray[np.uint8]
    altitude_m: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    course_deg: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    satellites: NDArray[np.int16]
    battery_percent: NDArray[np.int16]
    source: NDArray[np.uint8]
    stored: NDArray[np.bool_]
    flags: NDArray[np.uint64]
    stated: NDArray[np.uint64]
    momentary: NDArray[np.uint64]
    cells: CellColumns
    wifi: WifiColumns

    def __len__(self) -> int:
        return len(self.frame)


_DTYPES: dict[str, type[np.generic]] = {
    "frame": np.int64, "time": np.float64, "located": np.bool_, "latitude": np.float64, "longitude": np.float64,
    "datum": np.uint8, "altitude_m": np.float64, "speed_kmh": np.float64, "course_deg": np.float64,
    "accuracy_m": np.float64, "satellites": np.int16, "battery_percent": np.int16, "source": np.uint8,
    "stored": np.bool_, "flags": np.uint64, "stated": np.uint64, "momentary": np.uint64,
}  # fmt: skip
_CELL_DTYPES: dict[str, type[np.generic]] = {
    "report": np.int64, "mcc": np.int64, "mnc": np.int64, "lac": np.int64, "cid": np.int64,
    "signal_raw": np.int32, "signal_unit": np.uint8, "ta": np.int32,
}  # fmt: skip
_WIFI_DTYPES: dict[str, type[np.generic]] = {"report": np.int64, "bssid": np.uint64, "rssi_dbm": np.int16}
_ABSENT_INTEGER = ("satellites", "battery_percent")


def _nothing(name: str, dtype: type[np.generic]) -> NDArray[np.generic]:
    absent = np.nan if dtype is np.float64 else -1 if name in _ABSENT_INTEGER else 0
    return np.full(1, EVERY_FLAG if name == "stated" else absent, dtype)


_NOTHING = {name: _nothing(name, dtype) for name, dtype in _DTYPES.items()}
"""One report of which nothing is known."""
_NO_CELLS = CellColumns(**{name: np.empty(0, dtype) for name, dtype in _CELL_DTYPES.items()})
_NO_WIFI = WifiColumns(**{name: np.empty(0, dtype) for name, dtype in _WIFI_DTYPES.items()})


def no_cells() -> CellColumns:
    """An empty set of cells."""
    return _NO_CELLS


def no_wifi() -> WifiColumns:
    """An empty set of access points."""
    return _NO_WIFI


def blank(count: int) -> ReportBatch:
    """``count`` reports of which nothing is known: NaN, -1, False or 0 by column; the arrays are writable.

    Only ``stated`` has every bit set: a report is a whole one unless its decoder says otherwise.
    """
    return blank_but(count)


def blank_but(count: int, **known: NDArray[Any]) -> ReportBatch:
    """:func:`blank`, with the columns that are known put in as they are."""
    columns = {name: nothing.repeat(count) for name, nothing in _NOTHING.items() if name not in known}
    return ReportBatch(**columns, **known, cells=no_cells(), wifi=no_wifi())  # type: ignore[arg-type]


def column_names() -> tuple[str, ...]:
    """Names of the per-report columns, in order."""
    return tuple(field.name for field in fields(ReportBatch) if field.name not in ("cells", "wifi"))
