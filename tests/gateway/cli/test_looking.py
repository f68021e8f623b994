"""Commands that read files themselves: the look is in the journal before anything is printed, or nothing is."""

from __future__ import annotations

import csv
import getpass
import io
import json
import os
from contextlib import closing

import pytest
from looked import looked_in
from made_episodes import episode
from opened_county import county_with
from typer.testing import CliRunner

from gateway.cli import looking
from gateway.cli.app import app
from gateway.daemon.lock import Lock
from gateway.errors import TransientFault, UserFault
from gateway.journal import FileJournal, aside, verify
from gateway.journal.aside import append_aside
from gateway.journal.controls import Audited
from gateway.store.state_db import Event, StateStore
from gateway.words.phrases import spoken

ME = getpass.getuser()
STAFF = """
staff:
  - {number: A01, user: shenji, roles: [auditor]}
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: L01, roles: [leader]}
"""


@pytest.fixture
def county(tmp_path):
    """A county whose gateway has raised an alarm and does not run."""
    directory, storage = county_with(tmp_path)
    one = episode("curfew_late", latitude=24.31, longitude=109.43, radius_m=30.0)
    with closing(StateStore(storage / "state.db")) as store:
        store.commit([Event("1", one.id, one.severity, b"{}", one)], [], 1)
    return directory, storage


def ran(county, *words):
    return CliRunner().invoke(app, [*words, "--config", str(county[0]), "--lang", "en"])


def test_a_list_and_an_alarm_are_entered_before_they_are_shown(county):
    assert ran(county, "alarms", "list").exit_code == 0
    shown = ran(county, "alarms", "show", "000")
    assert "109.43" in shown.output
    said = [(one.what, one.number, one.account, one.door, one.person, one.about) for one in looked_in(county[1])]
    assert said == [("alarms", ME, ME, "files", "", ""), ("alarms", ME, ME, "files", "P0001", "000")]
    assert verify(FileJournal(county[1] / "journal", read_only=True)).entries == 2


@pytest.mark.parametrize("words", [["report"], ["dates"], ["draft", "list"], ["audit"]])
def test_where_no_gateway_has_ever_run_that_is_said(tmp_path, words):
    directory, storage = county_with(tmp_path)
    if storage.exists():
        storage.rmdir()
    shown = ran((directory, storage), *words)
    assert isinstance(shown.exception, UserFault)
    assert "has not run here yet" in spoken(shown.exception, "en")


def test_while_somebody_holds_the_storage_nothing_is_shown(county, monkeypatch):
    monkeypatch.setattr(aside, "PATIENCE", 0.0)
    with Lock(county[1] / "lock"):
        shown = ran(county, "alarms", "show", "000")
    assert isinstance(shown.exception, TransientFault)
    assert "nothing is shown" in spoken(shown.exception, "en")
    assert shown.output == ""
    assert not (county[1] / "journal").exists()


def test_an_account_of_the_table_has_its_roles_here_too(county, monkeypatch):
    monkeypatch.setattr(looking, "account", lambda: "shenji")
    main = county[0] / "gateway.yaml"
    main.write_text(main.read_text("utf-8") + STAFF, "utf-8")
    shown = ran(county, "alarms", "show", "000", "--json")
    assert shown.exception is None, shown.exception
    assert json.loads(shown.output)["position"] is None
    refused = ran(county, "inspect", "alarm")
    assert isinstance(refused.exception, UserFault)
    assert "A01 may not inspect" in spoken(refused.exception, "en")
    assert ran(county, "audit").exit_code == 0
    said = [(one.what, one.number, one.roles, one.ok) for one in looked_in(county[1])]
    assert said == [(what, "A01", ("auditor",), what != "inspect") for what in ("alarms", "inspect", "audit")]


def test_the_log_is_listed_in_three_forms_and_found_by_what_is_asked(county):
    for number, person in (("D01", "P0001"), ("D02", "P0002"), ("D01", "P0002")):
        append_aside(county[1], [Audited("track", number, door="cli", person=person, purpose="=1")], 1e9)
    lines = ran(county, "audit", "--staff", "D01", "--json").output.splitlines()
    assert [(json.loads(line)["person"], json.loads(line)["at"][:4]) for line in lines] == [
        ("P0002", "2001"),
        ("P0001", "2001"),
    ]
    table = list(csv.DictReader(io.StringIO(ran(county, "audit", "--person", "P0002", "--csv").output[1:])))
    assert [(row["number"], row["what"], row["purpose"]) for row in table if row["what"] == "track"] == [
        ("D01", "track", "'=1"),
        ("D02", "track", "'=1"),
    ]
    assert "command line" in ran(county, "audit", "--limit", "9").output
    assert ran(county, "audit", "--since", "2001-09-10", "--json").output.count("track") == 0
    unknown = ran(county, "audit", "--what", "dance")
    assert "there is no dance" in spoken(unknown.exception, "en")
    assert {one.what for one in looked_in(county[1])} == {"track", "audit"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_what_root_enters_is_the_storages_owners(county):
    storage = county[1]
    for path in (storage, *storage.rglob("*")):
        os.chown(path, 12_345, 12_346)
    for above in (storage.parent, *storage.parent.parents):
        if above.stat().st_uid == 0 and above.stat().st_mode & 0o001 == 0:
            above.chmod(above.stat().st_mode | 0o011)
    assert ran(county, "alarms", "list").exit_code == 0
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in storage.rglob("*.journal*")}
    assert owners == {(12_345, 12_346)}
    assert os.geteuid() == 0


def test_a_journal_of_a_gateway_is_not_replayed_unseen_and_a_copy_is_nobodys(county, tmp_path):
    assert ran(county, "alarms", "list").exit_code == 0
    words = ["replay", "--journal", str(county[1] / "journal"), "--alarms", str(tmp_path / "out")]
    CliRunner().invoke(app, words)
    assert [one.what for one in looked_in(county[1])] == ["alarms", "replay"]
    copy = tmp_path / "copy" / "journal"
    copy.mkdir(parents=True)
    for path in (county[1] / "journal").iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    CliRunner().invoke(app, [*words[:2], str(copy), *words[3:]])
    assert len(looked_in(copy.parent)) == 2
