"""AUDIT entries without a daemon: a command, or the duty desk, that reads the files itself appends them under the lock.

The daemon, where one runs, holds that lock for as long as it lives: then it is asked instead.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.errors import TransientFault
from gateway.journal.contract import last_received
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.journal.sqlite import FileJournal
from gateway.private import opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gateway.journal.controls import Audited

LOCK: Final = "lock"
"""The file in a storage directory that whoever changes it holds."""
PATIENCE: Final = 2.0
"""Real seconds for which somebody else who appends is waited for."""
STEP: Final = 0.02


def append_aside(storage: Path, looks: Sequence[Audited], now: float) -> None:
    """Append entries to the journal of a storage directory, durable on return.

    Receive time goes on where the clock stands before the journal's end.

    Args:
        storage: the directory.
        looks: one at least.
        now: UTC epoch seconds.

    Raises:
        TransientFault: a daemon holds the directory, or it cannot be written: nothing may be shown.
        OurFault: the journal is damaged, or of a newer version.
    """
    storage.mkdir(parents=True, exist_ok=True)
    with _as_owner(storage), _held(storage / LOCK), closing(FileJournal(storage / "journal")) as journal:
        received, gathering = max(now, last_received(journal)), Gathering()
        for one in looks:
            gathering.add(EntryKind.AUDIT, received, NO_ORIGIN, msgspec.json.encode(one))
        journal.append(gathering.batch())


@contextmanager
def _held(path: Path) -> Iterator[None]:
    try:
        with open(path, "w", opener=opener) as held:
            take(held.fileno())
            yield
    except OSError as fault:
        raise TransientFault(f"{path}: {fault.strerror}") from fault


def take(handle: int) -> None:
    """Lock an open file for this process alone; somebody who appends one entry is waited for.

    Raises:
        BlockingIOError: somebody holds it for longer.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
        time.sleep(STEP)


@contextmanager
def _as_owner(storage: Path) -> Iterator[None]:
    """As the account whose directory it is, which could not write what root leaves there."""
    above, account, group = storage.stat(), os.geteuid(), os.getegid()
    if account != 0 or above.st_uid == 0:
        yield
        return
    os.setegid(above.st_gid)
    os.seteuid(above.st_uid)
    try:
        yield
    finally:
        os.seteuid(account)
        os.setegid(group)
