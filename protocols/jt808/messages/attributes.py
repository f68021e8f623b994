"""What a terminal is, and upgrades of its firmware (section 8; 2019 widens two fields).

0107: kind WORD (bits: 0 passenger, 1 dangerous goods, 2 freight, 3 taxi, 6 disk, 7 in two parts, 2019: 8 trailer),
maker BYTE[5], model BYTE[20] (2019: 30), terminal BYTE[7] (2019: 30), ICCID BCD[10], hardware version with length BYTE,
firmware version with length BYTE, GNSS BYTE, modem BYTE.

8108: type BYTE (0 terminal, 12 card reader, 52 GNSS), maker BYTE[5], version with length BYTE, data with length DWORD.
0108: type BYTE, result BYTE (0 ok, 1 failed, 2 cancelled).
"""

from __future__ import annotations

from typing import Any

from construct import Bytes, GreedyBytes, Int8ub, Int16ub, Int32ub, Prefixed, Struct


def _attributes(model: int, terminal: int) -> Any:  # noqa: ANN401  # construct ships no types
    return Struct(
        "kind" / Int16ub,
        "maker" / Bytes(5),
        "model" / Bytes(model),
        "terminal" / Bytes(terminal),
        "iccid" / Bytes(10),
        "hardware" / Prefixed(Int8ub, GreedyBytes),
        "firmware" / Prefixed(Int8ub, GreedyBytes),
        "gnss" / Int8ub,
        "modem" / Int8ub,
        "rest" / GreedyBytes,
    )


ATTRIBUTES = _attributes(20, 7)
ATTRIBUTES_2019 = _attributes(30, 30)

UPGRADE = Struct(
    "type" / Int8ub,
    "maker" / Bytes(5),
    "version" / Prefixed(Int8ub, GreedyBytes),
    "data" / Prefixed(Int32ub, GreedyBytes),
)
UPGRADE_RESULT = Struct("type" / Int8ub, "result" / Int8ub)
