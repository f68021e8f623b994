"""Files of ours are for our account alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from contextlib import closing

import pytest
from gateway_entries import batch

from gateway.daemon.lock import Lock
from gateway.journal import FileJournal
from gateway.private import close_to_others, opener, private
from gateway.store.state_db import StateStore


@pytest.fixture(autouse=True)
def open_hand():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(directory):
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}


def test_journal_and_state_are_their_owners_with_all_that_stands_beside_them(tmp_path):
    journal = FileJournal(tmp_path / "journal")
    journal.append(batch(1.0))
    journal.store_configuration("d", {"gateway.yaml": "x"})
    with closing(StateStore(tmp_path / "state.db")) as store, Lock(tmp_path / "lock"):
        store.forget_commands(1.0)
        found = modes(tmp_path)
    journal.close()
    assert {"state.db", "state.db-wal", "state.db-shm", "lock", "configurations"} < set(found)
    assert any(name.endswith(".journal-wal") for name in found)
    assert set(found.values()) == {0o600}


def test_what_was_open_is_closed_and_nothing_is_made_larger(tmp_path):
    (tmp_path / "below").mkdir(mode=0o755)
    for name, mode in {"a": 0o644, "below/b": 0o666, "c": 0o400}.items():
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(mode)
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (tmp_path / "link").symlink_to(outside)
    close_to_others(tmp_path)
    assert modes(tmp_path) == {"a": 0o600, "b": 0o600, "c": 0o400, "link": 0o644}


def test_a_file_that_is_there_keeps_its_text_and_loses_its_readers(tmp_path):
    path = tmp_path / "x"
    path.write_text("kept")
    path.chmod(0o644)
    assert private(path).read_text() == "kept"
    assert modes(tmp_path) == {"x": 0o600}


def test_an_export_that_is_made_is_its_owners_and_one_that_was_opened_on_purpose_stays_so(tmp_path):
    for name in ("new", "shared"):
        if name == "shared":
            (tmp_path / name).touch(0o640)
        with open(tmp_path / name, "a", opener=opener) as out:
            out.write("x")
    assert modes(tmp_path) == {"new": 0o600, "shared": 0o640}
