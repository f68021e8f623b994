"""The backup: whole or not there, private, never ahead of its journal, and a gateway starts from it."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from looked import looked_in
from stored_gateway import Running
from virtual import Told, tell

from gateway.console.accounts import account
from gateway.console.accounts.books import opened
from gateway.daemon import backup
from gateway.daemon.backup import back_up
from gateway.daemon.recovery import Recovery
from gateway.errors import OurFault, TransientFault, UserFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal, verify
from gateway.journal.controls import Audited
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from gateway.engine.state import EngineState


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture
def running(told, tmp_path):
    (tmp_path / "storage").mkdir()
    one = Running(told, tmp_path / "storage")
    one.go_on(0.6, snapshot=True)
    yield one
    one.close()


def started_from(directory) -> tuple[EngineState, int, int]:
    """The state of a gateway that starts there, the journal's end, and how many messages it says anew."""
    with closing(StateStore(directory / "state.db")) as store:
        journal = FileJournal(directory / "journal")
        state, tail = Recovery(store, journal, PolicyShelf(journal)).run()
        end = journal.next_offset
        journal.close()
        return state, end, len(tail.outcomes)


def test_a_gateway_starts_from_the_backup_of_a_running_one(running, tmp_path):
    seen = back_up(running.directory, tmp_path / "copy")
    assert seen.ends == running.state.offset == verify(FileJournal(tmp_path / "copy" / "journal", read_only=True)).ends
    assert (tmp_path / "copy" / "secret").read_bytes() == b"s" * 32
    state, end, said = started_from(tmp_path / "copy")
    assert (state.offset, end, said) == (running.state.offset, running.state.offset, 0)
    assert sorted(state.episodes) == sorted(running.state.episodes)
    running.go_on(1.0)


def test_what_comes_between_the_copies_is_in_the_journal_and_not_lost(running, tmp_path, monkeypatch):
    copy, copied = backup._copy_database, []

    def slow(source, target):
        copy(source, target)
        copied.append(source.name)
        if source.name == "state.db":
            running.go_on(0.8)

    monkeypatch.setattr(backup, "_copy_database", slow)
    back_up(running.directory, tmp_path / "copy")
    assert copied[0] == "state.db"
    state, end, _ = started_from(tmp_path / "copy")
    assert state.offset == end == running.state.offset
    with closing(StateStore(tmp_path / "copy" / "state.db", read_only=True)) as store:
        assert sorted(store.events()) <= sorted(running.store.events())


def test_it_is_whole_files_and_nothing_beside_them(running, tmp_path):
    """The history is not among them, nor what is compiled: whoever starts from it derives that."""
    with closing(DayHistory(running.directory / "history")) as history:
        history.flush(running.state.offset)
    (running.directory / "compiled").write_bytes(b"for the next start")
    back_up(running.directory, tmp_path / "copy")
    names = {path.name for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    days = {path.name for path in running.journal.segments()}
    snapshots = {path.name for path in (running.directory / "snapshots").iterdir()}
    assert names == {"state.db", "secret", "configurations"} | days | snapshots


def test_the_accounts_and_the_audit_log_of_the_desk_are_in_it(running, tmp_path):
    look, gathering = Audited("place", "D01", person="P0001", purpose="why"), Gathering()
    gathering.add(EntryKind.AUDIT, 2e9, NO_ORIGIN, msgspec.json.encode(look))
    running.journal.append(gathering.batch())
    with closing(opened(running.directory / "console.db")) as db:
        account.put(db, account.Account("D01", "kept", ""))
        back_up(running.directory, tmp_path / "copy")
    with closing(opened(tmp_path / "copy" / "console.db")) as copy:
        assert [one.number for one in account.listed(copy)] == ["D01"]
    assert looked_in(tmp_path / "copy") == [look]


def test_it_is_for_its_owner_alone(running, tmp_path):
    back_up(running.directory, tmp_path / "copy")
    for path in [tmp_path / "copy", *(tmp_path / "copy").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_nothing_is_written_over(running, tmp_path):
    (tmp_path / "copy").mkdir()
    with pytest.raises(UserFault) as refused:
        back_up(running.directory, tmp_path / "copy")
    assert "已存在" in spoken(refused.value, "zh")
    assert list((tmp_path / "copy").iterdir()) == []


def test_where_a_gateway_never_ran_there_is_nothing_to_copy(tmp_path):
    with pytest.raises(UserFault):
        back_up(tmp_path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_one_that_fails_has_not_the_name_and_the_next_one_does_not_mind(running, tmp_path):
    secret = running.directory / "secret"
    secret.rename(secret.with_name("elsewhere"))
    with pytest.raises(TransientFault):
        back_up(running.directory, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    secret.with_name("elsewhere").rename(secret)
    back_up(running.directory, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "storage"]


def test_damage_is_not_copied_in_silence(running, tmp_path):
    running.close()
    segment = next((running.directory / "journal").glob("*.journal"))
    damaged = bytearray(segment.read_bytes())
    stored = running.told.entries.slice(0, running.journal.next_offset)
    at = damaged.rindex(stored.payload[-200:-150].tobytes())
    damaged[at] ^= 1
    segment.write_bytes(damaged)
    with pytest.raises((OurFault, TransientFault)):
        back_up(running.directory, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_days_removed_meanwhile_are_noticed(running, tmp_path, monkeypatch):
    monkeypatch.setattr(StateStore, "needed_offset", lambda _: -1)
    with pytest.raises(TransientFault) as refused:
        back_up(running.directory, tmp_path / "copy")
    assert "try again" in spoken(refused.value, "en")
    assert not (tmp_path / "copy").exists()


def test_a_copy_of_the_copy_is_as_good(running, tmp_path):
    back_up(running.directory, tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", tmp_path / "restored")
    assert started_from(tmp_path / "restored")[0].offset == running.state.offset


def test_one_that_finds_no_room_says_so_and_leaves_nothing_of_itself(running, tmp_path, monkeypatch):
    def full(_source, target):
        target.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup, "_copy_database", full)
    with pytest.raises(TransientFault) as raised:
        back_up(running.directory, tmp_path / "copy")
    assert "磁盘已满（No space left on device）；请腾出空间" in spoken(raised.value, "zh")
    assert "the disk is full (No space left on device). Make room" in spoken(raised.value, "en")
    assert list(tmp_path.glob("copy*")) == []
