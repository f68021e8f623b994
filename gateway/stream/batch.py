"""Entries as the body of one message: it needs nothing beside it to be read.

A body is a header (magic with the schema, entries, bytes of the origins' JSON, bytes of payload), then, little-endian
and each end to end: kinds (1 byte), receive times (float64), places among the origins (uint32), lengths (uint32), the
origins as a JSON list, payloads.
"""

from __future__ import annotations

import struct
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.decoded import json_of
from gateway.errors import OurFault
from gateway.journal.entries import EntryBatch, EntryKind, Origin
from gateway.journal.faults import UnknownKind
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"BGS1"
HEADER: Final = struct.Struct("<4sIII")
MOST_KNOWN: Final = 16_384
"""Origins that a reader holds; two entries of one session then have one object."""
_KNOWN: Final = np.isin(np.arange(256), list(EntryKind))
_LIST: Final = json_of(list[msgspec.Raw])
_ONE: Final = json_of(Origin)


class Damaged(OurFault):
    """A body is not what is written as one."""

    def __init__(self, why_zh: str, why_en: str) -> None:
        super().__init__(Text(
            f"流中的一条消息不是日志条目（{why_zh}）：已损坏，或由别的程序、较新的版本写入；没有改动任何内容",
            f"a message of the stream is no batch of entries ({why_en}): it is damaged, or another program or a newer"
            " version wrote it; nothing was changed",
        ))  # fmt: skip


class Origins:
    """Origins by how they are written, so that messages which name the same one share it."""

    def __init__(self) -> None:
        self._known: dict[bytes, Origin] = {}

    def read(self, said: bytes) -> tuple[Origin, ...]:
        """Those of a JSON list.

        Raises:
            Damaged: it is none, or one of them is no origin.
        """
        try:
            return tuple([self._one(bytes(raw)) for raw in _LIST.decode(said)])
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise Damaged("来源无法读取", "its origins cannot be read") from fault

    def _one(self, said: bytes) -> Origin:
        found = self._known.get(said)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[said] = _ONE.decode(said)
        return found


def encode(batch: EntryBatch) -> bytes:
    """The body of entries whose payloads stand end to end; the same entries give the same bytes."""
    used, place = np.unique(batch.origin, return_inverse=True)
    origins = msgspec.json.encode([batch.origins[index] for index in used.tolist()])
    return b"".join((
        HEADER.pack(MAGIC, len(batch), len(origins), len(batch.payload)), batch.kind.tobytes(),
        batch.received.astype("<f8").tobytes(), place.astype("<u4").tobytes(), batch.length.astype("<u4").tobytes(),
        origins, batch.payload.tobytes(),
    ))  # fmt: skip


def decode(body: bytes, origins: Origins) -> EntryBatch:
    """Inverse of :func:`encode`.

    Raises:
        UnknownKind: it has an entry of a kind that this version does not know.
        Damaged: it is no such body.
    """
    if len(body) < HEADER.size or body[:4] != MAGIC:
        raise Damaged("开头不符", "it begins otherwise")
    _, count, named, size = HEADER.unpack_from(body)
    widths = (count, 8 * count, 4 * count, 4 * count, named, size)
    if len(body) != HEADER.size + sum(widths):
        raise Damaged("长度不符", "its size is wrong")
    at = list(accumulate(widths, initial=HEADER.size))
    kind, length = np.frombuffer(body, np.uint8, count, at[0]), np.frombuffer(body, "<u4", count, at[3])
    place, known = np.frombuffer(body, "<u4", count, at[2]), origins.read(body[at[4] : at[5]])
    if int(length.sum()) != size or (count and int(place.max()) >= len(known)):
        raise Damaged("各列互相矛盾", "its columns contradict each other")
    if not _KNOWN[kind].all():
        raise UnknownKind(int(kind[~_KNOWN[kind]][0]))
    lengths = length.astype(np.int64)
    return EntryBatch(
        kind, np.frombuffer(body, "<f8", count, at[1]), place.astype(np.int32), np.cumsum(lengths) - lengths, lengths,
        np.frombuffer(body, np.uint8, size, at[5]), known,
    )  # fmt: skip


def split(batch: EntryBatch, room: int) -> Iterator[tuple[EntryBatch, bytes]]:
    """Entries as bodies of at most ``room`` bytes, in order; an entry that is larger alone is given all the same."""
    body = encode(batch)
    if len(body) <= room or len(batch) == 1:
        yield batch, body
        return
    middle = len(batch) // 2
    yield from split(batch.slice(0, middle), room)
    yield from split(batch.slice(middle, len(batch)), room)
