"""How an upstream waits: real seconds, which no scaled clock shortens; a test has its own."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

Result = TypeVar("Result")


class Timing(Protocol):
    """Monotonic seconds, and waiting for them."""

    def now(self) -> float:
        """Current time."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set, or so many seconds are over; infinity: only the event."""
        ...


@dataclass(frozen=True, slots=True)
class RealTiming:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """Current time."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """As stated."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                await event.wait()


async def pause(timing: Timing, seconds: float) -> None:
    """Nothing but the time."""
    await timing.wait(asyncio.Event(), seconds)


async def within(timing: Timing, seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns; its exception is raised here.

    Raises:
        TimeoutError: it took longer; it is cancelled, and over.
    """
    task, done = asyncio.ensure_future(work), asyncio.Event()
    task.add_done_callback(lambda _: done.set())
    try:
        await timing.wait(done, seconds)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait((task,))
    if task.cancelled():
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    return task.result()
