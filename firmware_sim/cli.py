"""The command line ``bracelet-sim``."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from firmware_sim import configuration, story, truth
from firmware_sim.carrier.population import population
from firmware_sim.carrier.server import PATH, LocationServer
from firmware_sim.clock import ScaledClock
from firmware_sim.fleet import Address, Fleet, statistics

if TYPE_CHECKING:
    from firmware_sim.schedule import Story

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Made-up bracelets that speak JT/T 808 over TCP.")
FAILED, WRONG_INPUT = 1, 2

StoryName = Annotated[str, typer.Option("--story", help=f"One of {', '.join(story.NAMES)}.")]
Devices = Annotated[int, typer.Option("--devices", help="Bracelets of the demo.")]
Days = Annotated[int, typer.Option("--days", help="Simulated days.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same county, people and reports.")]
Epoch = Annotated[str, typer.Option("--epoch", help="Simulated start, ISO 8601; local midnight fits the stories.")]
CafeZone = Annotated[bool, typer.Option("--cafe-zone/--no-cafe-zone", help="Story cafe: bar him from the cafes.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port of the gateway's listener.")]
DEFAULT_EPOCH = datetime.fromtimestamp(story.EPOCH, UTC).isoformat()


@app.callback()
def about() -> None:
    """Made-up bracelets that speak JT/T 808 over TCP."""


@app.command()
def run(  # noqa: PLR0913  one argument an option
    *,
    port: Port,
    host: Annotated[str, typer.Option(help="Where the gateway listens.")] = "127.0.0.1",
    story_name: StoryName = "demo",
    epoch: Epoch = DEFAULT_EPOCH,
    anchor: Annotated[
        float | None, typer.Option(help="Wall moment (Unix seconds) of the epoch; share it with the gateway.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.001, help="Simulated seconds a wall second.")] = 1.0,
    days: Days = 4,
    devices: Devices = 60,
    seed: Seed = 1,
    cafe_zone: CafeZone = True,
    linger: Annotated[float, typer.Option(min=0.0, help="Wall seconds to stay connected after the story's end.")] = 0.0,
    truth_file: Annotated[Path | None, typer.Option("--truth", help="Write the truth here (JSON lines).")] = None,
    stats: Annotated[Path | None, typer.Option(help="Write the counts here at the end (JSON).")] = None,
) -> None:
    """Let a story's bracelets report to a gateway until its end, SIGINT or SIGTERM.

    Exit code 1: some reports were never acknowledged.
    """
    told = _build(story_name, seed=seed, days=days, devices=devices, epoch=epoch, cafe_zone=cafe_zone)
    if truth_file is not None:
        truth.write(told, truth_file)
    clock = ScaledClock(told.epoch, time.time() if anchor is None else anchor, speed)
    fleet = Fleet(told, Address(host, port), clock)
    asyncio.run(_until_stopped(fleet, linger))
    counts = statistics(fleet)
    if stats is not None:
        stats.write_text(json.dumps(counts, indent=1), encoding="utf-8")
    typer.echo(json.dumps(counts["totals"]))
    if fleet.stored:
        typer.echo(f"{fleet.stored} reports were not acknowledged within the time allowed", err=True)
        raise typer.Exit(FAILED)


@app.command()
def county(  # noqa: PLR0913  one argument an option
    directory: Annotated[Path, typer.Argument(help="Where to write; made when it is not there.")],
    *,
    port: Port,
    storage: Annotated[Path, typer.Option(help="The gateway's storage directory.")],
    mqtt: Annotated[str, typer.Option(help="The platform's broker, mqtt://host:port.")],
    story_name: StoryName = "demo",
    epoch: Epoch = DEFAULT_EPOCH,
    days: Days = 4,
    devices: Devices = 60,
    seed: Seed = 1,
    cafe_zone: CafeZone = True,
) -> None:
    """Write the gateway's configuration for a story's county."""
    told = _build(story_name, seed=seed, days=days, devices=devices, epoch=epoch, cafe_zone=cafe_zone)
    configuration.write(told, directory, configuration.Surroundings(port, str(storage), mqtt))


@app.command()
def carrier(  # noqa: PLR0913  one argument an option
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Loopback port to listen on; 0: any.")] = 9210,
    phones: Annotated[int, typer.Option("--phones", min=1, help="Subscribers, from 8613800000001 on.")] = 100,
    latitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 24.33,
    longitude: Annotated[float, typer.Option(help="Of the town, WGS-84.")] = 109.42,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests in any minute; more meet congestion.")] = 600,
    seed: Seed = 1,
    epoch: Epoch = DEFAULT_EPOCH,
    anchor: Annotated[
        float | None, typer.Option(help="Wall moment (Unix seconds) of the epoch; share it with the gateway.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.001, help="Simulated seconds a wall second.")] = 1.0,
) -> None:
    """Stand in for a carrier: answer location requests (MLP) of the account county/secret until SIGINT or SIGTERM."""
    start = datetime.fromisoformat(epoch)
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    clock = ScaledClock(start.timestamp(), time.time() if anchor is None else anchor, speed)
    subscribers = population(phones, (latitude, longitude), start.timestamp(), seed)
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


def _build(name: str, *, seed: int, days: int, devices: int, epoch: str, cafe_zone: bool) -> Story:
    try:
        start = datetime.fromisoformat(epoch)
        start = start if start.tzinfo else start.replace(tzinfo=UTC)
        return story.build(
            name, seed=seed, days=days, devices=devices, epoch=float(int(start.timestamp())), cafe_zone=cafe_zone
        )
    except ValueError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(WRONG_INPUT) from fault


async def _until_stopped(fleet: Fleet, linger: float) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await fleet.run(stop, linger)


def main() -> None:
    """Entry point."""
    app()
