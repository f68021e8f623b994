"""A process that is started again whenever it ends, as systemd would: so whoever looks may kill any."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.demo.lifeline import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

RESTART: Final = 3.0
"""Real seconds from an end to the next start."""
PATIENCE: Final = 30.0
"""Real seconds for an orderly end."""


@dataclass(slots=True)
class Supervised:
    """One process of the city, and all that follow it under its name.

    Attributes:
        name: by which it is shown.
        line: the command and its words.
        log: where its output goes.
        on_end: told each time it ends without having been told to, just then.
        restart: real seconds from then to the next start.
        ends: how often that was.
        kills: how often we killed it.
    """

    name: str
    line: Sequence[str]
    log: Path
    on_end: Callable[[Supervised], None] = lambda _: None
    restart: float = RESTART
    ends: int = 0
    kills: int = 0
    ended: float | None = None
    """When it ended, monotonic; None: it runs."""
    _process: asyncio.subprocess.Process | None = None
    _keeping: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """None while it is down."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it; from here on it is kept. Called from the program's main thread, or it would end with another's."""
        await self._launch()
        self._keeping = asyncio.create_task(self._keep())

    def kill(self) -> bool:
        """As ``kill -9``; whether there was somebody to kill."""
        pid = self.pid
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills += 1
        return True

    async def end(self) -> None:
        """End it in good order, for good."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.line, stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent
            )
        self.ended = None

    async def _keep(self) -> None:
        while True:
            assert self._process is not None  # noqa: S101  launched before
            await self._process.wait()
            self.ended, self.ends = time.monotonic(), self.ends + 1
            self.on_end(self)
            await asyncio.sleep(self.restart)
            await self._launch()
