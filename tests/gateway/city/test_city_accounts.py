"""Accounts of a city's desk on the command line: made, listed, written down in the city's own audit log."""

from __future__ import annotations

import json

import pytest
from city_desk import written
from looked import found_in
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.console.accounts.books import FILE
from gateway.errors import UserFault


def told(city, *words):
    line = ["console-accounts", *words, "--city", "--config", str(city), "--lang", "en"]
    done = CliRunner().invoke(app, line)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_an_account_of_a_citys_staff_is_made_once_and_written_down(tmp_path):
    city = written(tmp_path / "city")
    assert "otpauth://totp/" in told(city, "add", "C01")
    with pytest.raises(UserFault, match="C01"):
        told(city, "add", "C01")
    with pytest.raises(UserFault, match="D77"):
        told(city, "add", "D77")
    told(city, "reset", "C01")
    told(city, "unlock", "C01")
    lines = [json.loads(line) for line in told(city, "list", "--json").splitlines()]
    assert [(one["number"], one["roles"], one["account"]) for one in lines] == [
        ("A01", ["auditor"], False), ("C01", ["leader"], True),
    ]  # fmt: skip
    assert (city / "state" / FILE).exists()
    said = [(one.said.what, one.said.about) for one in found_in(city / "state")]
    assert said == [("account_added", "C01"), ("account_reset", "C01"), ("account_unlocked", "C01")]
