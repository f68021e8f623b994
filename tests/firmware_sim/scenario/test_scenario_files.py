"""Scenario files: those shipped, and what a broken one is told."""

import pytest
from typer.testing import CliRunner

from firmware_sim.cli import app
from firmware_sim.scenario.reading import SHIPPED, ScenarioFault, find, names, read

WHY = "why: Something that is worth to be looked at.\n"


def faults(tmp_path, text):
    path = tmp_path / "county.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFault) as caught:
        read(path)
    return str(caught.value).replace(f"{path}:", "").splitlines()


def test_there_are_twenty_and_more_each_with_a_sentence_of_why():
    assert len(names()) >= 20
    for name in names():
        scenario = read(SHIPPED / f"{name}.yaml")
        assert scenario.why.endswith(".")
        assert len((SHIPPED / f"{name}.yaml").read_text("utf-8").splitlines()) < 40


def test_a_scenario_is_found_by_name_file_and_path():
    assert find("california") == find("california.yaml") == find("scenarios/california.yaml")
    with pytest.raises(ScenarioFault, match="no shipped scenario; there are accomplices"):
        find("nowhere")


def test_numbers_of_the_command_line_stand_above_the_files():
    scenario = read(find("california"), seed=7, days=None, devices=3)
    assert (scenario.seed, scenario.days, scenario.devices) == (7, 30, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("days: 3\n", "1:1: why: is missing; write it"),
        (WHY + "dayz: 3\n", "2:1: dayz: not known here; do you mean days?"),
        (WHY + "people:\n  cufew: 1\n", "3:3: people.cufew: not known here; do you mean curfew?"),
        (WHY + "tricks:\n  - {kind: sos, per_mont: 1}\n", "per_mont: not known here; do you mean per_month?"),
        (WHY + "days: many\n", "2:1: days: Input should be a valid integer"),
        (WHY + "days: 0\n", "2:1: days: Input should be greater than or equal to 1 (here: 0)"),
        (WHY + "people:\n  curfew: 1.5\n", "3:3: people.curfew: Input should be less than or equal to 1"),
        (WHY + "tricks:\n  - {kind: juggle, per_month: 1}\n", "3:5: tricks.0: no trick 'juggle'; there are late_"),
        (WHY + "tricks:\n  - {kind: sos}\n", "3:5: tricks.0: write either per_month: a rate, or people"),
        (WHY + "nuisances: {rain: 3}\n", "scenario: no nuisance 'rain'; there are dead_cell"),
        (WHY + "firmware:\n  formats: {morse: 1}\n", "firmware.formats.morse: Input should be 'jt808-2011'"),
        (WHY + "firmware:\n  formats: {gt06: 0}\n", "2:1: firmware: formats: at least one share above 0"),
        (WHY + "firmware:\n  links: {tcp: 0}\n", "2:1: firmware: links: at least one share above 0"),
        (WHY + "firmware:\n  uploads: {shuffled: 0}\n", "2:1: firmware: uploads: at least one share above 0"),
        (WHY + "firmware:\n  uploads: {at_noon: 1}\n", "firmware.uploads.at_noon: Input should be 'backlog_first'"),
        (WHY + "hand_over: {bracelets: 99}\n", "scenario: hand_over: 99 bracelets of 20 devices"),
        (WHY + "network:\n  outages: [{day: 1, hour: 25, minutes: 3}]\n", "network.outages.0.hour: Input should be "),
        (WHY + "\tdays: 3\n", "2:1: not YAML"),
        ("- a\n", "1:1: a scenario is a table; begin with 'why: one sentence'"),
        ("", "1:1: a scenario is a table"),
    ],
)
def test_a_fault_says_where_and_what_to_write(tmp_path, text, said):
    (line,) = faults(tmp_path, text)
    assert said in line
    assert line.split(":")[0].isdigit()
    assert line.split(":")[1].isdigit()


def test_every_fault_is_named(tmp_path):
    assert len(faults(tmp_path, "days: 0\ndevices: 0\nweather: bad\n")) == 4


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioFault, match="cannot be read"):
        read(tmp_path / "a.yaml")


def test_the_command_checks_files_and_lists_those_shipped(tmp_path):
    listed = CliRunner().invoke(app, ["scenarios"])
    assert listed.exit_code == 0
    assert all(f"{name}: " in listed.output for name in names())
    (tmp_path / "bad.yaml").write_text("days: 3\n", encoding="utf-8")
    refused = CliRunner().invoke(app, ["scenarios", str(tmp_path / "bad.yaml")])
    assert refused.exit_code == 2
    assert "bad.yaml:1:1: why: is missing" in refused.output
