"""The ledger of devices at the command line: what is asked for, a list for people, lines for scripts."""

from __future__ import annotations

import json

import msgspec
import pytest
import typer.testing

from gateway.cli import county
from gateway.cli.enrolling import devices_app
from gateway.control.device_rows import DeviceRow
from gateway.settings.init import write_sample
from gateway.settings.load import load
from gateway.words.phrases import LANGUAGE

NOW = 1.8e9
ROW = DeviceRow("B0001", "jt808", "standard", "lost", "P0001", since=NOW - 4e5, contact=NOW - 4e5, replace_by=NOW + 9e4)


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """A command as typed; what the daemon was asked, and what was printed."""
    write_sample(tmp_path, "en")
    configuration, asked = load(tmp_path), []
    monkeypatch.setattr(county, "opened", lambda *_: LANGUAGE.set("en") and configuration)

    def told(_, request):
        asked.append(request)
        return {"now": NOW, "counts": {"lost": 1}, "left": 2, "rows": [msgspec.to_builtins(ROW)]}

    monkeypatch.setattr(county, "told", told)

    def run(*arguments):
        done = typer.testing.CliRunner().invoke(devices_app, ["ledger", *arguments])
        return done.exit_code, done.stdout, asked[-1]

    return run


def test_it_is_a_list_for_people(ran):
    code, said, request = ran("--state", "lost", "--device", "B0001", "--by", "T01")
    assert (code, request.kind, request.device, request.by) == (0, "lost", "B0001", "T01")
    words = " ".join(said.split())
    assert "silent or lost" in words
    assert "no report since 2027-01-11 00:53" in words
    assert "replace by Saturday" in words
    assert "Of 2 more" in words


def test_and_a_line_a_bracelet_for_scripts(ran):
    code, said, _ = ran("--json")
    assert (code, [json.loads(line) for line in said.splitlines()]) == (0, [msgspec.to_builtins(ROW)])
