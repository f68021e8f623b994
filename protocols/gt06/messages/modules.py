"""70 (long form): modules {id WORD, length WORD, data}.

11: cell, MCC W, MNC W, LAC W, id D. 33: epoch seconds D, satellites B, altitude W, latitude D, longitude D,
speed B, flags W as in the GPS block. 34: event B, epoch seconds D, B. Each module is read within its own bytes; one
that is too short is left alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from construct import Bytes, GreedyBytes, GreedyRange, Int8ub, Int16sb, Int16ub, Int32ub, Prefixed, Struct

from protocols.gt06.messages.blocks import AREA, CID_32, MCC, MNC_WORD, PLACE, SATELLITES
from protocols.gt06.messages.message import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = 5
MODULES = Struct(
    "unused" / Bytes(_HEAD),
    "modules" / GreedyRange(Struct("id" / Int16ub, "data" / Prefixed(Int16ub, GreedyBytes))),
    "rest" / GreedyBytes,
)
CELL_MODULE = Struct(MCC, MNC_WORD, AREA, CID_32)
GPS_MODULE = Struct(
    "epoch" / Int32ub, SATELLITES, "altitude_m" / Int16sb, *PLACE, "speed_kmh" / Int8ub, "fix" / Int16ub
)
EVENT_MODULE = Struct("module_event" / Int8ub, "happened" / Int32ub)
_GPS, _EVENT = 0x33, 0x34
_READ = {0x11: CELL_MODULE, _GPS: GPS_MODULE, _EVENT: EVENT_MODULE}


def read_modules(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """Fields of all modules that are known; of several events every one."""
    fields: dict[str, Any] = {}
    events: list[int] = []
    for module in parsed.modules:
        schema = _READ.get(module.id)
        if schema is None or len(module.data) < schema.sizeof():
            continue
        found = dict(schema.parse(module.data))
        fields |= found
        events += [found["module_event"]] if module.id == _EVENT else []
    if "epoch" not in fields and "happened" in fields:
        fields["epoch"] = fields["happened"]
    return fields | {"module_event": events}


def modules_time(content: bytes) -> float:
    """Time of the position, or else of the last event."""
    return float(read_modules(MODULES.parse(content)).get("epoch", math.nan))


REPORT_70 = (Form(MODULES, _HEAD, time=modules_time, tells=True, read=read_modules),)
