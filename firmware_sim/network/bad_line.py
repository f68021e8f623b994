"""The bad network round a real line: what the bracelet writes goes through it, and so does what it hears."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.links.line import LineEnd
    from firmware_sim.network.network import Network
    from firmware_sim.network.way import Way


class BadLine(Line):
    """A line whose inner one is real. Delays are simulated seconds, as all moments are.

    Args:
        end: who is told.
        make: makes the inner line, given who is told about it.
        network: what happens on the way.
        index: the bracelet's.
        now: the simulated moment.
        wake: told when ``due`` may have come nearer.
    """

    def __init__(
        self,
        end: LineEnd,
        make: Callable[[LineEnd], Line],
        network: Network,
        index: int,
        now: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._inner = make(self)
        super().__init__(self._inner.device, self._inner.address, end)
        self._network = network
        self._index = index
        self._now = now
        self._wake = wake
        self._connections = 0
        self._lost = 0
        self._up, self._down = self._ways()

    @property
    def inner(self) -> Line:
        """The real line."""
        return self._inner

    @property
    def lost(self) -> int:
        """Datagrams lost either way, on all connections."""
        return self._lost + self._up.lost + self._down.lost

    @property
    def is_open(self) -> bool:
        """Whether something can be written."""
        return self._inner.is_open

    async def open(self) -> None:
        """Open the real line; see :meth:`Line.open`."""
        await self._inner.open()

    def write(self, frames: Sequence[bytes]) -> None:
        """Into the network: a stream's frames in one piece, others one by one."""
        for data in [b"".join(frames)] if self._inner.is_stream and frames else frames:
            self._up.send(data, self._now())
        self._wake()

    def close(self) -> None:
        """Close; what is still under way arrives first."""
        self._inner.write(self._up.arrive(math.inf))
        self._inner.close()

    def abort(self) -> None:
        """Close at once."""
        self._inner.abort()

    def release(self) -> None:
        """Give back what outlasts a connection."""
        self._inner.release()

    def line_up(self) -> None:
        """The real line is open: the network begins anew."""
        self._lost = self.lost
        self._up, self._down = self._ways()
        self._connections += 1
        self.end.line_up()

    def line_data(self, data: bytes) -> None:
        """The platform's bytes enter the network."""
        self._down.send(data, self._now())
        self._wake()

    def line_down(self) -> None:
        """The real line is closed; what was under way is lost."""
        self.end.line_down()

    def due(self) -> float:
        """When the next piece arrives, or the connection breaks; see :meth:`Line.due`."""
        return min(self._up.due(), self._down.due()) if self._inner.is_open else math.inf

    def tick(self, now: float) -> None:
        """Deliver what has arrived, then break what broke."""
        for piece in self._up.arrive(now):
            self._inner.write([piece])
        for piece in self._down.arrive(now):
            self.end.line_data(piece)
        if self._up.is_broken(now) or self._down.is_broken(now):
            # What was written before the break has arrived: it goes out first.
            self._inner.close()

    def _ways(self) -> tuple[Way, Way]:
        return self._network.ways(self._index, self._connections, is_stream=self._inner.is_stream)
