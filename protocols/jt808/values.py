"""Readers of items that state a number, flags, a time, or where a position comes from."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from protocols.columns import read_number
from protocols.jt808.clock import column_from_bcd
from protocols.jt808.readers import FLAGS, Cleared, FlagName, FlagNames, Reader, each, flags_of
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.columns import Items
    from protocols.jt808.readers import Collected

_BCD_TIME = 6
_SOURCES = {source.name.lower(): source.value for source in Source}
_SPACE, _TILDE = 0x20, 0x7E
_Size = Annotated[int, Field(ge=0, le=1023)]
_Width = Annotated[int, Field(ge=1, le=7)]


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

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of this size."""
        fits: NDArray[np.bool_] = items.size == self.size
        items = items.where(fits)
        self._state(items.owner, read_number(items.buffer, items.start + self.offset, self.width), into)
        return fits

    @abstractmethod
    def _state(self, owner: NDArray[np.int64], value: NDArray[np.int64], into: Collected) -> None:
        """Write what the numbers, int64 (n,), mean into the reports ``owner``, int64 (n,)."""


class NumberItem(FixedItem):
    """An unsigned number into a column; below ``minimum`` and above ``maximum`` the device states nothing.

    ``full`` is the number that stands for 100, for devices that give a battery in steps.
    """

    kind: Literal["number"]
    column: Literal["satellites", "battery_percent"]
    minimum: Annotated[int, Field(ge=0, le=255)] = 0
    maximum: Annotated[int, Field(ge=1, le=255)] = 255
    full: Annotated[int, Field(ge=1, le=255)] = 100

    def _state(self, owner: NDArray[np.int64], value: NDArray[np.int64], into: Collected) -> None:
        sane = (value >= self.minimum) & (value <= self.maximum)
        column: NDArray[np.int16] = getattr(into.reports, self.column)
        column[owner[sane]] = value[sane] * 100 // self.full


class FlagsItem(FixedItem):
    """Bits of a big-endian field onto flags; ``active: low`` means that a cleared bit states the event."""

    kind: Literal["flags"]
    active: Literal["high", "low"] = "high"
    cleared: Cleared = "hold"
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

    def _state(self, owner: NDArray[np.int64], value: NDArray[np.int64], into: Collected) -> None:
        if self.active == "low":
            value = ~value
        somewhere = int(np.bitwise_or.reduce(value))
        for bit, flag in flags_of(self.bits).items():
            if somewhere >> bit & 1:
                into.flag(owner[value >> bit & 1 == 1], flag, self.cleared)


class ValuesItem(FixedItem):
    """A number whose values mean flags (``{3: battery_low}``)."""

    kind: Literal["values"]
    cleared: Cleared = "hold"
    values: FlagNames

    def _state(self, owner: NDArray[np.int64], value: NDArray[np.int64], into: Collected) -> None:
        for meaning, flag in flags_of(self.values).items():
            into.flag(owner[value == meaning], flag, self.cleared)


class SourceItem(FixedItem):
    """A number that says what a located report's position comes from (``{0: wifi}``)."""

    kind: Literal["source"]
    values: dict[int, Literal["gnss", "wifi", "cell", "beacon"]]

    def _state(self, owner: NDArray[np.int64], value: NDArray[np.int64], into: Collected) -> None:
        located = into.reports.located[owner]
        for meaning, source in self.values.items():
            into.reports.source[owner[located & (value == meaning)]] = _SOURCES[source]


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
        items = items.where(fits)
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
        return np.isin(items.size, self.sizes) if self.sizes else np.ones(len(items), np.bool_)


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
        # Binary lists mostly show by their first byte: only what begins like text is looked at one by one.
        begins = items.buffer[np.where(items.size > 0, items.start, 0)]
        fits: NDArray[np.bool_] = (items.size > 0) & (begins >= _SPACE) & (begins <= _TILDE)
        fits[fits] = [data.isascii() and data.decode("ascii").isprintable() for data in each(items.where(fits))]
        return fits
