"""``bracelet-sim run``: a story or scenario over real links, or a scenario in virtual time into a folder."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from firmware_sim import story_record
from firmware_sim.cli.options import (
    DEFAULT_EPOCH,
    FAILED,
    Anchor,
    CafeZone,
    Days,
    Devices,
    Epoch,
    FollowedFile,
    ScenarioName,
    Seed,
    Speed,
    StoryName,
    Telling,
    UploadName,
    refuse,
    tell_scenario,
    tell_story,
    terminal,
    writable,
)
from firmware_sim.clock import ScaledClock, WaitingClock
from firmware_sim.clock_file import ClockFile
from firmware_sim.fleet import Address, Fleet, statistics
from firmware_sim.recording.live import network_of, story_of
from firmware_sim.recording.rules import LINKS
from firmware_sim.recording.run import STAGES, record

if TYPE_CHECKING:
    from firmware_sim.clock import Clock
    from firmware_sim.network import Network
    from firmware_sim.schedule import Story


@dataclass(frozen=True, slots=True)
class _Live:
    """How a story is told over real links."""

    host: str
    port: int
    gt06_port: int
    anchor: float | None
    speed: float
    linger: float
    clock_file: Path | None

    def clock(self, epoch: float) -> Clock:
        """One that runs by itself, or one that waits for the gateway, which follows it."""
        if self.clock_file is None:
            return ScaledClock(epoch, time.time() if self.anchor is None else self.anchor, self.speed)
        file = ClockFile(writable(self.clock_file), self.speed)
        return WaitingClock(epoch, self.speed, file.show, file.hold)


def run(  # noqa: PLR0913  one argument an option
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="TCP port of the gateway's listener.")] = 0,
    gt06_port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port of its listener for GT06.")] = 0,
    host: Annotated[str, typer.Option(help="Where the gateway listens.")] = "127.0.0.1",
    story_name: StoryName = "demo",
    scenario: ScenarioName = "",
    out: Annotated[Path | None, typer.Option("--out", help="Scenario: virtual time, everything into here.")] = None,
    epoch: Epoch = DEFAULT_EPOCH,
    anchor: Anchor = None,
    speed: Speed = 1.0,
    clock_file: FollowedFile = None,
    days: Days = None,
    devices: Devices = None,
    seed: Seed = None,
    cafe_zone: CafeZone = True,
    upload: UploadName = None,
    linger: Annotated[float, typer.Option(min=0.0, help="Wall seconds to stay connected after the story's end.")] = 0.0,
    truth_file: Annotated[Path | None, typer.Option("--truth", help="Write the truth here (JSON lines).")] = None,
    stats: Annotated[Path | None, typer.Option(help="Write the counts here at the end (JSON).")] = None,
) -> None:
    """Let bracelets report to a gateway until the story's end, SIGINT or SIGTERM; or record a scenario into a folder.

    Exit code 1: some reports were never acknowledged.
    """
    how = Telling(seed, days, devices, epoch, upload)
    if out is not None and scenario:
        _record(scenario, how, out)
        return
    if not port or out is not None:
        refuse("give --port of the gateway's listener, or --scenario NAME with --out FOLDER for virtual time")
    network = None
    if scenario:
        worked_out = tell_scenario(scenario, how, lambda _: None)
        told, network = story_of(worked_out), network_of(worked_out)
    else:
        told = tell_story(story_name, how, cafe_zone=cafe_zone)
    if truth_file is not None:
        story_record.write(told, writable(truth_file))
    _live(told, network, _Live(host, port, gt06_port or port, anchor, speed, linger, clock_file), stats)


def _record(scenario: str, how: Telling, out: Path) -> None:
    """Virtual time: as fast as the machine can."""
    console = terminal()
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("record", total=len(STAGES))

        def progress(stage: str) -> None:
            bar.update(task, description=stage, completed=STAGES.index(stage))

        told = tell_scenario(scenario, how, progress)
        frames = record(told, out, progress)
    typer.echo(json.dumps({"scenario": told.name, "devices": len(told.worn), "frames": frames, "folder": str(out)}))


def _live(told: Story, network: Network | None, how: _Live, stats: Path | None) -> None:
    """Over real links."""
    others = {("gt06", link): Address(how.host, how.gt06_port) for link in LINKS}
    fleet = Fleet(told, Address(how.host, how.port), how.clock(told.epoch), others=others, network=network)
    for device, path in fleet.serial_paths().items():
        typer.echo(f"{device}: {path}", err=True)
    asyncio.run(_until_stopped(fleet, how.linger))
    counts = statistics(fleet)
    if stats is not None:
        writable(stats).write_text(json.dumps(counts, indent=1), encoding="utf-8")
    typer.echo(json.dumps(counts["totals"]))
    if fleet.stored:
        typer.echo(f"{fleet.stored} reports were not acknowledged within the time allowed", err=True)
        raise typer.Exit(FAILED)


async def _until_stopped(fleet: Fleet, linger: float) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await fleet.run(stop, linger)
