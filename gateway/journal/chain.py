"""The hash chain, walked: whether a journal is what was written, from its first row to its last."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from gateway.errors import OurFault
from gateway.journal.origins import Shelf, digest_of
from gateway.journal.rows import Linked, format_of
from gateway.journal.segment import reading, select
from gateway.journal.sqlite import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.journal.sqlite import FileJournal

_ROWS = "SELECT first, count, received_first, received_last, body, chain FROM batch ORDER BY first"
_ERASED = "SELECT offset FROM erased ORDER BY offset"


@dataclass(slots=True)
class Verified:
    """What was walked: rows and entries, offset of the first entry and of the one after the last, gaps passed.

    ``erased``: those of the entries whose content is gone; that they are there, and where, is certain all the same.
    """

    rows: int = 0
    entries: int = 0
    begins: int = 0
    ends: int = 0
    gaps: int = 0
    erased: int = 0


class _Row(NamedTuple):
    """A row of a file, what the chain goes over, and which of its entries are on record as erased."""

    first: int
    entries: int
    received_first: float
    received_last: float
    chain: bytes
    linked: Linked
    recorded: list[int]


def verify(journal: FileJournal, *, last_file: bool = False) -> Verified:
    """Walk the chain, the whole of it or that of the last file, whose first row is then taken as it stands.

    The chain of a journal whose first days were removed begins with the first row that is left; so it does after a
    declared gap.

    Raises:
        OurFault: a file cannot be read, or a row does not follow from the one before it or is not what it says; it is
            named by its offset.
    """
    if not last_file:
        journal.refuse_damage()
    seen, chain, gaps = Verified(), b"", journal.gaps()
    for row in _rows(journal, last_file=last_file):
        if not seen.rows:
            seen.begins, chain = row.first, GENESIS if row.first == 0 else b""
        elif row.first != seen.ends:
            chain = _pass_gap(seen, gaps, row.first)
        _check(row, chain)
        chain = row.chain
        seen.rows, seen.entries, seen.ends = seen.rows + 1, seen.entries + row.entries, row.first + row.entries
        seen.erased += len(row.linked.erased)
    if seen.ends < journal.next_offset:
        _pass_gap(seen, gaps, journal.next_offset)
        seen.ends = journal.next_offset
    return seen


def _rows(journal: FileJournal, *, last_file: bool) -> Iterator[_Row]:
    paths = journal.segments()
    for path in [path for path in paths if journal.is_filled(path)][-1:] if last_file else paths:
        yield from _rows_of(path)


def _rows_of(path: Path) -> Iterator[_Row]:
    erased = [offset for (offset,) in select(path, _ERASED)]
    with reading(path) as connection:
        digests = Shelf(connection, digest_of)
        for first, count, received, last, body, chain in connection.execute(_ROWS):
            try:
                linked = format_of(body).linked(body, first, digests)
            except OurFault as fault:
                raise OurFault(f"journal chain is broken at offset {first}: {fault}") from fault
            recorded = erased[bisect_left(erased, first) : bisect_left(erased, first + count)]
            yield _Row(first, count, received, last, chain, linked, [offset - first for offset in recorded])


def _pass_gap(seen: Verified, gaps: dict[int, int], first: int) -> bytes:
    """Nothing is known of the chain behind a declared gap; another one is a fault."""
    if first < seen.ends:
        raise OurFault(f"journal offsets overlap at {first}: entries up to {seen.ends} were there before")
    at = seen.ends
    for begin, until in sorted(gaps.items()):
        at = until if begin <= at < until else at
    if at != first:
        raise OurFault(f"journal has a hole at offset {at}: the next entry is {first}")
    seen.gaps += 1
    return b""


def _check(row: _Row, chain: bytes) -> None:
    if chain and sha256(chain + row.linked.link).digest() != row.chain:
        raise OurFault(f"journal chain is broken at offset {row.first}")
    if row.linked[1:4] != row[1:4]:
        raise OurFault(f"journal index does not fit its entries at offset {row.first}")
    if row.linked.erased != row.recorded:
        raise OurFault(f"journal has entries that were erased with nothing on record, or the other way, at {row.first}")
