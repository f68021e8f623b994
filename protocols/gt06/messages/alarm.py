"""Alarms with a position: 16 26 27 A4 A3, 33 of one maker, 95. Those with cells only: see ``cell_alarm``.

16, 26: GPS block, size of the cell block, cell, status, voltage step, signal, alarm, language. 27, A4: the fence's
number behind it. The size counts itself (09, in A4 10 and 11 hex) or not (08); in a 16 with a content of 33 bytes the
cell id has four bytes; in one of 31 there is no size, and the voltage is a word of 1/100 V. Where a long block follows
the cell (in 16 and 26), the state stands in the last five bytes. A state behind an MCC that is none is not believed.

95: date, event, WORD; or date, place, flags, event, WORD, names of files; or FFFF, number, date, satellites, place,
flags, speed WORD, volts, event.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from construct import Bytes, GreedyBytes, Int8ub, Int16ub, Struct

from protocols.gt06.messages.blocks import (
    BLOCK_LENGTH,
    CELL,
    CELL_32,
    CELLS_2G,
    CELLS_4G,
    GPS,
    GPS_SIZE,
    LOCATED,
    MNC_IS_WORD,
    PERCENT,
    PLACE,
    SATELLITES,
    SIGNAL,
    STATE,
    STATUS,
    TIME,
    VOLTS,
)
from protocols.gt06.messages.message import MAX_CONTENT, Form, Test, fixed
from protocols.gt06.messages.position import GPS_ALONE, mcc_tests
from protocols.gt06.messages.shown import is_dated, is_on_globe, with_network
from protocols.gt06.messages.times import binary_at

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME = binary_at(0)
_SIZE = "cell_size" / Int8ub
_MCC_AT = GPS_SIZE + 1
_ALARM = STATE[3]


_SIZED = tuple(
    with_network(fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide)), _MCC_AT)
    for wide, cell in CELLS_2G
)
ALARM = (*_SIZED, GPS_ALONE)

_STATE_SIZE = 5
_BLOCK_AT, _LONG_FROM = GPS_SIZE + 9, 38
_LONG_USUAL = 69
"""Content with the block that some models have always room for: 45 bytes behind the size."""


def _has_long_block(content: bytes) -> bool:
    """Nothing from where the state usually stands up to the last five bytes, or a block of the one size without one."""
    is_wide = content[_MCC_AT] >= MNC_IS_WORD >> 8
    blank = not any(content[_BLOCK_AT + is_wide : -_STATE_SIZE])
    unsized = content[GPS_SIZE] == 0 and len(content) == _LONG_USUAL
    return (blank or unsized) and content[1 - _STATE_SIZE] <= PERCENT


def _with_state_behind(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    return dict(parsed) | dict(Struct(*STATE).parse(parsed.behind[-_STATE_SIZE:]))


LONG_BLOCK = tuple(
    Form(
        Struct(*GPS, _SIZE, *cell, "behind" / GreedyBytes), _LONG_FROM,
        tests=mcc_tests(_MCC_AT, wide=wide), when=_has_long_block, time=_TIME, read=_with_state_behind,
        flags_at=(("status", -_STATE_SIZE), ("alarm", STATE.index(_ALARM) - _STATE_SIZE)),
    )
    for wide, cell in CELLS_2G
)  # fmt: skip
ALARM_16 = (
    *LONG_BLOCK,
    fixed(*GPS, _SIZE, *CELL_32, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=False), among=(33,)),
    with_network(
        fixed(
            *GPS, *CELL, STATUS, VOLTS, SIGNAL, _ALARM, time=_TIME, tests=mcc_tests(GPS_SIZE, wide=False), among=(31,)
        ),
        GPS_SIZE,
    ),
    *ALARM,
)
ALARM_26 = (*LONG_BLOCK, *ALARM)
ALARM_A4 = (
    *(
        with_network(fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide)), _MCC_AT)
        for wide, cell in CELLS_4G
    ),
    GPS_ALONE,
)
_WITH_CELL = GPS_SIZE + 8
_FIRST_YEAR, _LAST_YEAR = 10, 31
"""A status byte with SOS or removal in it is a later year."""
_PLACE_AT, _SPEED_AT, _FIX_AT = 7, 15, 16


def _is_state_alone(content: bytes) -> bool:
    """Whether no GPS block begins the content: a date of these years; its length, a place, or room for a cell."""
    is_of_now = _FIRST_YEAR <= content[0] <= _LAST_YEAR and is_dated(content)
    if not (is_of_now and is_on_globe(content)):
        return True
    if len(content) >= _WITH_CELL or content[_PLACE_AT - 1] >= BLOCK_LENGTH:
        return False
    return not content[_FIX_AT] & LOCATED >> 8 or not any(content[_PLACE_AT:_SPEED_AT])


ALARM_A3 = (
    fixed(*STATE, sizes=(5, 17)),
    *ALARM_A4[:-1],
    replace(fixed(*STATE, sizes=(GPS_SIZE + 1, MAX_CONTENT)), when=_is_state_alone, limits=((1, PERCENT),)),
    GPS_ALONE,
)
"""A3: as A4, or the state and what belongs to it, without a place."""

_EVENT = "event" / Int8ub
EVENT_95: tuple[Form, ...] = (
    fixed(
        "mark" / Int16ub, "number" / Int8ub, TIME, SATELLITES, *PLACE, "fix" / Int16ub, "speed_kmh" / Int16ub,
        VOLTS, _EVENT, time=binary_at(3), tests=(Test(0, 0xFF, 0xFF), Test(1, 0xFF, 0xFF)),
    ),
    fixed(TIME, *PLACE, "fix" / Int16ub, _EVENT, "value" / Bytes(2), time=_TIME),
    fixed(TIME, _EVENT, "value" / Bytes(2), time=_TIME, among=(9,)),
    fixed(TIME, _EVENT, time=_TIME),
)  # fmt: skip

_GPS_BLOCK, _CELL_BLOCK = 12, 9
BLOCKS_32: tuple[Form, ...] = (
    fixed(
        TIME, "gps_size" / Int8ub, SATELLITES, *PLACE, "speed_kmh" / Int8ub, "fix" / Int16ub, _SIZE, *CELL,
        time=_TIME, tests=(Test(6, 0xFF, _GPS_BLOCK), Test(19, 0xFF, _CELL_BLOCK), *mcc_tests(20, wide=False)),
    ),
    fixed(
        TIME, "gps_size" / Int8ub, _SIZE, *CELL,
        time=_TIME, tests=(Test(6, 0xFF, 0), Test(7, 0xFF, _CELL_BLOCK), *mcc_tests(8, wide=False)),
    ),
    fixed(TIME, time=_TIME),
)  # fmt: skip
"""Long 32 and 33 of one maker: date, then blocks behind a size byte each: GPS (12 or none), cell (9 or none)."""
