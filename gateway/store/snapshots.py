"""The engine's state as it last was between two commits: one snapshot, each replacing the one before."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.engine import Snapshot, SnapshotPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.store.connection import StateConnection


COMPRESSED = ";zlib"
"""Behind the dtype of a part whose bytes are compressed."""
LEVEL = 1
"""Marks resemble each other: the quickest level makes them a tenth, and higher ones hardly less."""


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshot of a state.db; like it, owned by one thread."""

    db: StateConnection

    def save(self, snapshot: Snapshot) -> None:
        """Replace the snapshot; it implies that outcomes up to its offset are stored."""
        with self.db.transaction():
            self.db.execute("DELETE FROM snapshot")
            rows = [
                (part.name, part.dtype + COMPRESSED, json.dumps(part.shape), zlib.compress(part.data, LEVEL))
                for part in snapshot.parts
            ]
            self.db.executemany("INSERT INTO snapshot VALUES (?,?,?,?)", rows)
            self.db.execute("INSERT OR REPLACE INTO progress VALUES ('snapshot_offset', ?)", (snapshot.offset,))
            self.db.execute(
                "INSERT INTO progress VALUES ('applied_offset', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (snapshot.offset,),
            )

    def load(self) -> Snapshot | None:
        """The last snapshot, if there is one."""
        offset = self.db.progress("snapshot_offset")
        if offset is None:
            return None
        rows = self.db.rows("SELECT name, dtype, shape, data FROM snapshot ORDER BY name")
        return Snapshot(offset, parts_of(rows))


def parts_of(rows: Iterable[Sequence[Any]]) -> tuple[SnapshotPart, ...]:
    """The arrays of rows of the table: name, dtype, shape, data.

    Raises:
        ValueError, TypeError: a row is none.
    """
    return tuple(
        SnapshotPart(name, dtype.removesuffix(COMPRESSED), tuple(json.loads(shape)), _plain(dtype, bytes(data)))
        for name, dtype, shape, data in rows
    )


def _plain(dtype: str, data: bytes) -> bytes:
    """What was compressed; older versions did not. What cannot be undone stays, and is then of a wrong length."""
    try:
        return zlib.decompress(data) if dtype.endswith(COMPRESSED) else data
    except zlib.error:
        return data
