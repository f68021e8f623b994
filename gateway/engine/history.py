"""What came, as columns: each report once, by device, with its place in its group's order. Derived from the journal.

The past is decided anew from here, and nothing is decided twice for a report that came twice. A history is no part of a
snapshot: it is a function of the journal's prefix, and whoever holds one says up to which entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

COLUMNS: Final = (
    "time", "received", "sound", "bare", "clock_fault", "impossible", "located", "latitude", "longitude", "datum",
    "accuracy_m", "speed_kmh", "satellites", "battery_percent", "source", "stored", "flags", "stated", "momentary",
    "digest", "heard_latitude", "heard_longitude", "heard_sigma", "heard_n", "inferred",
)  # fmt: skip
"""Of :class:`gateway.engine.reports.Reports`, as they were judged at arrival; positions in WGS-84."""
PAST: Final = np.dtype([
    ("order", "f8"), ("tie", "u8"), ("offset", "i8"), ("device", "i4"), ("late", "?"), ("time", "f8"),
    ("received", "f8"), ("sound", "?"), ("bare", "?"), ("clock_fault", "?"), ("impossible", "?"), ("located", "?"),
    ("latitude", "f8"), ("longitude", "f8"), ("datum", "u1"), ("accuracy_m", "f8"), ("speed_kmh", "f8"),
    ("satellites", "i2"), ("battery_percent", "i2"), ("source", "u1"), ("stored", "?"), ("flags", "u8"),
    ("stated", "u8"), ("momentary", "u8"), ("digest", "u8"), ("heard_latitude", "f8"), ("heard_longitude", "f8"),
    ("heard_sigma", "f8"), ("heard_n", "i2"), ("inferred", "?"),
])  # fmt: skip
"""A row a report. ``order``, ``tie``: its place in its group's order; ``offset``: its entry; ``late``: it came after
one that it precedes; ``device``: an index, of what the holder says."""
_WHOLE: Final = np.dtype((np.void, PAST.itemsize))
"""A row as so many bytes: numpy moves records column by column, which takes eight times as long."""
TIMELESS: Final = np.uint64(1 << 63)
"""Of ``tie``: it has no device time, and comes after all reports of the same order."""
MOST_PARTS: Final = 64
"""Of a device that nobody asks for, before they are put in order."""
KEPT: Final = 9 * 86_400.0
"""Seconds before a device's newest report up to which a history gives its reports: the past that can still be decided
anew, and a day before."""


class History(Protocol):
    """Reports by device."""

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """Take rows (PAST; ``device`` an index in ``devices``) of the entries from ``first`` on.

        Rows of entries from ``first`` on that are there already give way to them.
        """
        ...

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """Rows of devices with since <= order <= until, of entries before ``before``; of each not beyond KEPT.

        Returns:
            PAST, by order, tie; ``device`` an index in ``devices``.
        """
        ...


class PastStore(History, Protocol):
    """A history that outlives a snapshot, or can be filled again up to one."""

    @property
    def until(self) -> int:
        """Of the entries before it all reports are here, and stay; what was added since may be lost."""
        ...

    def cut(self, first: int) -> None:
        """Let go of the reports of the entries from ``first`` on."""
        ...

    def flush(self, until: int, epochs: Sequence[tuple[float, str]] = ()) -> None:
        """Keep what has been added: the reports of all entries before ``until``.

        ``epochs``: since when (receive time) the zones and rules of which configuration were in force, as far as is
        known; those that were told before stay.

        Raises:
            TransientFault: it cannot be written now; nothing is lost, it may be tried again.
        """
        ...


@dataclass(slots=True)
class MemoryHistory:
    """A history of the last days in memory: for replay and tests."""

    until: int = 0
    _end: int = 0
    _new: list[tuple[Sequence[str], NDArray[np.void]]] = field(default_factory=list)
    _parts: dict[str, list[NDArray[np.void]]] = field(default_factory=dict)
    _by_device: dict[str, NDArray[np.void]] = field(default_factory=dict)

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """See :class:`History`."""
        if first < self._end:
            self.cut(first)
        if len(rows):
            self._new.append((devices, rows))
            self._end = int(rows["offset"].max()) + 1

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """See :class:`History`."""
        return gathered([self.of(device) for device in devices], since, until, before)

    def of(self, device: str) -> NDArray[np.void]:
        """All of one device, by order, tie; to be looked at only."""
        self._fold()
        self._settle(device)
        return self._by_device.get(device, _NOTHING)

    def cut(self, first: int) -> None:
        """See :class:`PastStore`."""
        self.keep(lambda rows: rows["offset"] < first)
        self.until, self._end = min(self.until, first), min(self._end, first)

    def keep(self, wanted: Callable[[NDArray[np.void]], NDArray[np.bool_]]) -> None:
        """Let go of all rows but those of which ``wanted`` says so."""
        new = ((devices, picked(rows, wanted(rows))) for devices, rows in self._new)
        self._new = [(devices, rows) for devices, rows in new if len(rows)]
        for device in list(self._parts):
            self._settle(device)
        held = ((device, picked(rows, wanted(rows))) for device, rows in self._by_device.items())
        self._by_device = {device: rows for device, rows in held if len(rows)}

    def flush(self, until: int, epochs: Sequence[tuple[float, str]] = ()) -> None:
        """See :class:`PastStore`; memory is all there is, and nobody looks up rules of long ago in it."""
        del epochs
        self.until = until

    def _fold(self) -> None:
        """Take what is new to its devices."""
        new, self._new = self._new, []
        for device, rows in by_device(new):
            parts = self._parts.setdefault(device, [])
            parts.append(rows)
            if len(parts) >= MOST_PARTS:
                self._settle(device)

    def _settle(self, device: str) -> None:
        """Put what is new of a device in order, and drop what was too old to matter before it came.

        A run may be of many days, and what is looked up in it is of its own time.
        """
        parts = self._parts.pop(device, None)
        if parts is not None:
            before = [self._by_device[device]] if device in self._by_device else []
            held = in_order(joined([*before, *parts]))
            newest = float(before[0]["order"][-1]) if before else -math.inf
            self._by_device[device] = picked(held, held["order"] >= newest - KEPT)


_NOTHING: Final = np.empty(0, PAST)


def by_device(
    added: Iterable[tuple[Sequence[str], NDArray[np.void]]],
) -> Iterator[tuple[str, NDArray[np.void]]]:
    """What was added, as each device's rows, in the order in which they were added."""
    parts, seats = [], []
    names: list[str] = []
    for devices, rows in added:
        if len(rows):
            used, seat = np.unique(rows["device"], return_inverse=True)
            parts.append(rows)
            seats.append(seat + len(names))
            names += map(devices.__getitem__, used.tolist())
    if not parts:
        return
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    by = np.fromiter(map(numbers.__getitem__, names), np.int64, len(names))[np.concatenate(seats)]
    place, whole = np.empty(len(by), np.int64), np.empty(len(by), PAST)
    place[np.argsort(by, kind="stable")] = np.arange(len(by))
    first = 0
    for rows in parts:
        whole.view(_WHOLE)[place[first : first + len(rows)]] = rows.view(_WHOLE)
        first += len(rows)
    ends = np.cumsum(np.bincount(by)).tolist()
    for device, begin, end in zip(numbers, [0, *ends], ends, strict=False):
        yield device, whole[begin:end]


def picked(rows: NDArray[np.void], at: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.void]:
    """Copies of some rows (PAST)."""
    whole: NDArray[np.void] = rows.view(_WHOLE)[at].view(PAST)
    return whole


def joined(parts: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """Rows (PAST) one part after another; a single one is not copied."""
    if len(parts) == 1:
        return parts[0]
    whole: NDArray[np.void] = np.concatenate([part.view(_WHOLE) for part in parts]).view(PAST)
    return whole


def in_order(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Rows by order, tie; mostly they are."""
    order = rows["order"].copy()
    if (order[1:] > order[:-1]).all():
        return rows
    return picked(rows, np.lexsort((rows["tie"], rows["order"])))


def gathered(
    held: Sequence[NDArray[np.void]], since: float, until: float, before: int
) -> NDArray[np.void]:  # fmt: skip
    """What :meth:`History.between` gives, of all that is held of each device, by order."""
    parts: list[NDArray[np.void]] = []
    for index, rows in enumerate(held):
        came = np.flatnonzero(rows["offset"] < before)
        if len(came):
            order = rows["order"]
            begin = order.searchsorted(max(since, float(order[came[-1]]) - KEPT))
            part = rows[begin : order.searchsorted(until, "right")]
            part = picked(part, part["offset"] < before)
            part["device"] = index
            parts.append(part)
    return in_order(joined(parts)) if parts else np.empty(0, PAST)
