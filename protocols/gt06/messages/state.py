"""Heartbeats, 13, 23 and the short 36, and what else tells of the device without a place: F1, 8C, 94.

13: status, voltage step, signal, [alarm, language]; a content of 14 bytes: status, signal WORD, alarm, language,
battery percent; of 16: only the battery percent is known, at the same place. Other makers have the supply's voltage and
bits of their own where step and alarm stand: a voltage that is neither step nor percent, or a signal that is none, says
so, and of such a heartbeat no alarm is believed but the status's. 23: status, battery WORD 1/100 V, signal, language.
36: as 13 with alarm and language, then modules {id WORD, length B, data}, of which 6A is the battery's percentage. 94:
kind, then kind by kind; of 04, text ``KEY=HEX;...``, STA1 says whether the device is being taken off; 05 has a date in
one maker's form.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from construct import Bytes, Const, GreedyBytes, GreedyRange, Int8ub, Int16ub, Int32ub, Prefixed, Struct

from protocols.gt06.messages.blocks import PERCENT, SIGNAL, STATE, STATUS, TIME, VOLTAGE, VOLTS
from protocols.gt06.messages.message import Form, Test, fixed
from protocols.gt06.messages.times import binary_at, epoch_at
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

_BATTERY = "battery_percent" / Int8ub
_BATTERY_AT = 5
_STATE_CAN_BE = ((1, PERCENT), (2, 31))
"""Voltage: a step or a percentage; signal: a step or 0-31, as modems count it."""
HEARTBEAT = (
    fixed(STATUS, VOLTS, SIGNAL, sizes=(4, 8), layout="volts_in_heartbeat"),
    # The usual one before those of two single sizes, which are asked for what it does not take.
    replace(fixed(*STATE, sizes=(4, 13)), limits=_STATE_CAN_BE),
    replace(
        fixed(STATUS, "radio" / Int16ub, STATE[3], "language" / Int8ub, _BATTERY, among=(14,)),
        limits=((_BATTERY_AT, PERCENT),),
    ),
    fixed(STATUS, among=(14,)),
    fixed("unused" / Bytes(_BATTERY_AT), _BATTERY, among=(16,)),
    replace(fixed(*STATE), limits=_STATE_CAN_BE),
    fixed(STATUS, VOLTAGE, SIGNAL),
    fixed(STATUS),
)
_MODULES_AT = 5
_PERCENT_MODULE = 0x6A
_MODULES = GreedyRange(Struct("id" / Int16ub, "data" / Prefixed(Int8ub, GreedyBytes)))


def _has_whole_modules(content: bytes) -> bool:
    behind = content[_MODULES_AT:]
    return sum(3 + len(module.data) for module in _MODULES.parse(behind)) == len(behind)


def _with_percentage(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """The percentage of a module goes before the step."""
    said = [module.data[0] for module in parsed.modules if module.id == _PERCENT_MODULE and module.data]
    return dict(parsed) | ({"battery_percent": said[-1]} if said else {})


HEARTBEAT_36 = (
    Form(
        Struct(*STATE, "language" / Int8ub, "modules" / _MODULES), _MODULES_AT, limits=_STATE_CAN_BE,
        when=_has_whole_modules, read=_with_percentage, flags_at=(("status", 0), ("alarm", 3)),
    ),
    fixed(STATUS, VOLTAGE, SIGNAL),
    fixed(STATUS),
)  # fmt: skip
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
        Struct("kind" / Const(b"\x04"), "text" / GreedyBytes),
        1,
        tests=(Test(0, 0xFF, 4),),
        tells=True,
        read=_taken_off,
    ),
    fixed("kind" / Bytes(1), TIME, "doors" / Int8ub, time=binary_at(1), tests=(Test(0, 0xFF, 5),), among=(8,)),
)
