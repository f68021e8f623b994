"""Readers of items that state a number, flags, a time, or where a position comes from."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from formulas.formula import Loop, formula
from protocols.jt808.clock import column_from_bcd
from protocols.jt808.readers import FLAGS, Cleared, FlagName, FlagNames, Reader, flags_of
from protocols.lists import OWNER, SIZE, START, number_at
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.jt808.readers import Collected
    from protocols.lists import Items

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]
    Sets = NDArray[np.uint64]

_BCD_TIME = 6
_SOURCES = {source.name.lower(): source.value for source in Source}
_SPACE, _TILDE = 0x20, 0x7E
_Size = Annotated[int, Field(ge=0, le=1023)]
_Width = Annotated[int, Field(ge=1, le=7)]
_SIZE, _OFFSET, _WIDTH, _LEAST, _MOST, _FULL = range(6)
"""What loops are told of a number, in this order."""
_WAY, _BY_ANSWER = 3, 4
"""What stands there of one that means flags."""
_HIGH, _LOW, _VALUE = range(3)


class FixedItem(Reader):
    """An item of exactly ``size`` bytes, of which ``width`` from ``offset`` on are read as a big-endian number."""

    size: _Size
    offset: _Size = 0
    width: _Width = 1

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.offset + self.width > self.size:
            raise PydanticCustomError(
                "outside_item",
                "{width} bytes from {offset} lie outside an item of {size}",
                {"width": self.width, "offset": self.offset, "size": self.size},
            )
        return self


class NumberItem(FixedItem):
    """An unsigned number into a column; below ``minimum`` and above ``maximum`` the device states nothing.

    ``full`` is the number that stands for 100, for devices that give a battery in steps.
    """

    kind: Literal["number"]
    column: Literal["satellites", "battery_percent"]
    minimum: Annotated[int, Field(ge=0, le=255)] = 0
    maximum: Annotated[int, Field(ge=1, le=255)] = 255
    full: Annotated[int, Field(ge=1, le=255)] = 100

    @cached_property
    def _shape(self) -> Rows:
        return np.array([self.size, self.offset, self.width, self.minimum, self.maximum, self.full])

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of this size."""
        fits: NDArray[np.bool_] = _numbers(items.buffer, items.rows, self._shape, getattr(into.reports, self.column))
        return fits


class MeaningItem(FixedItem):
    """A number that means flags."""

    cleared: Cleared = "hold"

    @abstractmethod
    def meanings(self) -> tuple[int, dict[int, int]]:
        """How the number is read (``_HIGH``, ``_LOW``, ``_VALUE``), and the flag of each bit or value."""

    @cached_property
    def _table(self) -> tuple[Rows, Rows]:
        way, flags = self.meanings()
        shape = np.array([self.size, self.offset, self.width, way, self.cleared == "answer"])
        return shape, np.array([*flags.items()], np.int64).reshape(-1, 2)

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of this size."""
        columns = into.reports.flags, into.reports.momentary
        fits: NDArray[np.bool_] = _meanings(items.buffer, items.rows, self._table, columns)
        return fits


class FlagsItem(MeaningItem):
    """Bits of a big-endian field onto flags; ``active: low`` means that a cleared bit states the event."""

    kind: Literal["flags"]
    active: Literal["high", "low"] = "high"
    bits: FlagNames

    @model_validator(mode="after")
    def _wide_enough(self) -> Self:
        beyond = [bit for bit in self.bits if not 0 <= bit < 8 * self.width]
        if beyond:
            raise PydanticCustomError(
                "bit_beyond",
                "bit {bit} is not one of a field of {size} bits",
                {"bit": beyond[0], "size": 8 * self.width},
            )
        return self

    def meanings(self) -> tuple[int, dict[int, int]]:
        """By bit."""
        return (_LOW if self.active == "low" else _HIGH), flags_of(self.bits)


class ValuesItem(MeaningItem):
    """A number whose values mean flags (``{3: battery_low}``)."""

    kind: Literal["values"]
    values: FlagNames

    def meanings(self) -> tuple[int, dict[int, int]]:
        """By value."""
        return _VALUE, flags_of(self.values)


class SourceItem(FixedItem):
    """A number that says what a located report's position comes from (``{0: wifi}``)."""

    kind: Literal["source"]
    values: dict[int, Literal["gnss", "wifi", "cell", "beacon"]]

    @cached_property
    def _table(self) -> tuple[Rows, Rows]:
        named = [(value, _SOURCES[source]) for value, source in self.values.items()]
        return np.array([self.size, self.offset, self.width]), np.array(named, np.int64).reshape(-1, 2)

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of this size."""
        columns = into.reports.located, into.reports.source
        fits: NDArray[np.bool_] = _sources(items.buffer, items.rows, self._table, columns)
        return fits


class TimeItem(Reader):
    """Six BCD bytes, ``YYMMDDhhmmss`` in GMT+8, from ``offset`` on in an item of exactly ``size`` bytes."""

    kind: Literal["time"]
    size: Annotated[int, Field(ge=_BCD_TIME, le=1023)]
    offset: _Size = 0

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.offset + _BCD_TIME > self.size:
            raise PydanticCustomError(
                "outside_item",
                "{width} bytes from {offset} lie outside an item of {size}",
                {"width": _BCD_TIME, "offset": self.offset, "size": self.size},
            )
        return self

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of this size."""
        fits: NDArray[np.bool_] = items.size == self.size
        items = items.at(fits)
        digits = items.buffer[(items.start + self.offset)[:, None] + np.arange(_BCD_TIME)]
        into.reports.time[items.owner] = column_from_bcd(digits)
        return fits


class EventItem(Reader):
    """An item whose presence states a flag, whatever else it holds (at least ``least`` bytes)."""

    kind: Literal["event"]
    flag: FlagName
    least: _Size = 0
    cleared: Cleared = "answer"

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """State the flag for every entry that is long enough."""
        fits: NDArray[np.bool_] = items.size >= self.least
        into.flag(items.owner[fits], FLAGS[self.flag], self.cleared)
        return fits


class KeptItem(Reader):
    """An item that is known but fills no column: what it is called, and the sizes it has (none given: any)."""

    kind: Literal["kept"]
    name: str
    sizes: tuple[_Size, ...] = ()

    @property
    def is_silent(self) -> bool:
        """True: it gives no column anything."""
        return True

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Say which entries have one of the sizes."""
        del into
        fits, size = np.full(len(items), not self.sizes, np.bool_), items.size
        for one in self.sizes:
            fits |= size == one
        return fits


class TextItem(Reader):
    """An item that is nothing but printable ASCII: known, kept, fills no column."""

    kind: Literal["text"]
    name: str

    @property
    def is_silent(self) -> bool:
        """True: it gives no column anything."""
        return True

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Say which entries are text."""
        del into
        fits: NDArray[np.bool_] = _texts(items.buffer, items.rows)
        return fits


@Loop
def _numbers(buffer: Bytes, items: Rows, shape: Rows, column: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Numbers of entries of the right size into a column; which those are."""
    fits = np.zeros(len(items), np.bool_)
    for row in range(len(items)):
        fits[row] = items[row, SIZE] == shape[_SIZE]
        if fits[row]:
            value = number_at(buffer, items[row, START] + shape[_OFFSET], shape[_WIDTH])
            if shape[_LEAST] <= value <= shape[_MOST]:
                column[items[row, OWNER]] = value * 100 // shape[_FULL]
    return fits


@Loop
def _meanings(buffer: Bytes, items: Rows, table: tuple[Rows, Rows], columns: tuple[Sets, Sets]) -> NDArray[np.bool_]:
    """Flags that entries of the right size state into ``flags`` and, where an answer clears them, ``momentary``."""
    (shape, meant), (flags, momentary) = table, columns
    fits = np.zeros(len(items), np.bool_)
    for row in range(len(items)):
        fits[row] = items[row, SIZE] == shape[_SIZE]
        if fits[row]:
            value = number_at(buffer, items[row, START] + shape[_OFFSET], shape[_WIDTH])
            stated = np.uint64(_stated_by(value, shape[_WAY], meant))
            flags[items[row, OWNER]] |= stated
            if shape[_BY_ANSWER]:
                momentary[items[row, OWNER]] |= stated
    return fits


@formula
def _stated_by(value: int, way: int, meant: Rows) -> int:
    """The flags that a number states."""
    stated = 0
    for row in range(len(meant)):
        number = meant[row, 0]
        holds = value == number if way == _VALUE else (value >> number & 1) != (way == _LOW)
        if holds:
            stated |= meant[row, 1]
    return stated


@Loop
def _sources(
    buffer: Bytes, items: Rows, table: tuple[Rows, Rows], columns: tuple[NDArray[np.bool_], Bytes]
) -> NDArray[np.bool_]:
    """What located reports' positions come from, as entries of the right size say."""
    (shape, meant), (located, source) = table, columns
    fits = np.zeros(len(items), np.bool_)
    for row in range(len(items)):
        fits[row] = items[row, SIZE] == shape[_SIZE]
    for place in range(len(meant)):
        for row in range(len(items)):
            if fits[row] and located[items[row, OWNER]]:
                value = number_at(buffer, items[row, START] + shape[_OFFSET], shape[_WIDTH])
                if value == meant[place, 0]:
                    source[items[row, OWNER]] = meant[place, 1]
    return fits


@Loop
def _texts(buffer: Bytes, items: Rows) -> NDArray[np.bool_]:
    """Which entries are nothing but printable ASCII, and something."""
    fits = np.zeros(len(items), np.bool_)
    for row in range(len(items)):
        fits[row] = items[row, SIZE] > 0
        for place in range(items[row, START], items[row, START] + items[row, SIZE]):
            fits[row] &= _SPACE <= buffer[place] <= _TILDE
    return fits
