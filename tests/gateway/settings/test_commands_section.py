"""The section ``commands``: how patient the gateway is with devices that were given an order."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.load import load
from gateway.settings.model import Closer, Commands


def with_section(tmp_path, text: str) -> Written:
    county = Written(tmp_path)
    county.texts["gateway.yaml"] += text
    return county


def test_without_it_the_defaults_hold(tmp_path):
    assert load(Written(tmp_path).write()).commands == Commands(10.0, 3, 120.0)


def test_what_is_written_holds(tmp_path):
    county = with_section(tmp_path, "commands: {answer_timeout: 2s, repeats: 1, completion: 5min}\n")
    assert load(county.write()).commands == Commands(2.0, 1, 300.0)


def test_a_part_of_it_leaves_the_rest(tmp_path):
    county = with_section(tmp_path, "commands: {repeats: 0}\n")
    assert load(county.write()).commands == Commands(10.0, 0, 120.0)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{answer_timeout: 10}", "11:28"),
        ("{answer_timeout: 0s}", "11:28"),
        ("{answer_timeout: 1d}", "11:28"),
        ("{repeats: 99}", "11:21"),
        ("{repeats: -1}", "11:21"),
        ("{repeat: 1}", "11:12"),
        ("{completion: soon}", "11:24"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(tmp_path, text, where):
    (fault,) = with_section(tmp_path, f"commands: {text}\n").faults("en")
    assert fault.startswith(f"gateway.yaml:{where}: "), fault


def test_nobody_is_asked_for_closer_reports_unless_it_is_written(tmp_path):
    assert load(Written(tmp_path).write()).commands.closer is None


def test_closer_reports_need_the_usual_interval_alone(tmp_path):
    county = with_section(tmp_path, "commands: {closer: {usual: 15min}}\n")
    assert load(county.write()).commands == Commands(closer=Closer(60, 1200.0, 900, 6, 30))


def test_closer_reports_as_they_are_written(tmp_path):
    text = "{usual: 5min, every: 30s, lasting: 10min, most_a_day: 2, battery: 50, on: true}"
    county = with_section(tmp_path, f"commands: {{closer: {text}}}\n")
    assert load(county.write()).commands.closer == Closer(30, 600.0, 300, 2, 50)


def test_closer_reports_can_be_switched_off(tmp_path):
    county = with_section(tmp_path, "commands: {closer: {usual: 15min, on: false}}\n")
    assert load(county.write()).commands.closer is None


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("{}", "11:20", "usual"),
        ("{usual: 1min}", "11:28", "longer than every"),
        ("{usual: 15min, every: 2min, lasting: 5min}", "11:20", "6min"),
        ("{usual: 15min, every: 10.5s}", "11:42", "whole"),
        ("{usual: 90.5s}", "11:28", "whole"),
        ("{usual: 15min, every: 1s}", "11:42", "10s"),
        ("{usual: 15min, lasting: 1d}", "11:44", "2h"),
        ("{usual: 15min, most_a_day: 0}", "11:47", "1"),
        ("{usual: 15min, battery: 101}", "11:44", "100"),
        ("{usual: 15min, for: 10min}", "11:35", "for"),
    ],
)
def test_closer_reports_that_cannot_be_are_named_with_their_place(tmp_path, text, where, said):
    (fault,) = with_section(tmp_path, f"commands: {{closer: {text}}}\n").faults("en")
    assert fault.startswith(f"gateway.yaml:{where}: "), fault
    assert said in fault
