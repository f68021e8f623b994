"""What is over by its class leaves the files of old days, before the file itself may go: places go before acts.

The leaves stay, so that the chain verifies as before; each entry that went is on record with the rest (``erasure.py``).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from gateway.journal.entries import EntryKind
from gateway.journal.erasure import ERASABLE, Erasure, clear
from gateway.journal.segment import open_for_writing, select
from gateway.journal.sqlite import FileJournal
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACES: Final = frozenset({
    EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED, EntryKind.REMINDER,
})  # fmt: skip
"""What tells where somebody was, and when a bracelet was there to tell it; all else in ``ERASABLE`` is an act."""
ACTS: Final = ERASABLE - PLACES
_BY: Final = "gateway"
_MARK: Final = "INSERT OR REPLACE INTO cleared VALUES (?, ?)"


def expire(directory: Path, kinds: frozenset[EntryKind], horizon: float, below: int, record: Erasure) -> list[str]:
    """Take what is of some kinds out of the files whose entries were all received before a time, oldest first.

    The newest file, which is being written, is left as it is; so are rows of format 1, of which nothing can be erased.
    It opens the files itself, so that any thread may do it. Doing it again costs a look at each file.

    Args:
        directory: of the journal.
        kinds: of what goes.
        horizon: UTC epoch seconds.
        below: offset before which the files have to end: what comes behind it may still be needed.
        record: when, by whom, and why; what stands beside each entry that went.

    Returns:
        The names of the files of which something was taken out, or was not there to be.

    Raises:
        TransientFault: a file cannot be written now, or somebody reads it; to be tried again.
        OurFault: a file is damaged.
    """
    names = _said(kinds)
    done = []
    for path in _over(directory, horizon, below):
        if not names <= _cleared(path):
            _clear(path, kinds, record)
            done.append(path.name)
    return done


def _over(directory: Path, horizon: float, below: int) -> Iterator[Path]:
    journal = FileJournal(directory, read_only=True)
    filled = [path for path in journal.segments() if journal.is_filled(path)]
    for path in filled[:-1]:
        until, last = next(select(path, "SELECT max(first + count), max(received_last) FROM batch"))
        if until <= below and last < horizon:
            yield path


def _said(kinds: frozenset[EntryKind]) -> set[str]:
    return {kind.name for kind in kinds}


def _cleared(path: Path) -> set[str]:
    """Kinds of which a file has nothing any more."""
    return {name for (name,) in select(path, "SELECT kind FROM cleared")}


def _clear(path: Path, kinds: frozenset[EntryKind], record: Erasure) -> None:
    clear(path, kinds, record)
    try:
        with closing(open_for_writing(path)) as connection, connection:
            connection.executemany(_MARK, [(name, record.time) for name in sorted(_said(kinds))])
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as fault:
        raise judged(f"journal file {path.name} cannot be written", fault) from fault
