"""How far the journal has been forwarded to the city: for the status, and said where it stays behind."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.forward.progress import read
from gateway.text import Text
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.daemon.pipeline import Pipeline

FORWARD: Final = "forward"
LOOK: Final = 10.0
"""Real seconds between looks."""
LATE: Final = 300.0
"""Seconds behind from which on it is a trouble."""


def figures(pipeline: Pipeline) -> dict[str, Any]:
    """Entries and seconds that the city is behind; nothing, where the journal goes to none."""
    configuration = pipeline.policy.configuration
    if configuration.forward is None:
        return {}
    progress = read(Path(configuration.storage.directory))
    return {
        "behind_entries": max(0, pipeline.journal.next_offset - progress.offset),
        "behind_seconds": round(progress.behind(pipeline.journal, pipeline.intake.now()), 1),
    }


def trouble(pipeline: Pipeline) -> Text | None:
    """What is to be said; None: it is not far behind."""
    if not (found := figures(pipeline)) or found["behind_seconds"] < LATE:
        return None
    said = read(Path(pipeline.policy.configuration.storage.directory)).trouble
    return phrase("forward_behind", minutes=found["behind_seconds"] / 60.0, cause=Text(*said))


async def watch_forwarded(pipeline: Pipeline) -> None:
    """Say it in the health, for ever."""
    while True:
        pipeline.health.note(FORWARD, trouble(pipeline))
        await asyncio.sleep(LOOK)
