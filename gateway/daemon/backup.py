"""A copy of everything a gateway keeps, made while it runs, from which another can be started.

The snapshots come first, state.db after them and the journal last: what comes later may be ahead of what came before,
which the next start makes up for, and never behind.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from gateway.errors import OurFault, TransientFault, UserFault
from gateway.journal import FileJournal, verify
from gateway.journal.segment import is_segment
from gateway.on_disk import rename, sync
from gateway.private import private
from gateway.sqlite_faults import damage_of, passes, told
from gateway.store.snapshots import FOLDER as SNAPSHOTS
from gateway.store.state_db import StateStore
from gateway.towers.named import name, named
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.chain import Verified
    from gateway.text import Text

CONFIGURATIONS = "configurations"
CONSOLE = "console.db"
"""Accounts of the desk, and who looked at what: it outlives the machine."""
SECRET = "secret"  # noqa: S105  a file's name
PRIVATE = 0o077
"""Of a umask: what is made is its owner's alone."""
_FOLDER = 0o700


def back_up(storage: Path, target: Path) -> Verified:
    """Copy a storage directory into ``target``, which must not be there, and walk the copy's hash chain.

    Until that is done it is called ``target.unfinished``: what has the name is whole.

    Raises:
        UserFault: the gateway has never run here, or the target is there already.
        TransientFault: a file cannot be read or written, or days were removed meanwhile.
        OurFault: what was copied is damaged.
    """
    if not (storage / "state.db").exists():
        raise UserFault(phrase("never_run", path=storage / "state.db"))
    if target.exists():
        raise UserFault(phrase("backup_exists", directory=target))
    unfinished = target.with_name(f"{target.name}.unfinished")
    before = os.umask(PRIVATE)
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(storage, unfinished)
        if trouble := trouble_of(unfinished):
            raise OurFault(phrase("backup_failed", directory=target, cause=trouble))
        seen = walked(unfinished)
        if not reaches_back(unfinished):
            raise TransientFault(phrase("backup_overtaken"))
        rename(unfinished, target)
    except (OSError, sqlite3.Error) as fault:
        # What is left of it would take the room that the journal wants.
        shutil.rmtree(unfinished, ignore_errors=True)
        kind = TransientFault if passes(fault) else OurFault
        raise kind(phrase("backup_failed", directory=target, cause=told(fault))) from fault
    finally:
        os.umask(before)
    return seen


def _copy(storage: Path, target: Path) -> None:
    (target / "journal").mkdir(_FOLDER, parents=True)
    _copy_snapshots(storage / SNAPSHOTS, target / SNAPSHOTS)
    _copy_database(storage / "state.db", target / "state.db")
    shutil.copyfile(storage / SECRET, private(target / SECRET))
    sync(target / SECRET)
    for path in sorted((storage / "journal").iterdir()):
        if is_segment(path) or path.name == CONFIGURATIONS:
            _copy_database(path, target / "journal" / path.name)
    if (storage / CONSOLE).exists():
        _copy_database(storage / CONSOLE, target / CONSOLE)
    _copy_towers(TowerVersions(storage), TowerVersions(target))
    for folder in (target / "journal", target):
        sync(folder)


def _copy_snapshots(there: Path, copy: Path) -> None:
    """The chains as they stand; of one that is let go of meanwhile another has been begun."""
    for path in sorted(there.glob("*.snapshot")):
        copy.mkdir(_FOLDER, exist_ok=True)
        with suppress(FileNotFoundError):
            source = path.open("rb")
            with source, private(copy / path.name).open("wb") as out:
                shutil.copyfileobj(source, out)
            sync(copy / path.name)
    if copy.exists():
        sync(copy)


def _copy_towers(there: TowerVersions, copy: TowerVersions) -> None:
    """The versions of what is known of cells that the journal names, and the one in use."""
    current, versions = there.current(), named(there.directory)
    if not current:
        return
    copy.directory.mkdir(_FOLDER)
    for digest in sorted({current, *(one.digest for one in versions)}):
        for path in there.files(digest):
            shutil.copyfile(path, private(copy.directory / path.name))
            sync(copy.directory / path.name)
    copy.use(there.about(current))
    for one in versions:
        name(copy.directory, one.digest, one.since)
    sync(copy.directory)


def _copy_database(source: Path, target: Path) -> None:
    """A database that may be written to meanwhile: as it is at one moment, in one file that can be read anywhere."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as written,
        closing(sqlite3.connect(private(target))) as copy,
    ):
        written.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    sync(target)


def trouble_of(target: Path) -> Text | None:
    """What is wrong inside a copy's databases; None: nothing.

    Raises:
        sqlite3.Error: one is no database, or cannot be read.
    """
    return StateStore.look(target / "state.db") or _trouble_of_desk(target / CONSOLE)


def walked(target: Path) -> Verified:
    """What a copy's hash chain holds.

    Raises:
        OurFault: it is damaged.
    """
    return verify(FileJournal(target / "journal", read_only=True))


def _trouble_of_desk(path: Path) -> Text | None:
    """What is wrong inside the desk's accounts; None: nothing, or the county has no desk."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    return None if said == "ok" else damage_of(CONSOLE, said)


def reaches_back(target: Path) -> bool:
    """Whether a copy's journal goes back to where its state is made anew from."""
    with closing(StateStore(target / "state.db", read_only=True)) as store:
        return FileJournal(target / "journal", read_only=True).begins <= store.needed_offset()
