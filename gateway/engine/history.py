"""What came, as columns: each report once, by device, with its place in its group's order. Derived from the journal.

The past is decided anew from here, and nothing is decided twice for a report that came twice. A history is no part of a
snapshot: it is a function of the journal's prefix, and whoever holds one says up to which entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

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
"""Seconds of device time that a history in memory holds: the past that can still be decided anew, and a day before."""


class History(Protocol):
    """Reports by device."""

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """Take rows (PAST; ``device`` an index in ``devices``) of the entries from ``first`` on.

        Rows of entries from ``first`` on that are there already give way to them.
        """
        ...

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """Rows of devices with since <= order <= until, of entries before ``before``.

        Returns:
            PAST, by order, tie; ``device`` an index in ``devices``.
        """
        ...


@dataclass(slots=True)
class MemoryHistory:
    """A history of the last days in memory: for replay and tests."""

    until: int = 0
    _new: list[tuple[Sequence[str], NDArray[np.void]]] = field(default_factory=list)
    _by_device: dict[str, NDArray[np.void]] = field(default_factory=dict)

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """See :class:`History`."""
        if first < self.until:
            self._fold()
            self._by_device = {key: held[held["offset"] < first] for key, held in self._by_device.items()}
        if len(rows):
            self._new.append((devices, rows))
            self.until = int(rows["offset"].max()) + 1

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """See :class:`History`."""
        self._fold()
        parts: list[NDArray[np.void]] = []
        for index, device in enumerate(devices):
            held = self._by_device.get(device)
            if held is not None:
                begin, end = held["order"].searchsorted(since), held["order"].searchsorted(until, "right")
                part = held[begin:end]
                part = part[part["offset"] < before]
                part["device"] = index
                parts.append(part)
        if len(parts) <= 1:
            return parts[0] if parts else np.empty(0, PAST)
        found = np.concatenate(parts)
        return found[np.lexsort((found["tie"], found["order"]))]

    def _fold(self) -> None:
        """Take what is new to its devices, in order, and drop what is too old to matter."""
        parts: dict[str, list[NDArray[np.void]]] = {}
        for devices, rows in self._new:
            by = np.argsort(rows["device"], kind="stable")
            edges = np.flatnonzero(np.diff(rows["device"][by])) + 1
            for part in np.split(rows[by], edges):
                parts.setdefault(devices[int(part["device"][0])], []).append(part)
        self._new = []
        for device, new in parts.items():
            every = [self._by_device[device], *new] if device in self._by_device else new
            held = np.concatenate(every) if len(every) > 1 else every[0]
            held = held[np.lexsort((held["tie"], held["order"]))]
            self._by_device[device] = held[held["order"] >= held["order"][-1] - KEPT]
