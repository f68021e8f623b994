"""``backup`` and ``restore``: a copy is made, tried or put back; each is said in a sentence, the first two noted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gateway.daemon.backup import back_up
from gateway.daemon.backup_notes import note_made, note_tried
from gateway.daemon.restore import restore
from gateway.daemon.trial import try_backup
from gateway.errors import OurFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.words.texts import Text


def made(storage: Path, directory: Path) -> Text:
    """Make a backup of a storage directory.

    Raises:
        GatewayFault: as :func:`gateway.daemon.backup.back_up`; or it was made and cannot be noted.
    """
    seen = back_up(storage, directory)
    note_made(storage, directory, time.time())
    last = max(seen.begins, seen.ends - 1)
    return phrase("backup_done", directory=directory, entries=seen.entries, begins=seen.begins, last=last)


def tried_anew(storage: Path, directory: Path) -> Text:
    """Try a backup. Where no gateway has run, on another machine for example, there is no status to note it for.

    Raises:
        GatewayFault: as :func:`gateway.daemon.trial.try_backup`; or it cannot be noted.
    """
    try:
        seen = try_backup(directory)
    except OurFault:
        _note(storage, directory, well=False)
        raise
    _note(storage, directory, well=True)
    figures = {"entries": seen.entries, "last": max(0, seen.ends - 1), "unresolved": seen.unresolved}
    return phrase("backup_tried", directory=directory, **figures)


def put_back(storage: Path, directory: Path, *, replaces: bool) -> Iterator[Text]:
    """Restore a backup; what was done, and where that is which was there.

    Raises:
        GatewayFault: as :func:`gateway.daemon.restore.restore`.
    """
    done = restore(storage, directory, time.time(), replaces=replaces)
    figures = {"entries": done.tried.entries, "last": max(0, done.tried.ends - 1), "unresolved": done.tried.unresolved}
    yield phrase("restored", directory=storage, backup=directory, **figures)
    if done.aside is not None:
        yield phrase("restore_aside", aside=done.aside)


def _note(storage: Path, directory: Path, *, well: bool) -> None:
    if storage.is_dir():
        note_tried(storage, directory, time.time(), well=well)
