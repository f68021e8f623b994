"""Where another system's past is taken in, made of a daemon's parts."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from gateway.control.imports import Imports
from gateway.history.reader import HistoryReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.entries import Origin


def import_desk(pipeline: Pipeline, directory: Path, keep_days: Callable[[], int]) -> Imports:
    """The answers to ``import``; ``directory``: the storage's, ``keep_days``: for how long places are kept now."""
    return Imports(
        lambda: (pipeline.policy, pipeline.intake.now()), HistoryReader(directory / "history").rows,
        pipeline.keep_history, pipeline.intake.directory.lawful, keep_days, partial(_put, pipeline),
    )  # fmt: skip


async def _put(pipeline: Pipeline, origin: Origin, payloads: Sequence[bytes]) -> None:
    """Journal imported fixes, and wait until they are durable."""
    durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    pipeline.intake.imported(origin, payloads)
    pipeline.intake.when_durable(lambda: None if durable.done() else durable.set_result(None))
    pipeline.wake()
    await durable
