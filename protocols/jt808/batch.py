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
_SMALLEST = 2 + SHORT_HEADER + 1
"""Two flags, a header, a checksum."""


def unescape_batch(frames: FrameBatch) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """All frames without escapes: (uint8 buffer, int64 start, int64 length), flags kept. No copy if none is escaped."""
    payload = frames.payload
    escapes = np.flatnonzero(payload[:-1] == _ESCAPE)
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
    frame = np.flatnonzero(length >= _SMALLEST)
    start, length = start[frame], length[frame]
    message = read_number(buffer, start + 1, 2)
    attributes = read_number(buffer, start + 3, 2)
    edition_2019 = attributes & EDITION_2019 > 0
    begin = start + 1 + np.where(edition_2019, LONG_HEADER, SHORT_HEADER)
    end = start + length - 2
    fragment = attributes & FRAGMENTED > 0
    only = np.flatnonzero(fragment & (begin + FRAGMENT_HEADER <= end))
    only = only[read_number(buffer, begin[only], FRAGMENT_HEADER) == ONLY_FRAGMENT]
    begin[only] += FRAGMENT_HEADER
    fragment[only] = False
    whole = ~fragment & (attributes & ENCRYPTED == 0) & (begin <= end) & (buffer[start] == FLAG)
    return Bodies(frame[whole], message[whole], edition_2019[whole], begin[whole], end[whole], buffer)


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
    by_layout = [(np.flatnonzero(bodies.message == number), layout) for number, layout in LAYOUTS.items()]
    present = [pair for pair in by_layout if len(pair[0])] or by_layout[:1]
    found = [_records_in(bodies, rows, layout) for rows, layout in present]
    row, stored, start, end = (np.concatenate(parts) for parts in zip(*found, strict=True))
    frame = bodies.frame[row]
    if len(frame) and (frame[1:] < frame[:-1]).any():
        order = np.argsort(frame, kind="stable")
        row, stored, start, end, frame = row[order], stored[order], start[order], end[order], frame[order]
    return Records(frame, bodies.edition_2019[row], stored, start, end, bodies.buffer)


def _records_in(
    bodies: Bodies, row: NDArray[np.int64], layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Rows, stored, start and end of the reports in messages of one layout, each message's in its order."""
    start, end = bodies.start[row], bodies.end[row]
    start += _heads(bodies.buffer, start, end, layout)
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
    return row[fits], stored[fits], start[fits], end[fits]


def _heads(
    buffer: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], layout: Layout
) -> NDArray[np.int64]:
    """Bytes before the report of each body: the vectorised twin of :func:`protocols.jt808.reports.head_of`."""
    head = np.full(len(start), layout.head, np.int64)
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
