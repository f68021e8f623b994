"""One import at a time into a storage directory."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING, Final

from gateway.errors import TransientFault, UserFault
from gateway.private import given
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = "towers.lock"


class ImportLock:
    """Held while files are imported; use as ``with``. The directory is made where it is not there.

    Raises:
        TransientFault: somebody else imports.
        UserFault: the directory cannot be made or written.
    """

    def __init__(self, storage: Path) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        try:
            self._storage.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = given(self._storage / LOCK).open("r+b")
        except OSError as fault:
            said = phrase("storage_unwritable", directory=self._storage, cause=fault.strerror)
            raise UserFault(said) from fault
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self._file.close()
            raise TransientFault(phrase("towers_busy", directory=self._storage)) from fault

    def __exit__(self, *exception: object) -> None:
        self._file.close()
