"""Who brings out what is owed: a receiver an upstream, each by itself; and how they end."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.daemon import wanted
from gateway.daemon.figures import life_of
from gateway.daemon.telemetry import Stream
from gateway.upstream.contract import Means
from gateway.upstream.life import Life
from gateway.upstream.registry import receiver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from gateway.daemon.daemon import Daemon
    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.controls import Act
    from gateway.settings.model import Upstream
    from gateway.upstream.contract import Receiver

DRAIN: Final = 10.0
"""Real seconds a stop may take to bring out what is owed."""
LOOK: Final = 0.05


def receivers(daemon: Daemon, pipeline: Pipeline, on_act: Callable[[Act], Awaitable[str]]) -> list[Receiver]:
    """The county's, not running yet."""
    county = daemon.configuration.county.code
    stream = Stream(pipeline.view)
    life = Life(county, partial(life_of, daemon, pipeline), pipeline.intake.now)

    def made(upstream: Upstream) -> Receiver:
        def refuse(reason: str, payload: bytes) -> None:
            daemon.refusals.add(reason, pipeline.intake.now(), upstream.name, "", payload)

        store, writer = pipeline.store, pipeline.writer
        return receiver(
            upstream,
            Means(county, store, writer, daemon.clock, on_act, refuse, life, stream.look, daemon.tell, daemon.trace),
        )

    return [made(one) for one in daemon.configuration.upstreams]


async def told_of(daemon: Daemon, pipeline: Pipeline, directory: Path) -> dict[str, Callable[[], Awaitable[None]]]:
    """What tells a log server, by name, from here on; nothing, where the county has none."""
    configuration = daemon.configuration
    if configuration.syslog is None:
        return {}
    language = configuration.county.language
    daemon.log_server = wanted.LogServer(
        configuration.syslog, pipeline, directory, language, lambda: daemon.configuration.staff
    )  # fmt: skip
    await daemon.log_server.begin()
    return {"log server": daemon.log_server.run}


async def wind_down(upstreams: Sequence[Receiver], pipeline: Pipeline) -> None:
    """Bring out what is owed where somebody takes it, then say that we stop; who is away delays nobody."""
    deadline = asyncio.get_running_loop().time() + DRAIN
    while asyncio.get_running_loop().time() < deadline:
        left = await pipeline.writer.run(pipeline.store.outbox.owed)
        if not any(one.connected and one.upstream.name in left for one in upstreams):
            break
        await asyncio.sleep(LOOK)
    await asyncio.gather(*(one.farewell() for one in upstreams), return_exceptions=True)
