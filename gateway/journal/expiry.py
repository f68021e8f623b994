"""What is over by its class leaves the files of old days, before the file itself may go: places go before acts.

The leaves stay, so that the chain verifies as before; each entry that went is on record with the rest (``erasure.py``).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.journal.entries import EntryKind
from gateway.journal.erasure import ERASABLE, Erasure, Spans, clear
from gateway.journal.segment import open_for_writing, select
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.past_days import PastDays

PLACES: Final = frozenset({
    EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED, EntryKind.REMINDER,
    EntryKind.IMPORTED,
})  # fmt: skip
"""What tells where somebody was, and when a bracelet was there to tell it; all else in ``ERASABLE`` is an act."""
ACTS: Final = ERASABLE - PLACES
_BY: Final = "gateway"
_MARK: Final = "INSERT OR REPLACE INTO cleared VALUES (?, ?, ?)"


class Kept(NamedTuple):
    """What stays though its time is over.

    Attributes:
        spans: by device, between which receive times (both inclusive) its entries stay.
        label: names all that is kept: where it is the same as before, files that were looked at are not again.
    """

    spans: Spans = MappingProxyType({})
    label: str = ""


ALL_GOES: Final = Kept()


def expire(
    days: PastDays, kinds: frozenset[EntryKind], horizon: float, below: int, record: Erasure, kept: Kept = ALL_GOES,
) -> list[str]:  # fmt: skip
    """Take what is of some kinds out of the files whose entries were all received before a time, oldest first.

    The newest file, which is being written, is left as it is; so are rows of format 1, of which nothing can be erased.
    It opens the files itself, so that any thread may do it. A file of which all is gone is not opened again.

    Args:
        days: of the journal.
        kinds: of what goes.
        horizon: UTC epoch seconds.
        below: offset before which the files have to end: what comes behind it may still be needed.
        record: when, by whom, and why; what stands beside each entry that went.
        kept: what stays all the same.

    Returns:
        The names of the files of which something was taken out, or was not there to be.

    Raises:
        TransientFault: a file cannot be written now, or somebody reads it; to be tried again.
        OurFault: a file is damaged.
    """
    names, done = _said(kinds), []
    for day in days.over():
        if day.until <= below and day.last < horizon and day.cleared.get(names) != kept.label:
            if not names <= _cleared(day.path, kept.label):
                _clear(day.path, kinds, record, kept)
                done.append(day.path.name)
            day.cleared[names] = kept.label
    return done


def _said(kinds: frozenset[EntryKind]) -> frozenset[str]:
    return frozenset({kind.name for kind in kinds})


def _cleared(path: Path, label: str) -> set[str]:
    """Kinds of which a file has nothing any more, or nothing but what is held."""
    return {name for name, kept in select(path, "SELECT kind, held FROM cleared") if kept in {"", label}}


def _clear(path: Path, kinds: frozenset[EntryKind], record: Erasure, kept: Kept) -> None:
    label = kept.label if clear(path, kinds, record, kept.spans) else ""
    try:
        with closing(open_for_writing(path)) as connection, connection:
            connection.executemany(_MARK, [(name, record.time, label) for name in sorted(_said(kinds))])
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as fault:
        raise judged("write", f"journal file {path.name}", fault) from fault
