"""towers.db: every cell that was imported, as its newest row said it; and the files that are on their way in.

A file's rows are staged, a chunk with how far it goes in one transaction: after a kill the same file goes on behind its
last chunk. Once it is in to its end, one transaction merges it into the cells, in their order: inserted as they come, 5
million rows would write each page of the table a hundred times. Of a cell the row with the later ``updated`` holds, of
two from one moment the one with more samples.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from sqlite_utils import Database

from gateway.errors import OurFault
from gateway.private import given
from gateway.sqlite_faults import is_damage, judged
from gateway.towers.contradictions import contradictions
from gateway.towers.rows import Radio
from gateway.towers.statements import (
    BOUND,
    DISPUTE,
    FIND_TWICE,
    MERGE,
    SCHEMA,
    SOME,
    STAGE,
    SWAPPED,
    TEMPORARY,
    TWICE,
    VERSION,
)
from gateway.towers.swapped import SAMPLE, bounds
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gateway.towers.contradictions import Contradiction
    from gateway.towers.rows import Tower

NAME: Final = "towers.db"
CACHE_KIB: Final = 65_536
PATIENCE: Final = 10.0
"""Seconds to wait for a lock: somebody looks at the file."""


@dataclass(slots=True)
class Counts:
    """What became of a file's rows.

    Attributes:
        rows: that were read: those below but ``new`` and ``changed``.
        good: that are of use.
        other_country, other_radio: that were left out as asked, and those of CDMA.
        broken: that cannot be used, by reason.
        new, changed: cells that were not known; that were, and of which the file says later things.
    """

    rows: int = 0
    good: int = 0
    other_country: int = 0
    other_radio: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    new: int = 0
    changed: int = 0

    def take_out(self, reason: str, rows: int) -> None:
        """So many rows that had passed for good are not."""
        if rows:
            self.good -= rows
            self.broken[reason] = self.broken.get(reason, 0) + rows


class FileFaults(Protocol):
    """Who is told of rows that the others of their file show to be wrong."""

    def swapped(self, line: int, latitude: float, longitude: float) -> None:
        """Its place is the other way round in the midst of its country's others; it is not used."""

    def contradicted(self, found: Contradiction) -> None:
        """Another row has its cell far away; neither is used."""


@dataclass(slots=True)
class Progress:
    """A file, and how far it is in."""

    id: int
    line: int
    whole: bool
    counts: Counts


class TowerStore:
    """The one owner of towers.db; one at a time writes.

    Raises:
        TransientFault: it cannot be opened or written now.
        OurFault: it is damaged, or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._judged():
            self._db = sqlite3.connect(given(path), timeout=PATIENCE, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if found > VERSION:
            raise OurFault(phrase("towers_newer", path=self._path, found=found, known=VERSION))
        Database(self._db, recursive_triggers=False, execute_plugins=False).executescript(SCHEMA + TEMPORARY)

    def begun(self, digest: str, mccs: str, name: str) -> Progress:
        """A file by its digest and the countries that were asked for; a new one begins with its first line.

        What is staged of another file of that name is let go of: it was replaced.
        """
        with self._judged(), self._whole():
            others = "SELECT id FROM file WHERE name = ? AND digest != ? AND NOT whole"
            for (other,) in self._db.execute(others, (name, digest)).fetchall():
                self._let_go(other)
            self._db.execute(
                "INSERT OR IGNORE INTO file (digest, mccs, name, line, whole, counts) VALUES (?,?,?,0,0,?)",
                (digest, mccs, name, _said(Counts())),
            )
            found = self._db.execute(
                "SELECT id, line, whole, counts FROM file WHERE digest = ? AND mccs = ?", (digest, mccs)
            ).fetchone()
        return Progress(found[0], found[1], bool(found[2]), Counts(**json.loads(found[3])))

    def stage(self, progress: Progress, towers: Iterable[tuple[int, Tower]], line: int) -> None:
        """Put a chunk by, good rows with their lines, in one transaction; ``line`` is the last that was read."""
        rows = [(*tower, number, progress.id) for number, tower in towers]
        progress.counts.good += len(rows)
        progress.line = line
        with self._judged(), self._whole():
            self._db.executemany(STAGE, rows)
            self._keep(progress)

    def merge(self, progress: Progress, faults: FileFaults) -> None:
        """A file is staged to its end: its rows become cells, in one transaction.

        Rows that only the others of the file show to be wrong are told, and are no good ones any more.
        """
        with self._judged(), self._whole():
            merge = self._next_merge()
            self._take_out_swapped(progress, faults)
            self._note_contradictions(progress, faults)
            before = self._count("SELECT count(*) FROM cell")
            self._db.execute(MERGE, {"file": progress.id, "merge": merge, "point": int(Radio.WIFI)})
            progress.counts.new = self._count("SELECT count(*) FROM cell") - before
            touched = self._count("SELECT count(*) FROM cell WHERE merge = ?", merge)
            progress.counts.changed = touched - progress.counts.new
            progress.whole = True
            self._keep(progress)
            self._db.execute("DELETE FROM staged WHERE file = ?", (progress.id,))

    def let_go(self, progress: Progress) -> None:
        """Nothing of a file is taken."""
        with self._judged(), self._whole():
            self._let_go(progress.id)

    def _let_go(self, file: int) -> None:
        self._db.execute("DELETE FROM staged WHERE file = ?", (file,))
        self._db.execute("DELETE FROM file WHERE id = ?", (file,))

    def _take_out_swapped(self, progress: Progress, faults: FileFaults) -> None:
        self._db.execute("DELETE FROM bounds")
        some = self._db.execute(SOME, (progress.id, 1 + progress.counts.good // SAMPLE))
        self._db.executemany(BOUND, bounds(some))
        found = self._db.execute(SWAPPED, (progress.id,)).fetchall()
        self._db.executemany("DELETE FROM staged WHERE rowid = ?", [(row,) for row, *_ in found])
        for _, line, latitude, longitude in found:
            faults.swapped(line, latitude, longitude)
        progress.counts.take_out("swapped", len(found))

    def _note_contradictions(self, progress: Progress, faults: FileFaults) -> None:
        self._db.execute("DELETE FROM twice")
        self._db.execute(FIND_TWICE, (progress.id,))
        disputed: dict[tuple[int, ...], int] = {}
        for found in contradictions(self._db.execute(TWICE, (progress.id,))):
            disputed[found.key] = disputed.get(found.key, 1) + 1
            faults.contradicted(found)
        self._db.executemany(DISPUTE, disputed)
        progress.counts.take_out("contradiction", sum(disputed.values()))

    def _keep(self, progress: Progress) -> None:
        self._db.execute(
            "UPDATE file SET line = ?, whole = ?, counts = ? WHERE id = ?",
            (progress.line, int(progress.whole), _said(progress.counts), progress.id),
        )

    def _next_merge(self) -> int:
        self._db.execute("INSERT OR IGNORE INTO progress VALUES ('merge', 0)")
        self._db.execute("UPDATE progress SET value = value + 1 WHERE name = 'merge'")
        return self._progress("merge") or 0

    def _count(self, statement: str, *values: int) -> int:
        return int(self._db.execute(statement, values).fetchone()[0])

    def base(self, digest: str) -> int | None:
        """The last merge that is in a base of that digest; None: this store did not make it."""
        return self._progress(f"base {digest}")

    def note_base(self, digest: str) -> None:
        """A base holds all that is here."""
        with self._judged():
            values = f"base {digest}", self._progress("merge") or 0
            self._db.execute("INSERT OR REPLACE INTO progress VALUES (?, ?)", values)

    def _progress(self, name: str) -> int | None:
        with self._judged():
            found = self._db.execute("SELECT value FROM progress WHERE name = ?", (name,)).fetchone()
        return None if found is None else int(found[0])

    def rows(self, statement: str, *values: int) -> sqlite3.Cursor:
        """A query, row by row."""
        with self._judged():
            return self._db.execute(statement, values)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All or nothing."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _judged(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as fault:
            if is_damage(fault):
                raise OurFault(phrase("towers_damaged", path=self._path, cause=fault)) from fault
            raise judged("use", self._path, fault) from fault


def _said(counts: Counts) -> str:
    return json.dumps({name: getattr(counts, name) for name in Counts.__slots__})
