"""A version of what was learnt as bytes: its columns one after the other, each as numpy writes an array."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gateway.fusion.scan.shapes import Learnt

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Final[Mapping[str, str]] = {
    name: {"cell": "<i8", "first": "<i4", "place": "<i4"}.get(name, "<f4") for name in Learnt._fields
}


def digest(learnt: Learnt) -> str:
    """Name of a version: SHA-256 over names, types, lengths and values of its columns, in hexadecimal digits."""
    total = sha256()
    for name, kind in _TYPES.items():
        column = np.ascontiguousarray(getattr(learnt, name), kind)
        total.update(f"{name} {kind} {len(column)}\n".encode())
        total.update(column.data)
    return total.hexdigest()


def packed(learnt: Learnt) -> bytes:
    """A version as it lies in a file; its digest belongs in the file's name."""
    file = io.BytesIO()
    for name, kind in _TYPES.items():
        column = np.ascontiguousarray(getattr(learnt, name), kind)
        np.lib.format.write_array(file, column, version=(1, 0), allow_pickle=False)
    return file.getvalue()


def unpacked(content: bytes, named: str) -> Learnt:
    """A version that was packed.

    Raises:
        ValueError: it is not the one of that digest.
    """
    file, columns = io.BytesIO(content), dict[str, Any]()
    try:
        for name in _TYPES:
            columns[name] = np.lib.format.read_array(file, allow_pickle=False)
        learnt = Learnt(**columns)
        same = digest(learnt) == named and not file.read(1)
    except (ValueError, EOFError, TypeError) as fault:
        raise ValueError(f"no version of what was learnt: {fault}") from fault
    if not same:
        raise ValueError("a version of what was learnt is not the one of its name")
    return learnt
