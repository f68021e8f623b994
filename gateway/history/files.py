"""The files of a history in their directory: one a day of device time, UTC, and the newest; opened as needed."""

from __future__ import annotations

import math
import sqlite3
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import PAST
from gateway.history.file import chunks, is_history, is_unfinished, opened, remove, trouble
from gateway.sqlite_faults import is_damage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NEWEST: Final = "newest.history"
DAY: Final = 86_400.0
MOST_OPEN: Final = 16
"""Files held open to read."""
_EPOCH: Final = date(1970, 1, 1).toordinal()


class DayFiles:
    """The files of the days; used by one thread at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._readers: dict[Path, sqlite3.Connection] = {}
        self._known: list[Path] = []
        self.look()

    @property
    def days(self) -> list[Path]:
        """Those that are there, the oldest first."""
        return self._known

    def look(self) -> None:
        """See which are there."""
        found = (path for path in self._directory.glob("*.history") if is_history(path) and path.name != NEWEST)
        self._known = sorted(found)

    def path(self, day: int) -> Path:
        """The file of a day since 1970."""
        return self._directory / f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}.history"

    def is_sound(self, path: Path) -> bool:
        """Whether a file is there and can be read.

        Raises:
            TransientFault: nobody can say now.
        """
        try:
            if path.exists():
                self.reader(path)
                return True
        except (sqlite3.Error, OSError) as fault:
            if not is_damage(fault) and not is_unfinished(fault):
                raise trouble(path, fault) from fault
        return False

    def read(self, device: str, since: float, until: float) -> list[NDArray[np.void]]:
        """Rows (PAST) of the chunks of a device that reach into a stretch of orders.

        Raises:
            TransientFault: a file cannot be read now.
            HistoryDamaged: it was damaged, and is removed.
        """
        found, condition = [np.empty(0, PAST)], "device = ? AND last >= ? AND first <= ?"
        for path in self._known:
            begins = number_of(path) * DAY
            if since == -math.inf or (begins <= until and begins + DAY > since):
                try:
                    found += [rows for _, rows in chunks(self.reader(path), condition, (device, since, until))]
                except (sqlite3.Error, ValueError) as fault:
                    raise trouble(path, fault) from fault
        return found

    def last(self, device: str) -> float:
        """Greatest order of a device in the days; -inf where there is none."""
        statement = "SELECT max(last) FROM chunk WHERE device = ?"
        for path in reversed(self._known):
            try:
                (last,) = self.reader(path).execute(statement, (device,)).fetchone()
            except sqlite3.Error as fault:
                raise trouble(path, fault) from fault
            if last is not None and last > -math.inf:
                return float(last)
        return -math.inf

    def count(self) -> int:
        """Reports in all of them.

        Raises:
            TransientFault, HistoryDamaged: as :meth:`read`.
        """
        total = 0
        for path in self._known:
            try:
                (count,) = self.reader(path).execute("SELECT coalesce(sum(count), 0) FROM chunk").fetchone()
            except sqlite3.Error as fault:
                raise trouble(path, fault) from fault
            total += int(count)
        return total

    def devices(self, path: Path) -> set[str]:
        """Devices of which a day has reports.

        Raises:
            TransientFault, HistoryDamaged: as :meth:`read`.
        """
        try:
            return {device for (device,) in self.reader(path).execute("SELECT DISTINCT device FROM chunk")}
        except sqlite3.Error as fault:
            raise trouble(path, fault) from fault

    def reader(self, path: Path) -> sqlite3.Connection:
        """An open file.

        Raises:
            sqlite3.Error: it cannot be read.
        """
        if path not in self._readers:
            while len(self._readers) >= MOST_OPEN:
                self._readers.pop(next(iter(self._readers))).close()
            self._readers[path] = opened(path)
        return self._readers[path]

    def lose(self, path: Path) -> None:
        """Let go of a file."""
        if path in self._readers:
            self._readers.pop(path).close()
        remove(path)
        self.look()

    def close(self) -> None:
        """Let go of what is open; it can be used again."""
        while self._readers:
            self._readers.popitem()[1].close()

    def reaches(self, path: Path, offset: int) -> bool:
        """Whether a file has rows of an entry at or behind an offset.

        Raises:
            TransientFault, HistoryDamaged: as :meth:`read`.
        """
        try:
            return self.reader(path).execute("SELECT 1 FROM chunk WHERE until > ?", (offset,)).fetchone() is not None
        except sqlite3.Error as fault:
            raise trouble(path, fault) from fault


def number_of(path: Path) -> int:
    """Of the day of a file, since 1970."""
    return date.fromisoformat(path.name[:10]).toordinal() - _EPOCH
