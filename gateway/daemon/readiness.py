"""Whether the gateway goes on, and whether all it needs is there: what probes and the status are told."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from gateway.daemon.daemon import Daemon
    from gateway.daemon.pipeline import Pipeline

OWED: Final = "owed"
LOOK_EVERY: Final = 10.0
"""Real seconds between looks at what is owed."""
STANDS_STILL: Final = 180.0
"""Real seconds without a step of the engine after which it does not go on: three times what ticks leave between."""
OWED_TOO_LONG: Final = 300.0
"""Real seconds that a platform may be owed a message while we are ready."""


async def watch_owed(pipeline: Pipeline) -> None:
    """Look now and then what each upstream is owed, for ever; while the store cannot be read the last look holds."""
    names = [one.name for one in pipeline.at_first.configuration.upstreams]
    while True:
        with suppress(GatewayFault):
            pipeline.health.owed = await pipeline.writer.run(pipeline.store.outbox.depths, names)
        await asyncio.sleep(LOOK_EVERY)


def owed_seconds(pipeline: Pipeline) -> dict[str, float]:
    """For how long the oldest message that an upstream is owed has waited, by upstream; 0: it is owed nothing."""
    now = pipeline.intake.now()
    return {name: round(max(0.0, now - depth.since), 1) for name, depth in pipeline.health.owed.items()}


def lags(pipeline: Pipeline) -> dict[str, float]:
    """Seconds by which each stage is behind: for how long the oldest has waited for it."""
    begun = pipeline.health.stepping
    return {
        "journal": pipeline.intake.waited(),
        "engine": round(max(0.0, pipeline.intake.now() - begun), 1) if math.isfinite(begun) else 0.0,
        "upstream": max(owed_seconds(pipeline).values(), default=0.0),
    }


def stands_still(pipeline: Pipeline) -> list[str]:
    """What does not go on, by name; empty: all does.

    While a store fails the engine is given nothing, which no restart would change: :func:`not_ready` tells that.
    """
    if pipeline.failing:
        return []
    still = asyncio.get_running_loop().time() - pipeline.health.went_on > STANDS_STILL
    return ["engine"] if still else []


def not_ready(daemon: Daemon, pipeline: Pipeline) -> list[str]:
    """What keeps a report from being taken or an alarm from getting out, by name; empty: nothing does."""
    return [
        *stands_still(pipeline),
        *(f"store {name}" for name in pipeline.failing),
        *(f"listener {one.listener.name}" for one in daemon.listeners if one.trouble),
        *(
            f"upstream {name}" for name, waited in owed_seconds(pipeline).items()
            if daemon.clock.real_seconds(waited) > OWED_TOO_LONG
        ),
    ]  # fmt: skip


def in_words(pipeline: Pipeline) -> list[str]:
    """What is wrong inside, a line each: the part, and why in the county's language."""
    language = pipeline.at_first.configuration.county.language
    return [f"{name}: {trouble.of(language)}" for name, trouble in pipeline.health.troubles.items()]
