"""What is not typed of a handing over is asked for: nothing of a person goes out without a purpose."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from gateway.cli import county, exporting, handing_over
from gateway.cli.app import app


@pytest.fixture
def told(monkeypatch):
    """What reaches those who hand over."""
    found = []
    monkeypatch.setattr(county, "opened", lambda *_, **__: None)
    for module, name in ((handing_over, "hand_over"), (exporting, "export_record")):
        monkeypatch.setattr(module, name, lambda _, whose, asked, *times: found.append((whose, asked, times)) or "done")
    return found


@pytest.mark.parametrize(("command", "whose"), [("evidence", "0123abcd"), ("export", "P0001")])
def test_recipient_purpose_document_and_approval_are_asked_for(told, command, whose):
    done = CliRunner().invoke(app, [command, whose, "-o", "x.json"], input="court\npenalty\n D-7 \nL01\n")
    assert done.exit_code == 0, done.output
    ((person, asked, _),) = told
    assert person == whose
    assert (asked.to, asked.purpose, asked.document, asked.approved_by) == ("court", "penalty", "D-7", "L01")
    assert not asked.minor
    for words in ("接收机关", "用途", "文号", "批准人"):
        assert words in done.output


@pytest.mark.parametrize("command", ["evidence", "export"])
def test_who_answers_nothing_gets_nothing(told, command):
    assert CliRunner().invoke(app, [command, "P0001", "-o", "x.json"], input="court\n").exit_code == 1
    assert told == []
