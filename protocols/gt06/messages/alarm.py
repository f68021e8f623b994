"""Alarms: 16 26 27 A4 A3 (with a position), 19 A5 (cells only), A7 (cell and a phone number), 33 of one maker, 95.

16, 26: GPS block, size of the cell block, cell, status, voltage step, signal, alarm, language. 27, A4: the fence's
number behind it. The size counts itself (09, in A4 10 and 11 hex) or not (08); in a 16 with a content of 33 bytes the
cell id has four bytes; in one of 31 there is no size, and the voltage is a word of 1/100 V.

95: date, event, WORD; or date, place, flags, event, WORD, names of files; or FFFF, number, date, satellites, place,
flags, speed WORD, volts, event.
"""

from __future__ import annotations

from construct import Bytes, Int8ub, Int16ub

from protocols.gt06.messages.blocks import (
    CELL,
    CELL_4G,
    CELL_4G_WIDE,
    CELL_32,
    CELL_WIDE,
    GPS,
    GPS_SIZE,
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
from protocols.gt06.messages.times import binary_at

_TIME = binary_at(0)
_SIZE = "cell_size" / Int8ub
_MCC_AT = GPS_SIZE + 1
_ALARM = STATE[3]
_SIZED = tuple(
    fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide))
    for wide, cell in ((False, CELL), (True, CELL_WIDE))
)
ALARM = (*_SIZED, GPS_ALONE)
ALARM_16 = (
    fixed(*GPS, _SIZE, *CELL_32, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=False), among=(33,)),
    fixed(*GPS, *CELL, STATUS, VOLTS, SIGNAL, _ALARM, time=_TIME, tests=mcc_tests(GPS_SIZE, wide=False), among=(31,)),
    *ALARM,
)
ALARM_A4 = (
    *(
        fixed(*GPS, _SIZE, *cell, *STATE, time=_TIME, tests=mcc_tests(_MCC_AT, wide=wide))
        for wide, cell in ((False, CELL_4G), (True, CELL_4G_WIDE))
    ),
    GPS_ALONE,
)
_STATE_A3 = fixed(*STATE, sizes=(5, 17))
ALARM_A3 = (_STATE_A3, *ALARM_A4)
"""A3: as A4, or the state alone."""
ALARM_19 = tuple(
    fixed(*cell, *STATE, tests=mcc_tests(0, wide=wide)) for wide, cell in ((False, CELL), (True, CELL_WIDE))
)
ALARM_A5 = tuple(
    fixed(*cell, *STATE, tests=mcc_tests(0, wide=wide)) for wide, cell in ((False, CELL_4G), (True, CELL_4G_WIDE))
)
ADDRESS_A7 = tuple(
    fixed(*cell, tests=mcc_tests(0, wide=wide)) for wide, cell in ((False, CELL_4G), (True, CELL_4G_WIDE))
)

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
