"""Location items, as a profile declares them: every kind of reader there is.

An entry whose length does not fit its reader is left alone: its bytes stay in the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from protocols.columns import Items, ListShape, read_number, walk
from protocols.jt808.heard import CellsItem, CellTextItem, WifiItem, WifiTextItem
from protocols.jt808.readers import FlagNames, Reader, flags_of, read_items
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.jt808.readers import Collected

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

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the lists that end exactly."""
        start, end = items.start + self.counted, items.start + items.size
        inner, stopped = walk(items.buffer, start, end, self._shape())
        fits: NDArray[np.bool_] = (stopped == end) & (items.size > self.counted)
        if self.counted:
            fits &= items.buffer[np.where(fits, items.start, 0)] == items.size - 1
        inner = inner.where(fits[inner.owner])
        owner = items.owner[inner.owner]
        read_items(self.items, Items(inner.buffer, owner, inner.ident, inner.start, inner.size), into)
        return fits

    def _shape(self) -> ListShape:
        id_at, size_at = (0, self.id_width) if self.id_first else (self.size_width, 0)
        return ListShape(id_at, self.id_width, size_at, self.size_width, self.id_width * self.size_counts_id)


class NumberedItem(Reader):
    """An item that begins with a number of its own (``width`` bytes) by which the rest is read."""

    kind: Literal["numbered"]
    width: _OneOrTwo = 2
    items: tuple[Item, ...]

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read the entries whose number has a reader that fits."""
        long_enough = items.size >= self.width
        whole = items.where(long_enough)
        number = read_number(whole.buffer, whole.start, self.width)
        rest = Items(whole.buffer, whole.owner, number, whole.start + self.width, whole.size - self.width)
        long_enough[long_enough] = read_items(self.items, rest, into)
        return long_enough


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
        whole = items.where(fits)
        mask = read_number(whole.buffer, whole.start + self.mask_at, self.mask_width)
        known = sum(1 << bit for bit in self.sizes)
        due = self.head + sum((mask >> bit & 1) * size for bit, size in self.sizes.items())
        exact = (whole.size == due) & (mask & ~known == 0)
        whole, fits[fits] = whole.where(exact), exact
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
            taken[left] = reader.collect(items.where(left), into)
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
