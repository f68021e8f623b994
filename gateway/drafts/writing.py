"""A draft's texts into the county's files: all of them, or none."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from gateway.on_disk import make, rename, sync
from gateway.settings.files import MAIN
from gateway.settings.write_back import save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def put(directory: Path, changed: Mapping[str, str]) -> Callable[[], None]:
    """Write texts where they stand; a new file gets owner, group and mode of the main one, as far as we may give them.

    Returns:
        What takes all of it back.

    Raises:
        OSError: one cannot be written; all is as it was.
    """
    before = {name: _octets(directory / name) for name in changed}

    def undo() -> None:
        for name, octets in before.items():
            _back(directory / name, octets)

    try:
        for name, text in changed.items():
            (save if before[name] is not None else _add)(directory, name, text)
    except OSError:
        undo()
        raise
    return undo


def _octets(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _back(path: Path, octets: bytes | None) -> None:
    """As it was before: what was not there goes, and what could not be finished."""
    path.with_name(f"{path.name}.new").unlink(missing_ok=True)
    if octets is None:
        path.unlink(missing_ok=True)
    elif path.read_bytes() != octets:
        path.write_bytes(octets)
        sync(path)


def _add(directory: Path, name: str, text: str) -> None:
    path, main = directory / name, directory / MAIN
    if not path.parent.is_dir():
        make(path.parent, 0o750)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(text.encode())
    shutil.copymode(main, unfinished)
    with suppress(PermissionError):
        os.chown(unfinished, main.stat().st_uid, main.stat().st_gid)
    sync(unfinished)
    rename(unfinished, path)
