"""What stays when the power goes. A file that was synced may still have no name: that is its directory's.

POSIX promises no more than this of ``fsync`` and ``rename``; some file systems do more, by themselves or later.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file, or the names in a directory, onto the disk.

    Raises:
        OSError: it cannot be done.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(unfinished: Path, path: Path) -> None:
    """Give a file that is whole on the disk its name, which replaces what had it, and bring that onto the disk, too.

    Raises:
        OSError: it cannot be done.
    """
    unfinished.rename(path)
    sync(path.parent)


def make(directory: Path, mode: int = 0o777) -> None:
    """A directory, and those above it, where they are not there yet; its name is on the disk on return.

    Raises:
        OSError: one cannot be made, or something else has its name.
    """
    if not directory.is_dir():
        make(directory.parent)
        directory.mkdir(mode, exist_ok=True)
    with suppress(PermissionError):  # where we may not look nothing of ours was made
        sync(directory.parent)
