"""Entries out of a day's file, a batch a row, or several rows that follow one another as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.errors import OurFault
from gateway.journal.long_rows import joined
from gateway.journal.origins import Shelf, origin_said
from gateway.journal.rows import decode
from gateway.journal.segment import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.journal.entries import EntryBatch, Origin

MOST_BYTES = 16 << 20
"""Of rows that are joined."""


def batches_of(path: Path, statement: str, bound: int) -> Iterator[tuple[int, EntryBatch]]:
    """Offset and entries of the rows of a query for ``first, body`` with one parameter, ``bound``.

    Raises:
        GatewayFault: the file cannot be read, or a row is not what was written.
    """
    with reading(path) as connection:
        origins = Shelf(connection, origin_said)
        for first, body in connection.execute(statement, (bound,)):
            yield first, decode(body, origins)


def long_batches(path: Path, bound: int, most: int) -> Iterator[tuple[int, EntryBatch]]:
    """Offset and entries of the rows that reach behind an offset, joined where they follow each other.

    Raises:
        OurFault: a row has not as many entries as its index says.
    """
    statement = "SELECT first, count, body FROM batch WHERE first + count > ? ORDER BY first"
    with reading(path) as connection:
        origins = Shelf(connection, origin_said)
        begin, end, size, held = 0, 0, 0, list[bytes]()
        for first, count, body in connection.execute(statement, (bound,)):
            if held and (first != end or end - begin >= most or size >= MOST_BYTES):
                yield begin, _whole(held, origins, end - begin)
                size, held = 0, []
            begin, end = first if not held else begin, first + count
            size += len(body)
            held.append(body)
        if held:
            yield begin, _whole(held, origins, end - begin)


def _whole(bodies: list[bytes], origins: Shelf[Origin], count: int) -> EntryBatch:
    entries = joined(bodies, origins)
    if len(entries) != count:
        raise OurFault(f"journal rows have {len(entries)} entries, and {count} by their index")
    return entries
