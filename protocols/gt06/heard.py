"""Cells and access points as columns, without what means "none"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.gt06.messages.blocks import FIRST_MCC, LAST_MCC
from protocols.gt06.readings import CELL_FIELDS
from protocols.report import CellColumns, SignalUnit, WifiColumns, no_cells, no_wifi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.gt06.readings import Readings

_LAST_MNC = 999
_NO_AREA = np.array((0, 0xFFFE, 0xFFFF, 0xFFFFFE, 0xFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF), np.int64)
_NO_CELL = np.array((-1, 0, 0xFFFE, 0xFFFF, 0xFFFFFE, 0xFFFFFF, 0xFFFFFFE, 0xFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF), np.int64)
_NO_ADVANCE = 0xFF
_NO_UNIT, _RAW, _DBM = (np.uint8(unit) for unit in (SignalUnit.NONE, SignalUnit.RAW, SignalUnit.DBM))
_MULTICAST = 1 << 40
_BYTE, _SIGNED_FROM = 0x100, 0x80


def cells_of(readings: Readings, count: int) -> CellColumns:
    """The serving cells that stand in columns, and the listed ones; identities that cannot be are left out."""
    columns = readings.columns
    if readings.cells:
        table = np.array(readings.cells, np.int64).reshape(-1, len(CELL_FIELDS)).T
        return _cells(dict(zip(CELL_FIELDS, table, strict=True)))
    if "cid" not in columns:
        return no_cells()
    absent = np.full(count, -1, np.int64)
    alone = {"row": np.arange(count), "level": absent, "is_dbm": absent, "ta": absent}
    return _cells(alone | {name: columns[name] for name in ("mcc", "mnc", "lac", "cid")})


def _cells(columns: dict[str, NDArray[np.int64]]) -> CellColumns:
    """Cells of the fields of :data:`protocols.gt06.readings.CELL_FIELDS`, int64 (m,) each."""
    mcc, mnc, lac = columns["mcc"], columns["mnc"], columns["lac"]
    real = (mcc >= FIRST_MCC) & (mcc <= LAST_MCC) & (mnc >= 0) & (mnc <= _LAST_MNC)
    real &= (lac > 0) & (lac[:, None] != _NO_AREA).all(axis=1) & (columns["cid"][:, None] != _NO_CELL).all(axis=1)
    found = {name: column[real] for name, column in columns.items()}
    level, advance = found["level"], found["ta"]
    unit = np.where(level < 0, _NO_UNIT, np.where(found["is_dbm"] == 1, _DBM, _RAW))
    unit = np.where((unit == _DBM) & (level == 0), _NO_UNIT, unit)
    raw = np.where(unit == _DBM, dbm_of(level), np.where(unit == _NO_UNIT, -1, level))
    return CellColumns(
        report=found["row"], mcc=found["mcc"], mnc=found["mnc"], lac=found["lac"], cid=found["cid"],
        signal_raw=raw.astype(np.int32), signal_unit=unit,
        ta=np.where(advance == _NO_ADVANCE, -1, advance).astype(np.int32),
    )  # fmt: skip


def dbm_of(level: NDArray[np.int64]) -> NDArray[np.int64]:
    """A level byte as dBm: from 80 hex on it is signed, below it is a dBm without its sign."""
    return np.where(level >= _SIGNED_FROM, level - _BYTE, -level)


def wifi_of(readings: Readings) -> WifiColumns:
    """Access points; all-zero, all-one and multicast addresses are left out, a level of 0 is unknown."""
    if not readings.wifi:
        return no_wifi()
    row, bssid, level = np.array(readings.wifi, np.int64).reshape(-1, 3).T
    real = (bssid != 0) & (bssid & _MULTICAST == 0)
    return WifiColumns(row[real], bssid[real].astype(np.uint64), dbm_of(level[real]).astype(np.int16))
