"""``check``: every fault and warning as ``file:line:column: message``; without faults one plain sentence per person."""

from __future__ import annotations

import re
from io import TextIOWrapper
from typing import TYPE_CHECKING

from gateway.settings.files import MAIN, read_capped
from gateway.settings.load import examine
from gateway.settings.neighbours import note_near_homes
from gateway.settings.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

WELL, WRONG = 0, 2
_YAML = (".yaml", ".yml")
_COUNTY = re.compile(rb"^county\s*:", re.MULTILINE)
_DEPTH = 3
"""Folders to go up in search of the main file."""


def run(paths: Sequence[Path], language: str | None, stdout: TextIO) -> int:
    """Check configurations (directories, or their main files) and report on each.

    Args:
        paths: what to check: a directory, its main file, or any file of it, which stands for the whole.
        language: ``zh`` or ``en``; None: each county's own.
        stdout: where faults or sentences go; what its encoding has no character for is written as an escape.

    Returns:
        0 when all are well, 2 when any has a fault.
    """
    if isinstance(stdout, TextIOWrapper):
        stdout.reconfigure(errors="backslashreplace")
    return max((_check(path, language, stdout) for path in paths), default=WELL)


def _check(path: Path, language: str | None, stdout: TextIO) -> int:
    configuration, faults, warnings = examine(_whole(path), language, note_near_homes)
    for found in (*faults, *warnings):
        print(found, file=stdout)
    if configuration is None:
        return WRONG
    for sentence in sentences(configuration, language or configuration.county.language):
        print(sentence, file=stdout)
    return WELL


def _whole(path: Path) -> Path:
    """The configuration that a file belongs to: a main file is one itself, others lie in or below its directory."""
    if not path.is_file() or (path.suffix in _YAML and _COUNTY.search(_start(path))):
        return path
    around = (folder for folder in path.absolute().parents[:_DEPTH] if (folder / MAIN).is_file())
    return next(around, path)


def _start(path: Path) -> bytes:
    """What there is to look at; a file that cannot be read is reported when its configuration is."""
    try:
        return read_capped(path)
    except OSError:
        return b""
