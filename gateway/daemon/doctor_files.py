"""What ``doctor`` says of who may read the storage directory, credentials, keys and names."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.settings.files import CONTACTS, CREDENTIALS
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Configuration
    from gateway.words.texts import Text

DIRECTORY: Final = 0o700
SECRET: Final = 0o600


def permissions(configuration: Configuration, files: Path) -> Iterator[tuple[str, Text]]:
    """A grade and a sentence of the storage directory, and of each file with secrets or names."""
    storage = Path(configuration.storage.directory)
    if not storage.is_dir():
        yield "note", phrase("doctor_storage_none", directory=storage)
    elif not os.access(storage, os.W_OK | os.X_OK):
        yield "fault", phrase("doctor_storage_closed", directory=storage, cause=os.strerror(errno.EACCES))
    else:
        yield _open_to_others(storage, DIRECTORY) or ("well", phrase("doctor_storage", directory=storage))
    for path in (files / CREDENTIALS, *map(Path, keys(configuration))):
        if path.is_file():
            yield _open_to_others(path, SECRET) or _open_to_group(path) or _kept(path)
    for path in (files / name for name in CONTACTS):
        if path.is_file():
            yield _open_to_others(path, SECRET) or _kept(path)


def keys(configuration: Configuration) -> list[str]:
    """Files of private keys, each once: of listeners, platforms and the desk."""
    ways = (configuration.listeners, configuration.upstreams)
    of_ways = [each.tls.key_file for way in ways for each in way if each.tls is not None]
    return list(dict.fromkeys(filter(None, [*of_ways, configuration.console.key])))


def _kept(path: Path) -> tuple[str, Text]:
    return "well", phrase("doctor_secrets", path=path, mode=f"{_mode(path):o}")


def _open_to_others(path: Path, wanted: int) -> tuple[str, Text] | None:
    """None where others cannot read it; group may, for that is how accounts are given a look."""
    mode = _mode(path)
    if not mode & stat.S_IRWXO:
        return None
    return "fault", phrase("doctor_open", path=path, mode=f"{mode:o}", wanted=f"{wanted:o}")


def _open_to_group(path: Path) -> tuple[str, Text] | None:
    """None where the group cannot read it either: of officers nobody needs a password or a key of the gateway's."""
    mode = _mode(path)
    if not mode & stat.S_IRWXG:
        return None
    return "note", phrase("doctor_open_to_group", path=path, mode=f"{mode:o}", wanted=f"{SECRET:o}")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
