"""What an entry costs in the journal: rows of format 2 beside rows as versions before it wrote them, in the same run.

CPU time of ``append``, the kernel's share of writing and syncing included and the waiting for the disk not, and of
reading; medians of rounds that alternate. ``difference`` and ``ratio`` are medians over pairs of rounds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import struct
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gateway.journal import FileJournal
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin

if TYPE_CHECKING:
    import sqlite3

SIZES = (1, 64, 512, 4096)
FRAME = 60
START = 1_793_500_000.0


class Before(FileJournal):
    """The journal as it was: the origins as JSON in each row, the chain over the whole body."""

    def _insert(self, segment: sqlite3.Connection, batch: EntryBatch, skips: list[tuple[int, str]]) -> bytes:
        assert not skips
        origins = msgspec.json.encode(batch.origins)
        body = b"".join((
            struct.pack("<4sIII", b"BGE1", len(batch), len(origins), len(batch.payload)),
            batch.kind.tobytes(), batch.received.astype("<f8").tobytes(), batch.origin.astype("<i4").tobytes(),
            batch.length.astype("<u4").tobytes(), origins, batch.payload.tobytes(),
        ))  # fmt: skip
        chain = sha256(self._end.chain + body).digest()
        times = float(batch.received[0]), float(batch.received[-1])
        segment.execute("INSERT INTO batch VALUES (?,?,?,?,?,?)", (self._end.offset, len(batch), *times, body, chain))
        return chain


def batches(size: int, connections: int, rows: int) -> list[EntryBatch]:
    """Rows of frames, each frame from the next connection."""
    origins = [
        Origin(f"B{n:05}", "bracelets", f"10.20.{n // 250}.{n % 250}:{40000 + n}", "jt808", "standard")
        for n in range(connections)
    ]
    found, sent = [], 0
    for row in range(rows):
        gathering = Gathering()
        for _ in range(size):
            gathering.add(EntryKind.FRAME, START + row, origins[sent % connections], os.urandom(FRAME))
            sent += 1
        found.append(gathering.batch())
    return found


def written(journal: FileJournal, rows: list[EntryBatch]) -> float:
    """CPU seconds an entry of appending; the first row is not counted, it enters the origins and makes the file."""
    journal.append(rows[0])
    began = time.process_time()
    for row in rows[1:]:
        journal.append(row)
    spent = time.process_time() - began
    journal.close()
    return spent / sum(map(len, rows[1:]))


def read(directory: Path) -> float:
    """CPU seconds an entry of reading all of it."""
    journal, entries = FileJournal(directory, read_only=True), 0
    began = time.process_time()
    for _, batch in journal.read(0):
        entries += len(batch)
    return (time.process_time() - began) / entries


def measure(size: int, connections: int, rounds: int) -> str:
    """One line of the table."""
    rows = batches(size, connections, max(8, min(200, 32_768 // size)))
    costs: dict[str, list[float]] = {name: [] for name in ("write 1", "write 2", "read 1", "read 2")}
    disk = {}
    for _ in range(rounds):
        for name, opened in (("1", Before), ("2", FileJournal)):
            with tempfile.TemporaryDirectory() as temporary:
                directory = Path(temporary) / "journal"
                costs[f"write {name}"].append(1e6 * written(opened(directory), rows))
                costs[f"read {name}"].append(1e6 * read(directory))
                disk[name] = sum(path.stat().st_size for path in directory.iterdir()) / sum(map(len, rows))
    cells = [f"{size:>6}{connections:>13}"]
    for deed in ("write", "read"):
        before, now = costs[f"{deed} 1"], costs[f"{deed} 2"]
        difference = statistics.median(b - a for a, b in zip(before, now, strict=True))
        ratio = statistics.median(b / a for a, b in zip(before, now, strict=True))
        cells.append(f"{statistics.median(before):>9.2f}{statistics.median(now):>9.2f}{difference:>+8.2f}{ratio:>7.2f}")
    return "   ".join([*cells, f"{disk['1']:>6.0f}{disk['2']:>6.0f}"])


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    print(f"frames of {FRAME} bytes; us of CPU an entry: format 1, format 2, difference, ratio; bytes an entry on disk")
    print("   row  connections     write                                read                            disk")
    for size in SIZES:
        for connections in sorted({1, min(size, 1000)}):
            print(measure(size, connections, chosen.rounds))


if __name__ == "__main__":
    main()
