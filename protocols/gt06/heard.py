"""Cells and access points as columns, without what means "none"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from protocols.gt06.messages.blocks import FIRST_MCC, LAST_MCC
from protocols.gt06.readings import CELL_FIELDS
from protocols.report import CellColumns, SignalUnit, WifiColumns, no_cells, no_wifi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.gt06.readings import Readings

    Rows = NDArray[np.int64]

_LAST_MNC = 999
_NO_AREA = np.array((0, 0xFFFE, 0xFFFF, 0xFFFFFE, 0xFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF), np.int64)
_NO_CELL = np.array((-1, 0, 0xFFFE, 0xFFFF, 0xFFFFFE, 0xFFFFFF, 0xFFFFFFE, 0xFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF), np.int64)
_NO_ADVANCE = 0xFF
_NO_UNIT, _RAW, _DBM = int(SignalUnit.NONE), int(SignalUnit.RAW), int(SignalUnit.DBM)
_ROW, _MCC, _MNC, _LAC, _CID, _LEVEL, _IS_DBM, _TA = range(8)
_MULTICAST = 1 << 40
_BYTE, _SIGNED_FROM = 0x100, 0x80


def cells_of(readings: Readings, count: int) -> CellColumns:
    """The serving cells that stand in columns, and the listed ones; identities that cannot be are left out."""
    columns = readings.columns
    if readings.cells:
        return _cells(np.array(readings.cells, np.int64).reshape(-1, len(CELL_FIELDS)))
    if "cid" not in columns:
        return no_cells()
    rows = np.full((count, len(CELL_FIELDS)), -1)
    rows[:, _ROW] = np.arange(count)
    for place, name in enumerate(("mcc", "mnc", "lac", "cid"), start=_MCC):
        rows[:, place] = columns[name]
    return _cells(rows)


def _cells(rows: Rows) -> CellColumns:
    """Cells of int64 (m, 8), the fields of :data:`protocols.gt06.readings.CELL_FIELDS`."""
    report, mcc, mnc, lac, cid, raw, unit, advance = _real(rows)
    return CellColumns(
        report=report, mcc=mcc, mnc=mnc, lac=lac, cid=cid,
        signal_raw=raw.astype(np.int32), signal_unit=unit.astype(np.uint8), ta=advance.astype(np.int32),
    )  # fmt: skip


def dbm_of(level: Rows) -> Rows:
    """A level byte as dBm: from 80 hex on it is signed, below it is a dBm without its sign."""
    return np.where(level >= _SIGNED_FROM, level - _BYTE, -level)


@formula
def _is_among(number: int, known: Rows) -> bool:
    for one in known:  # noqa: SIM110  a loop is compiled, a generator is not
        if number == one:
            return True
    return False


@formula
def _is_real(row: Rows) -> bool:
    """Whether a cell's identity can be one."""
    if not (FIRST_MCC <= row[_MCC] <= LAST_MCC and 0 <= row[_MNC] <= _LAST_MNC and row[_LAC] > 0):
        return False
    return not _is_among(row[_LAC], _NO_AREA) and not _is_among(row[_CID], _NO_CELL)


@Loop
def _real(rows: Rows) -> Rows:
    """Columns, int64 (8, m), of the cells that can be: report, identity, level and its unit, timing advance."""
    count = 0
    for row in range(len(rows)):
        count += _is_real(rows[row])
    columns, at = np.empty((8, count), np.int64), 0
    for row in range(len(rows)):
        if _is_real(rows[row]):
            for place in range(_CID + 1):
                columns[place, at] = rows[row, place]
            level, unit = rows[row, _LEVEL], _RAW
            if rows[row, _IS_DBM] == 1:
                level, unit = level - _BYTE if level >= _SIGNED_FROM else -level, _DBM
            if rows[row, _LEVEL] < 0 or (unit == _DBM and rows[row, _LEVEL] == 0):
                level, unit = -1, _NO_UNIT
            columns[_LEVEL, at], columns[_IS_DBM, at] = level, unit
            columns[_TA, at] = -1 if rows[row, _TA] == _NO_ADVANCE else rows[row, _TA]
            at += 1
    return columns


def wifi_of(readings: Readings) -> WifiColumns:
    """Access points; all-zero, all-one and multicast addresses are left out, a level of 0 is unknown."""
    if not readings.wifi:
        return no_wifi()
    row, bssid, level = np.array(readings.wifi, np.int64).reshape(-1, 3).T
    real = (bssid != 0) & (bssid & _MULTICAST == 0)
    return WifiColumns(row[real], bssid[real].astype(np.uint64), dbm_of(level[real]).astype(np.int16))
