"""What came, as columns: each report once, by device, with its place in its group's order. Derived from the journal.

The past is decided anew from here, and nothing is decided twice for a report that came twice. A history is no part of a
snapshot: it is a function of the journal's prefix, and whoever holds one says up to which entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

COLUMNS: Final = (
    "time", "received", "sound", "bare", "clock_fault", "impossible", "located", "latitude", "longitude", "datum",
    "accuracy_m", "speed_kmh", "satellites", "battery_percent", "source", "stored", "flags", "stated", "momentary",
    "digest",
)  # fmt: skip
"""Of :class:`gateway.engine.reports.Reports`, as they were judged at arrival; positions in WGS-84."""
PAST: Final = np.dtype([
    ("order", "f8"), ("tie", "u8"), ("offset", "i8"), ("device", "i4"), ("late", "?"), ("time", "f8"),
    ("received", "f8"), ("sound", "?"), ("bare", "?"), ("clock_fault", "?"), ("impossible", "?"), ("located", "?"),
    ("latitude", "f8"), ("longitude", "f8"), ("datum", "u1"), ("accuracy_m", "f8"), ("speed_kmh", "f8"),
    ("satellites", "i2"), ("battery_percent", "i2"), ("source", "u1"), ("stored", "?"), ("flags", "u8"),
    ("stated", "u8"), ("momentary", "u8"), ("digest", "u8"),
])  # fmt: skip
"""A row a report. ``order``, ``tie``: its place in its group's order; ``offset``: its entry; ``late``: it came after
one that it precedes; ``device``: an index, of what the holder says."""
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

    def flush(self, until: int) -> None:
        """Keep what has been added: the reports of all entries before ``until``.

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
        return self._by_device.get(device, _NOTHING)

    def cut(self, first: int) -> None:
        """See :class:`PastStore`."""
        self.keep(lambda rows: rows["offset"] < first)
        self.until, self._end = min(self.until, first), min(self._end, first)

    def keep(self, wanted: Callable[[NDArray[np.void]], NDArray[np.bool_]]) -> None:
        """Let go of all rows but those of which ``wanted`` says so."""
        self._fold()
        held = ((device, rows[wanted(rows)]) for device, rows in self._by_device.items())
        self._by_device = {device: rows for device, rows in held if len(rows)}

    def flush(self, until: int) -> None:
        """See :class:`PastStore`; memory is all there is."""
        self.until = until

    def _fold(self) -> None:
        """Take what is new to its devices, in order, and drop what is too old to matter."""
        new, self._new = self._new, []
        for device, rows in by_device(new):
            held = in_order(np.concatenate([self._by_device[device], rows]) if device in self._by_device else rows)
            self._by_device[device] = held[held["order"] >= held["order"][-1] - KEPT]


_NOTHING: Final = np.empty(0, PAST)


def by_device(
    added: Iterable[tuple[Sequence[str], NDArray[np.void]]],
) -> Iterator[tuple[str, NDArray[np.void]]]:
    """What was added, as each device's rows, in the order in which they were added."""
    parts: dict[str, list[NDArray[np.void]]] = {}
    for devices, rows in added:
        by = np.argsort(rows["device"], kind="stable")
        edges = np.flatnonzero(np.diff(rows["device"][by])) + 1
        for part in np.split(rows[by], edges) if len(rows) else ():
            parts.setdefault(devices[int(part["device"][0])], []).append(part)
    for device, mine in parts.items():
        yield device, mine[0] if len(mine) == 1 else np.concatenate(mine)


def in_order(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Rows by order, tie; mostly they are."""
    order = rows["order"].copy()
    if (order[1:] > order[:-1]).all():
        return rows
    return rows[np.lexsort((rows["tie"], rows["order"]))]


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
            part = part[part["offset"] < before]
            part["device"] = index
            parts.append(part)
    if len(parts) <= 1:
        return parts[0] if parts else np.empty(0, PAST)
    return in_order(np.concatenate(parts))
