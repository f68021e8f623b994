"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from firmware_sim import story
from firmware_sim.county.border import BorderFault
from firmware_sim.firmware.uploads import Upload
from firmware_sim.recording.run import tell
from firmware_sim.scenario.reading import ScenarioFault, find, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.recording.run import Told
    from firmware_sim.schedule import Story

FAILED, WRONG_INPUT = 1, 2
StoryName = Annotated[str, typer.Option("--story", help=f"One of {', '.join(story.NAMES)}.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", help="A scenario file, or a shipped one by its name; instead of a story.")
]
Devices = Annotated[int | None, typer.Option("--devices", min=1, help="Bracelets; default: the scenario's, or 60.")]
Days = Annotated[int | None, typer.Option("--days", min=1, help="Simulated days; default: the scenario's, or 4.")]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="The same seed gives the same county, people and reports.")
]
Epoch = Annotated[str, typer.Option("--epoch", help="Simulated start, ISO 8601; local midnight fits the stories.")]
UploadName = Annotated[
    Upload | None,
    typer.Option("--upload", help="How all bracelets send what they had stored; default: the scenario's."),
]
CafeZone = Annotated[bool, typer.Option("--cafe-zone/--no-cafe-zone", help="Story cafe: bar him from the cafes.")]
Anchor = Annotated[
    float | None, typer.Option(help="Wall moment (Unix seconds) of the epoch; share it with the gateway.")
]
Speed = Annotated[float, typer.Option(min=0.001, help="Simulated seconds a wall second.")]
FollowedFile = Annotated[
    Path | None,
    typer.Option("--clock-file", help="Advance the time in this file, at most so fast, and wait for the gateway."),
]
DEFAULT_EPOCH = datetime.fromtimestamp(story.EPOCH, UTC).isoformat()


def refuse(text: str) -> NoReturn:
    """The user's input was wrong."""
    typer.echo(text, err=True)
    raise typer.Exit(WRONG_INPUT)


def moment_of(epoch: str) -> float:
    """UTC epoch seconds of an option; a time without an offset is UTC."""
    try:
        start = datetime.fromisoformat(epoch)
    except ValueError:
        refuse(f"--epoch {epoch!r}: write ISO 8601, for example {DEFAULT_EPOCH}")
    return float(int((start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp()))


@dataclass(frozen=True, slots=True)
class Telling:
    """What options say of a scenario or story; None: as it says itself. ``epoch``: ISO 8601."""

    seed: int | None
    days: int | None
    devices: int | None
    epoch: str
    upload: Upload | None = None


def tell_scenario(name: str, how: Telling, progress: Callable[[str], None]) -> Told:
    """Read a scenario and work it out; a fault in it ends the command."""
    try:
        path = find(name)
        scenario = read(path, seed=how.seed, days=how.days, devices=how.devices)
        scenario = scenario.uploading(how.upload) if how.upload else scenario
        return tell(path.stem, scenario, path.parent, moment_of(how.epoch), progress)
    except (ScenarioFault, BorderFault) as fault:
        refuse(str(fault))
    except ValueError as fault:
        refuse(f"{name}: {fault}")


def tell_story(name: str, how: Telling, *, cafe_zone: bool) -> Story:
    """Build a written story; numbers it cannot be told with end the command."""
    try:
        return story.build(
            name, seed=1 if how.seed is None else how.seed, days=how.days or 4, devices=how.devices or 60,
            epoch=moment_of(how.epoch), cafe_zone=cafe_zone, upload=how.upload or Upload.BACKLOG_FIRST,
        )  # fmt: skip
    except ValueError as fault:
        refuse(str(fault))


def writable(path: Path) -> Path:
    """A file to be written; a folder that is missing ends the command."""
    if not path.parent.is_dir():
        refuse(f"{path}: the folder {path.parent} does not exist; make it first")
    return path


def terminal() -> Console:
    """Where progress is shown."""
    return Console(stderr=True)
