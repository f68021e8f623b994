"""The history on disk, for whoever only looks: beside the gateway that writes it, from any thread or process.

What came last is there once it was put down, with each snapshot: a minute later at most, or 100,000 entries.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine import PAST, in_order, joined, picked
from gateway.errors import OurFault
from gateway.history.file import chunks, epochs_in, is_history, opened
from gateway.history.files import DAY, NEWEST, number_of
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeVar

    from numpy.typing import NDArray

    Found = TypeVar("Found")

OF_DEVICE = "device = ? AND last >= ? AND first <= ?"


class HistoryReader:
    """The files of a directory, opened for each question and closed after it: nobody holds what is to be written.

    A file that is damaged stays where it is: whoever writes it finds that out, too, and makes it anew.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def rows(self, devices: Sequence[str], since: float, until: float) -> NDArray[np.void]:
        """Reports of devices with since <= order <= until (UTC epoch seconds of device time).

        Returns:
            ``PAST``, by order, tie; ``device`` an index in ``devices``.

        Raises:
            TransientFault: a file cannot be read now.
            OurFault: one is damaged, or of a newer version.
        """
        held: list[list[NDArray[np.void]]] = [[np.empty(0, PAST)] for _ in devices]
        # The newest first: what goes from there to the days meanwhile is seen twice, and never not at all.
        for path in (self._directory / NEWEST, *self._days(since, until)):
            found = self._read(path, partial(_of, devices=devices, since=since, until=until)) or ()
            for index, parts in enumerate(found):
                held[index] += parts
        each = [_once(in_order(joined(parts)), index) for index, parts in enumerate(held)]
        whole = in_order(joined([np.empty(0, PAST), *each]))
        return whole[slice(*whole["order"].searchsorted((since, np.nextafter(until, np.inf))))]

    def epochs(self) -> list[tuple[float, str]]:
        """Since when (receive time) the zones and rules of which configuration were in force, in their order.

        Raises:
            TransientFault, OurFault: as :meth:`rows`.
        """
        return self._read(self._directory / NEWEST, epochs_in) or []

    def _days(self, since: float, until: float) -> Iterator[Path]:
        for path in sorted(self._directory.glob("*.history")):
            if is_history(path) and path.name != NEWEST and since < (number_of(path) + 1) * DAY:
                if number_of(path) * DAY > until:
                    return
                yield path

    def _read(self, path: Path, ask: Callable[[sqlite3.Connection], Found]) -> Found | None:
        """What a file says; None: it is not there, or not any more."""
        try:
            with closing(opened(path)) as db:
                return ask(db)
        except (sqlite3.Error, OSError) as fault:
            if not path.exists():
                return None
            raise judged("read", f"history file {path.name}", fault) from fault
        except ValueError as fault:
            raise OurFault(f"history file {path.name} cannot be read: {fault}") from fault


def _of(
    db: sqlite3.Connection, devices: Sequence[str], since: float, until: float
) -> list[list[NDArray[np.void]]]:  # fmt: skip
    """Chunks that reach into a stretch, by device."""
    return [[rows for _, rows in chunks(db, OF_DEVICE, (device, since, until))] for device in devices]


def _once(rows: NDArray[np.void], device: int) -> NDArray[np.void]:
    """Rows of one device in their order, each once, under its index."""
    first = np.ones(len(rows), np.bool_)
    first[1:] = np.logical_or.reduce([rows[name][1:] != rows[name][:-1] for name in ("order", "tie", "offset")])
    mine = picked(rows, first)
    mine["device"] = device
    return mine
