"""When and where the last backup was made, and the last one tried: a small file of the storage directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog

from gateway.clock import iso
from gateway.decoded import from_json
from gateway.errors import TransientFault
from gateway.on_disk import sync
from gateway.private import given
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "backups.json"

log = structlog.get_logger()


class Noted(msgspec.Struct, frozen=True):
    """One backup: when it was made or tried, in UTC epoch seconds, and the directory it is in."""

    at: float
    where: str


class BackupNotes(msgspec.Struct, frozen=True):
    """What is known of a county's backups.

    Attributes:
        made: the last one; None: none yet.
        tried: the one that was tried last; None: none yet.
        well: whether a state could be made anew from that one.
    """

    made: Noted | None = None
    tried: Noted | None = None
    well: bool = False

    def figures(self, now: float) -> dict[str, Any]:
        """For the status, at a time in UTC epoch seconds; what never was is an empty text."""
        return {
            **_moment("made", self.made, now), **_moment("tried", self.tried, now),
            "tried_well": "" if self.tried is None else self.well,
        }  # fmt: skip


def read(storage: Path) -> BackupNotes:
    """What stands in a storage directory; nothing, where the file is missing or cannot be understood."""
    try:
        return from_json((storage / NAME).read_bytes(), BackupNotes)
    except FileNotFoundError:
        return BackupNotes()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
        log.warning("it is not known when the last backup was made", fault=str(fault))
        return BackupNotes()


def note_made(storage: Path, directory: Path, now: float) -> None:
    """Note that a backup was made.

    Raises:
        TransientFault: the file cannot be written.
    """
    _write(storage, msgspec.structs.replace(read(storage), made=Noted(now, str(directory.resolve()))))


def note_tried(storage: Path, directory: Path, now: float, *, well: bool) -> None:
    """Note that a backup was tried, and whether it can be restored.

    Raises:
        TransientFault: the file cannot be written.
    """
    _write(storage, msgspec.structs.replace(read(storage), tried=Noted(now, str(directory.resolve())), well=well))


def _write(storage: Path, notes: BackupNotes) -> None:
    """Whole or not at all, and the service's own."""
    unfinished = storage / f"{NAME}.new"
    try:
        given(unfinished).write_bytes(msgspec.json.encode(notes))
        sync(unfinished)
        unfinished.replace(storage / NAME)
        sync(storage)
    except OSError as fault:
        raise TransientFault(phrase("backup_unnoted", path=storage / NAME, cause=fault.strerror)) from fault


def _moment(name: str, noted: Noted | None, now: float) -> dict[str, Any]:
    if noted is None:
        return {name: "", f"{name}_seconds": "", f"{name}_where": ""}
    return {name: iso(noted.at), f"{name}_seconds": round(max(0.0, now - noted.at)), f"{name}_where": noted.where}
