"""Stretches of the chain: rows as nothing but their roots, by which entries are tied to heads that others keep."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from gateway.errors import OurFault
from gateway.journal import row2
from gateway.journal.origins import Shelf, digest_of
from gateway.journal.proof import chain_before
from gateway.journal.rows import format_of
from gateway.journal.segment import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.journal.sqlite import FileJournal

_ROWS = "SELECT first, count, received_last, body, chain FROM batch WHERE first + count > ? ORDER BY first"


class Stretch(NamedTuple):
    """Rows of format 2 that follow each other without a gap.

    Attributes:
        first: offset of the first entry.
        before: the chain up to there, 32 bytes.
        rows: number of entries and root of each row: the chain behind it is SHA-256(the chain before + the root).
        chain: behind the last row.
    """

    first: int
    before: bytes
    rows: tuple[tuple[int, bytes], ...]
    chain: bytes

    @property
    def until(self) -> int:
        """Offset behind the last entry."""
        return self.first + sum(count for count, _ in self.rows)


class _Row(NamedTuple):
    first: int
    until: int
    received_last: float
    root: bytes
    chain: bytes


def stretches(
    journal: FileJournal, offsets: Sequence[int], until: float, seconds: float, most: int
) -> list[Stretch]:  # fmt: skip
    """The chain's stretches that hold entries, and what follows each, so that a head that was told soon after lies in.

    Args:
        journal: the journal.
        offsets: of the entries, ascending; each has a proof (``proof_of``).
        until: receive time up to which rows follow, UTC epoch seconds.
        seconds: for so long behind a row with one of the entries.
        most: for so many rows.

    Raises:
        UnfitEntry: the row before one of the entries' is gone.
        OurFault: a file cannot be read, or is not what was written.
    """
    found: list[Stretch] = []
    for offset in offsets:
        if not found or offset >= found[-1].until:
            found.append(_stretch(journal, offset, offsets, _Bound(until, seconds, most)))
    return found


class _Bound(NamedTuple):
    until: float
    seconds: float
    most: int


def _stretch(journal: FileJournal, offset: int, wanted: Sequence[int], bound: _Bound) -> Stretch:
    """The one that begins with an entry's row, and goes on while there is more of the entries near enough."""
    held: list[_Row] = []
    left, last, places = 0, 0.0, iter([each for each in wanted if each >= offset])
    following = next(places, None)
    for row in _rows(journal, offset):
        if held and row.first != held[-1].until:
            break
        if following is not None and following < row.until:
            left, last = bound.most, row.received_last + bound.seconds
            while following is not None and following < row.until:
                following = next(places, None)
        elif not left or row.received_last > min(last, bound.until):
            break
        else:
            left -= 1
        held.append(row)
    before = chain_before(journal, held[0].first)
    _check(before, held)
    return Stretch(held[0].first, before, tuple((one.until - one.first, one.root) for one in held), held[-1].chain)


def _rows(journal: FileJournal, offset: int) -> Iterator[_Row]:
    """Rows from the one that holds an entry on, up to the first of format 1."""
    for path in journal.files_from(offset):
        with reading(path) as connection:
            digests = Shelf(connection, digest_of)
            for first, count, last, body, chain in connection.execute(_ROWS, (offset,)):
                if body[:4] != row2.MAGIC:
                    return
                yield _Row(first, first + count, last, format_of(body).linked(body, first, digests).link, chain)


def _check(chain: bytes, rows: Sequence[_Row]) -> None:
    for row in rows:
        chain = sha256(chain + row.root).digest()
        if chain != row.chain:
            raise OurFault(f"journal chain is broken at offset {row.first}")
