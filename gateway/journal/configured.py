"""Since when which configuration was in force, found in a journal without a look at what lies between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.decoded import from_json
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind
from gateway.journal.origins import Shelf, origin_said
from gateway.journal.rows import decode
from gateway.journal.segment import HAS_CONFIGURATION, has_index, reading
from gateway.journal.sqlite import FileJournal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

_ROWS: Final = f"SELECT body FROM batch INDEXED BY configured WHERE {HAS_CONFIGURATION} ORDER BY first"  # noqa: S608  ours


def in_force_since(directory: Path) -> Iterator[tuple[float, str]]:
    """Of a journal's directory, when each configuration came into force (receive time) and its digest, in order.

    A file of a version that kept no index of them is passed over.

    Raises:
        OurFault: a file turns out to be damaged.
    """
    journal = FileJournal(directory, read_only=True)
    for path in [path for path in journal.segments() if journal.is_filled(path)]:
        with reading(path) as connection:
            if has_index(connection, "configured"):
                yield from _of(connection)


def _of(connection: sqlite3.Connection) -> Iterator[tuple[float, str]]:
    origins = Shelf(connection, origin_said)
    for (body,) in connection.execute(_ROWS):
        batch = decode(body, origins)
        for index in np.flatnonzero(batch.kind == EntryKind.CONFIGURATION).tolist():
            said = from_json(batch.bytes_of(index), Configured)
            yield float(batch.received[index]), said.digest
