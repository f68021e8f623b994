"""Archives that come out the same from the same files: sorted, of one moment, root's, with two modes."""

from __future__ import annotations

import gzip
import tarfile
from functools import partial
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def pack(folder: Path, archive: Path, moment: int, name: str = ".") -> None:
    """All of a folder under a name in an archive; one that ends in ``.gz`` is compressed.

    Args:
        folder: what is packed.
        archive: what is written.
        moment: seconds since 1970 that all files have.
        name: of the folder in the archive.
    """
    with archive.open("wb") as out:
        if archive.suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, out, moment) as packed:
                _write(packed, folder, name, moment)
        else:
            _write(out, folder, name, moment)


def _plain(moment: int, entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = moment
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def _write(out: IO[bytes] | gzip.GzipFile, folder: Path, name: str, moment: int) -> None:
    plain = partial(_plain, moment)
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        tar.add(folder, name, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            tar.add(path, f"{name}/{path.relative_to(folder)}", recursive=False, filter=plain)
