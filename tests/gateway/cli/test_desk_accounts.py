"""Accounts of the desk at the command line: what is given once, who is let in, and that all of it is written down."""

from __future__ import annotations

import getpass
import json
import re
import sys
import time
from contextlib import closing

import pyotp
import pytest
from looked import looked_in

from gateway.cli.app import main
from gateway.console.accounts import account, knocks
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords
from gateway.settings.init import write_sample

STAFF = """
staff:
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: L01, roles: [leader]}
"""


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path, "zh")
    written = tmp_path / "gateway.yaml"
    written.write_text(written.read_text("utf-8") + STAFF, "utf-8")
    return tmp_path


@pytest.fixture
def typed(monkeypatch, capsys, county):
    """Types a command; returns its exit code and what it says."""

    def type_(*words, lang="en"):
        monkeypatch.setattr(
            sys, "argv", ["bracelet-gateway", "console-accounts", *words, "--config", str(county), "--lang", lang]
        )
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, "".join(capsys.readouterr())

    return type_


def stored(county, question):
    with closing(opened(county / "data" / FILE)) as db:
        return question(db)


def test_what_is_given_once_opens_the_account_and_is_kept_nowhere(typed, county):
    code, said = typed("add", "D01")
    password = re.search(r"first login\): (\S+)", said)[1]
    uri = re.search(r"otpauth://\S+", said)[0]
    found = stored(county, lambda db: account.one(db, "D01"))
    assert code == 0
    assert Passwords().match(found.password, password)
    assert pyotp.parse_uri(uri).secret == found.factor
    assert found.must_change
    assert password.encode() not in (county / "data" / FILE).read_bytes()
    assert "█" in said


def test_nobody_gets_an_account_who_is_not_in_the_staff_or_has_one(typed):
    assert typed("add", "Z99")[0] == 2
    assert typed("add", "D01")[0] == 0
    code, said = typed("add", "D01")
    assert code == 2
    assert "console-accounts reset D01" in said


@pytest.mark.parametrize("what", ["reset", "unlock"])
def test_what_has_no_account_is_said_with_how_to_make_one(typed, what):
    code, said = typed(what, "D02")
    assert code == 2
    assert "console-accounts add D02" in said


def test_a_reset_gives_both_anew_ends_sessions_and_unlocks(typed, county):
    typed("add", "D01")
    before = stored(county, lambda db: account.one(db, "D01"))
    stored(county, lambda db: [knocks.knock(db, "D01", time.time()) for _ in range(5)])
    stored(county, lambda db: db.execute("INSERT INTO session VALUES (x'00','n','D01','',1,1,NULL)"))
    typed("reset", "D01")
    after = stored(county, lambda db: account.one(db, "D01"))
    assert after.password != before.password
    assert after.factor != before.factor
    assert stored(county, lambda db: knocks.locked(db, time.time())) == {}
    assert stored(county, lambda db: db.rows("SELECT count(*) FROM session WHERE ended IS NULL")) == [(0,)]


def test_a_number_that_is_locked_is_listed_and_let_in_again(typed, county):
    typed("add", "D01")
    stored(county, lambda db: [knocks.knock(db, "D01", time.time()) for _ in range(5)])
    assert "locked until" in typed("list")[1]
    assert "D01 is unlocked" in typed("unlock", "D01")[1]
    assert "D01 was not locked" in typed("unlock", "D01")[1]
    assert "locked until" not in typed("list")[1]


def test_the_list_names_all_of_the_staff_and_accounts_of_nobody(typed, county):
    typed("add", "D01")
    stored(county, lambda db: account.put(db, account.Account("OLD", "", "")))
    lines = {line["number"]: line for line in map(json.loads, typed("list", "--json")[1].splitlines())}
    assert set(lines) == {"D01", "D02", "L01", "OLD"}
    assert [lines[number]["account"] for number in ("D01", "D02", "OLD")] == [True, False, True]
    assert (lines["D01"]["roles"], lines["D01"]["must_change"], lines["D01"]["second_factor"]) == (["duty"], True, True)
    said = typed("list", lang="zh")[1]
    assert "没有账号" in said
    assert "已不在 staff 表中" in said


def test_each_command_stands_in_the_audit_log_by_the_account_it_was_given_from(typed, county):
    typed("add", "D01")
    typed("reset", "D01")
    typed("unlock", "D01")
    rows = [(one.number, one.what, one.about) for one in looked_in(county / "data")]
    me = getpass.getuser()
    assert rows == [(me, f"account_{what}", "D01") for what in ("added", "reset", "unlocked")]
