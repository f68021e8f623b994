"""Frames of a batch as arrays: unescaped together, headers read, reports located. The loops are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from formulas.formula import Loop, formula
from protocols.jt808.clock import bcd_at
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
from protocols.jt808.reports import FITS, LAYOUTS, PROVEN, TIMED
from protocols.jt808.wire import FLAG
from protocols.lists import number_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.session import FrameBatch

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

_ESCAPE = 0x7D
_SMALLEST = 2 + SHORT_HEADER + 1
"""Two flags, a header, a checksum."""
FRAME, BEGIN, END, IS_2019, MESSAGE = range(5)
"""Columns of bodies."""
STORED = 4
"""Of records the last column; the others are as of bodies."""
_LAYOUTS = np.array(
    [
        (message, each.head, each.length_width, each.kind_at, each.head_optional, each.proven)
        for message, each in LAYOUTS.items()
    ],
    np.int64,
)
_NUMBER, _HEAD, _LENGTH_WIDTH, _KIND_AT, _HEAD_OPTIONAL, _PROVEN = range(6)


class Bodies(NamedTuple):
    """Bodies of the plain, whole messages of a batch.

    Attributes:
        buffer: uint8 (bytes,), the frames unescaped; it cannot be written to.
        rows: int64 (n, 5): index of the frame in the batch; begin and end of the body within ``buffer``; whether its
            header is that of 2019; message id.
    """

    buffer: Bytes
    rows: Rows


class Records(NamedTuple):
    """Reports of a batch, n of them, by frame and, within it, as they stand there.

    Attributes:
        rows: int64 (n, 5): index of the frame in the batch; begin and end of the report (fixed part and items) within
            the bodies' buffer; whether the header is that of 2019; whether it was stored.
        status: int64 (m,), rows of the bodies that tell of the device alone, or may.
    """

    rows: Rows
    status: Rows


def bodies_of(frames: FrameBatch) -> Bodies:
    """Headers read. Parts of longer messages and encrypted frames are left out: they hold nothing readable."""
    start, length = np.ascontiguousarray(frames.start), np.ascontiguousarray(frames.length)
    buffer = np.empty(int(length.sum()), np.uint8)
    rows = np.empty((len(start), 5), np.int64)
    count = _open(locked(frames.payload), start, length, buffer, rows)
    return Bodies(locked(buffer), rows[:count])


def locked(buffer: Bytes) -> Bytes:
    """The same bytes as an array that cannot be written to: loops are compiled for one kind of it."""
    same = np.asarray(buffer).view()
    same.flags.writeable = False
    return same


def records_of(bodies: Bodies, status: Rows) -> Records:
    """Every report of every message that carries some: the twin of :func:`protocols.jt808.reports.spans`.

    Args:
        bodies: of a batch.
        status: int64 (k,), messages that tell of the device alone.
    """
    most = len(bodies.rows) + len(bodies.buffer) // LOCATION_SIZE
    rows, of_status = np.empty((most, 5), np.int64), np.empty(len(bodies.rows), np.int64)
    count, others = _find(bodies.buffer, bodies.rows, (_LAYOUTS, status), rows, of_status)
    return Records(rows[:count], of_status[:others])


@formula
def _unescaped(frame: Bytes, room: Bytes) -> int:
    """Write one frame without its escapes to the beginning of ``room``, which is as long; how long it is then."""
    escapes = 0
    for place in range(len(frame)):
        escapes += frame[place] == _ESCAPE
        room[place] = frame[place]
    return _without_escapes(frame, room) if escapes else len(frame)


@formula
def _without_escapes(frame: Bytes, room: Bytes) -> int:
    """The same, byte by byte: 7D 01 stands for 7D, 7D 02 for 7E."""
    place, at = 0, 0
    while place < len(frame):
        room[at] = frame[place]
        if frame[place] == _ESCAPE and place + 1 < len(frame) and 1 <= frame[place + 1] <= 2:  # noqa: PLR2004  # 01, 02
            place += 1
            room[at] = _ESCAPE - 1 + frame[place]
        place, at = place + 1, at + 1
    return at


@formula
def _body(buffer: Bytes, start: int, end: int, row: Rows) -> bool:
    """Fill a row but for its frame, int64 (5,), of the frame that stands there; False: it holds no body to be read."""
    if end - start < _SMALLEST or buffer[start] != FLAG:
        return False
    message, attributes = number_at(buffer, start + 1, 2), number_at(buffer, start + 3, 2)
    is_2019 = attributes & EDITION_2019 > 0
    begin, end = start + 1 + (LONG_HEADER if is_2019 else SHORT_HEADER), end - 2
    if attributes & FRAGMENTED:
        # The only fragment of a message is a whole one behind a longer header.
        if begin + FRAGMENT_HEADER > end or number_at(buffer, begin, FRAGMENT_HEADER) != ONLY_FRAGMENT:
            return False
        begin += FRAGMENT_HEADER
    row[BEGIN], row[END], row[IS_2019], row[MESSAGE] = begin, end, is_2019, message
    return attributes & ENCRYPTED == 0 and begin <= end


@Loop
def _open(payload: Bytes, start: Rows, length: Rows, buffer: Bytes, rows: Rows) -> int:
    """Unescape every frame and read its header; returns how many rows were filled."""
    count, at = 0, 0
    for frame in range(len(start)):
        begin, end = at, at + length[frame]
        at += _unescaped(payload[start[frame] : start[frame] + length[frame]], buffer[begin:end])
        if _body(buffer, begin, at, rows[count]):
            rows[count, FRAME] = frame
            count += 1
    return count


@formula
def _proof(buffer: Bytes, start: int, end: int) -> int:
    """How well a fixed part that began at ``start`` would read."""
    if end - start < LOCATION_SIZE:
        return 0
    time = bcd_at(buffer, start + LOCATION_TIME)
    in_circle = number_at(buffer, start + LOCATION_COURSE, 2) <= FULL_CIRCLE
    return FITS + (0 if np.isnan(time) else TIMED) + (1 if in_circle else 0)


@formula
def _head(buffer: Bytes, body: Rows, layout: Rows) -> int:
    """Bytes before the report: the twin of :func:`protocols.jt808.reports.head_of`."""
    head, begin, end = layout[_HEAD], body[BEGIN], body[END]
    if layout[_HEAD_OPTIONAL] and _proof(buffer, begin, end) > _proof(buffer, begin + head, end):
        return 0
    return head  # type: ignore[no-any-return]  # a number of 64 bits


@formula
def _listed(buffer: Bytes, body: Rows, layout: Rows, rows: Rows, count: int) -> int:
    """Fill rows, from ``count`` on, with the length-prefixed records of a body, up to the first that runs past it."""
    width, end = layout[_LENGTH_WIDTH], body[END]
    begin = body[BEGIN] + layout[_HEAD] + width
    while begin <= end:
        after = begin + number_at(buffer, begin - width, width)
        if after > end:
            break
        if after - begin >= LOCATION_SIZE:
            rows[count, BEGIN], rows[count, END] = begin, after
            count += 1
        begin = after + width
    return count


@formula
def _alone(buffer: Bytes, body: Rows, layout: Rows, row: Rows) -> bool:
    """Fill a row with the one report that fills the rest of a body; False: there is none."""
    begin, end = body[BEGIN] + _head(buffer, body, layout), body[END]
    if end - begin < LOCATION_SIZE or (layout[_PROVEN] and _proof(buffer, begin, end) != PROVEN):
        return False
    row[BEGIN], row[END] = begin, begin + LOCATION_SIZE if layout[_PROVEN] else end
    return True


@formula
def _records(buffer: Bytes, body: Rows, layout: Rows, rows: Rows, count: int) -> int:
    """Fill rows, from ``count`` on, with the reports of a body; returns where the next one goes."""
    first, stored = count, 0
    if layout[_LENGTH_WIDTH]:
        count = _listed(buffer, body, layout, rows, count)
    elif _alone(buffer, body, layout, rows[count]):
        count += 1
    if layout[_KIND_AT] >= 0 and count > first:
        stored = buffer[body[BEGIN] + layout[_KIND_AT]] == KIND_STORED
    for row in range(first, count):
        rows[row, FRAME], rows[row, IS_2019], rows[row, STORED] = body[FRAME], body[IS_2019], stored
    return count


@Loop
def _find(buffer: Bytes, bodies: Rows, known: tuple[Rows, Rows], rows: Rows, of_status: Rows) -> tuple[int, int]:
    """Reports of all bodies, and which of these tell of the device alone; returns how many of each."""
    count, others, (layouts, status) = 0, 0, known
    for place in range(len(bodies)):
        body = bodies[place]
        for row in range(len(layouts)):
            if layouts[row, _NUMBER] == body[MESSAGE]:
                count = _records(buffer, body, layouts[row], rows, count)
                break
        for row in range(len(status)):
            if status[row] == body[MESSAGE]:
                of_status[others] = place
                others += 1
    return count, others
