"""Tag-length-value lists of a whole batch: how their entries begin, and walking them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from formulas.formula import Loop, formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

OWNER, IDENT, START, SIZE = range(4)
"""Columns of :attr:`Items.rows`."""
_ID_AT, _ID_WIDTH, _SIZE_AT, _SIZE_WIDTH, _HEAD, _REST = range(6)


@formula
def number_at(buffer: Bytes, at: int, width: int) -> int:
    """The big-endian unsigned integer of ``width`` bytes (at most 7) that begins at ``at``."""
    number = np.int64(0)
    for place in range(at, at + width):
        number = number << 8 | np.int64(buffer[place])
    return number  # type: ignore[return-value]  # a number of 64 bits, for the compiler


@dataclass(frozen=True)
class ListShape:
    """How the entries of a tag-length-value list begin.

    Attributes:
        id_at, id_width: where in an entry its id stands, and on how many bytes (1 or 2).
        size_at, size_width: the same of its length.
        overhead: what the length counts beside the data (2 where it counts a two-byte id).
    """

    id_at: int
    id_width: int
    size_at: int
    size_width: int
    overhead: int = 0

    @cached_property
    def numbers(self) -> Rows:
        """The shape for loops: int64 (6,); last the bytes before the data, and those that the length does not count."""
        head = self.id_width + self.size_width
        return np.array([self.id_at, self.id_width, self.size_at, self.size_width, head, head - self.overhead])


class Items:
    """Entries of tag-length-value lists, those of one owner one behind the other.

    Attributes:
        buffer: uint8 (bytes,) they stand in.
        rows: int64 (n, 4), C-contiguous: owner, which list (for location items: which report) the entry belongs to;
            its id; start and size of its data within ``buffer``.
    """

    __slots__ = ("buffer", "rows")

    def __init__(self, buffer: Bytes, rows: Rows) -> None:
        self.buffer = buffer
        self.rows = rows

    @classmethod
    def of(cls, buffer: Bytes, owner: Rows, ident: Rows, start: Rows, size: Rows) -> Items:
        """Entries from their columns, int64 (n,) each."""
        rows = np.empty((len(owner), 4), np.int64)
        rows[:, OWNER], rows[:, IDENT], rows[:, START], rows[:, SIZE] = owner, ident, start, size
        return cls(buffer, rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def owner(self) -> Rows:
        """int64 (n,)."""
        return self.rows[:, OWNER]

    @property
    def ident(self) -> Rows:
        """int64 (n,)."""
        return self.rows[:, IDENT]

    @property
    def start(self) -> Rows:
        """int64 (n,)."""
        return self.rows[:, START]

    @property
    def size(self) -> Rows:
        """int64 (n,)."""
        return self.rows[:, SIZE]

    def at(self, places: NDArray[Any] | slice) -> Items:
        """Some of the entries, by their places, a mask or a stretch."""
        return Items(self.buffer, self.rows[places])


def walk(buffer: Bytes, start: Rows, end: Rows, shape: ListShape) -> tuple[Items, Rows]:
    """Walk many tag-length-value lists.

    A list ends before the first entry that does not fit; nothing is read past ``end``.

    Args:
        buffer: uint8 (bytes,).
        start: int64 (n,), where each list begins.
        end: int64 (n,), where it ends.
        shape: how an entry begins.

    Returns:
        The entries (``owner`` counts the lists), and int64 (n,) where each walk stopped: ``end`` if the list is clean.
    """
    rows, stopped = _walk(buffer, np.ascontiguousarray(start), np.ascontiguousarray(end), shape.numbers)
    return Items(buffer, rows), stopped


@formula
def behind_entry(buffer: Bytes, at: int, end: int, shape: Rows) -> int:
    """Where the entry ends that begins at ``at``; -1: none fits before ``end``."""
    head = at + shape[_HEAD]
    if head > end:
        return -1
    after = at + number_at(buffer, at + shape[_SIZE_AT], shape[_SIZE_WIDTH]) + shape[_REST]
    return after if head <= after <= end else -1


@formula
def write_entry(buffer: Bytes, at: int, after: int, shape: Rows, row: Rows) -> None:
    """Fill ``row``, int64 (4,), but for the owner, of the entry that stands from ``at`` up to ``after``."""
    row[IDENT] = number_at(buffer, at + shape[_ID_AT], shape[_ID_WIDTH])
    row[START] = at + shape[_HEAD]
    row[SIZE] = after - at - shape[_HEAD]


@formula
def entries_of(buffer: Bytes, at: int, end: int, shape: Rows) -> tuple[int, int]:
    """How many entries a list has, and where it stops."""
    count, after = 0, behind_entry(buffer, at, end, shape)
    while after >= 0:
        count, at = count + 1, after
        after = behind_entry(buffer, at, end, shape)
    return count, at


@Loop
def _walk(buffer: Bytes, start: Rows, end: Rows, shape: Rows) -> tuple[Rows, Rows]:
    """Count the entries, then write them."""
    count, stopped = 0, np.empty(len(start), np.int64)
    for owner in range(len(start)):
        found, stopped[owner] = entries_of(buffer, start[owner], end[owner], shape)
        count += found
    rows, row = np.empty((count, 4), np.int64), 0
    for owner in range(len(start)):
        at = start[owner]
        while at < stopped[owner]:
            after = behind_entry(buffer, at, end[owner], shape)
            rows[row, OWNER] = owner
            write_entry(buffer, at, after, shape, rows[row])
            at, row = after, row + 1
    return rows, stopped
