"""Files that fail as a disk would, by `failing_files.c`: which calls, on which files, from which on, how often."""

from __future__ import annotations

import errno
import mmap
import os
import struct
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 4096
ALWAYS = 1 << 30
_HEAD = struct.Struct("<iiii")


class Calls(IntFlag):
    """As `failing_files.c` has it; ``NAME``: what makes, moves or removes a name."""

    WRITE, SYNC, OPEN, NAME, READ = 1, 2, 4, 8, 16


KINDS = {
    "full": (errno.ENOSPC, Calls.WRITE | Calls.OPEN | Calls.NAME),
    "quota": (errno.EDQUOT, Calls.WRITE | Calls.OPEN | Calls.NAME),
    "read-only": (errno.EROFS, Calls.WRITE | Calls.OPEN | Calls.NAME),
    "i/o": (errno.EIO, Calls.WRITE | Calls.SYNC | Calls.OPEN | Calls.NAME),
    "unreadable": (errno.EIO, Calls.READ),
}
"""By the kind of fault: what the system says, and at which calls."""


class Failing:
    """The page by which processes that were begun in ``environment`` are told what fails."""

    def __init__(self, page: Path) -> None:
        if not page.exists():
            page.write_bytes(bytes(PAGE))
        self._path = page
        with page.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), PAGE)

    def environment(self, library: Path) -> dict[str, str]:
        """For a process whose files may fail."""
        return {**os.environ, "LD_PRELOAD": str(library), "FAILING_FILES": str(self._path)}

    def begin(self, kind: str, part: object, well: int = 0, failing: int = ALWAYS) -> None:
        """From the ``well``-th of its calls on paths with ``part`` in them on, so many fail."""
        number, calls = KINDS[kind]
        said = str(part).encode()
        self._page[_HEAD.size :] = said + bytes(PAGE - _HEAD.size - len(said))
        self._page[: _HEAD.size] = _HEAD.pack(0, calls, well, failing)
        self._page[:4] = struct.pack("<i", number)

    def end(self) -> int:
        """Nothing fails any more. How many calls there were beyond those that went well."""
        self._page[:4] = bytes(4)
        _, _, well, _ = _HEAD.unpack(self._page[: _HEAD.size])
        return max(0, -well)
