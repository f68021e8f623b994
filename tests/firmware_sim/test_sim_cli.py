"""The command line and the county it writes."""

import csv
import json
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from firmware_sim.cli import app
from firmware_sim.story import build

COUNTY = ["county", "--port", "7611", "--storage", "state", "--mqtt", "mqtt://127.0.0.1:1883"]


def county(directory, *options):
    outcome = CliRunner().invoke(app, [*COUNTY, *options, str(directory)])
    assert outcome.exit_code == 0, outcome.output
    return directory


def yaml(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_county_is_the_storys(tmp_path):
    directory = county(tmp_path, "--devices", "20", "--seed", "5")
    story = build("demo", seed=5, days=4, devices=20)
    devices = {row["device"]: row for row in table(directory / "devices.csv")}
    assert {key: row["identity"] for key, row in devices.items()} == {
        s.device: s.identity.phone for s in story.schedules
    }
    assert {row["profile"] for row in devices.values()} == {"g10ls"}
    assert {row["person"] for row in table(directory / "people.csv")} == {person for person, _ in story.homes}
    rules = {rule["id"]: rule for rule in yaml(directory / "rules" / "county.yaml")["rules"]}
    assert rules["no-cafes"]["people"] == ["P0002", "P0012"]
    assert len(rules["stay-in-county"]["people"]) == 20
    border = json.loads((directory / "zones" / "county.geojson").read_text(encoding="utf-8"))
    (ring,) = border["features"][0]["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert all(109.2 < longitude < 109.6 and 24.1 < latitude < 24.5 for longitude, latitude in ring)


def test_a_county_of_a_citys_streams_has_its_own_code_and_forwards(tmp_path):
    options = ("--code", "310101", "--nats", "nats://127.0.0.1:4222", "--partitions", "2", "--devices", "20")
    written = yaml(county(tmp_path, *options) / "gateway.yaml")
    assert written["county"]["code"] == "310101"
    assert [one.get("nats") for one in written["upstreams"]] == [None, "nats://127.0.0.1:4222"]
    forward = written["forward"]
    assert (forward["nats"], forward["domain"], forward["partitions"]) == ("nats://127.0.0.1:4222", "city", 2)
    assert "forward" not in yaml(county(tmp_path / "alone") / "gateway.yaml")


def test_authority_covers_the_epoch_and_is_lawful(tmp_path):
    written = yaml(county(tmp_path, "--epoch", "2026-12-31T16:00:00+00:00") / "gateway.yaml")
    for authority in written["authorities"]:
        assert authority["from"] == authority["wearer_informed"] == date(2027, 1, 1)
        assert authority["until"] < date(2027, 4, 1)
        assert authority["until"] - authority["from"] > timedelta(days=80)


def test_without_cafe_zone_nobody_is_barred(tmp_path):
    directory = county(tmp_path, "--story", "cafe", "--no-cafe-zone")
    assert [rule["id"] for rule in yaml(directory / "rules" / "county.yaml")["rules"]] == [
        "stay-in-county",
        "nights-at-home",
    ]


def test_the_handover_changes_the_wearer_at_once(tmp_path):
    first, second = table(county(tmp_path, "--story", "handover") / "assignments.csv")
    assert (first["device"], first["person"]) == ("B0001", "P0001")
    assert first["until"] == second["from"] == "2026-11-02 16:00"
    assert (second["person"], second["until"]) == ("P0002", "")


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--story", "opera"], "no story"), (["--devices", "5"], "at least 13"), (["--epoch", "tomorrow"], "tomorrow")],
)
def test_wrong_input_is_said_and_exits_2(tmp_path, options, says):
    outcome = CliRunner().invoke(app, [*COUNTY, *options, str(tmp_path)])
    assert outcome.exit_code == 2
    assert says in outcome.output


def test_run_fails_openly_when_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("firmware_sim.fleet.DRAIN_WALL", 0.1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        options = ["--port", str(closed.getsockname()[1]), "--days", "1", "--speed", "400000", "--story", "cafe"]
        files = ["--truth", str(tmp_path / "truth.jsonl"), "--stats", str(tmp_path / "stats.json")]
        outcome = CliRunner().invoke(app, ["run", *options, *files])
    assert outcome.exit_code == 1
    assert "not acknowledged" in outcome.output
    stats = json.loads(Path(tmp_path / "stats.json").read_text(encoding="utf-8"))
    assert stats["totals"]["stored"] == stats["devices"]["B0001"]["stored"] > 200
    lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["record"] for line in lines} == {"story", "track"}, "one day has no whole night"
