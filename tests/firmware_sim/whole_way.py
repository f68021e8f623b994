"""A scenario the whole way, by the commands that users run: recorded, replayed by the gateway, scored."""

import json

from rich.console import Console
from typer.testing import CliRunner

from firmware_sim.cli import app
from gateway.replay.run import Request
from gateway.replay.run import run as replay


def told(folder, name, *options):
    outcome = CliRunner().invoke(app, ["run", "--scenario", name, "--out", str(folder), *options])
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def scored(folder, *, with_track=False):
    """The score's table; with the track each report is judged by itself, which takes several times as long."""
    alarms, score = (folder / name for name in ("alarms.jsonl", "score.json"))
    track = folder / "track.csv" if with_track else None
    replay(
        Request(folder / "county", None, None, alarms, track, "", 65_536, folder / "frames"), Console(quiet=True)
    )  # fmt: skip
    files = ["--truth", str(folder / "truth.jsonl"), "--alarms", str(alarms)]
    files += ["--track", str(track)] if track else []
    outcome = CliRunner().invoke(app, ["score", *files, "--json", str(score)])
    assert outcome.exit_code == 0, outcome.output
    return json.loads(score.read_text("utf-8"))
