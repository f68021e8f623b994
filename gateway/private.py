"""Files of ours are for our account alone, whatever the umask: journal, state, keys, exports."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from gateway.on_disk import rename

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_ONLY = 0o600
_OTHERS = 0o077


def opener(path: str, flags: int) -> int:
    """For ``open``: a file that is made is its owner's alone; one that is there keeps what it is."""
    return os.open(path, flags, OWNER_ONLY)


def private(path: Path) -> Path:
    """The path, of a file that is the owner's alone: made empty where there is none.

    What SQLite puts beside a file of its own (``-wal``, ``-shm``) it makes with the same mode.

    Raises:
        OSError: it cannot be made, or is somebody else's.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    try:
        os.fchmod(handle, OWNER_ONLY)
    finally:
        os.close(handle)
    return path


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """What is to be at a path, for its owner alone: on the disk whole once the block is over, or as it was before.

    Raises:
        OSError: it cannot be written. Nothing is left of it, for it would take the room that others want.
    """
    unfinished = path.with_name(f"{path.name}.new")
    try:
        with private(unfinished).open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        rename(unfinished, path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def close_to_others(directory: Path) -> None:
    """Take from others what an earlier version, or a copy back from a backup, left open below a directory of ours.

    Raises:
        OSError: a file is somebody else's.
    """
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a reader that leaves takes what SQLite put beside a file with it
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode) and mode & _OTHERS:
                path.chmod(OWNER_ONLY)


def given(path: Path) -> Path:
    """The path of a file that its directory's owner alone may use: made empty where there is none, also by root.

    Raises:
        OSError: it cannot be made, or is somebody else's.
    """
    handed_over(private(path))
    return path


def handed_over(path: Path) -> None:
    """Give what root has made to the owner of the directory that it is in, who starts on nothing else."""
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)
