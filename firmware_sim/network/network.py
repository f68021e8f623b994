"""The bad network of a whole fleet, from a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.network.reach import Reach
from firmware_sim.network.way import DatagramWay, StreamWay
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from firmware_sim.network.way import Way
    from firmware_sim.network.weather import Weather

_UP, _DOWN, _HERD = 0, 1, 2
_NETWORK = 7
"""Sets its draws apart from those of the story with the same seed."""


class Network:
    """Gives each bracelet its ways and its reach. Bracelets are told apart by index, connections by number."""

    def __init__(self, weather: Weather, seed: int) -> None:
        self.weather = weather
        self._seed = seed

    def ways(self, index: int, connection: int, *, is_stream: bool) -> tuple[Way, Way]:
        """Up and down of one connection: what happens on it depends on nothing but its numbers and what is sent."""
        make = StreamWay if is_stream else DatagramWay
        up, down = (make(self.weather, self._draw(index, side, connection)) for side in (_UP, _DOWN))
        return up, down

    def reach(self, index: int, device: str) -> Reach:
        """When a bracelet has a network: not in its dead stretches, nor in an outage and what it needs to come back."""
        draw = self._draw(index, _HERD, 0)
        late = self.weather.herd_seconds
        outages = (Span(each.start, each.until + late * float(draw.uniform())) for each in self.weather.outages)
        return Reach((*self.weather.dead.get(device, ()), *outages))

    def _draw(self, index: int, side: int, connection: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, _NETWORK, index, side, connection])
