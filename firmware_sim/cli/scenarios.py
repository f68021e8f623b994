"""``bracelet-sim scenarios`` and ``map``: what can be told, and where it takes place."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import Annotated

import typer

from firmware_sim.cli.options import WRONG_INPUT, ScenarioName, Seed, refuse, writable
from firmware_sim.county.border import BorderFault
from firmware_sim.county.geojson import features
from firmware_sim.recording.run import stage_of
from firmware_sim.scenario.reading import SHIPPED, ScenarioFault, find, names, read
from firmware_sim.story import EPOCH


def scenarios(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Scenario files to be checked; none: list those shipped.")
    ] = None,
) -> None:
    """List the shipped scenarios, or check scenario files: every fault as file:line:column: what to write."""
    faults = 0
    for path in files or [SHIPPED / f"{name}.yaml" for name in names()]:
        try:
            scenario = read(path)
        except ScenarioFault as fault:
            typer.echo(str(fault), err=True)
            faults += 1
        else:
            typer.echo(f"{path.stem}: {scenario.devices} bracelets, {scenario.days} days. {scenario.why}")
    if faults:
        raise typer.Exit(WRONG_INPUT)


def draw(
    target: Annotated[Path, typer.Argument(help="GeoJSON file to write.")],
    *,
    scenario: ScenarioName = "california",
    seed: Seed = None,
) -> None:
    """Write a scenario's county as GeoJSON: border, districts, towns, lines, buildings, homes, towers, WiFi."""
    try:
        path = find(scenario)
        stage = stage_of(read(path, seed=seed), path.parent, EPOCH)
    except (ScenarioFault, BorderFault) as fault:
        refuse(str(fault))
    writable(target).write_text(features(stage, read(path, seed=seed).seed), encoding="utf-8")
