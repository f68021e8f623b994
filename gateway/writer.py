"""Writers: threads that own what they write. None of them waits for another, but for what needs all of them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Writer:
    """Runs writes one after the other, off the loop thread."""

    def __init__(self, name: str = "writer") -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(
        self, write: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Run a write and return its result; its exception is raised here."""
        future = self._pool.submit(write, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def wait(self, write: Callable[[], Result]) -> Result:
        """As :meth:`run`, for another thread, which stands still meanwhile."""
        return self._pool.submit(write).result()

    def close(self) -> None:
        """Finish what was handed over."""
        self._pool.shutdown(wait=True)


@dataclass(frozen=True, slots=True)
class Writers:
    """Who writes what, each in a thread of its own.

    Attributes:
        journal: the journal, and nothing that could make it wait.
        state: state.db: an alarm waits for it.
        snapshots: the snapshots, and the history that stands before each.
        past: days that are over, and what goes through all of something now and then. Nobody waits for it; one thread
            does it all, for each of several would come to hold as much memory as the largest of these works takes.
    """

    journal: Writer = field(default_factory=lambda: Writer("journal"))
    state: Writer = field(default_factory=lambda: Writer("state"))
    snapshots: Writer = field(default_factory=lambda: Writer("snapshots"))
    past: Writer = field(default_factory=lambda: Writer("past"))

    async def run_alone(self, write: Callable[[], Result]) -> Result:
        """Run what uses all that is written, while nobody else writes; its exception is raised here."""
        return await self.journal.run(lambda: self.state.wait(lambda: self.snapshots.wait(write)))

    def close(self) -> None:
        """Finish what was handed over."""
        for each in (self.journal, self.state, self.snapshots, self.past):
            each.close()
