"""What passes by itself is told by class from what does not: real errors of SQLite and of the file system."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing

import pytest

from gateway.errors import OurFault, TransientFault
from gateway.fault_table import FAULTS
from gateway.sqlite_faults import in_our_words, judged, kind_of, passes
from gateway.store import state_db
from gateway.store.state_db import StateStore

TABLE = "CREATE TABLE one (x INTEGER NOT NULL UNIQUE CHECK (x < 9)) STRICT"
PAGE = 4096


def fault_of(path, statement, *before):
    """What SQLite raises at a statement."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
        for each in (TABLE, "INSERT INTO one VALUES (1)", *before):
            db.execute(each)
        with pytest.raises(sqlite3.Error) as raised:
            db.execute(statement)
    return raised.value


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO one VALUES (1)", "INSERT INTO one VALUES (NULL)", "INSERT INTO one VALUES (9)",
     "INSERT INTO one VALUES ('x')", "CREATE TABLE one (y)", "INSERT INTO one (y) VALUES (1)", "COMMIT"],
)  # fmt: skip
def test_a_row_that_contradicts_its_table_is_a_bug(tmp_path, statement):
    fault = fault_of(tmp_path / "x.db", statement)
    assert not passes(fault)
    said = judged("use", "x", fault)
    assert isinstance(said, OurFault)
    assert "That is a bug" in str(said)


def test_a_database_that_is_used_after_its_end_is_a_bug(tmp_path):
    db = sqlite3.connect(tmp_path / "x.db")
    db.close()
    with pytest.raises(sqlite3.Error) as raised:
        db.execute("SELECT 1")
    assert isinstance(judged("use", "x", raised.value), OurFault)


def test_a_full_disk_passes(tmp_path):
    full = fault_of(
        tmp_path / "x.db",
        "INSERT INTO big VALUES (zeroblob(99999))",
        "CREATE TABLE big (b)",
        "PRAGMA max_page_count = 1",
    )
    assert "full" in str(full)
    said = judged("use", "x", full)
    assert isinstance(said, TransientFault)
    assert str(said) == f"x cannot be used: the disk is full ({full}). {FAULTS['full'].advice.en}"
    assert said.args[0].zh == f"x 用不了：磁盘已满（{full}）；{FAULTS['full'].advice.zh}"


def test_a_lock_passes_and_so_does_what_the_file_system_says(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as holder:
        holder.execute(TABLE)
        holder.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(tmp_path / "x.db", timeout=0)) as db, pytest.raises(sqlite3.Error) as raised:
            db.execute("SELECT * FROM one")
    assert isinstance(judged("use", "x", raised.value), TransientFault)
    assert "the disk is full (No space left on device)" in str(
        judged("use", "x", OSError(28, "No space left on device"))
    )


@pytest.mark.parametrize("content", [b"no database, " * 1000, None])
def test_damage_does_not_pass_and_says_what_to_do(tmp_path, content):
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{TABLE}; PRAGMA journal_mode = DELETE")
    path.write_bytes(path.read_bytes()[:PAGE] + b"\x55" * PAGE if content is None else content)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.Error) as raised:
        db.execute("INSERT INTO one VALUES (1)").fetchall()
    said = judged("use", "x", raised.value)
    assert isinstance(said, OurFault)
    assert str(said).endswith(FAULTS["damaged"].advice.en)


def test_a_state_that_somebody_holds_is_no_damage(tmp_path, monkeypatch):
    monkeypatch.setattr(state_db, "PATIENCE", 0.0)
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(
            TransientFault, match=r"cannot open .*state\.db: another program holds the file \(database is locked\)"
        ):
            StateStore(tmp_path / "state.db")
    StateStore(tmp_path / "state.db").close()


def test_a_state_that_is_just_being_made_is_no_damage(tmp_path):
    (tmp_path / "state.db").touch()
    unmade = StateStore(tmp_path / "state.db", read_only=True)
    with closing(unmade), pytest.raises(TransientFault, match=r"state\.db cannot be read: .*no such table"):
        unmade.figures()
    with pytest.raises(TransientFault, match="cannot open"):
        StateStore(tmp_path / "none.db", read_only=True)


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EFBIG, "full"), (errno.EROFS, "read_only"),
     (errno.EIO, "io"), (errno.EACCES, "denied"), (errno.EMFILE, "descriptors"), (errno.ENOENT, "unopened"),
     (errno.EXDEV, "other")],
)  # fmt: skip
def test_what_the_system_says_has_its_row_and_passes(number, kind):
    fault = OSError(number, os.strerror(number), "a file")
    assert kind_of(fault) == kind
    with pytest.raises(TransientFault) as raised, in_our_words("write", "a file"):
        raise fault
    said = raised.value.args[0]
    assert said.zh == f"a file 写不了：{FAULTS[kind].said.zh}（{fault.strerror}）；{FAULTS[kind].advice.zh}"
    assert said.en == f"a file cannot be written: {FAULTS[kind].said.en} ({fault.strerror}). {FAULTS[kind].advice.en}"


def test_a_file_that_may_not_be_written_or_opened_has_its_row(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        db.execute(TABLE)
    with closing(sqlite3.connect(f"file:{tmp_path}/x.db?mode=ro", uri=True)) as db:
        with pytest.raises(sqlite3.Error) as raised:
            db.execute("INSERT INTO one VALUES (1)")
        assert kind_of(raised.value) == "read_only"
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(tmp_path / "nowhere" / "x.db")
    assert kind_of(raised.value) == "unopened"


def test_no_code_stands_in_two_rows():
    codes = [code for kind in FAULTS.values() for code in kind.codes]
    numbers = [number for kind in FAULTS.values() for number in kind.errnos]
    assert len(set(codes)) == len(codes)
    assert len(set(numbers)) == len(numbers)
