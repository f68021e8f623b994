"""Location items, as a profile declares them: every kind of reader there is.

An entry whose length does not fit its reader is left alone: its bytes stay in the journal.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from formulas.formula import Loop, formula
from protocols.columns import read_number
from protocols.jt808.heard import CellLayout, CellsItem, WifiItem
from protocols.jt808.heard_text import CellTextItem, WifiTextItem
from protocols.jt808.readers import FlagNames, Reader, Reading, flags_of
from protocols.jt808.values import (
    EventItem,
    FlagsItem,
    KeptItem,
    NumberItem,
    SourceItem,
    TextItem,
    TimeItem,
    ValuesItem,
)
from protocols.lists import (
    IDENT,
    OWNER,
    SIZE,
    START,
    Items,
    ListShape,
    behind_entry,
    entries_of,
    number_at,
    write_entry,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.jt808.readers import Collected

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

LOCATION_ITEMS = ListShape(id_at=0, id_width=1, size_at=1, size_width=1)
_OneOrTwo = Literal[1, 2]


class ListItem(Reader):
    """A list of its own inside an item, which must end exactly.

    Entries are ``{id, length, data}``, or ``{length, id, data}`` with ``id_first: false``; ``size_counts_id`` where the
    length includes the id; ``counted``: one byte before the list says how many bytes follow it.
    """

    kind: Literal["list"]
    id_width: _OneOrTwo = 2
    size_width: _OneOrTwo = 1
    id_first: bool = True
    size_counts_id: bool = False
    counted: bool = False
    items: tuple[Item, ...]

    @cached_property
    def _shape(self) -> Rows:
        id_at, size_at = (0, self.id_width) if self.id_first else (self.size_width, 0)
        shape = ListShape(id_at, self.id_width, size_at, self.size_width, self.id_width * self.size_counts_id)
        return shape.numbers

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.items)

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the lists that end exactly."""
        fits: NDArray[np.bool_]
        inner, fits = _inner(items.buffer, items.rows, self._shape, self.counted)
        if len(inner):
            self._reading.read(Items(items.buffer, inner), into)
        return fits


class NumberedItem(Reader):
    """An item that begins with a number of its own (``width`` bytes) by which the rest is read."""

    kind: Literal["numbered"]
    width: _OneOrTwo = 2
    items: tuple[Item, ...]

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.items)

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries whose number has a reader that fits."""
        rest, long_enough = _numbered(items.buffer, items.rows, self.width)
        long_enough[long_enough] = self._reading.read(Items(items.buffer, rest), into)
        taken: NDArray[np.bool_] = long_enough
        return taken


class MaskedItem(Reader):
    """An item whose length follows from a mask: ``head`` bytes, then for every bit set in it a field of its size.

    Its first byte may state flags by its value. A bit without a size makes the entry unknown.
    """

    kind: Literal["masked"]
    head: Annotated[int, Field(ge=1, le=16)]
    mask_at: Annotated[int, Field(ge=0, le=15)] = 0
    mask_width: _OneOrTwo = 1
    sizes: dict[Annotated[int, Field(ge=0, le=15)], Annotated[int, Field(ge=0, le=255)]]
    values: FlagNames = Field(default_factory=dict)

    @property
    def is_silent(self) -> bool:
        """Whether it states no flag."""
        return not self.values

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries of exactly the length their mask asks for."""
        fits = items.size >= max(self.head, self.mask_at + self.mask_width)
        whole = items.at(fits)
        mask = read_number(whole.buffer, whole.start + self.mask_at, self.mask_width)
        known = sum(1 << bit for bit in self.sizes)
        due = self.head + sum((mask >> bit & 1) * size for bit, size in self.sizes.items())
        exact = (whole.size == due) & (mask & ~known == 0)
        whole, fits[fits] = whole.at(exact), exact
        value = read_number(whole.buffer, whole.start, 1)
        for meaning, flag in flags_of(self.values).items():
            into.flag(whole.owner[value == meaning], flag, "hold")
        return fits


class FirstOfItem(Reader):
    """One id with several meanings: each entry is read by the first of the readers that it fits."""

    kind: Literal["first_of"]
    items: tuple[Item, ...]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Try the readers in their order."""
        taken = np.zeros(len(items), np.bool_)
        for reader in self.items:
            left = ~taken
            if not left.any():
                break
            taken[left] = reader.collect(items.at(left), into)
        return taken


Item = Annotated[
    NumberItem | FlagsItem | ValuesItem | EventItem | SourceItem | TimeItem | KeptItem | TextItem
    | CellsItem | WifiItem | CellTextItem | WifiTextItem
    | ListItem | NumberedItem | MaskedItem | FirstOfItem,
    Field(discriminator="kind"),
]  # fmt: skip
ListItem.model_rebuild()
NumberedItem.model_rebuild()
FirstOfItem.model_rebuild()

_CELL = CellLayout(record={"mcc": 2, "mnc": 1, "lac": 2, "cid": 4})
SAMPLES: tuple[Item, ...] = (
    NumberItem(id=0, kind="number", size=1, column="satellites"),
    ValuesItem(id=0, kind="values", size=1, values={}),
    SourceItem(id=0, kind="source", size=1, values={}),
    TimeItem(id=0, kind="time", size=6),
    TextItem(id=0, kind="text", name=""),
    CellsItem(id=0, kind="cells", layouts=(_CELL,)),
    WifiItem(id=0, kind="wifi", counted=True),
    WifiTextItem(id=0, kind="wifi_text"),
    ListItem(id=0, kind="list", items=()),
    NumberedItem(id=0, kind="numbered", items=()),
)
"""One of each kind that reads by a loop of its own."""


@formula
def _ends_exactly(buffer: Bytes, item: Rows, shape: Rows, counted: bool) -> int:  # noqa: FBT001  as the reader has it
    """How many entries the list in an item has; -1: it does not end with the item."""
    begin, end = item[START] + (1 if counted else 0), item[START] + item[SIZE]
    if begin >= end or (counted and buffer[item[START]] != item[SIZE] - 1):
        return -1
    count, stopped = entries_of(buffer, begin, end, shape)
    return count if stopped == end else -1


@Loop
def _inner(buffer: Bytes, items: Rows, shape: Rows, counted: bool) -> tuple[Rows, NDArray[np.bool_]]:  # noqa: FBT001  as above
    """Entries of the lists that end exactly, and which do. Of lists of one owner first the first ones."""
    fits, total = np.zeros(len(items), np.bool_), 0
    at, end = np.empty(len(items), np.int64), np.empty(len(items), np.int64)
    for row in range(len(items)):
        count = _ends_exactly(buffer, items[row], shape, counted)
        end[row] = items[row, START] + items[row, SIZE]
        at[row] = items[row, START] + (1 if counted else 0) if count >= 0 else end[row]
        fits[row] = count >= 0
        total += max(count, 0)
    inner, filled, first = np.empty((total, 4), np.int64), 0, 0
    while first < len(items):
        last, going = first, True
        while last < len(items) and items[last, OWNER] == items[first, OWNER]:
            last += 1
        while going:
            going = False
            for row in range(first, last):
                if at[row] < end[row]:
                    after = behind_entry(buffer, at[row], end[row], shape)
                    inner[filled, OWNER] = items[row, OWNER]
                    write_entry(buffer, at[row], after, shape, inner[filled])
                    at[row], filled, going = after, filled + 1, True
        first = last
    return inner, fits


@Loop
def _numbered(buffer: Bytes, items: Rows, width: int) -> tuple[Rows, NDArray[np.bool_]]:
    """What stands behind the number that an item begins with, under that number; which items have one."""
    fits, filled = np.zeros(len(items), np.bool_), 0
    rest = np.empty((len(items), 4), np.int64)
    for row in range(len(items)):
        fits[row] = items[row, SIZE] >= width
        if fits[row]:
            rest[filled, OWNER], rest[filled, IDENT] = items[row, OWNER], number_at(buffer, items[row, START], width)
            rest[filled, START], rest[filled, SIZE] = items[row, START] + width, items[row, SIZE] - width
            filled += 1
    return rest[:filled], fits
