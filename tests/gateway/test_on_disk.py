"""What stays when the power goes: contents, names and directories, each synced by what holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway import on_disk


@pytest.fixture
def synced(monkeypatch):
    """Paths that are brought onto the disk, in their order."""
    paths, real = [], os.fsync

    def fsync(handle):
        paths.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return paths


def test_a_name_is_its_directorys(tmp_path, synced):
    (tmp_path / "a.new").write_bytes(b"whole")
    on_disk.sync(tmp_path / "a.new")
    on_disk.rename(tmp_path / "a.new", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert synced == [str(tmp_path / "a.new"), str(tmp_path)]


def test_directories_are_there_from_the_top_and_again_where_a_kill_came_between(tmp_path, synced):
    on_disk.make(tmp_path / "one" / "two", 0o700)
    assert (tmp_path / "one" / "two").stat().st_mode & 0o777 == 0o700
    assert [os.path.relpath(path, tmp_path) for path in synced][-2:] == [".", "one"]
    synced.clear()
    on_disk.make(tmp_path / "one" / "two")
    assert synced == [str(tmp_path / "one")]


def test_what_has_the_name_already_and_is_no_directory_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        on_disk.make(tmp_path / "file" / "below")
