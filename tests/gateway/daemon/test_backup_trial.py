"""A backup that is tried: a state is made anew from it, nothing of it changes, and what cannot be restored is said."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest
from stored_gateway import Running
from virtual import Told, tell

from gateway.cli.backing_up import made, tried_anew
from gateway.console.accounts.books import opened
from gateway.daemon import backup_notes, trial
from gateway.daemon.backup import back_up
from gateway.daemon.backup_notes import BackupNotes, note_made, note_tried, read
from gateway.daemon.trial import Tried, try_backup
from gateway.errors import OurFault, TransientFault, UserFault
from gateway.store.state_db import StateStore
from gateway.words.phrases import spoken

NOTHING = {
    "made": "", "made_seconds": "", "made_where": "", "tried": "", "tried_seconds": "", "tried_where": "",
    "tried_well": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def gateway(told, tmp_path_factory):
    """One that has run for a day, and a backup of it beside its storage directory."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "storage").mkdir()
    one = Running(told, folder / "storage")
    one.go_on(0.5, snapshot=True)
    one.go_on(0.95)
    opened(one.directory / "console.db").close()
    back_up(one.directory, folder / "backup")
    yield one
    one.close()


@pytest.fixture
def running(gateway):
    """Nothing is noted yet."""
    (gateway.directory / backup_notes.NAME).unlink(missing_ok=True)
    return gateway


@pytest.fixture
def copy(gateway, tmp_path):
    return shutil.copytree(gateway.directory.with_name("backup"), tmp_path / "copy")


def files(directory):
    return {path: sha256(path.read_bytes()).digest() for path in directory.rglob("*") if path.is_file()}


def spoil(path, at):
    """Turn one bit."""
    octets = bytearray(path.read_bytes())
    octets[at] ^= 1
    path.write_bytes(octets)


def test_the_state_is_that_of_the_gateway_and_the_backup_is_as_it_was(running, copy):
    before, state = files(copy), running.state
    unresolved = sum(not one.resolved for one in state.episodes.values())
    assert state.episodes
    assert try_backup(copy) == Tried(state.offset, state.offset, unresolved)
    assert files(copy) == before
    assert sorted(path.name for path in copy.parent.iterdir()) == ["copy"]


def test_while_it_is_tried_nobody_else_can_read_the_copy(copy, monkeypatch):
    modes, started = [], trial._started

    def looked(where):
        modes.extend(path.stat().st_mode & 0o077 for path in [where, *where.rglob("*")])
        return started(where)

    monkeypatch.setattr(trial, "_started", looked)
    try_backup(copy)
    assert modes
    assert not any(modes)


def test_what_an_earlier_trial_left_is_no_obstacle(copy):
    left = copy.with_name("copy.trying")
    left.mkdir()
    (left / "state.db").write_bytes(b"half")
    assert try_backup(copy).entries > 0
    assert not left.exists()


@pytest.mark.parametrize("name", ["state.db", "secret"])
def test_a_backup_that_lacks_a_file_cannot_be_restored(copy, name):
    (copy / name).unlink()
    with pytest.raises(OurFault) as refused:
        try_backup(copy)
    assert name in spoken(refused.value, "en")
    assert "不能用它恢复" in spoken(refused.value, "zh")


@pytest.mark.parametrize("damage", ["journal", "state.db", "console.db", "secret"])
def test_damage_is_said_and_noted_and_the_copy_of_it_goes(running, copy, damage):
    if damage == "journal":
        segment = next((copy / "journal").glob("*.journal"))
        with closing(sqlite3.connect(segment)) as db:
            ((body,),) = db.execute("SELECT body FROM batch ORDER BY first DESC LIMIT 1")
        spoil(segment, segment.read_bytes().index(body[100:140]))
    elif damage.endswith(".db"):
        (copy / damage).write_bytes(b"no database" * 1000)
    else:
        (copy / "secret").write_bytes(b"short")
    with pytest.raises(OurFault) as refused:
        tried_anew(running.directory, copy)
    assert "cannot be restored" in spoken(refused.value, "en")
    assert "不能恢复" in spoken(refused.value, "zh")
    notes = read(running.directory)
    assert notes.tried is not None
    assert (notes.tried.where, notes.well) == (str(copy), False)
    assert not copy.with_name("copy.trying").exists()


def test_a_backup_whose_first_days_somebody_has_removed_is_not_whole(copy, monkeypatch):
    monkeypatch.setattr(StateStore, "needed_offset", lambda _: -1)
    with pytest.raises(OurFault) as refused:
        try_backup(copy)
    assert "cannot be restored (its journal begins after its snapshots" in spoken(refused.value, "en")
    assert "不能恢复（日志缺最初几天" in spoken(refused.value, "zh")


def test_where_there_is_no_room_it_was_not_tried(running, copy, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(trial.shutil, "copytree", full)
    with pytest.raises(TransientFault) as refused:
        tried_anew(running.directory, copy)
    assert "could not be tried" in spoken(refused.value, "en")
    assert read(running.directory) == BackupNotes()


def test_what_is_not_there_is_the_askers_mistake(running, tmp_path):
    with pytest.raises(UserFault) as refused:
        tried_anew(running.directory, tmp_path / "nowhere")
    assert "没有" in spoken(refused.value, "zh")


def test_the_last_one_made_and_the_last_one_tried_are_noted(running, tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("gateway.cli.backing_up.time.time", lambda: now[0])
    made(running.directory, tmp_path / "first")
    now[0] = 2000.0
    said = tried_anew(running.directory, tmp_path / "first")
    assert f"{running.state.offset} entries" in said.en
    assert read(running.directory).figures(2600.5) == {
        "made": "1970-01-01T00:16:40Z", "made_seconds": 1600, "made_where": str(tmp_path / "first"),
        "tried": "1970-01-01T00:33:20Z", "tried_seconds": 600, "tried_where": str(tmp_path / "first"),
        "tried_well": True,
    }  # fmt: skip
    made(running.directory, tmp_path / "second")
    notes = read(running.directory)
    assert (notes.made.where, notes.tried.where) == (str(tmp_path / "second"), str(tmp_path / "first"))
    assert (running.directory / backup_notes.NAME).stat().st_mode & 0o777 == 0o600


def test_before_the_first_nothing_is_known_and_a_torn_note_is_none(tmp_path):
    assert read(tmp_path).figures(1.0) == NOTHING
    (tmp_path / backup_notes.NAME).write_bytes(b'{"made": {"at"')
    assert read(tmp_path).figures(1.0) == NOTHING
    note_made(tmp_path, tmp_path / "copy", 5.0)
    assert read(tmp_path).figures(1.0)["made_seconds"] == 0


def test_on_a_machine_without_a_gateway_it_is_tried_and_nothing_is_noted(copy, tmp_path):
    assert "can be restored" in tried_anew(tmp_path / "none", copy).en
    assert not (tmp_path / "none").exists()


def test_a_note_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(TransientFault) as refused:
        note_tried(tmp_path / "gone", tmp_path, 1.0, well=True)
    assert "没能记下" in spoken(refused.value, "zh")
