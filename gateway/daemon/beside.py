"""Long work in threads, so that the loop hardly waits for the interpreter's lock meanwhile.

A thread that wants the lock waits for it as long as the switch interval, 5 ms, and a loop asks for it once an event. So
beside a thread that computes, a hundred bracelets a second would wait for each other. Collections of memory stop every
thread, and a county's objects stay: none is made while they come to be, and none goes through them afterwards.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOMENT: Final = 0.0002
"""Seconds after which the loop gets the interpreter's lock while such work goes on. Always so short it would cost more
than it gives: threads that write would then interrupt the loop as often."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def beside(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What long work comes to, done in a thread; raises what it raises. Of the loop's thread alone."""
    with _yielding():
        return await asyncio.to_thread(work, *args, **kwargs)


@dataclass(slots=True)
class _Now:
    """How many works go on; and what holds where none does: seconds of the switch interval, if memory is collected."""

    works: int = 0
    interval: float = 0.0
    collects: bool = False


_now = _Now()


@contextmanager
def _yielding() -> Iterator[None]:
    if not _now.works:
        _now.interval, _now.collects = sys.getswitchinterval(), gc.isenabled()
        sys.setswitchinterval(MOMENT)
        gc.disable()
    _now.works += 1
    try:
        yield
    finally:
        _now.works -= 1
        if not _now.works:
            sys.setswitchinterval(_now.interval)
            if _now.collects:
                gc.freeze()
                gc.enable()
