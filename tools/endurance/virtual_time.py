"""A loop on which no second is waited for: where nothing is to be done, its time goes on to what is due next.

What threads of ours do (commits, mostly) is waited for as long as it really takes, and takes no time of the loop's.
"""

from __future__ import annotations

import asyncio
import math
import selectors
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.upstream.timing import RealTiming

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LOOK = 60.0
"""Real seconds for which a thread is waited for between two looks."""


class _Leaping(selectors.EpollSelector):
    """Waits for nothing but what threads have begun; ``now``: the loop's seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.outside = 0.0, 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; else the time has gone on by ``timeout``, unless a thread is at work."""
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0.0):
            return events
        if self.outside or timeout is None:
            return super().select(LONGEST_LOOK)
        self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop of the standard library whose time begins at 0 and leaps."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds since its beginning."""
        return self._leaping.now

    def run_in_executor(self, executor, func, *args):
        """As ever; the time stands still until it is over."""
        return self.outside(super().run_in_executor(executor, func, *args))

    def outside(self, future: asyncio.Future) -> asyncio.Future:
        """A future that a thread of ours brings to its end."""
        self._leaping.outside += 1
        future.add_done_callback(self._is_back)
        return future

    def _is_back(self, _: asyncio.Future) -> None:
        self._leaping.outside -= 1


@contextmanager
def of_loop(loop: VirtualLoop) -> Iterator[None]:
    """What waits by the machine's time, or for a thread, does so by this loop's."""
    wrapped, real = asyncio.wrap_future, RealTiming.now
    asyncio.wrap_future = lambda future, **how: loop.outside(wrapped(future, **how))
    RealTiming.now = lambda _: loop.time()
    try:
        yield
    finally:
        asyncio.wrap_future, RealTiming.now = wrapped, real


@dataclass(frozen=True)
class LoopClock:
    """The gateway's clock: the loop's seconds behind ``epoch`` (UTC epoch seconds)."""

    loop: VirtualLoop
    epoch: float

    def now(self) -> float:
        """Current time."""
        return self.epoch + self.loop.time()

    def monotonic(self) -> float:
        """The same: it never steps."""
        return self.now()

    def real_seconds(self, seconds: float) -> float:
        """Seconds of the loop."""
        return seconds

    async def wait_until(self, moment: float) -> None:
        """Until a moment of ``now``."""
        await asyncio.sleep(max(0.0, math.fsum((moment, -self.now()))))
