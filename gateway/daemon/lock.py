"""One program at a time changes a storage directory."""

from __future__ import annotations

import fcntl
import time
from typing import TYPE_CHECKING, Final

from gateway.daemon.storage import of_place
from gateway.errors import UserFault
from gateway.private import opener
from gateway.sqlite_faults import told
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path


PATIENCE: Final = 2.0
"""Real seconds for which somebody who appends one entry is waited for (``journal/aside.py``)."""
STEP: Final = 0.02


class Lock:
    """Held by the daemon, or by what repairs its files; use as ``with``.

    Raises:
        UserFault: somebody else holds it, or the directory is not ours to write.
        TransientFault: the directory cannot be written now.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        try:
            self._file = open(self._path, "w", opener=opener)
        except OSError as fault:
            said = phrase("storage_unwritable", directory=self._path.parent, cause=told(fault))
            raise of_place(said, fault) from fault
        until = time.monotonic() + PATIENCE
        while not self._is_taken():
            if time.monotonic() > until:
                self._file.close()
                raise UserFault(phrase("already_running", directory=self._path.parent))
            time.sleep(STEP)

    def _is_taken(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(self, *exception: object) -> None:
        self._file.close()
