"""How rows lie in a chunk: a file says the names and types of their columns, so that a later version may add some."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import PAST

if TYPE_CHECKING:
    from numpy.typing import NDArray

OURS: Final = json.dumps([[name, PAST[name].str] for name in PAST.names or ()])
"""The layout that this version writes."""


def packed(rows: NDArray[np.void]) -> tuple[int, bytes]:
    """The bytes of rows (PAST), and a sum by which damage is noticed."""
    body = rows.tobytes()
    return zlib.crc32(body), body


def unpacked(columns: str, crc: int, body: bytes) -> NDArray[np.void]:
    """Rows (PAST) of a chunk, to be looked at only: columns by name, those that its version did not know are 0.

    Raises:
        ValueError: the bytes are not what was written.
    """
    if zlib.crc32(body) != crc:
        raise ValueError("a chunk of it is not what was written")
    if columns == OURS:
        return np.frombuffer(body, PAST)
    written = np.frombuffer(body, np.dtype([(name, dtype) for name, dtype in json.loads(columns)]))
    rows = np.zeros(len(written), PAST)
    for name in set(PAST.names or ()).intersection(written.dtype.names or ()):
        rows[name] = written[name]
    return rows
