"""The true track of every device, asked for many devices and moments at once."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TruePlaces:
    """Where devices truly were: equally long arrays.

    Attributes:
        known: the moment lies on the device's track; without it the others mean nothing.
        latitude, longitude: WGS-84 degrees.
        scene: position in ``Trace.scenes``.
    """

    known: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    scene: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trace:
    """Corners of all tracks by device and time, as equally long arrays.

    Attributes:
        devices: number of each device, as ``device`` has it.
        scenes: names of the scenes, by number.
        time: UTC epoch seconds. ``latitude``, ``longitude``: WGS-84 degrees.
    """

    devices: Mapping[str, int]
    scenes: tuple[str, ...]
    device: NDArray[np.int64]
    time: NDArray[np.float64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    scene: NDArray[np.int64]

    def at(self, device: NDArray[np.int64], time: NDArray[np.float64]) -> TruePlaces:
        """Places at moments, straight and even between corners; a negative device is not known."""
        if not len(self.time):
            nowhere = np.zeros(len(time))
            return TruePlaces(nowhere.astype(np.bool_), nowhere, nowhere, nowhere.astype(np.int64))
        before = self._corner_before(device, time)
        after = np.minimum(before + 1, len(self.time) - 1)
        after = np.where(self.device[after] == device, after, before)
        length = self.time[after] - self.time[before]
        share = np.where(length > 0.0, (time - self.time[before]) / np.where(length > 0.0, length, 1.0), 0.0)
        return TruePlaces(
            (self.device[before] == device) & (self.time[before] <= time) & (time <= self.time[after]),
            _between(self.latitude, before, after, share),
            _between(self.longitude, before, after, share),
            self.scene[before],
        )

    def _corner_before(self, device: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.int64]:
        """Last corner of each device not after the moment; some other where there is none."""
        first = self.time.min()
        span = self.time.max() - first + 2.0
        corners = self.device * span + (self.time - first)
        wanted = device * span + np.clip(time - first, -1.0, span - 1.0)
        following: NDArray[np.int64] = np.searchsorted(corners, wanted, side="right")
        return np.maximum(following - 1, 0)


def _between(
    values: NDArray[np.float64], before: NDArray[np.int64], after: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    return values[before] + share * (values[after] - values[before])


def _doubles() -> array[float]:
    return array("d")


def _integers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Corners:
    """Corners in the making, packed: a million take 40 MB."""

    devices: dict[str, int] = field(default_factory=dict)
    scenes: dict[str, int] = field(default_factory=dict)
    device: array[int] = field(default_factory=_integers)
    time: array[float] = field(default_factory=_doubles)
    latitude: array[float] = field(default_factory=_doubles)
    longitude: array[float] = field(default_factory=_doubles)
    scene: array[int] = field(default_factory=_integers)
    latest: dict[int, float] = field(default_factory=dict)

    def add(self, device: str, time: float, place: tuple[float, float], scene: str) -> bool:
        """Add the next corner of a device (latitude, longitude). False: it is earlier than the last, and left out."""
        number = self.devices.setdefault(device, len(self.devices))
        if time < self.latest.get(number, time):
            return False
        self.latest[number] = time
        self.device.append(number)
        self.time.append(time)
        self.latitude.append(place[0])
        self.longitude.append(place[1])
        self.scene.append(self.scenes.setdefault(scene, len(self.scenes)))
        return True

    def trace(self) -> Trace:
        """The corners by device; within one they keep their order."""
        device = np.array(self.device, dtype=np.int64)
        order = np.argsort(device, kind="stable")
        time, latitude, longitude = (np.array(column) for column in (self.time, self.latitude, self.longitude))
        scene = np.array(self.scene, dtype=np.int64)
        columns = (device[order], time[order], latitude[order], longitude[order], scene[order])
        return Trace(dict(self.devices), tuple(self.scenes), *columns)
