"""The hash chain, walked: whether a journal is what was written, from its first row to its last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.errors import OurFault
from gateway.journal.entries import EntryBatch
from gateway.journal.segment import select
from gateway.journal.sqlite import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.journal.sqlite import FileJournal

_ROWS = "SELECT first, count, received_first, received_last, body, chain FROM batch ORDER BY first"
Row = tuple[int, int, float, float, bytes, bytes]


@dataclass(slots=True)
class Verified:
    """What was walked: rows and entries, offset of the first entry and of the one after the last, gaps passed."""

    rows: int = 0
    entries: int = 0
    begins: int = 0
    ends: int = 0
    gaps: int = 0


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
        first = row[0]
        if not seen.rows:
            seen.begins, chain = first, GENESIS if first == 0 else b""
        elif first != seen.ends:
            chain = _pass_gap(seen, gaps, first)
        _check(row, chain)
        chain = row[5]
        seen.rows, seen.entries, seen.ends = seen.rows + 1, seen.entries + row[1], first + row[1]
    if seen.ends < journal.next_offset:
        _pass_gap(seen, gaps, journal.next_offset)
        seen.ends = journal.next_offset
    return seen


def _rows(journal: FileJournal, *, last_file: bool) -> Iterator[Row]:
    paths = journal.segments()
    for path in [path for path in paths if journal.is_filled(path)][-1:] if last_file else paths:
        for row in select(path, _ROWS):
            first, count, received, last, body, chain = row
            yield first, count, received, last, body, chain


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


def _check(row: Row, chain: bytes) -> None:
    first, count, received, last, body, stored = row
    if chain and hashlib.sha256(chain + body).digest() != stored:
        raise OurFault(f"journal chain is broken at offset {first}")
    try:
        batch = EntryBatch.decode(body)
    except OurFault as fault:
        raise OurFault(f"{fault} (offset {first})") from fault
    if (len(batch), float(batch.received[0]), float(batch.received[-1])) != (count, received, last):
        raise OurFault(f"journal index does not fit its entries at offset {first}")
