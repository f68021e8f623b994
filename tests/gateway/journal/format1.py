"""Rows as versions before format 2 wrote them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from gateway.journal.entries import EntryBatch


def encode(batch: EntryBatch) -> bytes:
    origins = msgspec.json.encode(batch.origins)
    return b"".join((
        struct.pack("<4sIII", b"BGE1", len(batch), len(origins), len(batch.payload)),
        batch.kind.tobytes(), batch.received.astype("<f8").tobytes(), batch.origin.astype("<i4").tobytes(),
        batch.length.astype("<u4").tobytes(), origins, batch.payload.tobytes(),
    ))  # fmt: skip
