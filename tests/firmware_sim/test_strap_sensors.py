"""Sensors that open by themselves against straps that are cut, with officers who close what they find."""

import json

from officers import attended
from typer.testing import CliRunner
from whole_way import told

from firmware_sim.cli import app

LONGEST_INTERVAL = 300.0
"""Seconds from one report of a bracelet at rest to the next, in the county of scenarios."""


def test_no_cut_is_missed_or_late_and_fewer_than_half_of_the_glitches_call_somebody_out(tmp_path):
    told(tmp_path, "strap_sensors")
    files = ["--truth", str(tmp_path / "truth.jsonl"), "--alarms", str(attended(tmp_path))]
    outcome = CliRunner().invoke(app, ["score", *files, "--json", str(tmp_path / "score.json")])
    assert outcome.exit_code == 0, outcome.output
    score = json.loads((tmp_path / "score.json").read_text("utf-8"))
    strap = next(column for column in score["columns"] if column["name"] == "gateway")["strap"]
    assert (strap["missed"], strap["suspected_at_cut"]) == (0, 0)
    glitches = strap["without_cut"] + strap["suspected"]
    assert glitches >= 60
    assert strap["without_cut"] <= glitches / 2
    assert strap["latest_s"] <= LONGEST_INTERVAL
