"""Where the texts of a configuration come from: a directory, or the journal's copy of them."""

from __future__ import annotations

import stat
from errno import ELOOP
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIN = "gateway.yaml"
CREDENTIALS = "credentials.yaml"
CONTACTS = ("contacts.csv", "staff.csv", "offices.yaml")
"""Names and telephone numbers: never part of a configuration."""
OVERLAY = "desk.json"
"""What was done at the desk: in the storage directory, written by the gateway; never among the county's files."""
HOLIDAYS = "(holidays)/cn.yaml"
"""The public holidays that come along: one of a configuration's texts where its rules go by them, and no file of it."""
_COME_ALONG = Path(__file__).with_name("holidays_cn.yaml")
_MEBIBYTE = 1 << 20
YAML_BYTES = 2 * _MEBIBYTE
"""Ten thousand rules; the reader takes half a minute for them."""
TABLE_BYTES = 64 * _MEBIBYTE
"""Of a CSV table or a GeoJSON file: fifty thousand polygons of a hundred corners are less."""
_YAML = (".yaml", ".yml")


class FileRefused(OSError):
    """There is something under that name, but nothing to read; ``key`` is one of the message table."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


class Files(Protocol):
    """The files of one configuration, by name relative to its directory."""

    secrets: bool
    """Whether credentials are among them: else none are asked for."""

    def text(self, name: str) -> str:
        """The text of a file.

        Raises:
            FileNotFoundError: there is none.
            FileRefused: it is no file, or too large.
            OSError: the system does not let it be read.
            UnicodeDecodeError: it is in no known encoding.
        """
        ...

    def matching(self, pattern: str) -> list[str]:
        """Names that match a pattern, sorted. ``*`` stays within a directory.

        The main file, credentials and contacts never match.
        """
        ...

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        ...

    def shown(self, name: str) -> str:
        """The name under which faults of the file are reported."""
        ...

    def deeds(self, storage: str) -> str:
        """What was done at the desk, by the gateway of this storage directory; empty: nothing.

        Raises:
            OSError: the system does not let it be read.
            UnicodeDecodeError: it is damaged.
        """
        ...

    def resolved(self, path: str) -> str:
        """A path of the configuration made absolute, where that is known."""
        ...


class DirectoryFiles:
    """A configuration on disk; ``path`` is its directory, or its main file. ``deeds``: whether they stand above it."""

    def __init__(self, path: Path, *, secrets: bool = True, deeds: bool = True) -> None:
        self.secrets, self._with_deeds = secrets, deeds
        self._directory_given = path.is_dir()
        self._main = path / MAIN if self._directory_given else path
        self._directory = self._main.parent

    def _path(self, name: str) -> Path:
        if name == HOLIDAYS:
            return _COME_ALONG
        return self._main if name == MAIN else self._directory / name

    def text(self, name: str) -> str:
        """As in :class:`Files`; UTF-8 with or without byte order mark, else GB18030."""
        try:
            return decoded(read_capped(self._path(name)))
        except FileNotFoundError:
            if name == MAIN and not self._directory_given and not self._main.suffix:
                raise FileRefused("path_missing", value=self._main) from None
            raise

    def matching(self, pattern: str) -> list[str]:
        """As in :class:`Files`."""
        if "**" in pattern or not pattern.strip("/."):
            return []
        own = (self._main, *map(self._path, (CREDENTIALS, *CONTACTS)))
        if not set(pattern) & set("*?["):
            return [pattern] if self.has(pattern) and self._path(pattern) not in own else []
        found = (path for path in self._directory.glob(pattern) if path.is_file() and path not in own)
        return sorted(path.relative_to(self._directory).as_posix() for path in found)

    def has(self, name: str) -> bool:
        """As in :class:`Files`."""
        path = self._path(name)
        return path.is_symlink() or path.exists()

    def shown(self, name: str) -> str:
        """As in :class:`Files`."""
        return str(self._path(name))

    def deeds(self, storage: str) -> str:
        """As in :class:`Files`."""
        path = self._directory.absolute() / storage / OVERLAY
        try:
            return path.read_text("utf-8") if self._with_deeds else ""
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def resolved(self, path: str) -> str:
        """As in :class:`Files`."""
        return str(self._directory.absolute() / path)


class NamedFile:
    """One file by itself, under whatever name it is asked for."""

    secrets = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def text(self, name: str) -> str:
        """As in :class:`Files`."""
        del name
        return decoded(read_capped(self._path))

    def matching(self, pattern: str) -> list[str]:
        """As in :class:`Files`: there is nothing beside it."""
        del pattern
        return []

    def has(self, name: str) -> bool:
        """As in :class:`Files`."""
        return name == self._path.name

    def shown(self, name: str) -> str:
        """As in :class:`Files`."""
        del name
        return str(self._path)

    def deeds(self, storage: str) -> str:
        """As in :class:`Files`: it is no county's."""
        del storage
        return ""

    def resolved(self, path: str) -> str:
        """As in :class:`Files`."""
        return path


class KeptFiles:
    """A configuration out of the journal: texts by name, without credentials, relative paths left as written."""

    secrets = False

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def text(self, name: str) -> str:
        """As in :class:`Files`."""
        if name not in self._texts:
            raise FileNotFoundError(name)
        return self._texts[name]

    def matching(self, pattern: str) -> list[str]:
        """As in :class:`Files`."""
        depth = len(PurePosixPath(pattern).parts)
        paths = (PurePosixPath(name) for name in self._texts if name not in (MAIN, OVERLAY, HOLIDAYS))
        return sorted(str(path) for path in paths if len(path.parts) == depth and path.match(pattern))

    def has(self, name: str) -> bool:
        """As in :class:`Files`."""
        return name in self._texts

    def shown(self, name: str) -> str:
        """As in :class:`Files`."""
        return name

    def deeds(self, storage: str) -> str:
        """As in :class:`Files`: they are among the texts."""
        del storage
        return self._texts.get(OVERLAY, "")

    def resolved(self, path: str) -> str:
        """As in :class:`Files`."""
        return path


def read_capped(path: Path) -> bytes:
    """The bytes of a regular file, as many as its kind may have.

    Raises:
        FileRefused: a directory, a device, a pipe, a circle of links, or more bytes than are taken.
        OSError: the system does not let it be read.
    """
    most = YAML_BYTES if path.suffix in _YAML else TABLE_BYTES
    try:
        mode = path.stat().st_mode
    except OSError as fault:
        if fault.errno == ELOOP:
            raise FileRefused("file_loop", name=path) from fault
        raise
    if stat.S_ISDIR(mode):
        raise FileRefused("file_directory", name=path)
    if not stat.S_ISREG(mode):
        raise FileRefused("file_special", name=path)
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise FileRefused("file_large", name=path, most=most // _MEBIBYTE)
    return data


def decoded(data: bytes) -> str:
    """Text out of UTF-8 (a byte order mark is dropped) or GB18030; lines end in a line feed."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return text.replace("\r\n", "\n").replace("\r", "\n")
