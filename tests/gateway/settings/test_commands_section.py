"""The section ``commands``: how patient the gateway is with devices that were given an order."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.load import load
from gateway.settings.model import Commands


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
