"""Frames of a batch as arrays: unescaped together, headers read as columns, reports located."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from protocols.columns import read_number
from protocols.jt808.clock import column_from_bcd
from protocols.jt808.header import (
    EDITION_2019,
    ENCRYPTED,
    FRAGMENT_HEADER,
    FRAGMENTED,
    LONG_HEADER,
    ONLY_FRAGMENT,
    SHORT_HEADER,
)
from protocols.jt808.messages.position import FULL_CIRCLE, KIND_STORED, LOCATION_COURSE, LOCATION_SIZE, LOCATION_TIME
from protocols.jt808.reports import FITS, LAYOUTS, PROVEN, TIMED, Layout
from protocols.jt808.wire import FLAG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.session import FrameBatch

_ESCAPE = 0x7D
_LAYOUTS = tuple(LAYOUTS.values())
_PLACE_OF = np.full(1 << 16, len(LAYOUTS), np.int8)
"""By message its layout's place in ``_LAYOUTS``, or their number: it holds no reports."""
_PLACE_OF[list(LAYOUTS)] = range(len(LAYOUTS))
_SMALLEST = 2 + SHORT_HEADER + 1
"""Two flags, a header, a checksum."""


def unescape_batch(frames: FrameBatch) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """All frames without escapes: (uint8 buffer, int64 start, int64 length), flags kept. No copy if none is escaped."""
    payload = frames.payload
    escapes = (payload[:-1] == _ESCAPE).nonzero()[0]
    if len(escapes):
        escapes = escapes[(payload[escapes + 1] == 1) | (payload[escapes + 1] == 2)]  # noqa: PLR2004  # 7D 01, 7D 02
    if not len(escapes):
        return payload, frames.start, frames.length
    plain = payload.copy()
    plain[escapes] += payload[escapes + 1] - 1
    keep = np.ones(len(payload), np.bool_)
    keep[escapes + 1] = False
    start = frames.start - np.searchsorted(escapes, frames.start)
    end = frames.start + frames.length
    return plain[keep], start, end - np.searchsorted(escapes, end) - start


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies of the plain, whole messages of a batch, one row each.

    Attributes:
        frame: int64 (n,), index of the frame in the batch.
        message: int64 (n,).
        edition_2019: bool (n,).
        start, end: int64 (n,), the body within ``buffer``.
        buffer: uint8 (bytes,), unescaped.
    """

    frame: NDArray[np.int64]
    message: NDArray[np.int64]
    edition_2019: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    buffer: NDArray[np.uint8]


def bodies_of(frames: FrameBatch) -> Bodies:
    """Headers as columns. Parts of longer messages and encrypted frames are left out: they hold nothing readable."""
    buffer, start, length = unescape_batch(frames)
    frame = (length >= _SMALLEST).nonzero()[0]
    start, length = start[frame], length[frame]
    head = read_number(buffer, start + 1, 4)
    message, attributes = head >> 16, head & 0xFFFF
    edition_2019 = attributes & EDITION_2019 > 0
    begin = start + np.where(edition_2019, 1 + LONG_HEADER, 1 + SHORT_HEADER)
    end = start + length - 2
    fragment = attributes & FRAGMENTED > 0
    if fragment.any():
        _open_only(fragment, begin, end, buffer)
    whole = ~fragment & (attributes & ENCRYPTED == 0) & (begin <= end) & (buffer[start] == FLAG)
    if whole.all():
        return Bodies(frame, message, edition_2019, begin, end, buffer)
    return Bodies(frame[whole], message[whole], edition_2019[whole], begin[whole], end[whole], buffer)


def _open_only(
    fragment: NDArray[np.bool_], begin: NDArray[np.int64], end: NDArray[np.int64], buffer: NDArray[np.uint8]
) -> None:
    """The only fragment of a message is a whole one behind a longer header: changes ``fragment`` and ``begin``."""
    only = np.flatnonzero(fragment & (begin + FRAGMENT_HEADER <= end))
    only = only[read_number(buffer, begin[only], FRAGMENT_HEADER) == ONLY_FRAGMENT]
    begin[only] += FRAGMENT_HEADER
    fragment[only] = False


@dataclass(frozen=True, slots=True)
class Records:
    """Reports of a batch, n of them, by frame and, within it, as they stand there.

    Attributes:
        frame: int64 (n,), index of the frame in the batch.
        edition_2019, stored: bool (n,).
        start, end: int64 (n,), the report (fixed part and items) within ``buffer``.
        buffer: uint8 (bytes,).
    """

    frame: NDArray[np.int64]
    edition_2019: NDArray[np.bool_]
    stored: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    buffer: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.frame)


def records_of(bodies: Bodies) -> Records:
    """Every report of every message that carries some: the vectorised twin of :func:`protocols.jt808.reports.spans`."""
    place = _PLACE_OF[bodies.message]
    present = np.bincount(place, minlength=1)[: len(LAYOUTS)].nonzero()[0].tolist() or [0]
    found = [_records_in(bodies, (place == each).nonzero()[0], _LAYOUTS[each]) for each in present]
    row, stored, start, end = found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
    frame = bodies.frame[row]
    if (frame[1:] < frame[:-1]).any():
        order = np.argsort(frame, kind="stable")
        row, stored, start, end, frame = row[order], stored[order], start[order], end[order], frame[order]
    return Records(frame, bodies.edition_2019[row], stored, start, end, bodies.buffer)


def _records_in(
    bodies: Bodies, row: NDArray[np.int64], layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Rows, stored, start and end of the reports in messages of one layout, each message's in its order."""
    start, end = bodies.start[row], bodies.end[row]
    start += _heads(bodies.buffer, start, end, layout) if layout.head else 0
    stored = np.zeros(len(row), np.bool_)
    if layout.kind_at >= 0 and len(row):
        holds = start <= end
        row, start, end = row[holds], start[holds], end[holds]
        stored = bodies.buffer[start - layout.head + layout.kind_at] == KIND_STORED
    if layout.length_width and len(row):
        which, start, end = _expand(bodies.buffer, start, end, layout.length_width)
        row, stored = row[which], stored[which]
    fits = end - start >= LOCATION_SIZE
    if layout.proven:
        fits &= _proofs(bodies.buffer, start, end) == PROVEN
        end = np.minimum(end, start + LOCATION_SIZE)
    if fits.all():
        return row, stored, start, end
    return row[fits], stored[fits], start[fits], end[fits]


def _heads(
    buffer: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], layout: Layout
) -> NDArray[np.int64]:
    """Bytes before the report of each body: the vectorised twin of :func:`protocols.jt808.reports.head_of`."""
    head = np.full(len(start), layout.head)
    if layout.head_optional:
        head[_proofs(buffer, start, end) > _proofs(buffer, start + layout.head, end)] = 0
    return head


def _proofs(buffer: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """How well a fixed part that began at ``start`` would read: int64 (n,)."""
    proof = np.zeros(len(start), np.int64)
    fits = np.flatnonzero(end - start >= LOCATION_SIZE)
    at = start[fits]
    time = column_from_bcd(buffer[(at + LOCATION_TIME)[:, None] + np.arange(LOCATION_SIZE - LOCATION_TIME)])
    in_range = read_number(buffer, at + LOCATION_COURSE, 2) <= FULL_CIRCLE
    proof[fits] = FITS + TIMED * ~np.isnan(time) + in_range
    return proof


def _expand(
    buffer: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Length-prefixed records: list, start and end of each; the k-th of every list in round k."""
    which = np.flatnonzero(start + width <= end)
    position = start[which]
    rounds = []
    while len(which):
        begin = position + width
        after = begin + read_number(buffer, position, width)
        fits = after <= end[which]
        which, begin, after = which[fits], begin[fits], after[fits]
        rounds.append((which, begin, after))
        going = after + width <= end[which]
        which, position = which[going], after[going]
    if not rounds:
        none = np.empty(0, np.int64)
        return none, none, none
    which, begin, after = (np.concatenate(parts) for parts in zip(*rounds, strict=True))
    return which, begin, after
