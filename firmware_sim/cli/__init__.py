"""The command line ``bracelet-sim``. Exit codes: 0 well, 1 failed, 2 the user's input was wrong (what and where)."""

from __future__ import annotations

import typer

from firmware_sim.cli.carrier import carrier
from firmware_sim.cli.county import county
from firmware_sim.cli.load import load
from firmware_sim.cli.run import run
from firmware_sim.cli.scenarios import draw, scenarios
from firmware_sim.cli.score import score

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Made-up bracelets, the truth about them, and the score of whoever watches them.",
)  # fmt: skip
for command in (run, county, scenarios, score, load, carrier):
    app.command()(command)
app.command("map")(draw)


def main() -> None:
    """Entry point."""
    app()
