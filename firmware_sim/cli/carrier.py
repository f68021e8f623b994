"""``bracelet-sim carrier``: stands in for a carrier's location server."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from typing import Annotated

import typer

from firmware_sim.carrier.population import population
from firmware_sim.carrier.server import PATH, LocationServer
from firmware_sim.cli.options import DEFAULT_EPOCH, Anchor, Epoch, Speed, moment_of
from firmware_sim.clock import ScaledClock


def carrier(  # noqa: PLR0913  one argument an option
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Loopback port to listen on; 0: any.")] = 9210,
    phones: Annotated[int, typer.Option("--phones", min=1, help="Subscribers, from 8613800000001 on.")] = 100,
    latitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 24.33,
    longitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 109.42,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests in any minute; more meet congestion.")] = 600,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same people.")] = 1,
    epoch: Epoch = DEFAULT_EPOCH,
    anchor: Anchor = None,
    speed: Speed = 1.0,
) -> None:
    """Stand in for a carrier: answer location requests (MLP) of the account county/secret until SIGINT or SIGTERM."""
    start = moment_of(epoch)
    clock = ScaledClock(start, time.time() if anchor is None else anchor, speed)
    subscribers = population(phones, (latitude, longitude), start, seed)
    server = LocationServer(subscribers, lambda: clock.at(time.time()), per_minute=per_minute)
    asyncio.run(_serve(server, port))
    typer.echo(json.dumps(dict(server.counts)))


async def _serve(server: LocationServer, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    typer.echo(f"http://127.0.0.1:{await server.start(port)}{PATH}")
    await stop.wait()
    await server.stop()
