"""The audit log as it is read: the latest first, found without a look at what lies between."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import numpy as np

from gateway.decoded import from_json
from gateway.journal.controls import Audited, Sought
from gateway.journal.entries import EntryKind
from gateway.journal.origins import Shelf, origin_said
from gateway.journal.rows import decode
from gateway.journal.segment import HAS_AUDIT, is_indexed, reading
from gateway.journal.sqlite import FileJournal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.journal.entries import EntryBatch

_ROWS: Final = (
    f"SELECT first, body FROM batch INDEXED BY audited WHERE {HAS_AUDIT} AND first < ? AND received_last >= ?"  # noqa: S608  ours
)
END: Final = 1 << 62
"""An offset that no journal reaches."""
_LATEST_FIRST: Final = " ORDER BY first DESC"


class Found(NamedTuple):
    """An entry: its offset, when it was (UTC epoch seconds), and what it says."""

    offset: int
    at: float
    said: Audited


def row_of(one: Found) -> dict[str, Any]:
    """As a mapping: ``offset``, ``at``, and every field of what it says."""
    return {**msgspec.structs.asdict(one.said), "offset": one.offset, "at": one.at}


def audited(directory: Path, sought: Sought) -> Iterator[Found]:
    """Entries of a journal's directory that fit, the latest first.

    A file that no version has written to that knows such entries is passed over; so is one that cannot be read, which
    ``verify`` and the status tell.

    Raises:
        OurFault: a file turns out to be damaged.
    """
    journal = FileJournal(directory, read_only=True)
    for path in reversed([path for path in journal.segments() if journal.is_filled(path)]):
        with reading(path) as connection:
            if is_indexed(connection):
                yield from _of(connection, sought)


def _of(connection: sqlite3.Connection, sought: Sought) -> Iterator[Found]:
    origins = Shelf(connection, origin_said)
    named = [_written(value) for value in (sought.person, sought.number, sought.what, sought.words) if value]
    statement = _ROWS + " AND instr(body, ?) > 0" * len(named) + _LATEST_FIRST
    before = sought.before or END
    for first, body in connection.execute(statement, (before, sought.since, *named)):
        for one in _in(first, decode(body, origins)):
            if one.offset < before and _fits(one, sought):
                yield one


def _written(value: str) -> bytes:
    """As it stands in a payload."""
    return msgspec.json.encode(value)[1:-1]


def _in(first: int, batch: EntryBatch) -> Iterator[Found]:
    for index in reversed(np.flatnonzero(batch.kind == EntryKind.AUDIT).tolist()):
        said = from_json(batch.bytes_of(index), Audited)
        yield Found(first + index, said.at or float(batch.received[index]), said)


def _fits(one: Found, sought: Sought) -> bool:
    said = one.said
    return (
        sought.person in {"", said.person}
        and sought.number in {"", said.number}
        and sought.what in {"", said.what}
        and (sought.words in said.purpose or sought.words in said.about)
        and sought.since <= one.at < (sought.until or math.inf)
    )
