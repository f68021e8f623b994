"""Format 2 of a row: each entry under a hash of its own, so that one can be erased, or shown, without the others.

A body is a header (magic, entries, references, erased entries, bytes of payload), then, little-endian and each end to
end: kinds (1 byte), receive times (float64), places among the references (int32), lengths (uint32), references (uint32,
numbers in the file's table of origins), salts (16 bytes, of the entries that are not erased), leaves (32 bytes, of
those that are), payloads.

The leaf of an entry is SHA-256(0 + salt + kind + receive time + SHA-256 of its origin's JSON + payload): the widths are
16, 1, 8 and 32, and the payload is all that follows, so that no two entries have the same bytes. The root of a row is
SHA-256(2 + offset of its first entry, int64 + entries, uint32 + first and last receive time, float64 + the uppermost
node over its leaves). The chain goes over the roots.

An erased entry keeps its leaf, the length 0 and no reference; its receive time is that of the entry before it, unless
it is the first or the last of its row, whose times the root covers. So no bit of a row is covered by nothing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from gateway.errors import OurFault
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.journal.origins import Shelf

MAGIC = b"BGE2"
SALT, DIGEST = 16, 32
"""Bytes of a salt, and of a hash."""
HEADER = struct.Struct("<4sIIII")
ERASED = int(EntryKind.ERASED)
NOWHERE = -1
"""The place among the references of an entry that has none."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A body taken apart; what the fields are stands above."""

    kind: NDArray[np.uint8]
    received: NDArray[np.float64]
    origin: NDArray[np.int32]
    length: NDArray[np.int64]
    references: NDArray[np.uint32]
    salts: bytes | memoryview
    erased: bytes | memoryview
    payload: bytes | memoryview


def used_origins(batch: EntryBatch) -> list[int]:
    """Which of a batch's origins its entries have: a part of a batch still holds the others'."""
    used = np.zeros(len(batch.origins), np.bool_)
    used[batch.origin] = True
    return list(np.flatnonzero(used).tolist())


def columns_of(batch: EntryBatch, used: list[int], numbers: list[int], salts: bytes) -> Columns:
    """What is stored of a batch.

    Args:
        batch: entries, their payloads end to end; one at least, and none that was erased.
        used: its ``used_origins``.
        numbers: of each of those, in the file.
        salts: random bytes, 16 an entry.
    """
    references, number = np.unique(np.array(numbers, np.uint32), return_inverse=True)
    place = np.full(len(batch.origins), NOWHERE, np.int32)
    place[used] = number
    return Columns(
        batch.kind, batch.received, place[batch.origin], batch.length, references, salts, b"",
        batch.payload.tobytes(),
    )  # fmt: skip


def pack(columns: Columns) -> bytes:
    """The body of a row."""
    erased = len(columns.erased) // DIGEST
    sizes = len(columns.kind), len(columns.references), erased, len(columns.payload)
    return b"".join((
        HEADER.pack(MAGIC, *sizes), columns.kind.tobytes(), columns.received.astype("<f8").tobytes(),
        columns.origin.astype("<i4").tobytes(), columns.length.astype("<u4").tobytes(),
        columns.references.astype("<u4").tobytes(), columns.salts, columns.erased, columns.payload,
    ))  # fmt: skip


def unpack(body: bytes) -> Columns:
    """Inverse of ``pack``.

    Raises:
        OurFault: the body is damaged.
    """
    if len(body) < HEADER.size:
        raise OurFault("journal row is not a batch of entries")
    _, count, references, erased, size = HEADER.unpack_from(body)
    widths = (count, 8 * count, 4 * count, 4 * count, 4 * references, SALT * (count - erased), DIGEST * erased, size)
    if count < max(erased, 1) or len(body) != HEADER.size + sum(widths):
        raise OurFault("journal row has the wrong size")
    at, view = list(accumulate(widths, initial=HEADER.size)), memoryview(body)
    return Columns(
        np.frombuffer(body, np.uint8, count, at[0]), np.frombuffer(body, "<f8", count, at[1]),
        np.frombuffer(body, "<i4", count, at[2]), np.frombuffer(body, "<u4", count, at[3]).astype(np.int64),
        np.frombuffer(body, "<u4", references, at[4]), view[at[5] : at[6]], view[at[6] : at[7]], view[at[7] :],
    )  # fmt: skip


def decode(body: bytes, origins: Shelf[Origin]) -> EntryBatch:
    """The entries of a body; an erased one has no payload and no origin.

    Raises:
        OurFault: it is damaged, or an origin that it refers to is not in its file.
    """
    one = unpack(body)
    known, place = origins(one.references.tolist()), one.origin
    if len(one.erased):
        known, place = (*known, NO_ORIGIN), np.where(place == NOWHERE, np.int32(len(known)), place)
    payload = np.frombuffer(one.payload, np.uint8)
    return EntryBatch(one.kind, one.received, place, np.cumsum(one.length) - one.length, one.length, payload, known)
