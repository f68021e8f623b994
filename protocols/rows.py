"""Reports one at a time into columns, for wires whose frames do not come in masses."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from protocols.report import (
    EVERY_FLAG,
    CellColumns,
    ReportBatch,
    SignalUnit,
    Source,
    SourceDatum,
    WifiColumns,
    blank,
    column_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from protocols.session import FrameBatch

MOST_MNC = 999
MOST_LATITUDE, MOST_LONGITUDE = 90.0, 180.0
_MCC = range(200, 800)
_NO_AREA = (0, 0xFFFE, 0xFFFF, 0xFFFFFF)
_NO_CELL = (0, 0xFFFE, 0xFFFF, 0xFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFF)
_AREA_BITS, _CELL_BITS = 24, 36
"""Widest in use: a tracking area code of 24 bits and a cell identity of 36 bits (3GPP TS 23.003, NR)."""


class Cell(NamedTuple):
    """A cell heard, with its full identity; ``signal`` is in ``unit``, ``ta`` -1 where absent."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    signal: int = -1
    unit: SignalUnit = SignalUnit.NONE
    ta: int = -1

    @property
    def identity(self) -> tuple[int, int, int, int]:
        """What tells it from every other cell of the world."""
        return self.mcc, self.mnc, self.lac, self.cid


class AccessPoint(NamedTuple):
    """A WiFi access point heard: its BSSID as a number of 48 bits, its level in dBm (0 unknown)."""

    bssid: int
    rssi_dbm: int = 0


def is_network(mcc: int | None, mnc: int | None) -> bool:
    """Whether the two codes can be those of a network."""
    return mcc in _MCC and mnc is not None and 0 <= mnc <= MOST_MNC


def is_cell(mcc: int | None, mnc: int | None, lac: int | None, cid: int | None) -> bool:
    """Whether the four numbers can name a cell: in range, and none of the values that mean "none"."""
    if not is_network(mcc, mnc) or lac is None or cid is None or lac in _NO_AREA or cid in _NO_CELL:
        return False
    return 0 < lac < 1 << _AREA_BITS and 0 < cid < 1 << _CELL_BITS


def is_place(latitude: float, longitude: float) -> bool:
    """Whether two numbers (degrees, NaN for absent) are a place on the globe; 0/0 is none."""
    inside = abs(latitude) <= MOST_LATITUDE and abs(longitude) <= MOST_LONGITUDE
    return inside and not latitude == longitude == 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One report; fields as the columns of :class:`protocols.report.ReportBatch`, nothing known by default."""

    frame: int
    time: float = math.nan
    located: bool = False
    latitude: float = math.nan
    longitude: float = math.nan
    datum: SourceDatum = SourceDatum.WGS84
    altitude_m: float = math.nan
    speed_kmh: float = math.nan
    course_deg: float = math.nan
    accuracy_m: float = math.nan
    satellites: int = -1
    battery_percent: int = -1
    source: Source = Source.NONE
    stored: bool = False
    flags: int = 0
    stated: int = int(EVERY_FLAG)
    momentary: int = 0
    cells: tuple[Cell, ...] = ()
    wifi: tuple[AccessPoint, ...] = ()


def raws_of(frames: FrameBatch) -> Iterator[tuple[int, bytes, str]]:
    """Every frame of a batch: its index, its bytes, the name of its profile."""
    for index in range(len(frames)):
        start = int(frames.start[index])
        raw = frames.payload[start : start + int(frames.length[index])].tobytes()
        yield index, raw, frames.profile[int(frames.profile_index[index])]


def batch_of(rows: Sequence[Row]) -> ReportBatch:
    """The rows as columns, in their order."""
    reports = blank(len(rows))
    for name in (field.name for field in fields(Row) if field.name not in ("cells", "wifi")):
        column: NDArray[np.generic] = getattr(reports, name)
        column[:] = [getattr(row, name) for row in rows]
    columns = {name: getattr(reports, name) for name in column_names()}
    return ReportBatch(**columns, cells=cells_of(rows), wifi=wifi_of(rows))


def cells_of(rows: Sequence[Row]) -> CellColumns:
    """The cells of all rows, each with the index of its row."""
    heard = [(report, *cell) for report, row in enumerate(rows) for cell in row.cells]
    table = np.array(heard, np.int64).reshape(-1, 8)
    report, mcc, mnc, lac, cid, signal, unit, ta = table.T
    return CellColumns(report, mcc, mnc, lac, cid, signal.astype(np.int32), unit.astype(np.uint8), ta.astype(np.int32))


def wifi_of(rows: Sequence[Row]) -> WifiColumns:
    """The access points of all rows, each with the index of its row."""
    heard = [(report, *point) for report, row in enumerate(rows) for point in row.wifi]
    report, bssid, level = np.array(heard, np.int64).reshape(-1, 3).T
    return WifiColumns(report, bssid.astype(np.uint64), level.astype(np.int16))
