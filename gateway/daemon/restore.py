"""A backup put in the place of what a gateway keeps: copied, tried, and only then moved in.

All of it happens inside the storage directory, which may be a disk of its own, or another account's. From the first
move to the last a file stands there by which nothing starts: half of one state and half of another is none.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gateway.control.address import NAME as SOCKET
from gateway.daemon.backup import CONSOLE, PRIVATE, SECRET
from gateway.daemon.backup_notes import NAME as NOTES
from gateway.daemon.lock import Lock
from gateway.daemon.storage import UNFINISHED, make
from gateway.daemon.trial import try_backup
from gateway.errors import TransientFault, UserFault
from gateway.on_disk import sync
from gateway.private import given, handed_over
from gateway.store.snapshots import FOLDER as SNAPSHOTS
from gateway.towers.versions import DIRECTORY as TOWERS
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.daemon.trial import Tried

LOCK: Final = "lock"
INCOMING: Final = "restoring"
ASIDE: Final = "replaced-"
BROUGHT: Final = ("journal", "state.db", SECRET, SNAPSHOTS, CONSOLE, TOWERS)
"""What a backup may have; all else a start derives, or it is no business of ours."""
_STAYS: Final = (LOCK, SOCKET, NOTES, UNFINISHED, INCOMING, f"{INCOMING}.trying")
"""Of a storage directory: what is nobody's state, and what a restore makes itself."""
_FILE, _FOLDER = 0o600, 0o700


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; ``aside``: where that is now which was there before, None: nothing was."""

    tried: Tried
    aside: Path | None


def restore(storage: Path, backup: Path, now: float, *, replaces: bool) -> Restored:
    """Make a storage directory what a backup has, with modes and owner as the service needs them.

    Args:
        storage: is made where it is not there.
        backup: is read and nothing else.
        now: UTC epoch seconds, by which the name is made of what is put aside.
        replaces: put aside what is there.

    Raises:
        UserFault: a gateway runs there, it holds something, or there is no such backup.
        OurFault: nothing can be restored from the backup; nothing was changed.
        TransientFault: a file cannot be read or written.
    """
    make(storage)
    with Lock(storage / LOCK):
        handed_over(storage / LOCK)
        if _held(storage) and not replaces:
            raise UserFault(phrase("restore_full", directory=storage))
        try:
            with _masked():
                _bring(backup, storage / INCOMING)
                tried = try_backup(storage / INCOMING, called=backup)
                aside = _move_in(storage, f"{ASIDE}{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}")
        except OSError as fault:
            cause = fault.strerror or fault
            raise TransientFault(phrase("restore_failed", directory=storage, cause=cause)) from fault
        finally:
            shutil.rmtree(storage / INCOMING, ignore_errors=True)
    return Restored(tried, aside)


def _held(storage: Path) -> list[Path]:
    """What stands in a storage directory, beside what earlier restores put aside."""
    return [path for path in sorted(storage.iterdir()) if path.name not in _STAYS and not path.name.startswith(ASIDE)]


@contextmanager
def _masked() -> Iterator[None]:
    """Whatever is made is the owner's alone."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


def _bring(backup: Path, incoming: Path) -> None:
    """Copy what a backup has, and bring it onto the disk; whoever lacks something is found by the trial."""
    if not backup.is_dir():
        raise UserFault(phrase("backup_nowhere", directory=backup))
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(_FOLDER)
    for name in BROUGHT:
        source = backup / name
        if source.is_dir():
            shutil.copytree(source, incoming / name, copy_function=shutil.copyfile)
        elif source.exists():
            shutil.copyfile(source, incoming / name)
    owner = incoming.parent.stat()
    for path in [*incoming.rglob("*"), incoming]:
        path.chmod(_FOLDER if path.is_dir() else _FILE)
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid)
        sync(path)


def _move_in(storage: Path, name: str) -> Path | None:
    """Put aside what is there, and what has come in its place; until it is done nothing starts."""
    sync(given(storage / UNFINISHED))
    sync(storage)
    aside, held = storage / name, _held(storage)
    if held:
        aside.mkdir(_FOLDER)
    for path in held:
        path.rename(aside / path.name)
    for path in sorted((storage / INCOMING).iterdir()):
        path.rename(storage / path.name)
    sync(storage)
    (storage / UNFINISHED).unlink()
    sync(storage)
    return aside if held else None
