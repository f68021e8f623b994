"""Whole turns of GT06: the compiled twin of :class:`protocols.gt06.session.Session` for its most usual frames.

Plain are frames whose stated length and CRC are right, that are acknowledged by their number alone, and of whose
content a session reads no more than a moment, an age and flags at places of their own (:mod:`protocols.gt06.plain`):
none of the flags urgent, the moment one that exists, and nothing new about the zone of the device's clock.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, Record, formula
from protocols.civil import moment
from protocols.gt06.crc import crc_at
from protocols.gt06.plain import BYTES, NOWHERE, tables
from protocols.gt06.seats import SEAT
from protocols.gt06.wire import CAP, LONG_FORM, SMALLEST
from protocols.gt06.zone import PRESENT, Age, Watch
from protocols.turns import PlainFrames, chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHORT_START, _LONG_START = 0x78, 0x79
_CR, _LF = 0x0D, 0x0A
_TAIL = 6
"""Serial, CRC and trailer."""
_ANSWER = 10
_ANSWER_STATES = 5
_NONE = -1
"""No frame that is plain."""
_NO_FORM, _ODD = -1, -2
_STORED, _SETTLED, _SHOWN = Age.STORED.value, Watch.SETTLED.value, Watch.SHOWN.value


def read_turn(payload: bytes, end: NDArray[np.int64], seats: NDArray[np.void], longest: int, now: float) -> PlainFrames:
    """See :meth:`protocols.turns.Turning.read_turn`."""
    most = len(payload) // SMALLEST
    numbers, shown, live = np.empty((4, most), np.int64), np.empty(most), np.empty(most, np.bool_)
    plain = np.empty(len(end), np.bool_)
    # One kind of arrays each time: for another the loop would be compiled anew.
    buffer = np.frombuffer(payload, np.uint8)
    out = numbers, shown, live, plain
    count = _read_all(buffer, end, chosen(seats), min(longest, CAP), float(now), *tables(), *out)
    connection, length, message, serial = numbers[:, :count]
    return PlainFrames(connection, length, shown[:count], live[:count], message, serial, plain)


def answers(
    seats: NDArray[np.void], message: NDArray[np.int64], serial: NDArray[np.int64], ours: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """See :meth:`protocols.turns.Turning.answers`; no serial of ours is in one."""
    del ours
    out = np.empty(_ANSWER * len(seats), np.uint8)
    _answer_all(np.ascontiguousarray(message), np.ascontiguousarray(serial), out)
    return out.tobytes(), np.arange(1, len(seats) + 1) * _ANSWER


def prepare_turns() -> None:
    """Compile both loops."""
    none = np.empty(0, np.int64)
    read_turn(b"", none, np.empty(0, SEAT), CAP, 0.0)
    answers(np.empty(0, SEAT), none, none, none)


@Loop
def _read_all(  # noqa: PLR0913, PLR0917  columns in, columns out
    payload: NDArray[np.uint8],
    end: NDArray[np.int64],
    seats: NDArray[np.void],
    longest: int,
    now: float,
    messages: NDArray[np.void],
    forms: NDArray[np.void],
    checks: NDArray[np.void],
    numbers: NDArray[np.int64],
    shown: NDArray[np.float64],
    live: NDArray[np.bool_],
    plain: NDArray[np.bool_],
) -> int:
    """Frames into ``numbers`` (connection, length, message, serial), ``shown`` and ``live``; how many there are."""
    at, count = 0, 0
    for connection in range(len(end)):
        first, plain[connection] = count, at < end[connection]
        while at < end[connection]:
            length = frame_length(payload, at, end[connection], longest)
            form, number, begin, size, time = _ODD, 0, 0, 0, math.nan
            if length:
                number, begin = number_and_begin(payload, at)
                size = at + length - _TAIL - begin
                form = form_of(payload, begin, size, messages[number], seats[connection], forms, checks)
            if form >= 0:
                time = time_of(payload, begin, number & 0xFF, forms[form], seats[connection], now)
            if form == _ODD or math.isinf(time):
                plain[connection] = False
                break
            # There is a row for each frame, but none for what stands behind the last.
            shown[count], live[count] = time, form >= 0 and not is_stored(payload, begin, forms[form])
            numbers[0, count], numbers[1, count], numbers[2, count] = connection, length, number & 0xFF
            numbers[3, count] = int(payload[begin + size]) << 8 | int(payload[begin + size + 1])
            count += 1
            at += length
        if not plain[connection]:
            count = first
        at = end[connection]
    return count


@formula
def frame_length(payload: NDArray[np.uint8], at: int, end: int, longest: int) -> int:
    """Bytes of the sound frame that begins there and ends where it states, with no trailer before; 0: there is none."""
    if at + SMALLEST > end or payload[at + 1] != payload[at]:
        return 0
    if payload[at] == _SHORT_START:
        length, least = int(payload[at + 2]) + 5, SMALLEST
    elif payload[at] == _LONG_START:
        length, least = (int(payload[at + 2]) << 8 | int(payload[at + 3])) + 6, SMALLEST + 1
    else:
        return 0
    if length < least or length > longest or at + length > end:
        return 0
    if payload[at + length - 2] != _CR or payload[at + length - 1] != _LF:
        return 0
    for place in range(at + 2, at + length - 3):
        if payload[place] == _CR and payload[place + 1] == _LF:
            return 0
    check = int(payload[at + length - 4]) << 8 | int(payload[at + length - 3])
    return length if crc_at(payload, at + 2, at + length - 4) == check else 0


@formula
def number_and_begin(payload: NDArray[np.uint8], at: int) -> tuple[int, int]:
    """A frame's message number, as :class:`protocols.gt06.wire.Envelope` has it, and where its content begins."""
    if payload[at] == _LONG_START:
        return int(payload[at + 4]) | LONG_FORM, at + 5
    return int(payload[at + 3]), at + 4


@formula
def form_of(  # noqa: PLR0913, PLR0917  tables
    payload: NDArray[np.uint8],
    begin: int,
    size: int,
    message: Record,
    seat: Record,
    forms: NDArray[np.void],
    checks: NDArray[np.void],
) -> int:
    """A form that is read as the one which a content has; -1: it has none; -2: it is not plain for the seat."""
    if not message.is_plain or size < message.least or size >= BYTES:
        return _ODD
    found = _NO_FORM
    for index in range(message.first, message.end):
        form = forms[index]
        if not may_be(payload, begin, size, form, seat, checks):
            continue
        if not form.is_plain or is_urgent(payload, begin, size, form, seat, checks):
            return _ODD
        if found == _NO_FORM:
            found = index
        elif forms[found].time_at != form.time_at or forms[found].stored_at != form.stored_at:
            return _ODD
        if form.is_sure:
            return found
    return found if found == _NO_FORM else _ODD


@formula
def may_be(
    payload: NDArray[np.uint8], begin: int, size: int, form: Record, seat: Record, checks: NDArray[np.void]
) -> bool:  # fmt: skip
    """Whether a content is of this form as far as size, layout and single bytes tell."""
    if not has(form.sizes, size):
        return False
    if form.layout != NOWHERE and not seat.layouts >> np.uint64(form.layout) & np.uint64(1):
        return False
    for index in range(form.first_test, form.first_flag):
        if not has(checks[index].values, payload[begin + checks[index].at]):
            return False
    return True


@formula
def is_urgent(
    payload: NDArray[np.uint8], begin: int, size: int, form: Record, seat: Record, checks: NDArray[np.void]
) -> bool:  # fmt: skip
    """Whether a byte of a content states an urgent flag."""
    for index in range(form.first_flag, form.end):
        at = checks[index].at
        value = int(payload[begin + at if at >= 0 else begin + size + at])
        if seat.urgent[4 * checks[index].table + (value >> 6)] >> np.uint64(value & 63) & np.uint64(1):
            return True
    return False


@formula
def has(values: NDArray[np.uint64], value: int) -> bool:
    """Whether a set of bytes holds a value."""
    return bool(values[value >> 6] >> np.uint64(value & 63) & np.uint64(1))


@formula
def time_of(payload: NDArray[np.uint8], begin: int, number: int, form: Record, seat: Record, now: float) -> float:
    """Device time in a content; NaN: it has none; infinite: it shows no moment, or something new of the zone."""
    if form.time_at == NOWHERE:
        return math.nan
    shown = binary_at(payload, begin + form.time_at)
    if math.isnan(shown):
        return math.inf
    if not has(seat.local, number):
        return shown
    if tells_zone(seat, shown, now, is_stored(payload, begin, form)):
        return math.inf
    return shown - float(seat.ahead)


@formula
def is_stored(payload: NDArray[np.uint8], begin: int, form: Record) -> bool:
    """Whether a content says that it comes from the device's memory."""
    return bool(form.stored_at != NOWHERE and payload[begin + form.stored_at] == _STORED)


@formula
def tells_zone(seat: Record, shown: float, now: float, stored: bool) -> bool:  # noqa: FBT001  compiled
    """Whether a local message may tell something of its clock's zone: see :meth:`protocols.gt06.zone.Zone.heard`."""
    if seat.watch == _SETTLED:
        return False
    return not (seat.watch == _SHOWN and (stored or abs(now - shown + seat.ahead) <= PRESENT))


@formula
def binary_at(payload: NDArray[np.uint8], at: int) -> float:
    """:func:`protocols.gt06.clock.from_binary` of the six bytes that begin at ``at``."""
    year, month, day = int(payload[at]), int(payload[at + 1]), int(payload[at + 2])
    return moment((year, month, day, int(payload[at + 3]), int(payload[at + 4]), int(payload[at + 5])))


@Loop
def _answer_all(message: NDArray[np.int64], serial: NDArray[np.int64], out: NDArray[np.uint8]) -> None:
    """An acknowledgement for each frame, end to end into ``out``."""
    for index in range(len(message)):
        at = _ANSWER * index
        out[at], out[at + 1], out[at + 2], out[at + 3] = _SHORT_START, _SHORT_START, _ANSWER_STATES, message[index]
        out[at + 4], out[at + 5] = serial[index] >> 8, serial[index] & 0xFF
        check = crc_at(out, at + 2, at + 6)
        out[at + 6], out[at + 7], out[at + 8], out[at + 9] = check >> 8, check & 0xFF, _CR, _LF
