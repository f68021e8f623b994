"""One program at a time changes a storage directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.daemon.storage import of_place
from gateway.errors import UserFault
from gateway.journal.aside import take
from gateway.private import opener
from gateway.sqlite_faults import told
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path


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
        try:
            take(self._file.fileno())
        except BlockingIOError as fault:
            self._file.close()
            raise UserFault(phrase("already_running", directory=self._path.parent)) from fault

    def __exit__(self, *exception: object) -> None:
        self._file.close()
