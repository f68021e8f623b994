"""The journal of one machine: SQLite files by day (WAL, synchronous=FULL).

A batch is a row, so that retention costs next to nothing. Configuration texts are stored once, by
digest, in a file of their own.
"""

from __future__ import annotations

import itertools
import math
import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from gateway.decoded import from_json
from gateway.errors import GatewayFault, OurFault
from gateway.journal import configurations, row2
from gateway.journal.batches import batches_of, long_batches
from gateway.journal.contract import Head
from gateway.journal.controls import Skipped
from gateway.journal.entries import EntryBatch, EntryKind
from gateway.journal.erasure import Erasure, erase, look
from gateway.journal.faults import JournalHole, NewerJournal, UnfitEntry
from gateway.journal.leaves import leaves_of, root_of
from gateway.journal.origins import OriginBook
from gateway.journal.segment import (
    NEEDS,
    PLAIN,
    UNFINISHED,
    create,
    day_of,
    has_audit,
    is_segment,
    open_for_writing,
    remove,
    say_format,
    select,
    sweep,
)
from gateway.on_disk import make
from gateway.sqlite_faults import held, in_our_words, judged, unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path


GENESIS = bytes(32)
DAY = 86400.0
_ON = (
    "SELECT first, body FROM batch"
    # The first condition finds the row by its key; the second passes over one that ends before a gap.
    " WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), 0) AND first + count > ?1"
    " ORDER BY first"
)
_LAST = "SELECT first, count, chain FROM batch ORDER BY first DESC LIMIT 1"


class FileJournal:
    """``DIRECTORY/YYYY-MM-DD.journal`` files.

    Offsets are dense but for gaps that somebody has declared; a file is never written again once a later one has been
    begun, so that a clock which goes back begins ``YYYY-MM-DD.1.journal``.

    Not thread-safe: the writer thread owns it. Readers in other threads or processes open their own, read-only.

    Args:
        salts: gives so many random bytes, which nobody can tell beforehand.
    """

    def __init__(self, directory: Path, *, read_only: bool = False, salts: Callable[[int], bytes] = os.urandom) -> None:
        self._directory, self._salts = directory, salts
        self.damaged: dict[Path, GatewayFault] = {}
        """Files that cannot be read, and why; whoever needs their entries meets a hole."""
        self._heads: dict[Path, int] = {}
        self._segment: sqlite3.Connection | None = None
        self._book: OriginBook | None = None
        self._path: Path | None = None
        self._is_in_doubt = False
        self._tried: Head | None = None
        """Where the journal would end with the row whose commit failed."""
        if not read_only:
            make(directory)
            self._settle()
        self._end = self._tail()

    @property
    def next_offset(self) -> int:
        """Offset the next entry will get."""
        return self._end.offset

    @property
    def head(self) -> Head:
        """The next offset and the chain up to it: of one moment, from any thread."""
        return self._end

    @property
    def begins(self) -> int:
        """Offset of the first entry that is still there; that of the next where there is none."""
        return min((self._head(path) for path in self._filled()), default=self._end.offset)

    def segments(self) -> list[Path]:
        """Files, oldest first; those without an entry last, those that are damaged not at all."""
        paths = self._paths()
        return self._filled() + [path for path in paths if self._head(path) < 0 and path not in self.damaged]

    def is_filled(self, path: Path) -> bool:
        """Whether a file has an entry."""
        return self._head(path) >= 0

    def first_in(self, path: Path) -> int:
        """Offset of a file's first entry; -1 where it has none."""
        return self._head(path)

    def files_from(self, first: int) -> list[Path]:
        """Files from the one that holds ``first`` on, in the order of their offsets."""
        filled = self._filled()
        before = [index for index, path in enumerate(filled) if self._head(path) <= first]
        return filled[before[-1] if before else 0 :]

    def append(self, batch: EntryBatch) -> int:
        """Store a batch as one row; durable on return.

        Raises:
            TransientFault: the store failed; nothing of the batch may be acknowledged, it may be tried again.
            OurFault: the offset is taken: somebody else writes, or a bug of ours. To go on would lose entries. Or
                an entry was erased: what it was nobody can say any more.
        """
        if (batch.kind == row2.ERASED).any():
            raise OurFault("an entry that was erased cannot be journaled anew")
        skips = _skips(batch)
        try:
            chain = self._insert(self._segment_for(float(batch.received[0])), batch, skips)
        except BaseException as fault:
            self._is_in_doubt = True
            self.close()
            if isinstance(fault, (sqlite3.Error, OSError)):
                raise judged("store", "journal", fault) from fault
            raise
        first = self._end.offset
        self._end, self._tried = Head(first + len(batch), chain), None
        return first

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        """Batches from offset ``first`` on; the first one is cut so that it begins there, or behind a declared gap.

        Raises:
            JournalHole: entries are missing.
            OurFault: a file cannot be read.
        """
        expected, statement = first, _ON
        for path in self.files_from(first):
            for offset, entries in batches_of(path, statement, expected):
                if offset > expected:
                    self._excuse(expected, offset)
                skip = max(0, expected - offset)
                yield offset + skip, entries.slice(skip, len(entries)) if skip else entries
                expected = offset + len(entries)

    def read_long(self, first: int, most: int) -> Iterator[tuple[int, EntryBatch]]:
        """As :meth:`read`, so many rows at once that they have ``most`` entries, or no more follow in their file."""
        expected = first
        for path in self.files_from(first):
            for offset, entries in long_batches(path, expected, most):
                if offset > expected:
                    self._excuse(expected, offset)
                skip = max(0, expected - offset)
                yield offset + skip, entries.slice(skip, len(entries)) if skip else entries
                expected = offset + len(entries)

    def first_since(self, time: float) -> int:
        """Offset of the first row whose end was received at or after a time; the next offset where there is none."""
        statement = "SELECT min(first) FROM batch WHERE received_last >= ?"
        found = (row[0] for path in self._filled() for row in select(path, statement, (time,)))
        return next((first for first in found if first is not None), self._end.offset)

    def backwards(self, until: int) -> Iterator[EntryBatch]:
        """Rows that lie wholly before an offset, the newest first.

        Raises:
            OurFault: a file cannot be read.
        """
        statement = "SELECT first, body FROM batch WHERE first + count <= ? ORDER BY first DESC"
        for path in reversed(self._filled()):
            for _, entries in batches_of(path, statement, until):
                yield entries

    def _excuse(self, wanted: int, found: int) -> None:
        """A gap is passed over only where it was declared from end to end."""
        for first, until in sorted(self.gaps().items()):
            if first <= wanted < until:
                wanted = until
        if wanted < found:
            raise JournalHole(wanted, found)

    def gaps(self) -> dict[int, int]:
        """Declared gaps: first offset that was lost, and the first after it that was not."""
        found = (select(path, "SELECT first, until FROM gap") for path in self.segments())
        return dict(itertools.chain.from_iterable(found))

    def skipped(self) -> dict[int, str]:
        """Offsets of the entries that the engine could not stand, with the class of the exception."""
        found = (select(path, "SELECT offset, fault FROM skipped") for path in self.segments())
        return dict(itertools.chain.from_iterable(found))

    def store_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep a configuration's texts under their digest; storing one twice is no error.

        Raises:
            TransientFault: it cannot be stored now.
            OurFault: the file is damaged.
        """
        configurations.store(self._configurations, digest, sources)

    def keep_configurations(self, digests: Collection[str], now: float, horizon: float = -math.inf) -> int:
        """Note which are needed now; let those go that nobody has needed since ``horizon``. Returns how many are gone.

        Raises:
            TransientFault, OurFault: as :meth:`store_configuration`.
        """
        return configurations.keep(self._configurations, digests, now, horizon)

    def configuration(self, digest: str) -> dict[str, str]:
        """Texts of a configuration.

        Raises:
            OurFault: the digest is not stored, or the file is damaged.
        """
        return configurations.stored(self._configurations, digest)

    def retire(
        self, horizon: float, below: Callable[[], int], places: float = -math.inf, looks: float = math.inf
    ) -> list[str]:  # fmt: skip
        """Remove files all of whose entries were received before ``horizon`` and lie below an offset, oldest first.

        ``below`` is asked in the writer thread. Returns the names of the removed files.

        Args:
            horizon: UTC epoch seconds.
            below: offset of the first entry that is still needed.
            places: as ``horizon``, for files with rows of format 1: no place can be erased there, so they go with it.
            looks: a file that has an AUDIT entry of this time or later stays, and those behind it.

        Raises:
            OurFault: a file cannot be read whose time is not over by its name; all else was done.
        """
        gone, limit = [], below()
        for path in self._filled()[:-1]:
            until, last = next(select(path, "SELECT max(first + count), max(received_last) FROM batch"))
            if path == self._path or until > limit:
                break
            is_over = last < horizon and not has_audit(path, looks)
            if not is_over and not (last < places and _is_older(path)):
                break
            gone.append(path)
        gone += [path for path in self.damaged if day_of(path) + DAY < min(horizon, looks)]
        for path in gone:
            remove(path)
            self.damaged.pop(path, None)
        self.refuse_damage()
        return [path.name for path in gone]

    def turn_over(self, behind: int) -> None:
        """Let what follows go into another file, if the entry at an offset lies in the one that is being written.

        From then on nobody writes to the file of that entry; the next one is there for readers with its first entry.

        Raises:
            OurFault: there are entries that we have not written.
            OSError: it cannot be made now.
        """
        if self._path is not None and 0 <= self._head(self._path) <= behind:
            self.close()
            self._path = self._begin(self._path.name.split(".")[0])

    def erase(self, offsets: Iterable[int], why: str, *, by: str, time: float) -> None:
        """Take entries' content out of the journal; what is left shows that something was there, and who had it done.

        All are looked at before the first is erased. What a backup, the state or an upstream has of them stays.

        Args:
            offsets: of the entries.
            why: the reason, for whoever asks later.
            by: the person.
            time: now, UTC epoch seconds.

        Raises:
            UnfitEntry: one is not there, was written by an older version, or is of a kind that is never erased.
            TransientFault: not all could be erased; to be tried again.
            OurFault: a file cannot be read, or is damaged.
        """
        wanted = [(path, list(mine)) for path, mine in itertools.groupby(sorted(set(offsets)), self._holder)]
        self.close()
        for path, mine in wanted:
            look(path, mine)
        for path, mine in wanted:
            erase(path, mine, Erasure(time, by, why))

    def erased(self) -> dict[int, Erasure]:
        """Offsets of the entries that were erased, and how that came."""
        found = itertools.chain.from_iterable(
            select(path, "SELECT offset, time, by, why FROM erased") for path in self.segments()
        )
        return {offset: Erasure(*record) for offset, *record in found}

    def refuse_damage(self) -> None:
        """For those who need every file.

        Raises:
            TransientFault: one cannot be read now.
            OurFault: one is damaged.
        """
        for fault in self.damaged.values():
            raise fault

    def close(self) -> None:
        """Close the open file."""
        if self._segment is not None:
            with suppress(sqlite3.Error):
                self._segment.close()
            self._segment = self._book = None

    @property
    def _configurations(self) -> Path:
        return self._directory / "configurations"

    def _head(self, path: Path) -> int:
        """Offset of a file's first entry; -1 where it has none. It never changes once it has one."""
        head = self._heads.get(path, -1)
        if head < 0:
            try:
                found = next(select(path, "SELECT min(first) FROM batch"), (None,))[0]
                self.damaged.pop(path, None)
            except NewerJournal:
                raise
            except GatewayFault as fault:
                self.damaged[path], found = fault, None
            head = self._heads[path] = -1 if found is None else found
        return head

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._directory.glob("*.journal") if is_segment(path))

    def _filled(self) -> list[Path]:
        """Files with entries, in the order of their offsets."""
        return sorted((path for path in self._paths() if self._head(path) >= 0), key=self._head)

    def _holder(self, offset: int) -> Path:
        """The file that would hold an entry, if there is one.

        Raises:
            UnfitEntry: there is none.
        """
        if not self.begins <= offset < self._end.offset:
            raise UnfitEntry(offset, "missing")
        return self.files_from(offset)[0]

    def _settle(self) -> None:
        """Open the newest file for writing and keep it: only then is its end what was last committed."""
        for path in self._directory.glob(f"*.journal{UNFINISHED}*"):
            path.unlink()
        sweep(self._directory)
        for path in [path for path in self.segments() if self._head(path) < 0]:
            self._open(path).close()
        filled = self._filled()
        for path, fault in self.damaged.items():
            if not filled or path.name > filled[-1].name:
                raise fault
        if filled:
            self._segment, self._path = self._open(filled[-1]), filled[-1]

    def _open(self, path: Path) -> sqlite3.Connection:
        with in_our_words("open", f"journal file {path.name}"):
            return open_for_writing(path)

    def _tail(self) -> Head:
        """The next offset, behind the last row or a gap declared after it, and the chain so far."""
        end, chain = 0, GENESIS
        if filled := self._filled():
            first, count, chain = next(select(filled[-1], _LAST), (0, 0, None))
            if chain is None:
                raise unread(f"journal file {filled[-1].name}")
            end = first + count
        for first, until in sorted(self.gaps().items()):
            end = until if first <= end < until else end
        return Head(end, chain)

    def _segment_for(self, received: float) -> sqlite3.Connection:
        """The file of a moment's day; one that was closed by a fault is opened again and must end where we ended."""
        if self._is_in_doubt:
            self._take_back()
        day = f"{datetime.fromtimestamp(received, UTC):%Y-%m-%d}"
        if self._path is None or self._path.name.split(".")[0] != day:
            self.close()
            self._path = self._begin(day)
        if self._segment is None:
            self._segment = open_for_writing(self._path)
            last = self._segment.execute("SELECT max(first + count) FROM batch").fetchone()[0]
            if last is not None and last > self._end.offset:
                raise OurFault(f"journal offset {self._end.offset} is taken: {self._path.name} goes on to {last}")
        return self._segment

    def _take_back(self) -> None:
        """Take out the row of a commit that failed, if it is there all the same: nobody was told of it.

        What stands in the log (``-wal``) after a sync that failed can be read and need not be on the disk, and the next
        sync says nothing of it. So all of it goes to the file before anything is written behind it.

        Raises:
            TransientFault: somebody reads the file; to be tried again.
        """
        if self._path is not None:
            with closing(open_for_writing(self._path)) as segment:
                (busy, *_) = segment.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if busy:
                    raise held("journal")
                last = segment.execute(_LAST).fetchone()
                if last is not None and Head(last[0] + last[1], last[2]) == self._tried:
                    segment.execute("DELETE FROM batch WHERE first = ?", (last[0],))
        self._is_in_doubt, self._tried = False, None

    def _begin(self, day: str) -> Path:
        """A file for a day that has no entry yet.

        Raises:
            OurFault: there are entries that we have not written.
        """
        if (end := self._tail().offset) > self._end.offset:
            raise OurFault(
                f"the journal goes on to {end}, beyond {self._end.offset}: somebody else writes it, or a bug"
            )
        for number in itertools.count():
            path = self._directory / (f"{day}.{number}.journal" if number else f"{day}.journal")
            if not path.exists():
                create(path)
                return path
            if self._head(path) < 0:
                return path
        raise AssertionError

    def _insert(self, segment: sqlite3.Connection, batch: EntryBatch, skips: list[tuple[int, str]]) -> bytes:
        """Store a row with what is new of its origins; returns the chain so far."""
        if self._book is None:
            self._book = OriginBook(segment)
        with segment:
            segment.execute("BEGIN IMMEDIATE")
            used = row2.used_origins(batch)
            entered = self._book.enter([batch.origins[index] for index in used])
            salts = self._salts(row2.SALT * len(batch))
            columns, digests = row2.columns_of(batch, used, [number for number, _ in entered], salts), dict(entered)
            leaves = leaves_of(columns, [digests[number] for number in columns.references.tolist()])
            chain = sha256(self._end.chain + root_of(self._end.offset, columns, leaves)).digest()
            times = float(batch.received[0]), float(batch.received[-1])
            row = (self._end.offset, len(batch), *times, row2.pack(columns), chain)
            self._tried = Head(self._end.offset + len(batch), chain)
            if (needed := int(NEEDS[batch.kind].max())) > PLAIN:
                say_format(segment, needed)
            segment.execute("INSERT INTO batch VALUES (?,?,?,?,?,?)", row)
            segment.executemany("INSERT OR REPLACE INTO skipped VALUES (?,?)", skips)
        return chain


def _is_older(path: Path) -> bool:
    """Whether a file has rows of format 1."""
    statement = f"SELECT 1 FROM batch WHERE substr(body, 1, 4) <> x'{row2.MAGIC.hex()}' LIMIT 1"  # noqa: S608  ours
    return any(True for _ in select(path, statement))


def _skips(batch: EntryBatch) -> list[tuple[int, str]]:
    """What the SKIPPED entries of a batch say: kept beside it, so that replay knows it beforehand."""
    at = (batch.kind == EntryKind.SKIPPED).nonzero()[0].tolist()
    said = [from_json(batch.bytes_of(index), Skipped) for index in at]
    return [(one.offset, one.fault) for one in said]
