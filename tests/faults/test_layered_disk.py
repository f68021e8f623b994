"""The disk that drops what was not synced: what of a few files is left, by what was said to be kept."""

from __future__ import annotations

import os
from random import Random

import pytest
from layered_disk import HEAD, SECTOR, Deed, Disk, End, What, deeds

NEW = os.O_CREAT | os.O_WRONLY


def done(*said):
    disk = Disk()
    for what, handle, at, data in said:
        disk.do(Deed(What[what], handle, at, data))
    return disk


def left(disk, end=End.LOST, seed=0):
    """Contents by name; None: a directory."""
    found = disk.left(end, Random(seed)).seen  # noqa: S311  a disk's whim, no secret
    return {name: None if one is None else bytes(one.seen) for name, one in found.items() if name}


OPENED = ("OPEN", 3, NEW, b"a")
WRITTEN = ("WRITE", 3, 0, b"one")
SYNCED = ("SYNC", 3, 0, b"")
NAMED = (("OPEN", 4, 0, b""), ("SYNC", 4, 0, b""))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([OPENED, WRITTEN], {}),
        ([OPENED, WRITTEN, SYNCED], {}),
        ([OPENED, WRITTEN, *NAMED], {"a": b""}),
        ([OPENED, WRITTEN, SYNCED, *NAMED], {"a": b"one"}),
        ([OPENED, WRITTEN, SYNCED, *NAMED, ("WRITE", 3, 1, b"ther")], {"a": b"one"}),
        ([OPENED, WRITTEN, SYNCED, *NAMED, ("TRUNCATE", 3, 1, b""), SYNCED], {"a": b"o"}),
        ([OPENED, WRITTEN, SYNCED, *NAMED, ("RENAME", -1, 0, b"a\0b")], {"a": b"one"}),
        ([OPENED, WRITTEN, ("RENAME", -1, 0, b"a\0b"), *NAMED], {"b": b""}),
        ([OPENED, WRITTEN, SYNCED, *NAMED, ("UNLINK", -1, 0, b"a")], {"a": b"one"}),
        ([OPENED, WRITTEN, SYNCED, *NAMED, ("UNLINK", -1, 0, b"a"), *NAMED], {}),
        ([("MAKE", -1, 0, b"d"), ("OPEN", 3, NEW, b"d/a"), SYNCED, ("OPEN", 5, 0, b"d"), ("SYNC", 5, 0, b"")], {}),
    ],
)
def test_what_a_power_cut_leaves(said, kept):
    assert left(done(*said)) == kept


def test_the_end_of_a_process_leaves_what_was_written():
    disk = done(OPENED, WRITTEN)
    disk.do_half(Deed(What.WRITE, 3, 3, b"more"))
    assert left(disk, End.EXIT) == {"a": b"onemo"}
    assert left(disk.left(End.EXIT, None)) == {}, "the power may go later"


def test_some_sectors_come_to_the_disk_and_some_do_not():
    disk = done(OPENED, SYNCED, *NAMED, ("WRITE", 3, 0, b"x" * 4 * SECTOR))
    found = {left(disk, End.TORN, seed)["a"].ljust(4 * SECTOR, b"\0") for seed in range(200)}
    assert {bytes(4 * SECTOR), b"x" * 4 * SECTOR} < found
    assert {sector for one in found for sector in (one[at : at + SECTOR] for at in range(0, 4 * SECTOR, SECTOR))} == {
        b"x" * SECTOR, bytes(SECTOR),
    }  # fmt: skip


def test_what_says_nothing_after_an_end_is_left_out_of_the_records():
    names = (b"a-shm", b"a")
    records = b"".join(HEAD.pack(What.OPEN, 3, 0, len(name)) + name for name in names)
    assert [deed.name for deed in deeds(records)] == ["a"]
