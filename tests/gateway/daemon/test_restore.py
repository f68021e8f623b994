"""A backup put back: what it has comes with its modes, what was there stays aside, and the gateway goes on."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from contextlib import closing
from dataclasses import replace
from hashlib import sha256

import pytest
from stored_gateway import Running
from virtual import Told, tell

from gateway.clock import SystemClock
from gateway.console.accounts.books import opened
from gateway.daemon import restore as restoring
from gateway.daemon.backup import back_up
from gateway.daemon.daemon import Daemon
from gateway.daemon.lock import Lock
from gateway.daemon.recovery import Recovery
from gateway.daemon.restore import restore
from gateway.errors import OurFault, TransientFault, UserFault
from gateway.journal import FileJournal
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore
from gateway.words.phrases import spoken

NOW = 1_800_000_000.0
ASIDE = "replaced-20270115-080000"


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def made(told, tmp_path_factory):
    """A backup of half a day, open to others as a copy on a foreign disk is, and what the gateway said in all of it."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "storage").mkdir()
    one = Running(told, folder / "storage")
    one.go_on(0.5, snapshot=True)
    opened(one.directory / "console.db").close()
    back_up(one.directory, folder / "backup")
    for path in (folder / "backup").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    one.go_on(1.0)
    said = one.store.events()
    one.close()
    return folder / "backup", said


@pytest.fixture
def backup(made):
    return made[0]


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


def files(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def digests(directory):
    return {path: sha256(octets).digest() for path, octets in files(directory).items()}


def test_what_a_backup_has_comes_closed_to_others_and_nothing_else_is_left(storage, backup):
    before = digests(backup)
    done = restore(storage, backup, NOW, replaces=False)
    assert done.aside is None
    assert done.tried.entries > 0
    assert digests(backup) == before
    assert digests(storage) == before | {"lock": sha256(b"").digest()}
    assert {"state.db", "secret", "console.db"} < before.keys()
    modes = {path.stat().st_mode & 0o777 for path in storage.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {path.stat().st_mode & 0o777 for path in storage.rglob("*") if path.is_dir()} == {0o700}


def test_the_gateway_goes_on_where_the_backup_ends_and_says_the_same_again_under_the_same_ids(told, storage, made):
    """What devices still hold comes again: each alarm that went out after the backup has the id that it had."""
    backup, said = made
    restore(storage, backup, NOW, replaces=False)
    with closing(StateStore(storage / "state.db")) as store, closing(FileJournal(storage / "journal")) as journal:
        before = store.events()
        state, tail = Recovery(store, journal, PolicyShelf(journal)).run()
        assert (state.offset, tail.outcomes) == (journal.next_offset, [])
        one = Running.__new__(Running)
        one.told, one.directory, one.journal, one.store, one.state = told, storage, journal, store, state
        one.go_on(1.0)
        again = store.events()
    assert len(before) < len(said)
    assert [json.loads(body)["id"] for body in again] == [json.loads(body)["id"] for body in said]
    assert again == said


def test_what_is_there_is_replaced_if_asked_for_alone_and_stays_aside(storage, backup):
    (storage / "journal").mkdir(parents=True)
    (storage / "state.db").write_bytes(b"old")
    (storage / "history").mkdir()
    with pytest.raises(UserFault) as refused:
        restore(storage, backup, NOW, replaces=False)
    assert "--replace" in spoken(refused.value, "en")
    assert "--replace" in spoken(refused.value, "zh")
    assert (storage / "state.db").read_bytes() == b"old"
    done = restore(storage, backup, NOW, replaces=True)
    assert done.aside == storage / ASIDE
    assert (done.aside / "state.db").read_bytes() == b"old"
    assert not (storage / "history").exists()
    restore(storage, backup, NOW + 1.0, replaces=True)
    assert (storage / ASIDE / "state.db").read_bytes() == b"old"
    assert digests(backup).items() <= digests(storage).items()


def test_nothing_is_restored_under_a_gateway_that_runs(storage, backup):
    storage.mkdir()
    with Lock(storage / "lock"), pytest.raises(UserFault, match="another gateway is running"):
        restore(storage, backup, NOW, replaces=True)
    assert [path.name for path in storage.iterdir()] == ["lock"]


@pytest.mark.parametrize("case", ["nowhere", "incomplete", "damaged"])
def test_what_cannot_be_restored_changes_nothing_and_is_called_by_its_own_name(storage, backup, tmp_path, case):
    copy = tmp_path / "carried"
    if case != "nowhere":
        shutil.copytree(backup, copy)
    if case == "incomplete":
        (copy / "secret").unlink()
    elif case == "damaged":
        (copy / "state.db").write_bytes(b"no database" * 100)
    storage.mkdir()
    (storage / "state.db").write_bytes(b"old")
    with pytest.raises((UserFault, OurFault)) as refused:
        restore(storage, copy, NOW, replaces=True)
    assert str(copy) in spoken(refused.value, "en")
    assert files(storage) == {"state.db": b"old", "lock": b""}


@pytest.mark.parametrize("moves", [0, 1, 3, 6])
def test_a_restore_that_breaks_off_lets_nothing_start_until_it_is_done_again(told, storage, backup, monkeypatch, moves):
    (storage / "journal").mkdir(parents=True)
    (storage / "state.db").write_bytes(b"old")
    left, rename = [moves], type(storage).rename

    def breaks(path, target):
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return rename(path, target)

    monkeypatch.setattr(type(storage), "rename", breaks)
    with pytest.raises(TransientFault, match="No space left"):
        restore(storage, backup, NOW, replaces=True)
    with pytest.raises(UserFault, match="was broken off"):
        asyncio.run(Daemon(stored_at(told, storage), SystemClock()).run())
    monkeypatch.undo()
    restore(storage, backup, NOW + 60.0, replaces=True)
    assert digests(backup).items() <= digests(storage).items()
    assert not (storage / restoring.UNFINISHED).exists()
    kept = [octets for path, octets in files(storage).items() if path.endswith("/state.db")]
    assert b"old" in kept


def stored_at(told, storage):
    configuration = told.policy.configuration
    return replace(configuration, storage=replace(configuration.storage, directory=str(storage)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_what_root_restores_is_the_services(storage, backup):
    storage.mkdir()
    os.chown(storage, 65_534, 65_534)
    restore(storage, backup, NOW, replaces=False)
    owners = {path.stat().st_uid for path in storage.rglob("*")}
    assert owners == {65_534}
