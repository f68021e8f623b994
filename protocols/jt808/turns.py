"""Whole turns of JT/T 808: the compiled twin of :class:`protocols.jt808.session.Session` for its most usual frames.

Plain are position reports (0200) and heartbeats (0002) of the terminal that a session knows: whole, sound, neither
encrypted nor in parts, with a time that exists, and without a flag that is urgent. Both are answered by 8001, result 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, Record, formula
from protocols.jt808.clock import bcd_at
from protocols.jt808.header import EDITION_2019, ENCRYPTED, FRAGMENTED, LENGTH_MASK, LONG_HEADER, SHORT_HEADER
from protocols.jt808.messages.position import LOCATION_SIZE, LOCATION_TIME
from protocols.jt808.seats import ADDRESS, HEARTBEAT, LOCATION, SEAT
from protocols.jt808.wire import FLAG, FLAG_BYTE, MAX_WIRE
from protocols.turns import PlainFrames, chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ESCAPE, _ESCAPED_ESCAPE, _ESCAPED_FLAG = 0x7D, 1, 2
_ANSWER, _ANSWER_BODY, _OK = 0x8001, 5, 0
_LONGEST_ANSWER = 2 * (LONG_HEADER + _ANSWER_BODY + 1) + 2
"""Every byte escaped, and two flags."""
_NONE = -1
"""No frame that is plain."""


def read_turn(payload: bytes, end: NDArray[np.int64], seats: NDArray[np.void], longest: int, now: float) -> PlainFrames:
    """See :meth:`protocols.turns.Turning.read_turn`."""
    del now
    # Each frame has two flags of its own.
    most = payload.count(FLAG_BYTE) // 2
    numbers, shown = np.empty((4, most), np.int64), np.empty(most, np.float64)
    plain = np.empty(len(end), np.bool_)
    # One kind of arrays each time: for another the loop would be compiled anew.
    buffer = np.frombuffer(payload, np.uint8)
    count = _read_all(buffer, end, chosen(seats), min(longest, MAX_WIRE), numbers, shown, plain)
    connection, length, message, serial = numbers[:, :count]
    return PlainFrames(connection, length, shown[:count], message == LOCATION, message, serial, plain)


def answers(
    seats: NDArray[np.void], message: NDArray[np.int64], serial: NDArray[np.int64], ours: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """See :meth:`protocols.turns.Turning.answers`."""
    out, end = np.empty(_LONGEST_ANSWER * len(seats), np.uint8), np.empty(len(seats), np.int64)
    columns = (np.ascontiguousarray(column) for column in (message, serial, ours))
    _answer_all(chosen(seats), *columns, out, end)
    return out[: int(end[-1]) if len(end) else 0].tobytes(), end


def prepare_turns() -> None:
    """Compile both loops."""
    none = np.empty(0, np.int64)
    read_turn(b"", none, np.empty(0, SEAT), MAX_WIRE, 0.0)
    answers(np.empty(0, SEAT), none, none, none)


@Loop
def _read_all(  # noqa: PLR0913, PLR0917  columns in, columns out
    payload: NDArray[np.uint8],
    end: NDArray[np.int64],
    seats: NDArray[np.void],
    longest: int,
    numbers: NDArray[np.int64],
    shown: NDArray[np.float64],
    plain: NDArray[np.bool_],
) -> int:
    """Frames into ``numbers`` (connection, length, message, serial) and ``shown``; how many there are."""
    content = np.empty(MAX_WIRE, np.uint8)
    at, count = 0, 0
    for connection in range(len(end)):
        first, plain[connection] = count, at < end[connection]
        while at < end[connection]:
            length = frame_length(payload, at, end[connection], longest)
            size = unescaped(payload, at, length, content)
            message = plain_message(content, size, seats[connection])
            if message == _NONE:
                plain[connection] = False
                break
            numbers[0, count], numbers[1, count], numbers[2, count] = connection, length, message
            begin = LONG_HEADER if seats[connection].version >= 0 else SHORT_HEADER
            numbers[3, count] = word_at(content, begin - 2)
            shown[count] = math.nan
            if message == LOCATION:
                shown[count] = bcd_at(content, begin + LOCATION_TIME)
                if math.isnan(shown[count]):
                    plain[connection] = False
                    break
            count += 1
            at += length
        if not plain[connection]:
            count = first
        at = end[connection]
    return count


@formula
def frame_length(payload: NDArray[np.uint8], at: int, end: int, longest: int) -> int:
    """Bytes of the frame that begins there with a flag and ends with the next; 0: there is none, or too long a one."""
    if payload[at] != FLAG:
        return 0
    for stop in range(at + 1, min(end, at + longest)):
        if payload[stop] == FLAG:
            return stop - at + 1
    return 0


@formula
def unescaped(payload: NDArray[np.uint8], at: int, length: int, content: NDArray[np.uint8]) -> int:
    """Write the frame's content without escapes; returns its size, 0 where it has none or an escape is wrong."""
    size, index = 0, at + 1
    while index < at + length - 1:
        byte = payload[index]
        if byte == _ESCAPE:
            index += 1
            # The flag behind the content is no escaped byte.
            if payload[index] == _ESCAPED_FLAG:
                byte = FLAG
            elif payload[index] != _ESCAPED_ESCAPE:
                return 0
        content[size] = byte
        size, index = size + 1, index + 1
    return size


@formula
def plain_message(content: NDArray[np.uint8], size: int, seat: Record) -> int:
    """The message of a frame's content (header, body, checksum) where it is plain for the seat; else -1."""
    begin = LONG_HEADER if seat.version >= 0 else SHORT_HEADER
    if size <= begin or not is_sound(content, size):
        return _NONE
    message, attributes = word_at(content, 0), word_at(content, 2)
    is_2019 = attributes & EDITION_2019 > 0
    if attributes & (ENCRYPTED | FRAGMENTED) or is_2019 != (seat.version >= 0):
        return _NONE
    if attributes & LENGTH_MASK != size - begin - 1 or not is_of(content, seat):
        return _NONE
    if message == HEARTBEAT:
        return HEARTBEAT if seat.heartbeat else _NONE
    is_calm = (
        message == LOCATION and size - begin - 1 >= LOCATION_SIZE and not is_urgent(content, begin, size - 1, seat)
    )
    return LOCATION if is_calm else _NONE


@formula
def is_sound(content: NDArray[np.uint8], size: int) -> bool:
    """Whether the XOR over header, body and checksum is 0."""
    check = 0
    for index in range(size):
        check ^= content[index]
    return check == 0


@formula
def is_of(content: NDArray[np.uint8], seat: Record) -> bool:
    """Whether a header carries the address bytes, and the version, of the seat."""
    begin, size = 4, ADDRESS - 4
    if seat.version >= 0:
        if content[4] != seat.version:
            return False
        begin, size = 5, ADDRESS
    for index in range(size):  # noqa: SIM110  compiled
        if content[begin + index] != seat.address[index]:
            return False
    return True


@formula
def is_urgent(content: NDArray[np.uint8], begin: int, end: int, seat: Record) -> bool:
    """Whether a position may call for help or tell of tampering: a word says so, or an item that could is there."""
    words = np.uint64(0)
    for index in range(8):
        words = words << np.uint64(8) | np.uint64(content[begin + index])
    if words & seat.urgent:
        return True
    at = begin + LOCATION_SIZE
    while seat.looks and at + 2 <= end:
        if seat.items[content[at] >> 6] >> np.uint64(content[at] & 63) & np.uint64(1):
            return True
        at += 2 + int(content[at + 1])
    return False


@Loop
def _answer_all(
    seats: NDArray[np.void],
    message: NDArray[np.int64],
    serial: NDArray[np.int64],
    ours: NDArray[np.int64],
    out: NDArray[np.uint8],
    end: NDArray[np.int64],
) -> None:
    """8001 for each frame, end to end into ``out``."""
    content = np.empty(LONG_HEADER + _ANSWER_BODY + 1, np.uint8)
    at = 0
    for index in range(len(seats)):
        size = write_answer(content, seats[index], message[index], serial[index], ours[index])
        out[at] = FLAG
        at += 1
        for place in range(size):
            byte = content[place]
            if byte in (FLAG, _ESCAPE):
                out[at], out[at + 1] = _ESCAPE, _ESCAPED_FLAG if byte == FLAG else _ESCAPED_ESCAPE
                at += 2
            else:
                out[at] = byte
                at += 1
        out[at] = FLAG
        at += 1
        end[index] = at


@formula
def write_answer(content: NDArray[np.uint8], seat: Record, message: int, serial: int, ours: int) -> int:
    """Header, body and checksum of an 8001; returns their size."""
    put_word(content, 0, _ANSWER)
    at, size = 4, ADDRESS - 4
    if seat.version >= 0:
        put_word(content, 2, EDITION_2019 | _ANSWER_BODY)
        content[4] = seat.version
        at, size = 5, ADDRESS
    else:
        put_word(content, 2, _ANSWER_BODY)
    for index in range(size):
        content[at + index] = seat.address[index]
    at += size
    put_word(content, at, ours)
    put_word(content, at + 2, serial)
    put_word(content, at + 4, message)
    content[at + 6] = _OK
    check = 0
    for index in range(at + 7):
        check ^= content[index]
    content[at + 7] = check
    return at + 8


@formula
def word_at(content: NDArray[np.uint8], at: int) -> int:
    """Two bytes as a number, the higher first."""
    return int(content[at]) << 8 | int(content[at + 1])


@formula
def put_word(content: NDArray[np.uint8], at: int, word: int) -> None:
    """Two bytes, the higher first."""
    content[at], content[at + 1] = word >> 8 & 0xFF, word & 0xFF
