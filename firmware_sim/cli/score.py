"""``bracelet-sim score``: a gateway's alarms against the truth."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads it at run time
from typing import Annotated

import typer
from rich.console import Console

from firmware_sim.cli.options import refuse, writable
from firmware_sim.score import ScoreFault, as_html, as_json, as_table
from firmware_sim.score import score as count


def score(
    *,
    truth: Annotated[Path, typer.Option("--truth", help="truth.jsonl of a recorded scenario.")],
    alarms: Annotated[Path, typer.Option("--alarms", help="What the gateway raised, a CloudEvents JSON a line.")],
    track: Annotated[Path | None, typer.Option("--track", help="The gateway's track, for radii and UNKNOWN.")] = None,
    notices: Annotated[
        Path | None, typer.Option("--notices", help="Whom the gateway's ladder told, a JSON a line.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page here.")] = None,
) -> None:
    """Count alarms against the truth, beside the two naive baselines."""
    try:
        counted = count(truth, alarms, track, notices)
    except ScoreFault as fault:
        refuse(str(fault))
    Console().print(as_table(counted))
    for path, form in ((json_file, as_json), (html, as_html)):
        if path is not None:
            writable(path).write_text(form(counted), encoding="utf-8")
