"""Alarms: 16 26 27 A4 A3 (with a position), 19 A5 (cells only), A7 (cell and a phone number), 33 of one maker, 95.

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
    CELL,
    CELL_4G,
    CELL_4G_WIDE,
    CELL_32,
    CELL_WIDE,
    GPS,
    GPS_SIZE,
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
from protocols.gt06.messages.message import Form, Test, fixed
from protocols.gt06.messages.position import GPS_ALONE, mcc_tests
from protocols.gt06.messages.shown import names_network, network_or_none
from protocols.gt06.messages.times import binary_at

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME = binary_at(0)
_SIZE = "cell_size" / Int8ub
_MCC_AT = GPS_SIZE + 1
_ALARM = STATE[3]
_NARROW_AND_WIDE = ((False, CELL), (True, CELL_WIDE))
_NARROW_AND_WIDE_4G = ((False, CELL_4G), (True, CELL_4G_WIDE))


def _with_network(form: Form, at: int) -> Form:
    """The form, for contents in which the MCC at ``at`` can be one: the state behind any other is no state."""
    return replace(form, when=network_or_none(at))


_SIZED = tuple(
    _with_network(fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide)), _MCC_AT)
    for wide, cell in _NARROW_AND_WIDE
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
    for wide, cell in _NARROW_AND_WIDE
)  # fmt: skip
ALARM_16 = (
    *LONG_BLOCK,
    fixed(*GPS, _SIZE, *CELL_32, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=False), among=(33,)),
    _with_network(
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
        _with_network(fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide)), _MCC_AT)
        for wide, cell in _NARROW_AND_WIDE_4G
    ),
    GPS_ALONE,
)
_STATE_A3 = fixed(*STATE, sizes=(5, 17))
ALARM_A3 = (_STATE_A3, *ALARM_A4)
"""A3: as A4, or the state alone."""


def _cell_alarms(cells: tuple[tuple[bool, tuple[Any, ...]], ...]) -> tuple[Form, ...]:
    """A cell, then the state; the cell alone where its network cannot be."""
    stated = tuple(_with_network(fixed(*cell, *STATE, tests=mcc_tests(0, wide=wide)), 0) for wide, cell in cells)
    return (*stated, *(fixed(*cell, tests=mcc_tests(0, wide=wide)) for wide, cell in cells))


_DATE_SIZE = 6


def _is_dated(content: bytes) -> bool:
    return not names_network(content, 0) and names_network(content, _DATE_SIZE)


DATED_19 = tuple(
    replace(fixed(TIME, *cell, time=_TIME, tests=mcc_tests(_DATE_SIZE, wide=wide)), when=_is_dated)
    for wide, cell in _NARROW_AND_WIDE
)
"""19 of some makers is no alarm: a date, and the cells heard, of which the first is read."""
ALARM_19 = (*DATED_19, *_cell_alarms(_NARROW_AND_WIDE))
ALARM_A5 = _cell_alarms(_NARROW_AND_WIDE_4G)
ADDRESS_A7 = tuple(fixed(*cell, tests=mcc_tests(0, wide=wide)) for wide, cell in _NARROW_AND_WIDE_4G)

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
