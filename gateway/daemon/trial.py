"""A backup tried: copied beside itself, its chain walked, and a state made anew from the copy, as a start does.

The backup itself is read and nothing else; what a start would write is written to the copy, which goes afterwards.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.causes import cause_in
from gateway.daemon.backup import PRIVATE, SECRET, reaches_back, trouble_of, walked
from gateway.daemon.recovery import Recovery
from gateway.daemon.storage import secret_of
from gateway.errors import GatewayFault, OurFault, TransientFault, UserFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.replay.reading import PolicyShelf
from gateway.sqlite_faults import passes
from gateway.store.state_db import StateStore
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import phrase, spoken
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.engine import EngineState

NEEDED = ("state.db", "journal", SECRET)
"""What every backup has; without it a gateway would begin with nothing, or every device would have to register."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A backup that can be restored: its entries, the offset behind the last, and alarms unresolved in its state."""

    entries: int
    ends: int
    unresolved: int


def try_backup(directory: Path, called: Path | None = None) -> Tried:
    """Make a state anew from a backup, in a folder beside it that takes as much room and is removed.

    ``called``: what is told of is a copy of this one; None: it is itself.

    Raises:
        UserFault: there is no such directory.
        OurFault: nothing can be restored from it, and why.
        TransientFault: it could not be tried.
    """
    told = called or directory
    if not directory.is_dir():
        raise UserFault(phrase("backup_nowhere", directory=told))
    for name in NEEDED:
        if not (directory / name).exists():
            raise OurFault(phrase("backup_incomplete", directory=told, name=name))
    try:
        with _copied(directory) as copy:
            return _restored(copy)
    except (OSError, sqlite3.Error) as fault:
        if passes(fault):
            raise TransientFault(phrase("backup_untried", directory=told, cause=fault)) from fault
        raise OurFault(_unfit(told, fault)) from fault
    except TransientFault:
        raise
    except GatewayFault as fault:
        raise OurFault(_unfit(told, fault)) from fault


def _unfit(directory: Path, fault: Exception) -> Text:
    """That nothing can be restored, with why in either language; what was said in English alone is marked as such."""
    is_ours = bool(fault.args) and isinstance(fault.args[0], Text)
    why = {one: spoken(fault, one) if is_ours else cause_in(one, fault) for one in ("zh", "en")}
    return Text(*(phrase("backup_unfit", directory=directory, why=why[one]).of(one) for one in why))


@contextmanager
def _copied(directory: Path) -> Iterator[Path]:
    copy = directory.with_name(f"{directory.name}.trying")
    before = os.umask(PRIVATE)
    try:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(directory, copy)
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)
        os.umask(before)


def _restored(copy: Path) -> Tried:
    if trouble := trouble_of(copy):
        raise OurFault(trouble)
    seen = walked(copy)
    if not reaches_back(copy):
        raise OurFault(phrase("backup_short"))
    secret_of(copy / SECRET)
    state = _started(copy)
    return Tried(seen.entries, state.offset, sum(not one.resolved for one in state.episodes.values()))


def _started(copy: Path) -> EngineState:
    """The state that a gateway would start with."""
    with (
        closing(StateStore(copy / "state.db")) as store,
        closing(FileJournal(copy / "journal")) as journal,
        closing(DayHistory(copy / "history")) as history,
    ):
        shelf = PolicyShelf(journal, towers=TowerShelf(TowerVersions(copy)))
        return Recovery(store, journal, shelf, history=history).run()[0]
