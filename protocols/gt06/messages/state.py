"""Heartbeats, 13 and 23, and what else tells of the device without a place: F1, 8C, 94.

13: status, voltage step, signal, [alarm, language]; a content of 14 bytes: status, signal WORD, alarm, language,
battery percent; of 16: only the battery percent is known, at the same place. 23: status, battery WORD 1/100 V, signal,
language. 94: kind, then kind by kind; of 04, text ``KEY=HEX;...``, STA1 says whether the device is being taken off; 05
has a date in one maker's form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from construct import Bytes, Const, GreedyBytes, Int8ub, Int16ub, Int32ub, Struct

from protocols.gt06.messages.blocks import SIGNAL, STATE, STATUS, TIME, VOLTAGE, VOLTS
from protocols.gt06.messages.message import Form, Test, fixed
from protocols.gt06.messages.times import binary_at, epoch_at
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

_BATTERY = "battery_percent" / Int8ub
HEARTBEAT = (
    fixed(STATUS, VOLTS, SIGNAL, sizes=(4, 8), layout="volts_in_heartbeat"),
    fixed(STATUS, "radio" / Int16ub, STATE[3], "language" / Int8ub, _BATTERY, among=(14,)),
    fixed("unused" / Bytes(5), _BATTERY, among=(16,)),
    fixed(*STATE),
    fixed(STATUS, VOLTAGE, SIGNAL),
    fixed(STATUS),
)
HEARTBEAT_23 = (fixed(STATUS, VOLTS, SIGNAL), fixed(STATUS))
STAMPED_F1 = (fixed("epoch" / Int32ub, time=epoch_at(0)),)
STAMPED_8C = (fixed(TIME, time=binary_at(0)),)

_STATE_KEY = re.compile(rb"STA1=([0-9A-Fa-f]{2})")
_DISASSEMBLED = 0x01


def _taken_off(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """STA1, bit 0: the device has been taken off (bit 1: it watches for that)."""
    found = _STATE_KEY.search(parsed.text)
    if found is None:
        return {}
    off = int(found[1], 16) & _DISASSEMBLED
    return {"flags": int(Flag.STRAP_CUT) if off else 0, "stated": int(Flag.STRAP_CUT)}


STATE_94 = (
    Form(
        Struct("kind" / Const(b"\x04"), "text" / GreedyBytes), 1,
        tests=(Test(0, 0xFF, 4),), tells=True, read=_taken_off,
    ),
    fixed("kind" / Bytes(1), TIME, "doors" / Int8ub, time=binary_at(1), tests=(Test(0, 0xFF, 5),), among=(8,)),
)
