"""Snapshots as files: a whole one and its changes; what is torn or missing costs what comes behind it alone."""

from __future__ import annotations

import gzip
import os
import sqlite3
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from timeline import AWAY, HOME, Timeline, at

from gateway.engine.image import Image
from gateway.engine.snapshot import restore, snapshot_of
from gateway.errors import TransientFault
from gateway.store import snapshot_file
from gateway.store.snapshot_file import FORMAT
from gateway.store.snapshots import CHAINS, LITTLE
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.engine.state import EngineState

SAVES = 4


def followed(image: Image, state: EngineState, store: StateStore) -> Image:
    for _ in image.follow(state, whole=store.wants_whole(image)):
        pass
    return image


def same(one: EngineState | None, other: EngineState) -> bool:
    return one is not None and (one.offset, snapshot_of(one).parts) == (other.offset, snapshot_of(other).parts)


class Saving:
    """A storage directory in which a state is saved after each report."""

    def __init__(self, path: Path) -> None:
        self.store, self.image, self.told = StateStore(path / "state.db"), Image(), Timeline.of()
        self.states: list[EngineState] = []

    def save(self) -> None:
        """One more report, and the state saved: whole the first time."""
        self.told.report(at(0, 13 + 0.1 * len(self.states)), AWAY if len(self.states) % 2 else HOME)
        self.told.run()
        self.states.append(restore(snapshot_of(self.told.state)))
        self.store.note_applied(self.told.state.offset)
        self.store.save_image(followed(self.image, self.told.state, self.store))

    @property
    def files(self) -> list[Path]:
        return sorted(self.store.snapshots.directory.iterdir())


@pytest.fixture
def saving(tmp_path):
    one = Saving(tmp_path)
    for _ in range(SAVES):
        one.save()
    yield one
    one.store.close()


def loaded(path: Path) -> EngineState | None:
    """As a later process finds it."""
    store = StateStore(path / "state.db", read_only=True)
    found = store.load_snapshot()
    assert (found.until if found else 0) <= store.snapshot_offset() or store.snapshot_offset() == 0
    store.close()
    return restore(found) if found else None


def test_what_has_changed_is_saved_and_the_whole_is_found_again(saving, tmp_path):
    assert len(saving.files) == SAVES
    whole, *changes = (path.stat().st_size for path in saving.files)
    assert len({path.name.split("-")[0] for path in saving.files}) == 1
    assert max(changes) < whole
    assert same(loaded(tmp_path), saving.told.state)
    assert saving.store.snapshot_offset() == saving.told.state.offset
    assert StateStore(tmp_path / "state.db").snapshot_offset() == saving.told.state.offset


def with_a_bit_changed(content: bytearray) -> bytes:
    """The first from the middle on that says something: the format has bits that nobody reads."""
    begin = len(content) // 2
    others = (bytes((*content[:at], content[at] ^ 1, *content[at + 1 :])) for at in range(begin, len(content)))
    return next(other for other in others if is_damaged(other))


def is_damaged(content: bytes) -> bool:
    try:
        gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return True
    return False


@pytest.mark.parametrize("how", ["missing", "torn", "a bit", "empty", "of another chain", "newer"])
@pytest.mark.parametrize("which", range(1, SAVES))
def test_a_change_that_is_not_what_was_written_costs_what_comes_behind_it(saving, tmp_path, which, how):
    path = saving.files[which]
    content = bytearray(path.read_bytes())
    if how == "missing":
        path.unlink()
    elif how == "newer":
        said, found = snapshot_file.read(path)
        snapshot_file.write(path, snapshot_file.About(FORMAT + 1, said.id, said.after, said.offset), found)
    elif how == "of another chain":
        said, found = snapshot_file.read(path)
        snapshot_file.write(path, snapshot_file.About(FORMAT, said.id, "0" * 16, said.offset), found)
    else:
        path.write_bytes({"torn": content[:-9], "a bit": with_a_bit_changed(content), "empty": b""}[how])
    assert same(loaded(tmp_path), saving.states[which - 1])


def test_of_a_whole_one_that_is_damaged_the_chain_before_is_taken(saving, tmp_path):
    saving.image = Image()
    saving.save()
    saving.save()
    assert len({path.name.split("-")[0] for path in saving.files}) == 2
    assert same(loaded(tmp_path), saving.told.state)
    newest = [path for path in saving.files if path.name.endswith("-000000.snapshot")][-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    assert same(loaded(tmp_path), saving.states[SAVES - 1])
    assert saving.store.needed_offset() == saving.states[0].offset, "the journal must reach back to there"


def test_two_chains_are_kept(saving, tmp_path):
    for _ in range(CHAINS + 1):
        saving.image = Image()
        saving.save()
    bases = sorted({int(path.name.split("-")[0]) for path in saving.files})
    assert bases == [state.offset for state in saving.states[-CHAINS:]]
    assert saving.store.needed_offset() == bases[0]
    saving.store.snapshots.forget_older()
    assert saving.store.needed_offset() == bases[-1]
    assert same(loaded(tmp_path), saving.told.state)


def test_a_whole_one_of_the_same_offset_takes_the_place_of_a_chain(saving, tmp_path):
    early = saving.states[0]
    saving.store.save_snapshot(snapshot_of(early))
    assert len(saving.files) == 1
    assert same(loaded(tmp_path), early)


def test_what_goes_beyond_what_is_applied_is_of_another_state_db(saving, tmp_path):
    for applied, expected in ((saving.states[1].offset, saving.states[1]), (saving.states[0].offset - 1, None)):
        saving.store._db.execute("UPDATE progress SET value = ?", (applied,))
        found = saving.store.load_snapshot()
        assert (found is None) == (expected is None)
        assert found is None or same(restore(found), expected)
    (tmp_path / "state.db").unlink()
    assert StateStore(tmp_path / "state.db").load_snapshot() is None


def test_changes_that_outweigh_the_whole_begin_another(saving):
    snapshots = saving.store.snapshots
    assert not snapshots.wants_whole
    snapshots._changes = LITTLE + 1
    saving.save()
    assert len({path.name.split("-")[0] for path in saving.files}) == 2
    assert not snapshots.wants_whole


def test_an_image_that_was_saved_elsewhere_is_saved_whole(saving, tmp_path):
    """As after a rebuild: what was saved last is not what the image follows."""
    saving.store.save_snapshot(snapshot_of(saving.states[-1]))
    saving.save()
    assert saving.files[-1].name.endswith("-000000.snapshot")
    assert same(loaded(tmp_path), saving.told.state)


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.parametrize("whole", [False, True], ids=["a change", "a whole one"])
def test_a_kill_at_any_point_of_a_write_leaves_the_one_before_or_this_one(tmp_path, monkeypatch, whole):
    """At each part of it that leaves a trace: counted until none is left."""
    for point in range(100):
        directory = tmp_path / str(point)
        saving = Saving(directory)
        saving.save()
        saving.save()
        if whole:
            saving.image = Image()
        is_over = _killed_at(point, saving, monkeypatch)
        saving.store.close()
        found = loaded(directory)
        assert any(same(found, state) for state in saving.states[-2:]), point
        again = Saving(directory)
        again.told, again.states = saving.told, saving.states
        again.save()
        assert same(loaded(directory), again.told.state)
        assert not list(again.store.snapshots.directory.glob("*.new"))
        again.store.close()
        if is_over:
            break
    assert 4 <= point < 99


def _killed_at(point: int, saving: Saving, monkeypatch) -> bool:
    """Save, and be killed before the so manieth call that leaves a trace; whether there was none."""
    left = point

    def before(real):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for owner, name in (
            (snapshot_file, "_put_snapshot"), (os, "fsync"), (type(saving.files[0]), "rename"),
            (type(saving.files[0]), "unlink"),
        ):  # fmt: skip
            patch.setattr(owner, name, before(getattr(owner, name)))
        try:
            saving.save()
        except Killed:
            return False
    return True


@pytest.mark.parametrize("whole", [False, True], ids=["a change", "a whole one"])
def test_a_full_disk_leaves_the_one_before_and_may_be_tried_again(saving, tmp_path, monkeypatch, whole):
    def full(*_):
        raise OSError(28, "No space left on device")

    if whole:
        saving.image = Image()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(TransientFault, match="No space left"):
            saving.save()
    assert same(loaded(tmp_path), saving.states[SAVES - 1])
    saving.store.save_image(saving.image)
    assert same(loaded(tmp_path), saving.told.state)


def test_one_that_an_older_version_kept_in_state_db_is_read_and_gives_way(tmp_path):
    told = Timeline.of()
    told.report(at(0, 13))
    told.run()
    store = StateStore(tmp_path / "state.db")
    for part in snapshot_of(told.state).parts:
        shape = "[" + ",".join(map(str, part.shape)) + "]"
        store._db.execute("INSERT INTO snapshot VALUES (?,?,?,?)", (part.name, part.dtype, shape, part.data))
    store._db.execute("INSERT INTO progress VALUES ('snapshot_offset', ?)", (told.state.offset,))
    assert store.snapshot_offset() == store.needed_offset() == told.state.offset
    assert same(loaded(tmp_path), told.state)
    image = Image()
    for _ in range(2):
        told.report(told.state.now + 60.0)
        told.run()
        store.note_applied(told.state.offset)
        store.save_image(followed(image, told.state, store))
        assert same(loaded(tmp_path), told.state)
    assert store._db.rows("SELECT count(*) FROM snapshot") == [(0,)]
    assert store._db.progress("snapshot_offset") is None
    store.close()


def test_they_are_for_their_owner_alone_and_take_a_part_of_the_bytes(saving):
    assert all(path.stat().st_mode & 0o077 == 0 for path in (saving.store.snapshots.directory, *saving.files))
    whole = sum(len(part.data) for part in snapshot_of(saving.states[0]).parts)
    assert saving.files[0].stat().st_size < whole


def test_a_store_that_is_only_read_changes_nothing(saving, tmp_path):
    before = [(path.name, path.stat().st_mtime_ns) for path in saving.files]
    reader = StateStore(tmp_path / "state.db", read_only=True)
    assert reader.load_snapshot() is not None
    with pytest.raises((TransientFault, sqlite3.OperationalError)):
        reader.note_applied(9)
    assert [(path.name, path.stat().st_mtime_ns) for path in saving.files] == before
    assert all(one < other for one, other in pairwise(path.name for path in saving.files))
