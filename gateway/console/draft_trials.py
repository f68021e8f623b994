"""Drafts tried on the past: a process each beside the desk, one at a time, and how far it is."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.drafts.judging import LANGUAGES, REFUSED

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Trial:
    """One, of a drawing (its digest).

    Attributes:
        percent: how far it is.
        is_over: whether it has ended.
        faults: by language, why it came to nothing; empty: it did not.
    """

    digest: str
    percent: int = 0
    is_over: bool = False
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Trials:
    """Those of one desk since it began, by draft."""

    _known: dict[str, Trial] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def of(self, identity: str, digest: str) -> Trial | None:
        """How far a drawing is; None: nobody has begun."""
        trial = self._known.get(identity)
        return trial if trial is not None and trial.digest == digest else None

    def begin(self, storage: Path, identity: str, digest: str) -> None:
        """Try a drawing, unless that goes on already; its preview is kept with the draft."""
        trial = self.of(identity, digest)
        if trial is not None and not trial.is_over:
            return
        trial = self._known[identity] = Trial(digest)
        task = asyncio.get_running_loop().create_task(self._run(storage, identity, trial))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """End what goes on."""
        for task in self._tasks:
            task.cancel()

    async def over(self) -> None:
        """Wait until nothing goes on."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, storage: Path, identity: str, trial: Trial) -> None:
        try:
            async with self._one:
                await self._judge(storage, identity, trial)
        finally:
            trial.is_over = True

    async def _judge(self, storage: Path, identity: str, trial: Trial) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "gateway.drafts.judging", str(storage), identity,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            said = asyncio.ensure_future(_lines(process.stderr))
            while process.stdout is not None and (line := await process.stdout.readline()):
                done, _, of = line.decode().partition(" ")
                trial.percent = 100 * int(done) // max(1, int(of))
            if await process.wait() == REFUSED:
                trial.faults = dict(zip(LANGUAGES, await said, strict=False))
        finally:
            with suppress(ProcessLookupError):
                process.kill()


async def _lines(stream: asyncio.StreamReader | None) -> list[str]:
    return [] if stream is None else (await stream.read()).decode(errors="replace").splitlines()[-2:]
