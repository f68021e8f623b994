"""Batches of frames that say when they were received, and what a journal holds of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.journal import FileJournal
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin, merge

if TYPE_CHECKING:
    import pytest

    from gateway.journal import Journal

DAY = 86400.0


def batch(*times: float) -> EntryBatch:
    gathering = Gathering()
    for time in times:
        gathering.add(EntryKind.FRAME, time, Origin("B0001"), f"frame {time}".encode())
    return gathering.batch()


def contents(journal: Journal, first: int = 0) -> list[bytes]:
    return [entries.bytes_of(i) for _, entries in journal.read(first) for i in range(len(entries))]


def listed(entries: EntryBatch) -> list[tuple[int, float, Origin, bytes]]:
    """Kind, time, origin and payload of each entry."""
    return [
        (int(entries.kind[i]), float(entries.received[i]), entries.origin_of(i), entries.bytes_of(i))
        for i in range(len(entries))
    ]


def journaled(directory: Path, entries: EntryBatch) -> EntryBatch:
    """Entries as they are read after they were stored."""
    journal = FileJournal(directory)
    journal.append(entries)
    journal.close()
    return merge([found for _, found in journal.read(0)])


def days_opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files of days that are opened from now on, in their order, each time they are: the two digits of the day."""
    found, connect = [], sqlite3.connect

    def watched(path, *said, **named):
        name = Path(str(path).partition("?")[0]).name
        if name.endswith(".journal"):
            found.append(name[8:10])
        return connect(path, *said, **named)

    monkeypatch.setattr(sqlite3, "connect", watched)
    return found
