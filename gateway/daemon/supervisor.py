"""One task's fault ends no other: each is begun again by itself, and what was wrong stands under its name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from gateway.backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

WELL_AFTER = 60.0
"""Real seconds of work without a fault after which the last one is forgotten."""
LONGEST_WAIT = 30.0
TOLD_AGAIN = 1.0
"""Real seconds after which a task that has not ended is told again to."""

log = structlog.get_logger()


async def supervise(
    name: str,
    work: Callable[[], Awaitable[None]],
    on_trouble: Callable[[str, str], None],
    *,
    longest: float = LONGEST_WAIT,
    well_after: float = WELL_AFTER,
) -> None:
    """Do ``work`` until it returns; after any exception begin it again, a back-off later (``longest`` seconds at most).

    ``on_trouble`` is told name and fault; and name and ``""`` once the work has gone ``well_after`` seconds without
    one. Each fault is logged with its traceback: what reaches this place is a bug. A cancellation goes through.
    """
    backoff, loop = Backoff(longest=longest), asyncio.get_running_loop()

    def well() -> None:
        backoff.reset()
        on_trouble(name, "")

    while True:
        forgotten = loop.call_later(well_after, well)
        try:
            await work()
        except Exception as fault:
            log.exception("task failed, and is begun again", task=name)
            on_trouble(name, f"{type(fault).__name__}: {fault}"[:500])
        else:
            on_trouble(name, "")
            return
        finally:
            forgotten.cancel()
        await asyncio.sleep(backoff.next_wait())


async def end(tasks: Iterable[asyncio.Task[None]], *, told_again: float = TOLD_AGAIN) -> None:
    """Cancel tasks until all have ended: Python 3.11 loses a cancellation that meets a fault of a group within."""
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=told_again)
