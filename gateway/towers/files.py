"""A table of cells as a file: its columns one after the other, each as numpy writes an array, named by their digest.

Such a file can be mapped: what is never looked up is never read. It is made under another name and is whole before it
has its own.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import fields
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from gateway.errors import OurFault
from gateway.fusion.towers import TowerTable
from gateway.on_disk import rename
from gateway.private import handed_over, opener
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SUFFIX: Final = ".table"
NEW: Final = ".new"
_TYPES: Final = {
    "areas": "<u8", "keys": "<u8", "latitude": "<f8", "longitude": "<f8", "sigma_m": "<f4", "samples": "<i4"
}  # fmt: skip
"""As they lie in the file, in this order."""


def digest_of(table: TowerTable) -> str:
    """SHA-256 over names, types, lengths and values of the columns, in hexadecimal digits."""
    found = hashlib.sha256()
    for name, column in _columns(table):
        found.update(f"{name} {_TYPES[name]} {len(column)}\n".encode())
        found.update(np.ascontiguousarray(column).data)
    return found.hexdigest()


def save(directory: Path, table: TowerTable) -> str:
    """Write a table where it is not there yet; its digest names it."""
    digest = digest_of(table)
    path = path_of(directory, digest)
    if not path.exists():
        write_whole(path, lambda file: _write(file, table))
    return digest


def load(directory: Path, digest: str) -> TowerTable:
    """A table, mapped.

    Raises:
        OurFault: it is not there, or not what had been written.
    """
    path = path_of(directory, digest)
    try:
        table = _mapped(path)
    except (OSError, ValueError, EOFError) as fault:
        raise OurFault(phrase("towers_version_damaged", path=path, cause=fault)) from fault
    if digest_of(table) != digest:
        raise OurFault(phrase("towers_version_damaged", path=path, cause="SHA-256"))
    return table


def path_of(directory: Path, digest: str) -> Path:
    """Where a table of that digest lies."""
    return directory / f"{digest}{SUFFIX}"


def write_whole(path: Path, write: Any) -> None:  # noqa: ANN401  whoever writes into an open binary file
    """A file that is there whole, on disk, or not at all; the storage's owner's."""
    unfinished = path.with_name(path.name + NEW)
    try:
        with open(unfinished, "wb", opener=opener) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        handed_over(unfinished)
        rename(unfinished, path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _columns(table: TowerTable) -> list[tuple[str, NDArray[Any]]]:
    names = [each.name for each in fields(TowerTable)]
    return [(name, np.asarray(getattr(table, name)).astype(_TYPES[name], copy=False)) for name in names]


def _write(file: IO[bytes], table: TowerTable) -> None:
    for _, column in _columns(table):
        np.lib.format.write_array(file, np.ascontiguousarray(column), version=(1, 0), allow_pickle=False)


def _mapped(path: Path) -> TowerTable:
    columns: dict[str, NDArray[Any]] = {}
    with path.open("rb") as file:
        for name, kind in _TYPES.items():
            np.lib.format.read_magic(file)
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            if dtype != np.dtype(kind) or len(shape) != 1:
                raise ValueError(f"{name} is {dtype}{shape}")
            columns[name] = _array(path, file.tell(), dtype, shape[0])
            file.seek(columns[name].nbytes, os.SEEK_CUR)
    return TowerTable(**columns)


def _array(path: Path, offset: int, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    """Nothing can be mapped of an array without a row."""
    return np.memmap(path, dtype, "r", offset, (count,)) if count else np.empty(0, dtype)
