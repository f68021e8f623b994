"""The history of one machine: files by day of device time, and one for what came last, whose rows are in memory, too.

A snapshot implies that the reports of all entries before it are on disk. What comes is put down with each snapshot, in
``newest.history``; every two hours it goes to the days, as one chunk a device, so that a device that reports once a
minute costs few of them. What comes in masses, as after an outage, goes to the days at once, and is written once.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import KEPT, MemoryHistory, by_device, gathered, imported_name, in_order, joined, picked
from gateway.history.file import HistoryDamaged, chunks, erase, erase_devices, erase_of, put, sift, writing
from gateway.history.files import DAY, NEWEST, DayFiles, number_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Wanted = Callable[[NDArray[np.void]], NDArray[np.bool_]]

FOLD_AFTER: Final = 7200.0
FOLD_ROWS: Final = 500_000
"""Seconds of receive time, or rows, after which what came last goes to the days."""
LONG_CHUNK: Final = 64
"""Rows a device of what is put down at once, from which on it goes to the days with all that came before."""
_COUNT: Final = "SELECT coalesce(sum(count), 0) FROM chunk"
_FORGET_EPOCHS: Final = "DELETE FROM epoch WHERE id < (SELECT max(id) FROM epoch WHERE since <= ?)"
"""Those that were over before a time."""
_UNKNOWN: Final = 1 << 62
"""Offset up to which the days may have been filled, where what says how far they were is lost."""


class DayHistory:
    """``DIRECTORY/YYYY-MM-DD.history`` and ``DIRECTORY/newest.history``; a ``PastStore`` of the engine.

    It is used by one thread at a time. What cannot be read is let go of, and ``until`` is 0: whoever fills it from the
    journal begins with :meth:`cut`. A configuration's groups are no part of it.

    Raises:
        TransientFault: it cannot be opened now.
        NewerHistory: a newer version has written it.
    """

    def __init__(self, directory: Path) -> None:
        self._newest = directory / NEWEST
        self._memory = MemoryHistory()
        self._unwritten: list[tuple[Sequence[str], NDArray[np.void]]] = []
        self._handed: list[tuple[Sequence[str], NDArray[np.void]]] = []
        self._last_order: dict[str, float] = {}
        self._rows, self._began = 0, math.inf
        self._until, self._folded, self._end = 0, _UNKNOWN, 0
        self._told = _UNKNOWN
        """Of the entries before it what is told lies in the days, of the others in memory."""
        self._files = DayFiles(directory)
        self._is_broken = not self._look()
        try:
            self._load()
            self._drop_unfinished()
        except HistoryDamaged:
            self._is_broken, self._memory = True, MemoryHistory()
        self._end = self._until

    @property
    def until(self) -> int:
        """Entries before it have their reports on disk; 0 where something is missing."""
        return 0 if self._is_broken else self._until

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """See ``History``.

        Raises:
            HistoryDamaged: what was there has been found damaged.
        """
        with self._whole():
            self._add(devices, rows, first)

    def _add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        if first < self._end:
            self.cut(first)
        if len(rows):
            self._unwritten.append((devices, rows))
            self._memory.add(devices, rows, first)
            self._end = int(rows["offset"].max()) + 1

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """See ``History``.

        Raises:
            TransientFault: a file cannot be read now.
            HistoryDamaged: a file was damaged; only :meth:`cut` can be called then.
        """
        with self._whole():
            return gathered([self._of(device, since, until, before) for device in devices], since, until, before)

    def flush(self, until: int, epochs: Sequence[tuple[float, str]] = ()) -> None:
        """See ``PastStore``.

        Raises:
            TransientFault: it cannot be written now; nothing is lost, it may be tried again.
            HistoryDamaged: a file was damaged.
        """
        self.hand_over()
        self.put_down(until, epochs)

    def hand_over(self) -> None:
        """What has been added is for :meth:`put_down`, and nothing of what is added from now on.

        Raises:
            HistoryDamaged: a file was damaged.
        """
        with self._whole():
            self._let_go()
            self._handed, self._unwritten = [*self._handed, *self._unwritten], []

    def put_down(self, until: int, epochs: Sequence[tuple[float, str]] = ()) -> None:
        """Keep what was handed over: the reports of all entries before ``until``. The rest of :meth:`flush`.

        Meanwhile another thread may add and ask: it finds what lay in memory there, until the next :meth:`hand_over`.

        Raises:
            TransientFault: it cannot be written now; nothing is lost, it may be tried again.
            HistoryDamaged: a file was damaged.
        """
        with self._whole():
            self._put_down(until, epochs)

    def _put_down(self, until: int, epochs: Sequence[tuple[float, str]]) -> None:
        added = list(by_device(self._handed))
        if self._is_due(len(added)):
            self._fold(added, until, epochs)
        else:
            with writing(self._newest) as db:
                _expect(db, self._until)
                put(db, added)
                _note(db, epochs, until=until)
            for _, rows in self._handed:
                self._weigh(rows)
        self._until, self._handed = until, []

    def cut(self, first: int) -> None:
        """See ``PastStore``; what was found damaged is let go of.

        Raises:
            TransientFault: it cannot be written now.
            HistoryDamaged: a file was damaged: once more.
        """
        until, self._is_broken = self.until, False
        with self._whole():
            self._cut(first, until)

    def _cut(self, first: int, until: int) -> None:
        self._keep(_before(first))
        self._let_go()
        self._end = min(self._end, first)
        if first >= max(self._until, self._folded) and until == self._until:
            return
        behind, self._until, self._folded = self._folded, min(until, first), min(self._folded, first)
        self._files.look()
        with writing(self._newest) as db:
            _note(db, until=self._until, folded=self._folded)
            db.execute("DELETE FROM day")
            db.executemany("INSERT INTO day VALUES (?)", [(path.name,) for path in self._files.days])
            sift(db, first, _before(first))
        if first < behind:
            self._drop_unfinished()

    def count(self) -> int:
        """Reports in all files.

        Raises:
            TransientFault: a file cannot be read now.
            HistoryDamaged: one was damaged.
        """
        with self._whole(), writing(self._newest) as db:
            (newest,) = db.execute(_COUNT).fetchone()
            return int(newest) + self._files.count()

    def retire(
        self, now: float, keep_seconds: float, held: Mapping[str, Sequence[tuple[float, float]]] = MappingProxyType({})
    ) -> list[str]:  # fmt: skip
        """Remove the days that are over for longer than ``keep_seconds``, and than the engine asks for them.

        ``held``: by device, between which times its reports stay; of a day that has such, those of the others go.

        Returns:
            The names of the removed files.
        """
        horizon = now - max(keep_seconds, KEPT)
        imported = {imported_name(device): spans for device, spans in held.items()}
        with self._whole():
            return self._remove(horizon, {**held, **imported})

    def _remove(self, horizon: float, held: Mapping[str, Sequence[tuple[float, float]]]) -> list[str]:
        old = []
        for path in [path for path in self._files.days if (number_of(path) + 1) * DAY <= horizon]:
            kept = _held_on(number_of(path) * DAY, held) & self._files.devices(path)
            if not kept:
                old.append(path)
            elif others := self._files.devices(path) - kept:
                self.close()
                erase_devices(path, others)
        with writing(self._newest) as db:
            db.executemany("DELETE FROM day WHERE name = ?", [(path.name,) for path in old])
            stay = [number_of(path) * DAY for path in self._files.days if path not in old]
            db.execute(_FORGET_EPOCHS, (min([horizon, *stay]),))
        for path in old:
            self._files.lose(path)
        return [path.name for path in old]

    def erase(self, offsets: Iterable[int]) -> None:
        """Take out the reports of entries, and every byte of them; what was erased in the journal is gone here, too.

        Doing it again is no error.

        Raises:
            TransientFault: a file cannot be written, or somebody else reads it.
        """
        gone = np.array(sorted(set(offsets)), np.int64)
        if not len(gone):
            return
        self._keep(lambda rows: ~np.isin(rows["offset"], gone))
        self.close()
        with self._whole():
            for path in (self._newest, *self._files.days):
                erase(path, gone)

    def files_of(self, devices: Collection[str]) -> list[str]:
        """Names of the files that may have reports of devices: the newest first, then the days.

        Raises:
            TransientFault: a file cannot be read now.
            HistoryDamaged: one was damaged.
        """
        with self._whole():
            days = [path.name for path in self._files.days if self._files.devices(path) & set(devices)]
            return [NEWEST, *days]

    def erase_in(self, name: str, devices: Collection[str], offsets: NDArray[np.int64]) -> None:
        """Take the reports of entries of devices out of one file (:meth:`files_of`); of the newest also out of memory.

        Doing it again is no error; nor that the file is gone.

        Raises:
            TransientFault: it cannot be written, or somebody else reads it.
            HistoryDamaged: it was damaged.
        """
        if name == NEWEST:
            self._keep(lambda rows: ~np.isin(rows["offset"], offsets))
        self.close()
        with self._whole():
            if (path := self._newest.with_name(name)).exists():
                erase_of(path, devices, offsets)

    def close(self) -> None:
        """Let go of what is open; it can be used again."""
        self._files.close()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Nothing is said, or kept, by half of a history."""
        if self._is_broken:
            raise HistoryDamaged("the history is not whole; it is made anew from the journal")
        try:
            yield
        except HistoryDamaged:
            self._is_broken = True
            raise

    def _keep(self, wanted: Wanted) -> None:
        """In memory."""
        self._memory.keep(wanted)
        self._unwritten, self._handed = _sifted(self._unwritten, wanted), _sifted(self._handed, wanted)
        self._last_order.clear()

    def _look(self) -> bool:
        """Whether every file that was begun is there and can be read; one that cannot is let go of."""
        names, is_whole = {path.name for path in self._files.days}, True
        if self._newest.exists():
            try:
                with writing(self._newest) as db:
                    names.update(name for (name,) in db.execute("SELECT name FROM day"))
            except HistoryDamaged:
                is_whole = False
        for path in map(self._newest.with_name, sorted(names)):
            if not self._files.is_sound(path):
                self._files.lose(path)
                is_whole = False
        return is_whole

    def _load(self) -> None:
        """What came last, into memory; and how far it goes."""
        with writing(self._newest) as db:
            said = dict(db.execute("SELECT name, value FROM progress"))
            for device, rows in chunks(db, "1 ORDER BY chunk.id"):
                mine = rows.copy()
                mine["device"] = 0
                self._memory.add((device,), mine, _UNKNOWN)
                self._weigh(rows)
        is_lost = not said and bool(self._files.days)
        self._until = said.get("until", 0)
        self._told = self._folded = said.get("folded", _UNKNOWN if is_lost else 0)
        self._is_broken |= is_lost

    def _drop_unfinished(self) -> None:
        """What a fold, or whoever went further than is known here, has left in the days."""
        for path in self._files.days:
            if self._files.reaches(path, self._folded):
                with writing(path) as db:
                    sift(db, self._folded, _before(self._folded))

    def _weigh(self, rows: NDArray[np.void]) -> None:
        """Count what lies in the newest file."""
        self._rows += len(rows)
        self._began = min(self._began, float(rows["received"].min()))

    def _is_due(self, devices: int) -> bool:
        """Whether what was handed over, of so many devices, is to go to the days, and with it what came last."""
        rows = sum(len(rows) for _, rows in self._handed)
        now = max((float(rows["received"].max()) for _, rows in self._handed), default=-math.inf)
        is_old = now - self._began >= FOLD_AFTER
        return is_old or self._rows + rows >= FOLD_ROWS or rows >= LONG_CHUNK * max(1, devices)

    def _fold(
        self, added: Sequence[tuple[str, NDArray[np.void]]], until: int, epochs: Sequence[tuple[float, str]]
    ) -> None:  # fmt: skip
        """What lies in the newest file, and what was added, goes to the days; after a kill in the midst once more.

        What others find in memory stays there, for they ask meanwhile.
        """
        with writing(self._newest) as db:
            _expect(db, self._until)
            by_day = _by_day([*chunks(db, "1 ORDER BY chunk.id"), *added])
            _note(db, folded=self._folded)
        for day, held in sorted(by_day.items()):
            with writing(self._files.path(day)) as db:
                sift(db, self._folded, _before(self._folded))
                put(db, held)
        with writing(self._newest) as db:
            db.executemany("INSERT OR IGNORE INTO day VALUES (?)", [(self._files.path(day).name,) for day in by_day])
            db.execute("DELETE FROM chunk")
            _note(db, epochs, until=until, folded=until)
        self._folded, self._rows, self._began = until, 0, math.inf
        self._files.look()

    def _let_go(self) -> None:
        """What has gone to the days is told from there, and not kept in memory any more."""
        if self._told != self._folded:
            self._memory.keep(lambda rows: rows["offset"] >= self._folded)
            self._last_order.clear()
            self._told = self._folded

    def _of(self, device: str, since: float, until: float, before: int) -> NDArray[np.void]:
        """Rows of one device that lie between, and no older ones than the engine asks for."""
        recent = self._memory.of(device)
        recent = picked(recent, recent["offset"] < before)
        newest = max(self._last_on_disk(device), float(recent["order"][-1]) if len(recent) else -math.inf)
        begin = max(since, newest - KEPT)
        told = [picked(rows, rows["offset"] < self._told) for rows in self._files.read(device, begin, until)]
        held = in_order(joined([*told, recent]))
        return held[held["order"].searchsorted(begin) :]

    def _last_on_disk(self, device: str) -> float:
        if device not in self._last_order:
            self._last_order[device] = self._files.last(device)
        return self._last_order[device]


def _sifted(
    added: Sequence[tuple[Sequence[str], NDArray[np.void]]], wanted: Wanted
) -> list[tuple[Sequence[str], NDArray[np.void]]]:
    kept = ((devices, rows[wanted(rows)]) for devices, rows in added)
    return [(devices, rows) for devices, rows in kept if len(rows)]


def _held_on(day: float, held: Mapping[str, Sequence[tuple[float, float]]]) -> set[str]:
    """Devices of which something is held on a day that begins at a time."""
    return {
        device for device, spans in held.items() if any(begin < day + DAY and end >= day for begin, end in spans)
    }  # fmt: skip


def _note(db: sqlite3.Connection, epochs: Sequence[tuple[float, str]] = (), **offsets: int) -> None:
    db.executemany("INSERT OR REPLACE INTO progress VALUES (?,?)", offsets.items())
    db.executemany("INSERT OR IGNORE INTO epoch (since, digest) VALUES (?,?)", epochs)


def _expect(db: sqlite3.Connection, until: int) -> None:
    """The file is the one that was written last, and no other in its place.

    Raises:
        ValueError: it goes to another offset.
    """
    found = dict(db.execute("SELECT name, value FROM progress")).get("until", 0)
    if found != until:
        raise ValueError(f"it goes to entry {found} and not to {until}")


def _before(first: int) -> Wanted:
    return lambda rows: rows["offset"] < first


def _by_day(
    held: Sequence[tuple[str, NDArray[np.void]]]
) -> dict[int, list[tuple[str, NDArray[np.void]]]]:  # fmt: skip
    """Rows by the day of their device time, then by device, in their order."""
    parts: dict[str, list[NDArray[np.void]]] = {}
    for device, rows in held:
        parts.setdefault(device, []).append(rows)
    by_day: dict[int, list[tuple[str, NDArray[np.void]]]] = {}
    for device in sorted(parts):
        rows = in_order(joined(parts[device]))
        days = _days_of(rows)
        if days.min() == days.max():
            by_day.setdefault(int(days[0]), []).append((device, rows))
            continue
        for day in np.unique(days).tolist():
            by_day.setdefault(day, []).append((device, picked(rows, days == day)))
    return by_day


def _days_of(rows: NDArray[np.void]) -> NDArray[np.int64]:
    """The day under which each row lies: of its order, or where nothing had come before it, of its receipt."""
    order = np.where(np.isinf(rows["order"]), rows["received"], rows["order"])
    return np.floor(order / DAY).astype(np.int64)
