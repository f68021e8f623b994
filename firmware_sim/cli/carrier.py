"""``bracelet-sim carrier``: stands in for a carrier's location server."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import TYPE_CHECKING, Annotated

import typer

from firmware_sim.carrier.population import population
from firmware_sim.carrier.server import PATH, LocationServer
from firmware_sim.cli.options import Anchor, Speed, moment_of, refuse
from firmware_sim.clock import DAY, LOCAL_OFFSET, ScaledClock
from firmware_sim.clock_file import followed

if TYPE_CHECKING:
    from collections.abc import Callable


def carrier(  # noqa: PLR0913  one argument an option
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Loopback port to listen on; 0: any.")] = 9210,
    phones: Annotated[int, typer.Option("--phones", min=1, help="Subscribers, from 8613800000001 on.")] = 100,
    latitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 24.33,
    longitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 109.42,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests in any minute; more meet congestion.")] = 600,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same people.")] = 1,
    epoch: Annotated[
        str, typer.Option("--epoch", help="Simulated start, ISO 8601; left out: the machine's own time.")
    ] = "",
    anchor: Anchor = None,
    speed: Speed = 1.0,
    clock_file: Annotated[
        Path | None, typer.Option("--clock-file", help="Follow the time in this file, which a run advances.")
    ] = None,
) -> None:
    """Stand in for a carrier: answer location requests (MLP) of the account county/secret until SIGINT or SIGTERM."""
    now = _clock(epoch, anchor, speed, clock_file)
    subscribers = population(phones, (latitude, longitude), _midnight(now()), seed)
    server = LocationServer(subscribers, now, per_minute=per_minute)
    asyncio.run(_serve(server, port))
    typer.echo(json.dumps(dict(server.counts)))


def _clock(epoch: str, anchor: float | None, speed: float, file: Path | None) -> Callable[[], float]:
    """The time by which answers are dated: the gateway's own, or a position would lie outside every authority."""
    if file is not None:
        try:
            return followed(file)
        except (OSError, ValueError) as fault:
            refuse(f"--clock-file {file}: no clock that could be followed: {fault}")
    began = time.time() if anchor is None else anchor
    scaled = ScaledClock(moment_of(epoch) if epoch else began, began, speed)
    return lambda: scaled.at(time.time())


def _midnight(moment: float) -> float:
    """The local day's beginning: the made-up week starts there."""
    return moment - (moment + LOCAL_OFFSET) % DAY


async def _serve(server: LocationServer, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    typer.echo(f"http://127.0.0.1:{await server.start(port)}{PATH}")
    await stop.wait()
    await server.stop()
