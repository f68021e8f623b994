"""Where the reports stand in a message that carries positions."""

from __future__ import annotations

import math
from typing import NamedTuple

from protocols.errors import PeerFault
from protocols.jt808.clock import from_bcd
from protocols.jt808.messages.position import FULL_CIRCLE, KIND_STORED, LOCATION_COURSE, LOCATION_SIZE, LOCATION_TIME

TIME_SIZE = 6
FITS, TIMED = 4, 2
"""Weights of the proofs that a reading is the right one: it has room for a fixed part; its time is a moment."""
PROVEN = FITS + TIMED + 1
"""All of it, and the course in the circle."""


class Layout(NamedTuple):
    """How reports lie in a body.

    Attributes:
        head: bytes before the first report (or before its length).
        length_width: bytes of the length before each report; 0: one report that fills the rest.
        count_width: bytes at the beginning that state how many reports follow; 0: none.
        kind_at: offset of the byte that says "stored", -1 for none.
        required: a body that holds no fixed part is malformed.
        head_optional: some terminals leave the head out; see :func:`head_of`.
        proven: the report is a fixed part without items, which some terminals leave out: only bytes that read as one
            in every respect are. What follows is no item.
        status_size: a body of exactly so many bytes holds no place; its last six are the device time.
    """

    head: int
    length_width: int = 0
    count_width: int = 0
    kind_at: int = -1
    required: bool = False
    head_optional: bool = False
    proven: bool = False
    status_size: int = 0

    def is_status(self, body: bytes) -> bool:
        """Whether this body tells of the device alone."""
        return 0 < self.status_size == len(body)


LAYOUTS = {
    0x0200: Layout(0, required=True),
    0x0201: Layout(2, head_optional=True),
    0x0500: Layout(2),
    0x0801: Layout(8, proven=True),
    0x0704: Layout(3, length_width=2, count_width=2, kind_at=2),
    0x0210: Layout(0, length_width=1, status_size=7),
}


def head_of(layout: Layout, body: bytes) -> int:
    """Bytes before the first report of this body.

    0201 of 2011 may lack the answered serial. The reading that has room, a valid time and a course in the circle (a
    year where the course should stand is far beyond it) is meant; the later editions' if both are as good.
    """
    if not layout.head_optional:
        return layout.head
    return max((layout.head, 0), key=lambda head: _proof(body[head : head + LOCATION_SIZE]))


def _proof(fixed: bytes) -> int:
    if len(fixed) < LOCATION_SIZE:
        return 0
    timed = not math.isnan(from_bcd(fixed[LOCATION_TIME:]))
    return FITS + TIMED * timed + (int.from_bytes(fixed[LOCATION_COURSE:LOCATION_TIME], "big") <= FULL_CIRCLE)


def spans(layout: Layout, body: bytes) -> list[tuple[int, int]]:
    """Begin and end within ``body`` of each report. The list ends before the first record that does not fit.

    A body that tells of the device alone is one report. A record shorter than a fixed part is passed over: it holds
    none.

    Raises:
        PeerFault: ``malformed``, the body is too short for its message.
    """
    if len(body) < layout.head + layout.required * LOCATION_SIZE:
        raise PeerFault("malformed", "body shorter than its message's fixed part")
    if layout.is_status(body):
        return [(0, len(body))]
    if layout.proven:
        place = (layout.head, layout.head + LOCATION_SIZE)
        return [place] if _proof(body[slice(*place)]) == PROVEN else []
    if not layout.length_width:
        head = head_of(layout, body)
        return [(head, len(body))] if len(body) - head >= LOCATION_SIZE else []
    return [(start, end) for start, end in records(layout, body) if end - start >= LOCATION_SIZE]


def records(layout: Layout, body: bytes) -> list[tuple[int, int]]:
    """Begin and end of each length-prefixed record, whatever its size, up to the first that runs past the body."""
    found = []
    position = layout.head
    while (start := position + layout.length_width) <= len(body):
        position = start + int.from_bytes(body[position:start], "big")
        if position > len(body):
            break
        found.append((start, position))
    return found


def device_times(layout: Layout, body: bytes) -> tuple[float, ...]:
    """Device time of each report, UTC epoch seconds, NaN where invalid.

    Raises:
        PeerFault: ``malformed``, as :func:`spans`.
    """
    head = head_of(layout, body)
    if not (layout.length_width or layout.proven) and len(body) >= head + LOCATION_SIZE:
        # The common case, a report a message, without a list of spans.
        return (from_bcd(body[head + LOCATION_TIME : head + LOCATION_SIZE]),)
    if layout.is_status(body):
        return (from_bcd(body[-TIME_SIZE:]),)
    return tuple([from_bcd(body[at + LOCATION_TIME : at + LOCATION_SIZE]) for at, _ in spans(layout, body)])


def is_stored(layout: Layout, body: bytes) -> bool:
    """Whether the message says its reports were kept in the device's memory."""
    return 0 <= layout.kind_at < len(body) and body[layout.kind_at] == KIND_STORED
