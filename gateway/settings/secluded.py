"""Files that their owner alone may read: never part of a configuration, and no fault of theirs repeats one."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from gateway.settings.entries import read_list
from gateway.settings.faults import Place
from gateway.settings.files import DirectoryFiles
from gateway.settings.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.settings.documents import Document
    from gateway.settings.entries import Entry, Model
    from gateway.settings.faults import Findings

_OTHERS: Final = 0o077


def secluded_text(directory: Path, name: str, findings: Findings) -> str | None:
    """The text of such a file; None: there is none, or it cannot be used, which is noted where it is a fault.

    One that others than its owner may read is a fault, and not read.
    """
    path = directory / name
    place = Place(str(path))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as fault:
        findings.add(place, "file_unreadable", name=name, cause=fault.strerror)
        return None
    if stat.S_ISREG(mode) and mode & _OTHERS:
        findings.add(place, "contacts_open", name=name)
        return None
    return Sources(DirectoryFiles(directory)).text(name, place, findings, secret=True)


def secluded_list(document: Document, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    """The well-formed entries of such a file, which is a list; of the others where they stand, and no value."""
    document.secret = True
    return [] if document.broken and not document.data else read_list(document, (), model, findings)
