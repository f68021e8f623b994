"""Every shipped scenario, small, the whole way: recorded, replayed by the gateway, scored."""

import json

import pytest
from typer.testing import CliRunner
from whole_way import scored, told

from firmware_sim.cli import app
from firmware_sim.scenario.reading import names

SHORT, LONG = ["--devices", "4", "--days", "2"], ["--devices", "6", "--days", "3"]
SIZES = {
    "each_five_seconds": ["--devices", "1", "--days", "1"], "each_second": ["--devices", "1", "--days", "1"],
    "bad_network": ["--devices", "2", "--days", "2"], "cafe_nights": ["--devices", "3", "--days", "3"],
    "hand_over": LONG,
}  # fmt: skip
"""Of scenarios whose bracelets report all the time, that are decided more than once, or that need all their days."""
TRACKED = {"canyon", "hand_over", "late_returns"}
"""Of which the track is scored, too."""
AT_LENGTH = {
    "batteries", "border_creep", "each_second", "holidays", "left_behind", "lying_lengths", "sos_and_power",
    "flat_batteries", "other_cards", "appointments", "authorities", "near_border", "turned_nights", "laid_down",
    "border_strip", "canyon", "protected", "garages", "dead_cells", "seldom", "each_five_seconds", "cafe_nights",
    "strap_sensors",
}  # fmt: skip
"""Tried under torture alone: others have what they have, but for dates and pace, or tests of their own have it."""
CLEAR = 150.0
"""Metres of true depth from which a breach with usable signal must be found."""


def told_of():
    """Each scenario with its size; longer ones under torture."""
    for name in names():
        if name not in AT_LENGTH:
            yield pytest.param(name, SIZES.get(name, SHORT), id=name)
        if name not in SIZES or name in AT_LENGTH:
            yield pytest.param(name, SIZES.get(name, LONG), id=f"{name} at length", marks=pytest.mark.torture)


@pytest.mark.parametrize(("name", "size"), list(told_of()))
def test_a_scenario_goes_the_whole_way(tmp_path, name, size):
    assert told(tmp_path, name, *size)["frames"] > 1000
    columns = {column["name"]: column for column in scored(tmp_path, with_track=name in TRACKED)["columns"]}
    assert set(columns) == {"gateway", "raw", "stated"}
    ours = columns["gateway"]
    assert ours["doubles"] == 0
    clear = [tier for tier in ours["breaches"]["tiers"] if tier["usable"] and tier["least_m"] >= CLEAR]
    assert [tier["found"]["missed"] for tier in clear] == [0] * len(clear)


def test_the_scorer_would_see_a_missing_and_a_doubled_alarm(tmp_path):
    told(tmp_path, "late_returns", *LONG)
    before = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    lines = (tmp_path / "alarms.jsonl").read_text("utf-8").splitlines()
    first = json.loads(lines[0])["subject"]
    spoilt = [line for line in lines if json.loads(line)["subject"] != first]
    twin = lines[-1].replace(json.loads(lines[-1])["subject"], "f" * 32)
    text = "\n".join([*spoilt, twin.replace("cleared", "raised"), ""])
    (tmp_path / "spoilt.jsonl").write_text(text, encoding="utf-8")
    score = tmp_path / "spoilt.json"
    files = ["--truth", str(tmp_path / "truth.jsonl"), "--alarms", str(tmp_path / "spoilt.jsonl")]
    CliRunner().invoke(app, ["score", *files, "--json", str(score)], catch_exceptions=False)
    after = next(c for c in json.loads(score.read_text("utf-8"))["columns"] if c["name"] == "gateway")
    assert after["breaches"]["counted"]["missed"] == before["breaches"]["counted"]["missed"] + 1
    assert after["doubles"] == before["doubles"] + 1
