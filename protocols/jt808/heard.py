"""Readers of items that list what a device heard as numbers: cells and access points."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from formulas.formula import Loop, formula
from protocols.jt808.readers import Reader
from protocols.lists import OWNER, SIZE, START, number_at
from protocols.report import CellColumns, SignalUnit, WifiColumns, no_cells, no_wifi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.jt808.readers import Collected
    from protocols.lists import Items

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

NO_CELL = (0, 0xFFFF, 0xFFFFFFF, 0xFFFFFFFF)
"""Cell ids that mean "none", on two bytes, 28 bits and four bytes."""
_NO_CELLS = np.array(NO_CELL, np.int64)
_SIGNED_FROM, _BYTE = 0x80, 0x100
_MULTICAST = 1 << 40
_POINT, _LEVEL_AT = 7, 6
"""An access point: its address, then its level."""
_MOST_MCC = 999
CELL = ("report", "mcc", "mnc", "lac", "cid", "signal_raw", "signal_unit", "ta")
"""Columns of a row that is a cell heard."""
_REPORT, _RAW, _UNIT, _TA = 0, 5, 6, 7
_FIELDS = ("mcc", "mnc", "lac", "cid", "signal", "ta")
_MCC, _MNC, _LAC, _CID, _SIGNAL, _ADVANCE = range(6)
_HEAD, _RECORD, _COUNTED, _MOST, _LEAST_MCC, _SIGNAL_UNIT, _NO_LEVEL = range(7)
"""What loops are told of a layout, in this order; then of each field where it stands, on how many bytes (0: nowhere),
and whether in every record."""
_WHERE, _NONE, _DBM = 7, int(SignalUnit.NONE), int(SignalUnit.DBM)
_Name = Literal["mcc", "mnc", "lac", "cid", "signal", "ta", "radio"]
_Width = Annotated[int, Field(ge=1, le=5)]


class CellLayout(BaseModel):
    """One way of writing cells: a head common to all, a count byte or none, records. Widths in bytes, in wire order.

    ``most`` records are in an entry; where entries of other kinds look alike its network's country is ``least_mcc`` to
    999; a level of ``no_level`` is none. ``radio`` (which generation it is) is passed over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    head: dict[_Name, _Width] = Field(default_factory=dict)
    counted: bool = False
    record: dict[_Name, _Width]
    signal: Literal["none", "raw", "dbm"] = "raw"
    no_level: int | None = None
    most: Annotated[int, Field(ge=1, le=255)] = 255
    least_mcc: Annotated[int, Field(ge=0, le=999)] = 0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = {"mcc", "mnc", "lac", "cid"} - {*self.head, *self.record}
        if missing:
            raise PydanticCustomError(
                "cell_incomplete", "a cell needs mcc, mnc, lac and cid", {"missing": ", ".join(sorted(missing))}
            )
        return self

    def numbers(self) -> list[int]:
        """The layout for loops."""
        head, record = sum(self.head.values()) + self.counted, sum(self.record.values())
        unit, no_level = SignalUnit[self.signal.upper()], -1 if self.no_level is None else self.no_level
        stands = dict.fromkeys(_FIELDS, (0, 0, 0))
        for widths, is_record in ((self.head, 0), (self.record, 1)):
            at = 0
            for name, width in widths.items():
                stands[name] = at, width, is_record
                at += width
        where = [number for name in _FIELDS for number in stands[name]]
        return [head, record, self.counted, self.most, self.least_mcc, unit, no_level, *where]


class CellsItem(Reader):
    """Cells; of several layouts the first that an entry's length (and count byte) fits is taken."""

    kind: Literal["cells"]
    layouts: tuple[CellLayout, ...]

    @cached_property
    def _layouts(self) -> Rows:
        return np.array([layout.numbers() for layout in self.layouts], np.int64)

    def taken_by(self, items: Items) -> NDArray[np.int64]:
        """By which layout each entry is read, int64 (n,), -1 by none."""
        _, taken = _cells(items.buffer, items.rows, self._layouts)
        by: NDArray[np.int64] = taken
        return by

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read each entry by the first layout that fits."""
        cells, taken = _cells(items.buffer, items.rows, self._layouts)
        into.cells.append(cells)
        fits: NDArray[np.bool_] = taken >= 0
        return fits


class WifiItem(Reader):
    """Access points: {BSSID 6, level 1}, with a count byte before them or without; an empty list is one, too."""

    kind: Literal["wifi"]
    counted: bool

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of whole records (whose number the count byte states)."""
        fits: NDArray[np.bool_]
        points, fits = _points(items.buffer, items.rows, self.counted)
        into.wifi.append(points)
        return fits


def cells_in(parts: list[Rows]) -> CellColumns:
    """Cells that readers have found, int64 (n, 8) of :data:`CELL` each, by report and, within one, as found."""
    rows = _ordered(parts, len(CELL))
    if not rows.shape[1]:
        return no_cells()
    report, mcc, mnc, lac, cid, raw, unit, advance = rows
    return CellColumns(
        report=report, mcc=mcc, mnc=mnc, lac=lac, cid=cid,
        signal_raw=raw.astype(np.int32), signal_unit=unit.astype(np.uint8), ta=advance.astype(np.int32),
    )  # fmt: skip


def wifi_in(parts: list[Rows]) -> WifiColumns:
    """Access points that readers have found, int64 (n, 3), ordered as :func:`cells_in` orders."""
    report, bssid, level = _ordered(parts, 3)
    return WifiColumns(report, bssid.view(np.uint64), level.astype(np.int16)) if len(report) else no_wifi()


def _ordered(parts: list[Rows], width: int) -> Rows:
    """Rows of all parts as columns, int64 (width, n), by report."""
    if not parts:
        return np.empty((width, 0), np.int64)
    columns: Rows = _by_report(parts[0] if len(parts) == 1 else np.concatenate(parts))
    return columns


@formula
def write_point(report: int, bssid: int, level: int, row: Rows) -> bool:
    """Fill a row, int64 (3,), with an access point; False: all-zero, all-one and multicast addresses are none.

    ``level`` is one byte: from 80 hex a signed dBm, below a dBm without its sign, 0 unknown.
    """
    row[0], row[1], row[2] = report, bssid, level - _BYTE if level >= _SIGNED_FROM else -level
    return bssid != 0 and bssid & _MULTICAST == 0


@formula
def is_cell(cid: int) -> bool:
    """Whether a cell id means some cell."""
    for none in _NO_CELLS:  # noqa: SIM110  a loop is compiled, a generator is not
        if cid == none:
            return False
    return True


@formula
def _field(buffer: Bytes, name: int, start: int, record: int, layout: Rows) -> int:
    """A field of a cell whose entry and record begin there; -1: the layout has none."""
    at, width, is_record = layout[_WHERE + 3 * name], layout[_WHERE + 3 * name + 1], layout[_WHERE + 3 * name + 2]
    return number_at(buffer, (record if is_record else start) + at, width) if width else -1


@formula
def _number_of_cells(buffer: Bytes, item: Rows, layout: Rows) -> int:
    """How many cells an entry has; 0: it is not of this layout."""
    start, record, body = item[START], layout[_RECORD], item[SIZE] - layout[_HEAD]
    if body <= 0 or record == 0 or body % record or body // record > layout[_MOST]:
        return 0
    first = start + layout[_HEAD]
    if layout[_COUNTED] and buffer[first - 1] != body // record:
        return 0
    if layout[_LEAST_MCC] and not layout[_LEAST_MCC] <= _field(buffer, _MCC, start, first, layout) <= _MOST_MCC:
        return 0
    return body // record  # type: ignore[no-any-return]  # a number of 64 bits


@formula
def _write_cell(buffer: Bytes, start: int, record: int, layout: Rows, row: Rows) -> bool:
    """Fill a row, int64 (8,) but for its report, with the cell in a record; False: it is none."""
    for name in range(_CID + 1):
        row[1 + name] = _field(buffer, name, start, record, layout)
    level, unit = _field(buffer, _SIGNAL, start, record, layout), layout[_SIGNAL_UNIT]
    is_silent = level < 0 or level == layout[_NO_LEVEL]
    if unit == _DBM and level >= _SIGNED_FROM:
        level -= _BYTE
    row[_RAW], row[_UNIT] = -1 if is_silent else level, _NONE if is_silent else unit
    row[_TA] = _field(buffer, _ADVANCE, start, record, layout)
    return is_cell(row[1 + _CID])


@Loop
def _cells(buffer: Bytes, items: Rows, layouts: Rows) -> tuple[Rows, Rows]:
    """Cells of the entries, layout by layout, and the layout that each entry is of (-1: none)."""
    taken, number, total = np.empty(len(items), np.int64), np.zeros(len(items), np.int64), 0
    for row in range(len(items)):
        taken[row] = -1
        for place in range(len(layouts)):
            if number[row] == 0:
                number[row] = _number_of_cells(buffer, items[row], layouts[place])
                taken[row] = place if number[row] else -1
        total += number[row]
    cells, filled = np.empty((total + 1, 8), np.int64), 0
    for place in range(len(layouts)):
        for row in range(len(items)):
            if taken[row] == place:
                start = items[row, START]
                for each in range(number[row]):
                    record = start + layouts[place, _HEAD] + each * layouts[place, _RECORD]
                    cells[filled, _REPORT] = items[row, OWNER]
                    filled += _write_cell(buffer, start, record, layouts[place], cells[filled])
    return cells[:filled], taken


@Loop
def _points(buffer: Bytes, items: Rows, counted: bool) -> tuple[Rows, NDArray[np.bool_]]:  # noqa: FBT001  as the reader has it
    """Access points of the entries of whole records, and which entries are such."""
    fits, total, head = np.zeros(len(items), np.bool_), 0, 1 if counted else 0
    for row in range(len(items)):
        body = items[row, SIZE] - head
        count = body // _POINT
        if body >= 0 and body % _POINT == 0 and (not counted or buffer[items[row, START]] == count):
            fits[row], total = True, total + count
    points, filled = np.empty((total + 1, 3), np.int64), 0
    for row in range(len(items)):
        if fits[row]:
            for at in range(items[row, START] + head, items[row, START] + items[row, SIZE], _POINT):
                bssid, level = number_at(buffer, at, _LEVEL_AT), number_at(buffer, at + _LEVEL_AT, 1)
                filled += write_point(items[row, OWNER], bssid, level, points[filled])
    return points[:filled], fits


@Loop
def _by_report(rows: Rows) -> Rows:
    """Rows (n, k) as columns (k, n), by their first number, which is not negative, and as they stand."""
    most = -1
    for row in range(len(rows)):
        most = max(most, rows[row, 0])
    at = np.zeros(most + 2, np.int64)
    for row in range(len(rows)):
        at[rows[row, 0] + 1] += 1
    for report in range(most + 1):
        at[report + 1] += at[report]
    columns = np.empty((rows.shape[1], len(rows)), np.int64)
    for row in range(len(rows)):
        place = at[rows[row, 0]]
        at[rows[row, 0]] += 1
        for column in range(rows.shape[1]):
            columns[column, place] = rows[row, column]
    return columns
