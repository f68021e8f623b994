"""The command of the county's way to the city."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption

if TYPE_CHECKING:
    from gateway.forward.running import Forwarding


def forward(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    over_gap: Annotated[
        bool, typer.Option("--over-gap", help="Go on behind what was removed before it had been forwarded.")
    ] = False,
) -> None:
    """Forward the journal to the city's streams until it is told to stop; beside the daemon, which need not run."""
    from gateway.cli.county import opened
    from gateway.daemon.logs import configure_logs
    from gateway.forward.running import Forwarding

    configure_logs()
    asyncio.run(_until_told(Forwarding(opened(config, secrets=True), over_gap)))


async def _until_told(forwarding: Forwarding) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, forwarding.ended.set)
    await forwarding.run()
