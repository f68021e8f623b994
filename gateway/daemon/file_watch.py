"""A look at the county's files now and then: it says that they differ from what is in force, and does nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.settings.differences import changed_files
from gateway.settings.files import OVERLAY, DirectoryFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.daemon.kept_start import KeptStart
    from gateway.in_force import InForce
    from gateway.ports import Tell

LOOK_EVERY: Final = 5.0
"""Real seconds between looks at sizes and times; texts are read where those have changed."""

_Signature = tuple[str, tuple[tuple[str, int, int, int], ...]]


@dataclass(slots=True)
class FileWatch:
    """One county's.

    Attributes:
        kept: has the patterns by which files were looked for.
        differing: names of the files that differ, sorted.
    """

    in_force: InForce
    kept: KeptStart
    tell: Tell
    differing: tuple[str, ...] = ()
    _seen: _Signature | None = None

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Look once; what has come to differ is told to the log."""
        files, running = DirectoryFiles(Path(self.kept.asked.where), secrets=False), self.in_force.configuration
        matched = (name for pattern in self.kept.asked.matched for name in files.matching(pattern))
        names = sorted({*running.sources, *matched} - {OVERLAY})
        seen = (running.digest, tuple(_signatures(files, names)))
        if seen == self._seen:
            return
        self._seen, before = seen, self.differing
        self.differing = tuple(changed_files(running.sources, _texts(files, names)))
        if self.differing and self.differing != before:
            self.tell("files differ", "", files=", ".join(self.differing))


def _signatures(files: DirectoryFiles, names: Iterable[str]) -> Iterable[tuple[str, int, int, int]]:
    for name in names:
        try:
            stat = Path(files.shown(name)).stat()
        except OSError:
            continue
        yield name, stat.st_ino, stat.st_size, stat.st_mtime_ns


def _texts(files: DirectoryFiles, names: Iterable[str]) -> dict[str, str]:
    """The texts as they are now; one that cannot be read is none."""
    found = {}
    for name in names:
        try:
            found[name] = files.text(name)
        except (OSError, UnicodeDecodeError):
            continue
    return found
