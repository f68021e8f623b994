"""`tokens`: made for one office and shown once, listed without it, taken back; each stands in the audit log."""

from __future__ import annotations

from contextlib import closing

import pytest
from looked import looked_in
from opened_county import county_with
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.console.accounts import tokens
from gateway.console.accounts.books import opened
from gateway.errors import UserFault
from gateway.words.phrases import spoken


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return county_with(tmp_path_factory.mktemp("tokens"))


def ran(county, *words):
    return CliRunner().invoke(app, ["tokens", *words, "--config", str(county[0]), "--lang", "en"])


def test_a_token_is_made_listed_and_taken_back(county):
    made = ran(county, "add", "city", "--office", "SFS-01", "--places")
    token = made.output.split()[-1]
    with closing(opened(county[1] / "console.db")) as db:
        assert tokens.holder(db, token).office == "SFS-01"
    again = ran(county, "add", "city", "--office", "SFS-01")
    assert "take another name" in spoken(again.exception, "en")
    listed = ran(county, "list").output
    assert listed.startswith("city  SFS-01  20")
    assert listed.endswith("with places\n")
    assert token not in listed
    assert ran(county, "revoke", "city").exit_code == 0
    assert ran(county, "list").output == ""
    assert isinstance(ran(county, "revoke", "city").exception, UserFault)
    assert [(one.what, one.about, one.door) for one in looked_in(county[1])] == [
        ("token_added", "city SFS-01 places", "files"), ("token_revoked", "city", "files"),
    ]  # fmt: skip


@pytest.mark.parametrize(("words", "says"), [
    (("a", "--office", "SFS-99"), "nobody is of the office SFS-99"), (("a b", "--office", "SFS-01"), "without spaces"),
])  # fmt: skip
def test_what_is_no_name_or_no_office_is_said(county, words, says):
    assert says in spoken(ran(county, "add", *words).exception, "en")
