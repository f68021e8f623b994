"""One direction of one bracelet's network, sans-I/O: bytes in with the time, bytes out at their time.

The same generator and the same calls give the same arrivals.
"""

from __future__ import annotations

import heapq
import itertools
import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from firmware_sim.network.weather import Weather

_MILLISECOND = 1e-3
_MOST_PIECES = 4
"""Into which one write to a stream is cut."""


class Way(ABC):
    """Moments are UTC epoch seconds, and each call's is not before the last one's.

    Attributes:
        lost: datagrams that never arrive.
    """

    def __init__(self, weather: Weather, draw: np.random.Generator) -> None:
        self._weather = weather
        self._draw = draw
        self._under_way: list[tuple[float, int, bytes]] = []
        self._count = 0
        self.lost = 0

    @abstractmethod
    def send(self, data: bytes, now: float) -> None:
        """Something is sent: a write to a stream, or one datagram."""

    def due(self) -> float:
        """When the next arrival is; ``inf`` when nothing is under way."""
        return self._under_way[0][0] if self._under_way else math.inf

    def arrive(self, now: float) -> list[bytes]:
        """What has arrived by now, in order."""
        arrived = []
        while self._under_way and self._under_way[0][0] <= now:
            arrived.append(heapq.heappop(self._under_way)[2])
        return arrived

    def is_broken(self, now: float) -> bool:
        """Whether the connection is over."""
        del now
        return False

    def _enter(self, data: bytes, arrival: float) -> None:
        self._count += 1
        heapq.heappush(self._under_way, (arrival, self._count, data))

    def _travel_time(self) -> float:
        weather = self._weather
        return (weather.delay_ms + weather.jitter_ms * float(self._draw.uniform())) * _MILLISECOND

    def _happens(self, chance: float) -> bool:
        """One draw, whatever the chance: another weather of the same seed changes as little as can be."""
        return bool(self._draw.uniform() < chance)


class DatagramWay(Way):
    """Datagrams: lost, doubled, overtaken; never cut."""

    def send(self, data: bytes, now: float) -> None:
        """One datagram; an empty one is none."""
        if not data:
            return
        weather = self._weather
        is_lost, is_doubled = self._happens(weather.loss), self._happens(weather.duplication)
        late = weather.late_ms * _MILLISECOND if self._happens(weather.reordering) else 0.0
        if is_lost:
            self.lost += 1
            return
        self._enter(data, now + self._travel_time() + late)
        if is_doubled:
            self._enter(data, now + self._travel_time())


class StreamWay(Way):
    """A stream: every byte in order, in other pieces than it was written; or it breaks, and what follows is lost."""

    def __init__(self, weather: Weather, draw: np.random.Generator) -> None:
        super().__init__(weather, draw)
        self._last = -math.inf
        self._broken_at = math.inf

    def send(self, data: bytes, now: float) -> None:
        """One write."""
        if self._broken_at < math.inf or not data:
            return
        breaks, splits = self._happens(self._weather.breaks), self._happens(self._weather.splits)
        if breaks:
            data = data[: int(self._draw.integers(0, len(data)))]
        for piece in self._cut(data) if splits else [data]:
            self._last = max(self._last, now + self._travel_time())
            self._enter(piece, self._last)
        if breaks:
            self._broken_at = max(self._last, now)

    def due(self) -> float:
        """When the next piece arrives, or the connection breaks."""
        return min(super().due(), self._broken_at)

    def is_broken(self, now: float) -> bool:
        """Whether the connection is over."""
        return self._broken_at <= now

    def _cut(self, data: bytes) -> list[bytes]:
        places = self._draw.integers(0, len(data) + 1, _MOST_PIECES - 1).tolist()
        borders = sorted({0, *places, len(data)})
        return [data[start:end] for start, end in itertools.pairwise(borders)]
