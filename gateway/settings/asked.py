"""What a reading of a county's files asked of them, so that it can be told whether they would still answer the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gateway.settings.files import CREDENTIALS, MAIN, DirectoryFiles

if TYPE_CHECKING:
    from collections.abc import Mapping


class Asked(msgspec.Struct, frozen=True):
    """What was asked, beside the texts, and answered.

    Attributes:
        where: the main file, absolute.
        matched: names by pattern.
        credential_names: of each listener, carrier and upstream that has a credential its entry's name
            (``upstreams/city``).
    """

    where: str
    matched: dict[str, list[str]]
    credential_names: dict[str, str]


class NotedFiles(DirectoryFiles):
    """A county's files on disk, noting what they are asked; ``deeds``: what was done at the desk, where that is known.

    All else that a configuration takes from them are their texts, and where the directory is.

    Attributes:
        matched: names by pattern. ``credentials``: their text; None: there is none.
    """

    def __init__(self, path: Path, *, deeds: str | None = None) -> None:
        super().__init__(path)
        self._given = deeds
        self.matched: dict[str, list[str]] = {}
        self.credentials: str | None = None

    def matching(self, pattern: str) -> list[str]:
        """As in :class:`gateway.settings.files.Files`."""
        self.matched[pattern] = super().matching(pattern)
        return self.matched[pattern]

    def deeds(self, storage: str) -> str:
        """As in :class:`gateway.settings.files.Files`; those that were given, if any were."""
        return super().deeds(storage) if self._given is None else self._given

    def text(self, name: str) -> str:
        """As in :class:`gateway.settings.files.Files`."""
        text = super().text(name)
        if name == CREDENTIALS:
            self.credentials = text
        return text

    def asked(self, credential_names: Mapping[str, str]) -> Asked:
        """What was asked until now."""
        return Asked(where(self), dict(self.matched), dict(credential_names))


def where(files: DirectoryFiles) -> str:
    """The main file, absolute."""
    return files.resolved(Path(files.shown(MAIN)).name)


def holds(asked: Asked, files: DirectoryFiles) -> bool:
    """Whether the files would answer so now; their texts are another matter."""
    return where(files) == asked.where and all(
        files.matching(pattern) == names for pattern, names in asked.matched.items()
    )
