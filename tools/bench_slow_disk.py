"""The gateway on a disk that takes so long to sync: ``bench_slow_disk.py SECONDS run --config DIR``.

Every write that is brought onto the disk waits once more in the writer's thread, as it would for the disk.
"""

from __future__ import annotations

import sys
import time
from functools import wraps
from typing import TYPE_CHECKING

from gateway.cli.app import main
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable

SYNCED = ((FileJournal, "append"), (StateStore, "commit"), (StateStore, "save_snapshot"), (DayHistory, "flush"))


def slow_down(seconds: float) -> None:
    """Let everything that syncs take so much longer."""
    for owner, name in SYNCED:
        setattr(owner, name, _slowed(getattr(owner, name), seconds))


def _slowed(write: Callable, seconds: float) -> Callable:
    @wraps(write)
    def slowed(*args, **kwargs):
        done = write(*args, **kwargs)
        time.sleep(seconds)
        return done

    return slowed


if __name__ == "__main__":
    slow_down(float(sys.argv.pop(1)))
    main()
