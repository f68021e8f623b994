"""Readers of items that list what a device heard: cells and access points."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from protocols.columns import Numbers
from protocols.jt808.readers import Reader, each
from protocols.report import CellColumns, SignalUnit, WifiColumns, no_cells, no_wifi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from protocols.columns import Items
    from protocols.jt808.readers import Collected

NO_CELL = (0, 0xFFFF, 0xFFFFFFF, 0xFFFFFFFF)
"""Cell ids that mean "none", on two bytes, 28 bits and four bytes."""
_NO_CELLS = np.array(NO_CELL, np.int64)
_SIGNED_FROM = 0x80
_BYTE = 0x100
_MULTICAST = 1 << 40
_POINT = Numbers([("bssid", 6), ("level", 1)])
_MOST_MCC = 999
_UNITS = {unit.name.lower(): np.uint8(unit.value) for unit in SignalUnit}
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

    @cached_property
    def _of_head(self) -> Numbers:
        return Numbers(self.head.items())

    @cached_property
    def _of_record(self) -> Numbers:
        return Numbers(self.record.items())

    def counts(self, items: Items) -> NDArray[np.int64]:
        """How many records each entry holds, int64 (n,); 0 where the entry is not of this layout."""
        head, record = sum(self.head.values()) + self.counted, sum(self.record.values())
        body = items.size - head
        count = body // record
        count = np.where((body > 0) & (count * record == body) & (count <= self.most), count, 0)
        if self.counted:
            safe = np.where(count > 0, items.start + head - 1, 0)
            count = np.where(items.buffer[safe] == count, count, 0)
        if self.least_mcc:
            rows = np.flatnonzero(count)
            first = Numbers((self.head | self.record).items()).read(items.buffer, items.start[rows])
            count[rows[(first["mcc"] < self.least_mcc) | (first["mcc"] > _MOST_MCC)]] = 0
        return count

    def read(self, items: Items, count: NDArray[np.int64]) -> CellColumns:
        """Cells of ``items``, ``count`` of them in each; identities that mean "none" are left out."""
        head, record = sum(self.head.values()) + self.counted, sum(self.record.values())
        which = np.repeat(np.arange(len(items)), count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        start = items.start[which]
        columns = self._of_head.read(items.buffer, start) if self.head else {}
        columns |= self._of_record.read(items.buffer, start + head + within * record)
        owner, real = items.owner[which], (columns["cid"][:, None] != _NO_CELLS).all(axis=1)
        if not real.all():
            owner, columns = owner[real], {name: column[real] for name, column in columns.items()}
        return _cells(owner, columns, self.signal, self.no_level)


def _cells(
    owner: NDArray[np.int64], columns: dict[str, NDArray[np.int64]], signal: str, no_level: int | None = None
) -> CellColumns:
    level = columns.get("signal", np.int64(-1))
    silent = level == no_level if "signal" in columns else np.True_
    if signal == "dbm":
        level = np.where(level >= _SIGNED_FROM, level - _BYTE, level)
    raw, unit, ta = np.empty(len(owner), np.int32), np.empty(len(owner), np.uint8), np.empty(len(owner), np.int32)
    raw[:], unit[:] = np.where(silent, -1, level), np.where(silent, _UNITS["none"], _UNITS[signal])
    ta[:] = columns.get("ta", -1)
    return CellColumns(
        report=owner, mcc=columns["mcc"], mnc=columns["mnc"], lac=columns["lac"], cid=columns["cid"],
        signal_raw=raw, signal_unit=unit, ta=ta,
    )  # fmt: skip


class CellsItem(Reader):
    """Cells; of several layouts the first that an entry's length (and count byte) fits is taken."""

    kind: Literal["cells"]
    layouts: tuple[CellLayout, ...]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read each entry by the first layout that fits."""
        taken = np.zeros(len(items), np.bool_)
        for layout in self.layouts:
            count = np.where(taken, 0, layout.counts(items))
            fits = count > 0
            into.cells.append(layout.read(items.where(fits), count[fits]))
            taken |= fits
        return taken


class WifiItem(Reader):
    """Access points: {BSSID 6, level 1}, with a count byte before them or without; an empty list is one, too."""

    kind: Literal["wifi"]
    counted: bool

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of whole records (whose number the count byte states)."""
        record, body = 7, items.size - self.counted
        count = body // record
        fits: NDArray[np.bool_] = (body >= 0) & (count * record == body)
        if self.counted:
            fits &= items.buffer[np.where(fits, items.start, 0)] == count
        items, count = items.where(fits), count[fits]
        which = np.repeat(np.arange(len(items)), count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        start = items.start[which] + self.counted + within * record
        points = _POINT.read(items.buffer, start)
        into.wifi.append(access_points(items.owner[which], points["bssid"], points["level"]))
        return fits


def access_points(owner: NDArray[np.int64], bssid: NDArray[np.int64], level: NDArray[np.int64]) -> WifiColumns:
    """Columns of access points heard; all-zero, all-one and multicast addresses are left out.

    ``level`` is one byte: from 80 hex a signed dBm, below a dBm without its sign, 0 unknown.
    """
    real = (bssid != 0) & (bssid & _MULTICAST == 0)
    if not real.all():
        owner, bssid, level = owner[real], bssid[real], level[real]
    dbm = np.where(level >= _SIGNED_FROM, level - _BYTE, -level)
    return WifiColumns(owner, bssid.astype(np.uint64), dbm.astype(np.int16))


_CELL_TEXT = re.compile(rb"(\d{3});(\d{1,3});(\d{1,8});(\d{1,10})")
_COMMA, _MINUS, _ZERO, _COLON = b",-0:"
_MOST_DIGITS = 3
_ADDRESS = np.array([0, 0, 1] * 5 + [0, 0], np.uint8)
"""What stands where in an address: digits, and a colon between pairs."""
_HEXADECIMAL = np.full(256, 0x20, np.uint8)
"""By character: below 16 a digit, 16 a colon, above nothing of an address."""
_HEXADECIMAL[list(b"0123456789abcdef")] = np.arange(16)
_HEXADECIMAL[list(b"ABCDEF")] = np.arange(10, 16)
_HEXADECIMAL[_COLON] = 0x10


class CellTextItem(Reader):
    """One cell as decimal text ``MCC;MNC;LAC;CI``. Rare: read entry by entry."""

    kind: Literal["cell_text"]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries that are such a text and nothing else."""
        matches = [_CELL_TEXT.fullmatch(data) for data in each(items)]
        fits = np.array([match is not None for match in matches], np.bool_)
        table = np.array([[*map(int, match.groups())] for match in matches if match], np.int64).reshape(-1, 4)
        real = ~np.isin(table[:, 3], _NO_CELLS)
        columns = dict(zip(("mcc", "mnc", "lac", "cid"), table[real].T, strict=True))
        into.cells.append(_cells(items.owner[fits][real], columns, "none"))
        return fits


class WifiTextItem(Reader):
    """A count byte, then access points as text ``aa:bb:cc:dd:ee:ff,-30`` joined by commas (one may stand behind)."""

    kind: Literal["wifi_text"]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries that hold as many as they say and nothing else."""
        buffer, end = items.buffer, items.start + items.size
        count = np.where(items.size > 0, buffer[np.where(items.size > 0, items.start, 0)], 0).astype(np.int64)
        commas = np.flatnonzero(buffer == _COMMA)
        first = np.searchsorted(commas, items.start + 1)
        between = np.searchsorted(commas, end) - first
        fits: NDArray[np.bool_] = (count > 0) & (between - (buffer[end - 1] == _COMMA) == 2 * count - 1)
        listed = np.flatnonzero(fits)
        each_of = np.repeat(listed, count[listed])
        within = np.arange(len(each_of)) - np.repeat(np.cumsum(count[listed]) - count[listed], count[listed])
        # An address up to its comma, a level up to the next one or to the end.
        comma, begin, commas = first[each_of] + 2 * within, items.start[each_of] + 1, np.append(commas, len(buffer))
        begin = np.where(within > 0, commas[comma - 1] + 1, begin)
        bssid, sound = _addresses(buffer, begin, commas[comma])
        level, is_level = _levels(buffer, commas[comma] + 1, np.minimum(commas[comma + 1], end[each_of]))
        fits[each_of[~(sound & is_level)]] = False
        whole = fits[each_of]
        into.wifi.append(access_points(items.owner[each_of[whole]], bssid[whole], level[whole]))
        return fits


def _addresses(
    buffer: NDArray[np.uint8], begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Addresses written as six pairs of hexadecimal digits: int64 (n,), and bool (n,), whether that stands there."""
    sound = end - begin == len(_ADDRESS)
    values = _HEXADECIMAL[buffer.take(begin[:, None] + np.arange(len(_ADDRESS)), mode="clip")]
    sound &= (values >> 4 == _ADDRESS).all(axis=1)
    pairs = np.zeros((len(begin), 8), np.uint8)
    pairs[:, 2:] = values[:, 0::3] << 4 | values[:, 1::3] & 0x0F
    return pairs.view(">u8").ravel().astype(np.int64), sound


def _levels(
    buffer: NDArray[np.uint8], begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Levels of one to three digits, with or without a minus, as bytes without a sign; whether that stands there."""
    digits = end - begin - (buffer[begin] == _MINUS)
    sound = (digits >= 1) & (digits <= _MOST_DIGITS)
    level = np.zeros(len(begin), np.int64)
    for place in range(_MOST_DIGITS):
        digit = buffer[end - 1 - place].astype(np.int64) - _ZERO
        is_there = digits > place
        sound &= ~is_there | ((digit >= 0) & (digit < 10))  # noqa: PLR2004  # a decimal digit
        level += np.where(is_there, digit * 10**place, 0)
    return level & 0x7F, sound


def merge_cells(parts: list[CellColumns]) -> CellColumns:
    """One set of cells, ordered by report and, within one, as found."""
    parts = [part for part in parts if len(part.report)]
    return CellColumns(**_merged(parts)) if parts else no_cells()


def merge_wifi(parts: list[WifiColumns]) -> WifiColumns:
    """One set of access points, ordered as :func:`merge_cells` orders."""
    parts = [part for part in parts if len(part.report)]
    return WifiColumns(**_merged(parts)) if parts else no_wifi()


def _merged(parts: Sequence[CellColumns] | Sequence[WifiColumns]) -> dict[str, NDArray]:  # type: ignore[type-arg]
    listed = {name: [getattr(part, name) for part in parts] for name in type(parts[0]).__dataclass_fields__}
    columns = {name: each[0] if len(each) == 1 else np.concatenate(each) for name, each in listed.items()}
    report = columns["report"]
    if (report[1:] >= report[:-1]).all():
        return columns
    order = np.argsort(report, kind="stable")
    return {name: column[order] for name, column in columns.items()}
