"""Positions: 0200, 0201, 0500, 0704, a maker's 0210, and their requests (2013, sections 8.18-8.21, 8.49).

0200, fixed part (the text prints offset 21 for the time; it is 22), then items ``id BYTE, length BYTE, data``:

| offset | field | type | unit |
| --- | --- | --- | --- |
| 0 | alarm bits | DWORD | |
| 4 | status bits | DWORD | |
| 8, 12 | latitude, longitude | DWORD, DWORD | 1e-6 degree without sign; 2, 3 of the status give it |
| 16 | altitude | WORD, two's complement | m |
| 18 | speed | WORD | 0.1 km/h |
| 20 | course | WORD | degrees from north, clockwise |
| 22 | time | BCD[6] | YYMMDDhhmmss, GMT+8 |

0704: count WORD, kind BYTE (0 normal, 1 stored in a blind area), {length WORD, 0200 body}*.
0210: {length BYTE, 0200 body}*. 0201 and 0500: answered serial WORD, 0200 body; 0201 of 2011 may lack the serial.
8202: interval s WORD, validity s DWORD.
"""

from __future__ import annotations

from construct import (
    Bytes,
    GreedyBytes,
    GreedyRange,
    If,
    Int8ub,
    Int16sb,
    Int16ub,
    Int32ub,
    Prefixed,
    Struct,
    this,
)

from protocols.columns import Scaled
from protocols.jt808.clock import BcdTime

LOCATION = Struct(
    "alarm" / Int32ub,
    "status" / Int32ub,
    "latitude" / Scaled(Int32ub, 1_000_000),
    "longitude" / Scaled(Int32ub, 1_000_000),
    "altitude_m" / Int16sb,
    "speed_kmh" / Scaled(Int16ub, 10),
    "course_deg" / Int16ub,
    "time" / BcdTime(),
)
"""The fixed part; for whole batches :mod:`protocols.jt808.fixed_part` is its fast twin."""

LOCATION_SIZE = 28
LOCATION_COURSE, LOCATION_TIME = 20, 22
FULL_CIRCLE = 360
NO_SPEED = 6553.5
"""km/h: a speed of FFFF, which devices send for none."""
STATUS_LOCATED, STATUS_SOUTH, STATUS_WEST, STATUS_PLUGIN = 1, 2, 3, 5
"""Status bits that belong to the position. Through the secrecy plug-in (bit 5) coordinates are GCJ-02."""
KIND_STORED = 1

ITEM = Struct("id" / Int8ub, "data" / Prefixed(Int8ub, GreedyBytes))
ITEMS = GreedyRange(ITEM)
LOCATION_REPORT = Struct("location" / LOCATION, "items" / ITEMS, "rest" / GreedyBytes)
"""``rest`` is what no item takes: a half item or a maker's tail. GreedyRange swallows errors, so look at it."""

LOCATION_ANSWER = Struct("answered_serial" / Int16ub, "report" / LOCATION_REPORT)
LOCATION_BATCH = Struct(
    "count" / Int16ub,
    "kind" / Int8ub,
    "reports" / GreedyRange(Prefixed(Int16ub, LOCATION_REPORT)),
    "rest" / GreedyBytes,
)
MAKER_BATCH = Struct("reports" / GreedyRange(Prefixed(Int8ub, LOCATION_REPORT)), "rest" / GreedyBytes)
TRACKING = Struct("interval_s" / Int16ub, "validity_s" / If(this.interval_s > 0, Int32ub))
CONFIRM_ALARM = Struct("alarm_serial" / Int16ub, "alarm" / Int32ub)
STORED_LOCATION = Bytes(LOCATION_SIZE)
