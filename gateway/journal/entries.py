"""Entries: what the journal holds. Frames exactly as received, and controls, as a struct of arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class EntryKind(IntEnum):
    """A frame, a fragment of one, or one of the controls.

    COMMAND: an order to a device; RESULT: how it ended; CLOCK: the wall clock was set, and receive time with it;
    SKIPPED: an earlier entry that the engine cannot stand. TOWERS: what is known of cells from here on. ERASED: what it
    was has been erased, and who had that done is on record; such an entry is read, never appended. DEED: what staff did
    to the registers; it changes nothing by itself, the CONFIGURATION behind it does. TEST: a test alarm was asked for.
    RELOAD: somebody proposed, confirmed or took changed files; it changes nothing by itself either.
    NOTICE: what came of a notice to somebody. REMINDER: a wearer is to be reminded of the hours at home. ERASURE:
    somebody ordered, or confirmed, that a person's places are erased, or that is done. IMPORTED: a fix that another
    system had of a device; the origin says out of which file. AUDIT: somebody saw, did or was refused something; the
    engine passes it over. PAPER: a sheet of the office was made, changed or signed; the engine hands it on.
    """

    FRAME = 1
    START = 2
    STOP = 3
    TICK = 4
    OPENED = 5
    CLOSED = 6
    CONFIGURATION = 7
    ACT = 8
    FRAGMENT = 9
    COMMAND = 10
    RESULT = 11
    CLOCK = 12
    SKIPPED = 13
    ERASED = 14
    TOWERS = 15
    DEED = 16
    TEST = 17
    NOTICE = 18
    RELOAD = 19
    REMINDER = 20
    ERASURE = 21
    IMPORTED = 22
    AUDIT = 23
    PAPER = 24


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a frame came from and what decoding needs to know of its session.

    Shared by all frames of a session, so that a frame costs one index. Controls of a session carry it too.
    """

    device: str = ""
    listener: str = ""
    peer: str = ""
    protocol: str = ""
    profile: str = ""
    checksum_ok: bool = True
    facts: str = ""


NO_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class EntryBatch:
    """Entries in log order.

    Attributes:
        kind: uint8 (n,), :class:`EntryKind`.
        received: float64 (n,), receive time, UTC epoch seconds, never decreasing but at a CLOCK entry. An erased entry
            has that of the entry before it, unless its batch begins or ends with it.
        origin: int32 (n,), index into ``origins``.
        start, length: int64 (n,), where each payload stands in ``payload``.
        payload: uint8 (bytes,).
        origins: the origins, in order of appearance; one that several parts have stands there several times, for to
            find those costs more than what it saves.
    """

    kind: NDArray[np.uint8]
    received: NDArray[np.float64]
    origin: NDArray[np.int32]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    payload: NDArray[np.uint8]
    origins: tuple[Origin, ...]

    def __len__(self) -> int:
        return len(self.kind)

    def bytes_of(self, index: int) -> bytes:
        """Payload of one entry."""
        start = int(self.start[index])
        return self.payload[start : start + int(self.length[index])].tobytes()

    def origin_of(self, index: int) -> Origin:
        """Origin of one entry."""
        return self.origins[int(self.origin[index])]

    def slice(self, first: int, until: int) -> EntryBatch:
        """Entries first <= i < until, with their stretch of the payload; nothing is copied."""
        part = np.s_[first:until]
        start, length = self.start[part], self.length[part]
        begin = int(start[0]) if len(start) else 0
        end = int(start[-1] + length[-1]) if len(start) else 0
        return EntryBatch(
            self.kind[part], self.received[part], self.origin[part], start - begin, length,
            self.payload[begin:end], self.origins,
        )  # fmt: skip

    def compact(self) -> EntryBatch:
        """The same entries, without the origins that only others have: a slice of a long batch has those of all."""
        if len(self.origins) <= len(self):
            return self
        used, origin = np.unique(self.origin, return_inverse=True)
        origins = tuple(self.origins[each] for each in used.tolist())
        return EntryBatch(
            self.kind, self.received, origin.astype(np.int32), self.start, self.length, self.payload, origins
        )


@dataclass(slots=True)
class Gathering:
    """Entries of the batch that is being made: plain lists, and whole columns of frames between them."""

    kinds: list[int] = field(default_factory=list)
    received: list[float] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    size: int = 0
    _done: list[_Part] = field(default_factory=list)
    _rows: int = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, kind: EntryKind, received: float, origin: Origin, payload: bytes) -> None:
        """Append one entry."""
        self.kinds.append(kind)
        self.received.append(received)
        self.origins.append(origin)
        self.payloads.append(payload)
        self.size += len(payload)
        self._rows += 1

    def add_frames(
        self, received: float, origins: Sequence[Origin], origin: NDArray[np.int64], length: NDArray[np.int64],
        payload: bytes,
    ) -> None:  # fmt: skip
        """Append frames that were received at once.

        Args:
            received: when.
            origins: where they come from.
            origin: int64 (n,), index into those.
            length: int64 (n,), bytes of each frame.
            payload: the frames, end to end.
        """
        self._close_part()
        kind = np.full(len(length), EntryKind.FRAME, np.uint8)
        self._done.append(_Part(kind, np.full(len(length), received), origin, length, payload, origins))
        self.size += len(payload)
        self._rows += len(length)

    def batch(self) -> EntryBatch:
        """The columns of what was gathered."""
        self._close_part()
        parts = self._done
        kind = _end_to_end([part.kind for part in parts], np.uint8)
        received = _end_to_end([part.received for part in parts], np.float64)
        length = _end_to_end([part.length for part in parts], np.int64)
        payload = parts[0].payload if len(parts) == 1 else b"".join([part.payload for part in parts])
        origin, origins = _numbered([(part.origin, part.origins) for part in parts])
        start = np.cumsum(length) - length
        return EntryBatch(kind, received, origin, start, length, np.frombuffer(payload, np.uint8), origins)

    def _close_part(self) -> None:
        if not self.kinds:
            return
        self._done.append(_Part(
            np.array(self.kinds, np.uint8), np.array(self.received, np.float64),
            np.arange(len(self.origins)), np.array([len(payload) for payload in self.payloads], np.int64),
            b"".join(self.payloads), self.origins,
        ))  # fmt: skip
        self.kinds, self.received, self.origins, self.payloads = [], [], [], []


class _Part(NamedTuple):
    """Entries end to end; ``origin`` is an index into the part's own ``origins``."""

    kind: NDArray[np.uint8]
    received: NDArray[np.float64]
    origin: NDArray[np.int64]
    length: NDArray[np.int64]
    payload: bytes
    origins: Sequence[Origin]


def merge(batches: Sequence[EntryBatch]) -> EntryBatch:
    """Several batches as one, in order, so that the engine works on long columns."""
    sizes = np.array([len(batch.payload) for batch in batches])
    starts = [batch.start + base for batch, base in zip(batches, np.cumsum(sizes) - sizes, strict=True)]
    origin, origins = _numbered([(batch.origin, batch.origins) for batch in batches])
    return EntryBatch(
        np.concatenate([batch.kind for batch in batches]), np.concatenate([batch.received for batch in batches]),
        origin, np.concatenate(starts), np.concatenate([batch.length for batch in batches]),
        np.concatenate([batch.payload for batch in batches]), origins,
    )  # fmt: skip


def _end_to_end(columns: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    if len(columns) == 1:
        return columns[0]
    return np.concatenate(columns) if columns else np.empty(0, dtype)


def _numbered(parts: Sequence[tuple[NDArray[Any], Sequence[Origin]]]) -> tuple[NDArray[np.int32], tuple[Origin, ...]]:
    """Origins of several parts, one part after another; and each entry's place among them."""
    ends = accumulate((len(origins) for _, origins in parts), initial=0)
    places = [(entries + begin).astype(np.int32) for begin, (entries, _) in zip(ends, parts, strict=False)]
    return _end_to_end(places, np.int32), tuple(chain.from_iterable(origins for _, origins in parts))
