"""Positions: 10 11 12 22 A0 1A 1E 2D 31 32 37 38 24, and the forms of single makers that carry more before or behind.

What may follow the cell in 12, 22, 2D, 37 and A0: nothing; ACC, reason, 0 live / 1 stored, [mileage]; or the mileage
alone. Two makers put status, voltage and signal there instead (contents of 31 and 38 bytes); in a 22 of 42 bytes the
cell id has four. In the oldest documents 11 is a date and a cell. 24 has, beside this form, told by its block length,
one with cells only: see ``cells``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from construct import Bytes, Int8ub, Int16ub

from protocols.gt06.clock import BinaryTime
from protocols.gt06.messages.blocks import (
    BLOCK_LENGTH,
    CELL,
    CELL_4G,
    CELL_4G_WIDE,
    CELL_32,
    CELL_WIDE,
    CELL_WORDS,
    CELLS_2G,
    CELLS_4G,
    GPS,
    GPS_SIZE,
    MNC_IS_WORD,
    PERCENT,
    STATE,
    STATUS,
    STORED,
    TIME,
    VOLTAGE,
    VOLTS,
)
from protocols.gt06.messages.message import Form, Test, fixed
from protocols.gt06.messages.shown import is_on_globe, names_network, network_or_none
from protocols.gt06.messages.times import binary_at

_GPS_TIME = binary_at(0)
_ACC, _REASON = "acc" / Int8ub, "reason" / Int8ub
_TAIL = (_ACC, _REASON, STORED)
_TAIL_SIZES = (3, 7, 8, 9)
"""Bytes behind the cell that begin with ACC, reason, stored (7: with mileage; 8 and more: makers' additions)."""
_CELL_SIZE, _CELL_4G_SIZE = 8, 15
_CELLS: dict[tuple[bool, bool], tuple[Any, ...]] = {
    (False, False): CELL,
    (False, True): CELL_WIDE,
    (True, False): CELL_4G,
    (True, True): CELL_4G_WIDE,
}
"""By whether area and id are the long ones of 4G, and whether the MNC has two bytes."""
_IMEI = "imei" / Bytes(8)


def mcc_tests(at: int, *, wide: bool) -> tuple[Test, ...]:
    """Whether the MCC at ``at`` says that the MNC has two bytes."""
    bit = MNC_IS_WORD >> 8
    return (Test(at, bit, bit if wide else 0),)


def with_cell(*, long: bool = False) -> tuple[Form, ...]:
    """GPS block, cell, and one of the tails; the MNC on one byte or two."""
    forms: list[Form] = []
    for wide in (False, True):
        cell = _CELLS[long, wide]
        size = GPS_SIZE + (_CELL_4G_SIZE if long else _CELL_SIZE) + wide
        tests = mcc_tests(GPS_SIZE, wide=wide)
        tails = tuple(size + tail for tail in _TAIL_SIZES)
        forms.append(fixed(*GPS, *cell, *_TAIL, time=_GPS_TIME, tests=tests, among=tails))
        if not long:
            state = (STATUS, VOLTS, "signal" / Int8ub)
            forms.append(fixed(*GPS, *cell, *state, time=_GPS_TIME, tests=tests, among=(size + 5, size + 12)))
        forms.append(fixed(*GPS, *cell, time=_GPS_TIME, tests=tests))
    return (*forms, GPS_ALONE)


GPS_ALONE = fixed(*GPS, time=_GPS_TIME)
IMEI_FIRST = fixed(
    _IMEI,
    *GPS,
    *CELL,
    time=binary_at(8),
    tests=(Test(0, 0xF0, 0), Test(14, 0xF0, BLOCK_LENGTH)),
    among=(34,),
    imei_at=0,
)
"""12 of one maker: the IMEI stands before the GPS block."""
STAMPED = fixed(
    "kind" / Int8ub,
    _IMEI,
    "sent" / BinaryTime(),
    *GPS,
    "cell_size" / Int8ub,
    *CELL,
    STATUS,
    VOLTS,
    time=binary_at(15),
    tests=(Test(0, 0xFF, 1), Test(1, 0xF0, 0)),
    sizes=(50, 64),
    imei_at=1,
)
"""22 of one maker: kind 1, IMEI, time of sending, then the GPS block with the time of the fix."""

GPS_12 = (IMEI_FIRST, *with_cell())
GPS_22 = (
    STAMPED,
    fixed(*GPS, *CELL_32, *_TAIL, time=_GPS_TIME, tests=mcc_tests(GPS_SIZE, wide=False), among=(42,)),
    *with_cell(),
)
GPS_A0 = with_cell(long=True)
_DATE_SIZE = 6


def _is_dated_cell(content: bytes) -> bool:
    """A date and a cell: too short for a GPS block, or one that would stand off the globe."""
    if len(content) < GPS_SIZE:
        return network_or_none(_DATE_SIZE)(content)
    return names_network(content, _DATE_SIZE) and not is_on_globe(content)


DATED_CELL = tuple(
    replace(fixed(TIME, *cell, time=_GPS_TIME, tests=mcc_tests(_DATE_SIZE, wide=wide)), when=_is_dated_cell)
    for wide, cell in CELLS_2G
)
"""11 of the oldest documents: date and cell, without a position."""
_BARE_CELL = 2
GPS_11 = (
    *DATED_CELL,
    fixed(*GPS, *CELL_WORDS, time=_GPS_TIME, tests=mcc_tests(GPS_SIZE, wide=False)),
    # The two with a tail behind an MNC of one byte are as long as one with words, which goes first.
    *with_cell()[_BARE_CELL:],
)
GPS_24 = tuple(
    fixed(*GPS, *cell, time=_GPS_TIME, tests=(Test(6, 0xF0, BLOCK_LENGTH), *mcc_tests(GPS_SIZE, wide=wide)))
    for wide, cell in CELLS_2G
)
GPS_31 = (fixed(*GPS, *CELL_WORDS, *_TAIL, time=_GPS_TIME), GPS_ALONE)
_CELL_SIZE_AT, _WORDS = GPS_SIZE, 10
_LAST_LANGUAGE = 2
"""0 none, 1 Chinese, 2 English."""


def _sized(size: int, *fields: Any) -> Form:  # noqa: ANN401  # construct ships no types
    """GPS block, size of the cell block, cell and state."""
    return fixed(*GPS, "cell_size" / Int8ub, *fields, time=_GPS_TIME, tests=(Test(_CELL_SIZE_AT, 0xFF, size),))


def _with_state(size: int, *cell: Any) -> tuple[Form, ...]:  # noqa: ANN401  # construct ships no types
    """The same with status and step, and with the alarm if a language follows it; each is known by what it can be."""
    whole, step = _sized(size, *cell, *STATE, "language" / Int8ub), _sized(size, *cell, STATUS, VOLTAGE)
    voltage = (step.least - 1, PERCENT)
    limited = (replace(whole, limits=(voltage, (whole.least - 1, _LAST_LANGUAGE))), replace(step, limits=(voltage,)))
    return tuple(replace(form, when=network_or_none(_CELL_SIZE_AT + 1)) for form in limited)


GPS_32 = (
    *_with_state(_WORDS, *CELL_WORDS),
    _sized(_WORDS, *CELL_WORDS, STATUS),
    *(form for size in (8, 9) for form in _with_state(size, *CELL)),
    GPS_ALONE,
)
"""32: behind the cell the state as in 16; in other hands without alarm and language: an altitude follows then, whose
high byte is no alarm. A voltage that is neither step nor percent is the supply's."""

_RADIO_AT, _RADIO_MCC_AT = 20, 21
_UPLOAD = ("upload" / Int8ub, STORED, "radio" / Int8ub)


def _with_radio(cell: tuple[Any, ...], level: Any, *, wide: bool, radio: tuple[Test, ...] = ()) -> Form:  # noqa: ANN401  # construct ships no types
    tests = (*mcc_tests(_RADIO_MCC_AT, wide=wide), *radio)
    return fixed(*GPS, *_UPLOAD, *cell, "level" / level, time=_GPS_TIME, tests=tests)


GPS_38 = (
    *(
        _with_radio(_CELLS[False, wide], Int8ub, wide=wide, radio=(Test(_RADIO_AT, 0xFF, radio),))
        for radio in range(3)
        for wide in (False, True)
    ),
    *(_with_radio(_CELLS[True, wide], Int16ub, wide=wide) for wide in (False, True)),
    GPS_ALONE,
)
"""38: upload mode, 0 live / 1 stored, radio (3 and more: LTE, NR), cell, level; then {id W, length B, data}."""

STATUS_A2 = tuple(
    fixed(
        *GPS,
        *cell,
        "kind" / Int8ub,
        STATUS,
        VOLTS,
        VOLTAGE,
        time=_GPS_TIME,
        tests=mcc_tests(GPS_SIZE, wide=wide),
        sizes=(50, 70),
    )
    for wide, cell in CELLS_4G
)
"""A2 of one maker, some 59 bytes: a position with status and voltage. The WiFi form of A2 is over 100 bytes long."""
X1 = fixed(
    "data" / Bytes(4),
    *GPS,
    "input" / Bytes(2),
    "mileage" / Bytes(4),
    *CELL_32,
    time=binary_at(4),
    tests=(Test(1, 0xFF, 0),),
)
"""34 of one maker; where others have a list of cells the second byte is a month."""
