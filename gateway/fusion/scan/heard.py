"""What reports say they heard, as scans; and where a tower version has those cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.fusion.scan.constants import DRAWN, MATES, SLOTS, SURROUNDINGS
from gateway.fusion.scan.names import NO_CELL, keys_of
from gateway.fusion.scan.shapes import Scans, Sites
from protocols.report import SignalUnit

if TYPE_CHECKING:
    from fencing.plane import LocalPlane
    from gateway.fusion.scan.shapes import Floats, Integers
    from gateway.fusion.towers import Towers
    from protocols.report import CellColumns

_FACTOR: Final = np.array([np.nan, np.nan, 1.0, 2.0, 1.0])
_OFFSET: Final = np.array([np.nan, np.nan, 0.0, -113.0, -110.0])
"""dBm by :class:`SignalUnit`: CSQ as 3GPP TS 27.007 8.5, RXLEV as TS 45.008 8.1.4; nobody knows what RAW means."""
_MOST: Final = np.array([0, 0, 0, 31, 63])
"""Above which a figure means unknown; dBm is below 0."""
_GSM: Final = 0xFFFF
"""Largest id of a GSM cell: longer ones are numbered otherwise."""


def scans_of(
    cells: CellColumns, reports: int, step: Floats, towers: Towers, plane: LocalPlane
) -> tuple[Scans, Sites]:  # fmt: skip
    """The first SLOTS cells of each report, each once; names that are none are left out.

    Args:
        cells: by report, as decoded.
        reports: how many there are, with or without cells.
        step: (reports,) metres of a step of timing advance of the report's device; NaN where nobody knows.
        towers: the version in use.
        plane: the county's.
    """
    key = keys_of(cells.mcc, cells.mnc, cells.lac, cells.cid)
    rows, slots = slots_of(cells.report, key)
    shape = reports, SLOTS
    cell, level, advance, x, y = np.full(shape, NO_CELL), *(np.full(shape, np.nan) for _ in range(4))
    at = cells.report[rows], slots
    cell[at], level[at] = key[rows], _dbm(cells, rows)
    advance[at] = np.where(cells.ta[rows] >= 0, cells.ta[rows] * step[at[0]], np.nan)
    x[at], y[at] = _sites(cells, rows, towers, plane)
    return Scans(cell, level, advance), Sites(x, y)


def slots_of(report: Integers, key: Integers) -> tuple[Integers, Integers]:
    """Rows of what was heard that are kept, and the slot of each within its report: the first SLOTS, each name once."""
    order = np.lexsort((np.arange(len(key)), key, report))
    again = np.zeros(len(key), np.bool_)
    again[order[1:]] = (np.diff(key[order]) == 0) & (np.diff(report[order]) == 0)
    rows = np.flatnonzero((key != NO_CELL) & ~again)
    rows = rows[np.argsort(report[rows], kind="stable")]
    slots = np.arange(len(rows)) - np.searchsorted(report[rows], report[rows])
    return rows[slots < SLOTS], slots[slots < SLOTS]


def _dbm(cells: CellColumns, rows: Integers) -> Floats:
    raw, unit = cells.signal_raw[rows].astype(np.float64), cells.signal_unit[rows]
    known = np.where(unit == SignalUnit.DBM, raw < 0.0, (raw >= 0.0) & (raw <= _MOST[unit]))
    level: Floats = np.where(known, _FACTOR[unit] * raw + _OFFSET[unit], np.nan)
    return level


def _sites(cells: CellColumns, rows: Integers, towers: Towers, plane: LocalPlane) -> tuple[Floats, Floats]:
    """Metres where each cell is stated to stand, drawn to its mates'."""
    cid = cells.cid[rows]
    gsm = (cid <= _GSM)[:, None]
    mates = np.where(gsm, cid[:, None] // MATES * MATES + np.arange(MATES), cid[:, None])
    mcc, mnc, lac = (np.repeat(column[rows], MATES + 1) for column in (cells.mcc, cells.mnc, cells.lac))
    found = towers.at(towers.look_up(mcc, mnc, lac, np.hstack([cid[:, None], mates]).ravel()))
    x, y = (metres.reshape(-1, MATES + 1) for metres in plane.forward(found.latitude, found.longitude))
    far = ~(x * x + y * y <= SURROUNDINGS * SURROUNDINGS)
    x[far], y[far] = np.nan, np.nan
    return drawn(x[:, 0], x[:, 1:]), drawn(y[:, 0], y[:, 1:])


def drawn(own: Floats, mates: Floats) -> Floats:
    """Coordinates (n,) by DRAWN nearer to the median of the mates' (n, MATES), itself among them; NaN is no place."""
    count = np.maximum(np.count_nonzero(~np.isnan(mates), axis=1), 1)
    mates = np.sort(mates, axis=1)
    row = np.arange(len(own))
    middle = 0.5 * (mates[row, (count - 1) // 2] + mates[row, count // 2])
    nearer: Floats = (1.0 - DRAWN) * own + DRAWN * middle
    return nearer
