"""``bracelet-sim county``: the gateway's configuration for a story or a scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import Annotated

import typer

from firmware_sim import configuration
from firmware_sim.cli.options import (
    DEFAULT_EPOCH,
    CafeZone,
    Days,
    Devices,
    Epoch,
    ScenarioName,
    Seed,
    StoryName,
    Telling,
    tell_scenario,
    tell_story,
)
from firmware_sim.recording.rules import ruled


def county(  # noqa: PLR0913  one argument an option
    directory: Annotated[Path, typer.Argument(help="Where to write; made when it is not there.")],
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65534, help="TCP port of the listener; GT06: the next.")],
    storage: Annotated[Path, typer.Option(help="The gateway's storage directory.")],
    mqtt: Annotated[
        str, typer.Option(help="The platform's broker, mqtt://host:port; without it there is no platform.")
    ] = "",
    code: Annotated[str, typer.Option(help="The county's code.")] = configuration.CODE,
    nats: Annotated[
        str, typer.Option(help="nats://host:port of the city's streams, for its alarms and its journal; else none.")
    ] = "",
    domain: Annotated[str, typer.Option(help="JetStream domain of the streams.")] = "city",
    partitions: Annotated[int, typer.Option(min=1, max=64, help="Streams that its journal is split into.")] = 1,
    story_name: StoryName = "demo",
    scenario: ScenarioName = "",
    epoch: Epoch = DEFAULT_EPOCH,
    days: Days = None,
    devices: Devices = None,
    seed: Seed = None,
    cafe_zone: CafeZone = True,
) -> None:
    """Write the gateway's configuration for a story's or a scenario's county."""
    surroundings = configuration.Surroundings(port, str(storage), mqtt, code, nats, domain, partitions)
    how = Telling(seed, days, devices, epoch)
    if not scenario:
        told = tell_story(story_name, how, cafe_zone=cafe_zone)
        configuration.write(told, directory, surroundings)
        return
    worked_out = tell_scenario(scenario, how, lambda _: None)
    written = replace(
        ruled(worked_out, str(storage), port), code=code,
        upstreams=configuration.upstreams(surroundings), forward=configuration.forwarded(surroundings),
    )  # fmt: skip
    configuration.write_ruled(written, directory)
