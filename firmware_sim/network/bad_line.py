"""The bad network round a real line: what the bracelet writes goes through it, and so does what it hears."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.clock import ScaledClock
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
        clock: how simulated seconds become real ones.
        now: the simulated moment.
    """

    def __init__(
        self,
        end: LineEnd,
        make: Callable[[LineEnd], Line],
        network: Network,
        index: int,
        clock: ScaledClock,
        now: Callable[[], float],
    ) -> None:
        self._inner = make(self)
        super().__init__(self._inner.device, self._inner.address, end)
        self._network = network
        self._index = index
        self._clock = clock
        self._now = now
        self._connections = 0
        self._timer: asyncio.TimerHandle | None = None
        self._up, self._down = self._ways()

    @property
    def inner(self) -> Line:
        """The real line."""
        return self._inner

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
        self._plan()

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
        self._up, self._down = self._ways()
        self._connections += 1
        self.end.line_up()

    def line_data(self, data: bytes) -> None:
        """The platform's bytes enter the network."""
        self._down.send(data, self._now())
        self._plan()

    def line_down(self) -> None:
        """The real line is closed; what was under way is lost."""
        self._rest()
        self.end.line_down()

    def _ways(self) -> tuple[Way, Way]:
        return self._network.ways(self._index, self._connections, is_stream=self._inner.is_stream)

    def _plan(self) -> None:
        """Come back when the next piece is due."""
        self._rest()
        due = min(self._up.due(), self._down.due())
        if self._inner.is_open and due < math.inf:
            ahead = self._clock.wall_seconds(max(due - self._now(), 0.0))
            self._timer = asyncio.get_running_loop().call_later(ahead, self._carry)

    def _carry(self) -> None:
        """Deliver what has arrived, then break what broke."""
        now = self._now()
        for piece in self._up.arrive(now):
            self._inner.write([piece])
        for piece in self._down.arrive(now):
            self.end.line_data(piece)
        if self._up.is_broken(now) or self._down.is_broken(now):
            # What was written before the break has arrived: it goes out first.
            self._inner.close()
        else:
            self._plan()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
